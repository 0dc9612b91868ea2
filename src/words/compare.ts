/** What is said of runs side by side: where they part, by what, and why. Sides are told by their letters. */
import type { Chance, Decided, Pin, TwinFound, TwinSide } from '../explore/twin/found';
import type { Outcome, Role, Row, RowKind } from '../explore/twin/row';
import type { AnyEvent, EventCode } from '../engine/trace';
import { designTitle } from './designs';
import { count, hex, plural, value } from './format';
import { say, type Sentence } from './parts';
import { VERSION_NAMES } from './versions';

export const LETTERS = ['A', 'B', 'C', 'D'] as const;
export const letter = (side: number): string => LETTERS[side] ?? '';

/** "A", "A and C", "A, B and C". */
export const letters = (sides: readonly number[]): string => {
  const all = sides.map(letter);
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
};

const NOUN: Readonly<Record<RowKind, string>> = {
  read: 'read',
  write: 'write',
  rmw: 'change',
  exec: 'fetch',
  in: 'port read',
  out: 'port write',
  hypercall: "hypercall's answer",
};
const TO: Readonly<Record<Role, string>> = {
  nobody: 'a device model',
  xengt: 'XenGT',
  default: 'QEMU',
  other: 'another server',
};
const BECOMES: Readonly<Record<Exclude<Outcome, 'forwarded'>, string>> = {
  open: 'is never over',
  plain: 'is a plain access',
  bypassed: 'goes past XenGT',
  copied: 'is carried out by Xen',
  buffered: 'is queued for QEMU',
  discarded: 'is dropped',
  lost: 'is lost',
  orphaned: 'is never answered',
  stopped: 'stops the vCPU',
  refused: 'is refused by Xen',
};
/** What becomes of an instruction, after its noun. */
export const becomes = ({ outcome, role }: Pick<Row, 'outcome' | 'role'>): string =>
  outcome === 'forwarded' ? `is sent to ${TO[role]}` : BECOMES[outcome];

/** The same in a word or two, for a label beside its mark. */
export function shortOf(row: Row): string {
  const [refused] = row.refused;
  if (refused) return refused.errno;
  if (row.outcome === 'bypassed') return 'plain write, shadow stale';
  if (row.outcome === 'forwarded') return `trapped, ${row.role === 'nobody' ? 'served' : `to ${TO[row.role]}`}`;
  if (row.value !== null && row.outcome === 'plain') return `reads ${value(row.value)}`;
  return { ...BECOMES, plain: 'plain', copied: 'by Xen' }[row.outcome].replace(/^is /, '');
}

/** What a side is called: its version, or its design, and what is switched over that. */
export function sideName({
  version,
  design,
  switched: { on, off },
}: Pick<TwinSide, 'version' | 'design' | 'switched'>): string {
  const base = design === 'xen' ? (VERSION_NAMES[version] ?? version) : designTitle(design);
  return [base, ...on.map((name) => `with ${name}`), ...off.map((name) => `without ${name}`)].join(', ');
}

/** One bold phrase; at most 110 characters. */
export function parting(found: TwinFound): Sentence {
  const { pin, length, sides, differ } = found;
  const n = count(length);
  if (!pin)
    return say(
      `${letters(sides.map((_, i) => i))} **never part**: ${n} guest instructions come to the same${differ.all > 0 ? ', not always by the same way' : ''}.`,
    );
  const place = count(pin.at + 1);
  const b = pin.groups.findIndex((group) => group !== 0);
  const told = pin.call ? callTold(pin, b) : instructionTold(pin, b);
  return say(`They part ${pin.call ? 'after' : 'at'} guest instruction **${place}**: ${told}`);
}

/** Those that do as a side does. */
const like = ({ groups }: Pin, side: number): string =>
  letters(groups.flatMap((group, i) => (group === groups[side] ? [i] : [])));

const CALLS: { readonly [C in EventCode]?: string } = {
  'dm.claim': 'claim',
  'dm.release': 'release',
  'dm.create': 'create',
  'dm.enable': 'enable',
  'dm.mapRange': 'range',
  'toolstack.logDirty': 'log-dirty',
  'toolstack.balloon': 'ballooning',
  'call.claim': 'claim',
  'call.release': 'release',
  'call.mapRange': 'range',
  'call.setMemType': 'type change',
};
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'];

function callTold(pin: Pin, b: number): string {
  const { code, n } = pin.call!;
  const [x, y] = [0, b].map((side) => ({ who: like(pin, side), event: pin.sides[side]!.events.at(-1) }));
  if (code === 'xen.bug')
    return `Xen stops at a BUG in ${x!.event ? x!.who : y!.who}, and runs on in ${x!.event ? y!.who : x!.who}.`;
  if (code === 'domain.crash')
    return `the domain crashes in ${x!.event ? x!.who : y!.who}, and lives on in ${x!.event ? y!.who : x!.who}.`;
  const name = `the ${ORDINALS[n] ?? `${count(n + 1)}th`} ${CALLS[code] ?? 'call'}`;
  const answer = (event: AnyEvent | undefined): string =>
    event === undefined ? COMPARE_SCREEN.notMade : (event.errno ?? COMPARE_SCREEN.granted);
  return `${name} is ${answer(x!.event)} in ${x!.who}, ${answer(y!.event)} in ${y!.who}.`;
}

function instructionTold(pin: Pin, b: number): string {
  const [x, y] = [0, b].map((side) => pin.sides[side]!.row);
  const [A, B] = [like(pin, 0), like(pin, b)];
  const verb = (who: string, one: string, many: string): string => (who.length === 1 ? one : many);
  if (!x || !y) {
    const [there, gone] = x ? [A, B] : [B, A];
    return `${there} ${verb(there, 'goes', 'go')} on to it, ${gone} never ${verb(gone, 'comes', 'come')} there.`;
  }
  if (x.kind !== y.kind || x.gpa !== y.gpa || x.low !== y.low || x.high !== y.high)
    return `the guest itself does something else in ${A} and in ${B}.`;
  const refused = [x, y].map(({ refused: [one] }, i) => ({ one, side: i === 0 ? 0 : b }));
  if (refused[0]!.one?.errno !== refused[1]!.one?.errno) {
    const { one, side } = refused.find((each) => each.one)!;
    return refusalTold(pin, one!.code, one!.errno, side, side === 0 ? B : A);
  }
  const noun = NOUN[x.kind];
  if (x.outcome !== y.outcome || x.role !== y.role)
    return `the ${noun} ${becomes(x)} in ${A}, and ${becomes(y)} in ${B}.`;
  if (x.value && y.value && (x.value.low !== y.value.low || x.value.high !== y.value.high))
    return `the guest ${x.kind === 'rmw' ? 'stores' : 'reads'} \`${value(x.value)}\` in ${A}, \`${value(y.value)}\` in ${B}.`;
  if (x.watched !== y.watched) {
    const [watch, not] = x.watched ? [A, B] : [B, A];
    return `its page is watched after it in ${watch}, and not in ${not}.`;
  }
  return `XenGT makes something else of the ${noun} in ${A} than in ${B}.`;
}

function refusalTold(pin: Pin, code: EventCode, errno: string, side: number, other: string): string {
  const who = like(pin, side);
  const event = pin.sides[side]!.events.find((one) => one.code === code && one.errno === errno);
  if (event?.code === 'dm.mapRange' && errno === 'ENOMEM')
    return `frame \`${hex(Math.floor(event.params.start / 4096))}\` is one range too many for ${who}, not for ${other}.`;
  if (event?.code === 'dm.protect')
    return `${who} may not watch frame \`${hex(event.params.gfn)}\` (${errno}), ${other} may.`;
  return `a call is refused with ${errno} in ${who}, and not in ${other}.`;
}

/** What makes them part: the patch, or what else tells the sides from each other. `id`: of the patch's commit. */
export function whyDecided(decided: Decided, id: (patch: string) => string): string {
  switch (decided.by) {
    case 'patch': {
      const { a, b, patch, on, alone } = decided;
      const [has, not] = on ? [letter(b), letter(a)] : [letter(a), letter(b)];
      return `Because ${has} has \`${patch}\` (${id(patch)}) and ${not} has not${alone ? '' : '; others play a part, too'}.`;
    }
    case 'design':
      return 'Because they are of different designs.';
    case 'memory':
      return 'Because their guests have different amounts of memory.';
    case 'unknown':
      return 'The run up to there is too long to try which patch makes the difference.';
    case 'other':
      return '';
  }
}

/** Whether it is the patch's doing or the order of the actors, which the seed chooses. `b`: the side that A parts from. */
export function whyOrder(chance: Chance, b: number): string {
  const B = letter(b);
  const either = (one: string, other: string): string =>
    `The order of the actors plays a part: ${one} does as ${other} does in ${other}'s order, but ${other} not as ${one} does in ${one}'s.`;
  switch (chance) {
    case 'none':
      return 'It is no chance: until then the actors took the same turns.';
    case 'against':
      return "It is no chance: in each other's order of actors they part, too.";
    case 'order':
      return "It is chance: in the other's order of actors each does as the other does.";
    case 'a':
      return either('A', B);
    case 'b':
      return either(B, 'A');
    case 'unknown':
      return '';
  }
}
/** By what the order is another, where it is only that. */
export const whyShifted = (decided: Decided, id: (patch: string) => string): string =>
  decided.by === 'patch' ? `What shifts the order is \`${decided.patch}\` (${id(decided.patch)}).` : '';

/** What a side did, by the function that tells. */
export const whySide = (side: number, fn: string, does: string): string => `${letter(side)}: \`${fn}\`: ${does}.`;

export const COMPARE_SCREEN = {
  name: 'What differs',
  sides: 'Sides',
  side: (side: number): string => `Side ${letter(side)}`,
  version: (side: number): string => `Version of Xen, side ${letter(side)}`,
  design: (side: number): string => `Design, side ${letter(side)}`,
  patches: (side: number): string => `Patches, side ${letter(side)}`,
  patchesShort: 'patches',
  switches: (n: number): string => (n === 0 ? 'patches' : `patches: ${n}`),
  add: 'Add a side',
  remove: (side: number): string => `Remove side ${letter(side)}`,
  removeShort: 'Remove',
  none: 'Nothing is open. Open a scenario, and two versions of Xen are compared on it.',
  running: 'Running the sides',
  far: (steps: number): string => `${count(steps)} steps so far`,
  stop: 'Stop',
  again: 'Run again',
  stopped: 'Stopped before the sides were compared.',
  failed: 'The comparison did not come to its end.',
  instructions: 'Guest instructions',
  axisUnit: 'a ring is trapped, a tick is not; joined where all come to the same, bold where not',
  axisHelp:
    'Left and right arrows go on by one instruction, n and N to the next and the last difference, Enter opens side A there.',
  here: (n: string, of: string): string => `Guest instruction ${n} of ${of}`,
  of: (n: string): string => `of ${n}`,
  pin: 'To where they part',
  prev: 'One instruction back',
  next: 'One instruction on',
  prevDifference: 'Previous difference',
  nextDifference: 'Next difference',
  differ: (n: number, all: number): string =>
    `${count(n)} of ${plural(all, 'instruction')} ${n === 1 ? 'differs' : 'differ'}`,
  byOrder: (n: number, of: number): string =>
    n === 0 ? '' : `, ${n === of ? (n === 1 ? 'by order alone' : 'all by order alone') : `${count(n)} by order alone`}`,
  axisOrder: 'dashed: by order alone',
  axisOrderHelp: 'Side A comes to the same as the others do once its actors act in their order.',
  orderAlone: 'by order alone',
  vcpu: (n: number): string => `vCPU ${n}`,
  timeline: 'Guest instructions',
  end: (n: string): string => `${n} guest instructions`,
  open: (side: number): string => `Open ${letter(side)} here`,
  openLong: (side: number, step: string): string => `Open ${letter(side)} here: as a session, at its step ${step}`,
  pages: 'table pages',
  pagesUnit: (n: number): string => `the guest's ${plural(n, 'table page')}, in the order it made them`,
  watched: 'watched',
  byRight: 'read only',
  unwatched: 'not watched',
  noPages: 'No table page yet.',
  ranges: 'memory ranges',
  rangesOf: (n: number, cap: number): string => `${count(n)} of ${count(cap)}`,
  rangesParts: (device: number, pages: number): string =>
    `${count(device)} device${pages > 0 ? `, ${plural(pages, 'page')}` : ''}`,
  listed: (n: number): string => `and ${count(n)} on a list of their own`,
  noServer: 'no server',
  claim: 'claim',
  noClaim: 'no such thing here',
  free: (entries: number): string => `nobody${entries > 0 ? `; ${plural(entries, 'entry', 'entries')} left` : ''}`,
  held: (who: string, entries: number): string => `${who}; ${plural(entries, 'entry', 'entries')}`,
  server: (id: number): string => `server ${id}`,
  costs: 'Costs at the end of the run',
  costsAxis: 'on a log axis;',
  costsUnit: 'model costs, not a measured machine',
  costsHead: 'measure',
  ratio: (side: number): string => `${letter(side)} to A`,
  difference: (side: number): string => `${letter(side)} less A`,
  cycles: 'model cycles',
  heap: 'hypervisor heap, bytes',
  steps: 'steps',
  invariants: 'Invariants',
  atEnd: 'at the end',
  invariant: 'invariant',
  audit: { holds: 'holds', broken: 'broken', open: 'not asked', none: 'no rule' },
  left: (n: number): string => `${plural(n, 'act')} of yours could not be done here`,
  cut: 'cut off',
  table: 'As a table',
  tableHide: 'As a picture',
  twinCaption: (from: string, to: string): string => `Guest instructions ${from} to ${to}, side by side`,
  twinHead: ['instruction', 'what'] as readonly string[],
  what: ({ kind, gpa }: Pick<Row, 'kind' | 'gpa'>): string => `${NOUN[kind]}, ${hex(gpa)}`,
  missing: 'does not come to it',
  granted: 'granted',
  notMade: 'not made',
  same: 'No answer, value or page type differs: what differs is what it has cost.',
  wayOf: (row: Row): string =>
    [
      becomes(row),
      row.value && value(row.value),
      ...row.refused.map(({ errno }) => errno),
      row.retries > 0 && `tried ${row.retries + 1} times`,
    ]
      .filter(Boolean)
      .join(', '),
  chain: 'What led to it',
  chainOf: (side: number): string => `What led to it on side ${letter(side)}`,
} as const;

const MINUS = '\u2212';
/** A difference carries its sign. */
export const signed = (n: number): string => (n === 0 ? '0' : `${n > 0 ? '+' : MINUS}${count(Math.abs(n))}`);

/** `b` to `a`: how many times as much, or what part of it. */
export function ratio(a: number, b: number): string {
  if (a === b) return '×1';
  if (a === 0 || b === 0) return '';
  const [sign, n] = b > a ? ['×', b / a] : ['÷', a / b];
  if (n < 1.005) return '×1';
  return `${sign}${n < 10 ? n.toFixed(n < 1.095 ? 2 : 1).replace(/\.0$/, '') : count(Math.round(n))}`;
}
