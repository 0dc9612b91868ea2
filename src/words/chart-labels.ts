/**
 * What is written at the states and arrows of the charts: a word or two. An event with several outcomes is told by what makes
 * the difference. What a chart says of itself in a sentence, it brings along (src/engine/machines).
 */
import type { ChartArrow } from '../engine/machines/read-chart';

interface Labels {
  /** By `from:event>to`, `event>to` (`event>` for one that leads nowhere) or event. */
  readonly events: Readonly<Record<string, string>>;
  /** Said after the event where a guard asks for the fact; and where it asks that it be not so. */
  readonly facts?: Readonly<Record<string, string>>;
  readonly unless?: Readonly<Record<string, string>>;
  readonly states?: Readonly<Record<string, string>>;
}

/** Where it leads nowhere, the type that was asked for is not to be seen from the arrow. */
const SETS = Object.fromEntries(
  ['ram_rw', 'ram_ro', 'mmio_dm', 'ioreq_server', 'ioreq_server1', 'ioreq_server2', 'ioreq_server3'].flatMap((type) => [
    [`set_mem_type.${type}`, 'set_mem_type'],
    [`set_mem_type.${type}>`, `set_mem_type, ${type}`],
  ]),
);

const LABELS: Readonly<Record<string, Labels>> = {
  'page-type': {
    events: {
      ...SETS,
      'recalc.clean': 'recalc',
      'recalc.dirty': 'recalc, log-dirty on',
      'ioreq_server:recalc.clean>ram_rw': 'recalc, no owner',
      'ioreq_server:recalc.dirty>ram_logdirty': 'recalc, no owner, log-dirty on',
      'fault.read': 'read fault',
      'fault.write': 'write fault',
      'fault.exec': 'fetch fault',
      add_page: 'page added',
      remove_page: 'page removed',
      'grant.map_rw': 'grant mapped',
      'grant.map_ro': 'grant mapped',
      map_mmio: 'device mapped',
      map_foreign: 'foreign page mapped',
      mark_pod: 'promised',
      populate: 'first touch',
      'paging.nominate': 'nominate',
      'paging.evict': 'evict',
      'paging.populate': 'asked for',
      'paging.prep': 'frame given',
      'paging.resume': 'resume',
      machine_check: 'machine check',
    },
    facts: { dirty: 'log-dirty on', forServer: "claim's access", owner: 'owner', numbered: 'numbered' },
  },
  claim: {
    events: {
      'claim.read': 'claim, READ',
      'claim.write': 'claim, WRITE',
      'claim.both': 'claim, both',
      'release>unclaimed': 'release, none left',
      'release>draining': 'release, entries left',
      'destroy>unclaimed': 'destroyed, none left',
      'destroy>stranded': 'destroyed, entries left',
      destroy: 'server destroyed',
      'count>unclaimed': 'last entry gone',
      'count>stranded': 'entries counted',
      count: 'entry counted',
      set_mem_type: 'set_mem_type',
      log_dirty: 'log-dirty on',
      over: 'release over',
    },
    facts: { outstanding: 'entries left' },
  },
  sweep: {
    events: { mark: 'top marked', batch: '256 frames', again: 'issued again' },
    facts: { outstanding: 'entries left', failed: 'no frame', urgent: 'ERESTART' },
    unless: { more: 'end of map', outstanding: 'none left' },
  },
  server: {
    events: {
      'create>enabled': 'create, the default',
      create: 'create',
      ask: 'call on it',
    },
  },
  slot: {
    events: {
      complete: 'vCPU looks',
      'complete>none': 'vCPU goes on',
      scribble: 'bad number',
      gone: 'server destroyed',
    },
    facts: { otherPort: 'other port' },
    unless: { pending: 'nobody waits' },
    states: { none: 'NONE', ready: 'READY', inprocess: 'INPROCESS', respReady: 'RESP_READY', bad: 'no such state' },
  },
  ring: {
    events: { consume: 'taken out' },
    facts: {
      unfit: 'does not fit',
      oddSize: 'odd size',
      long: 'two slots',
      one: 'last slot',
      two: 'last two slots',
      last: 'last one',
    },
    states: { off: 'no ring' },
  },
  vcpu: {
    events: {
      io: 'I/O',
      end: 'program ends',
      instruct: 'by hand',
      settled: 'marks settled',
      'handled>running': 'page changed',
      'handled>retrying': 'nothing changed',
      'emulate>crashed': 'fetch to emulate',
      select: 'server found',
      retire: 'done by Xen',
      readHalf: 'read half',
      listen: 'listeners called',
      orphaned: 'server gone',
    },
    facts: { firstHalf: 'more to do', unfinished: 'more to do' },
  },
  'shadow-table': {
    events: {
      point: 'entry leads here',
      leave: 'entry gone',
      'track>tracked': 'watched',
      track: 'asked to watch',
      letGo: 'let go',
      unwatched: 'unwatched',
      resync: 'must be right',
      watched: 'watched again',
      synced: 'compared',
      end: 'no table now',
      drop: 'shadow goes',
      forget: 'forget all',
    },
    facts: { refused: 'refused', often: 'often', evicted: 'page lost' },
    unless: { page: 'no page' },
    states: { outOfSync: 'out of sync' },
  },
  player: {
    events: {
      broke: 'worker died',
      'arrived>run.ready.idle': 'arrived',
      'arrived>run.ready.playing.resting': 'arrived',
    },
    facts: { end: 'the last, or marked next', held: 'one is held', shown: 'one is shown', undoable: 'an act' },
  },
};

/** An event with what makes the difference: `release, entries left`. `any`: of any state that knows it. */
export function eventWords(
  chart: string,
  { event, from, to, when }: Pick<ChartArrow, 'event' | 'from' | 'to' | 'when'>,
  any = false,
): string {
  const labels = LABELS[chart];
  const plain = labels?.events[event] ?? event.replaceAll('_', ' ');
  if (any) return plain;
  const way = `${event}>${to ?? ''}`;
  const whole = labels?.events[`${from}:${way}`] ?? labels?.events[way];
  if (whole !== undefined) return whole;
  const said = (facts: string | readonly string[] | undefined, words: Readonly<Record<string, string>> | undefined) =>
    [facts ?? []].flat().flatMap((fact) => words?.[fact] ?? []);
  return [plain, ...said(when.if, labels?.facts), ...said(when.unless, labels?.unless)].join(', ');
}

/** Letters that a line of a label holds; a longer one is broken at its commas. */
const LETTERS = 23;

/** The same as the lines of a label; `narrow`: broken between any words. */
export function linesOf(words: string, narrow = false): string[] {
  const lines: string[] = [];
  const most = narrow ? 13 : LETTERS;
  for (const piece of narrow ? words.split(' ') : words.split(/(?<=,) /)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + piece.length <= most) lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(piece);
  }
  return lines;
}

/** A state as its box calls it: the last word of its path, or Xen's word for it. */
export const stateWord = (chart: string, state: string, typeNames: readonly string[] = [], number = -1): string =>
  typeNames[number] ?? LABELS[chart]?.states?.[state] ?? state.slice(state.lastIndexOf('.') + 1);
