/** Single events on the lanes: circles, messages, locks, waits and ends. Does not know the step that is shown. */
import type { Actor, AnyEvent } from '../../engine/trace';
import { frameOf } from '../../layout/lane-frame';
import { arrow, lockBar, lostArrow, point } from '../../layout/lane-picture';
import { eventsPerStep, messages, placeEvents, unanswered, type Dot } from '../../layout/lanes';
import type { Box, Segment } from '../../layout/labels';
import { keyOf } from '../../layout/lane-chain';
import { LANES } from '../../words/lanes';
import { hex } from '../../words/format';
import { short } from '../../words/short';
import { STEP_KINDS, type LanesPicture, type SessionInfo } from '../../worker/protocol';
import type { Ground } from './ground';

/** What is known of the steps shown, and of some round them. */
export interface Source extends Pick<LanesPicture, 'events' | 'locks' | 'waits' | 'ends'> {
  /** Every step from here to there is known with its events. */
  readonly from: number;
  readonly to: number;
  /** A wait that ends here may go on; null: the run is over, no wait goes on. */
  readonly open: number | null;
}

export interface LaneDot extends Dot<AnyEvent> {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly gfn: number | null;
  /** Its step broke an invariant. */
  readonly broke: boolean;
}

export interface LaneMarks {
  readonly dots: readonly LaneDot[];
  readonly placed: ReadonlyMap<string, LaneDot>;
  readonly arrows: readonly (Segment & { key: string; head: string; step: number; to: string; broke: boolean })[];
  readonly lost: readonly (Segment & { key: string; cross: string; step: number })[];
  readonly locks: readonly (Box & { key: number; name: string })[];
  /** Along their lanes, clipped to what is shown. */
  readonly waits: readonly {
    readonly key: string;
    readonly lane: number;
    readonly from: number;
    readonly to: number;
  }[];
  /** By row: where it ends for good; null: it goes on. */
  readonly ends: readonly ({ readonly at: number; readonly step: number } | null)[];
}

const BROKE = STEP_KINDS.indexOf('violation');
const isMessage = ({ code }: AnyEvent): boolean => code === 'ioreq.ready' || code === 'ioreq.respReady';

/** The lane that a message goes to; null: it has none. `servers`: who is server by what id. */
function addressee(event: AnyEvent, shown: readonly Actor[], servers: ReadonlyMap<number, Actor>): number | null {
  const actor = event.code === 'ioreq.ready' ? (servers.get(event.params.server) ?? 'xengt') : 'xen';
  const lane = shown.indexOf(actor);
  return lane < 0 ? null : lane;
}

export function laneMarks(
  source: Source,
  ground: Ground,
  info: Pick<SessionInfo, 'paging' | 'kinds'>,
  servers: ReadonlyMap<number, Actor>,
): LaneMarks {
  const { plane, plan, scale, shown, first, last, even } = ground;
  const inside = (step: number): boolean => step >= first && step <= last;
  const clip = (at: number): number =>
    Math.min(Math.max(scale(at), plan.start - (even ? 8 : 0)), plan.end + (even ? 8 : 0));
  const all = even ? source.events : source.events.filter((event) => inside(event.step));
  const everywhere = placeEvents(all, shown, scale, eventsPerStep(all));
  const dots = everywhere
    .filter((dot) => inside(dot.event.step))
    .map((dot, i, list): LaneDot => {
      const { step } = dot.event;
      return {
        ...dot,
        ...point(plane, dot.lane, dot.at),
        key: keyOf(dot.event),
        text: short(dot.event, info.paging),
        gfn: frameOf(dot.event),
        broke: info.kinds[step - 1] === BROKE && list[i + 1]?.event.step !== step,
      };
    });
  const placed = new Map(dots.map((dot) => [dot.key, dot]));
  const arrows = messages(everywhere).flatMap(({ from, to }) => {
    if (!inside(from.event.step) && !inside(to.event.step)) return [];
    const key = keyOf(to.event);
    const broke = placed.get(key)?.broke ?? false;
    return [{ ...arrow(plane, from, to), key, step: to.event.step, to: key, broke }];
  });
  const over = (event: AnyEvent): boolean => {
    const vcpu = 'vcpu' in event.params ? event.params.vcpu : -1;
    const wait = source.waits.find(
      ({ actor, from, to }) => actor === `vcpu${vcpu}` && from <= event.step && event.step <= to,
    );
    return wait !== undefined && event.step >= source.from && wait.to <= source.to && wait.to !== source.open;
  };
  const missed = new Set(unanswered(source.events, (event) => isMessage(event) && over(event)).map(keyOf));
  const lost = dots
    .filter(({ key }) => missed.has(key))
    .map((dot) => ({
      ...lostArrow(plane, dot, addressee(dot.event, shown, servers)),
      key: dot.key,
      step: dot.event.step,
    }));
  const within = (span: { from: number; to: number }): boolean => span.to >= first - 1 && span.from <= last;
  const xenFrame = new Map(
    source.events.flatMap((event) => {
      const gfn = event.actor === 'xen' ? frameOf(event) : null;
      return gfn === null ? [] : [[event.step, gfn] as const];
    }),
  );
  const locks = source.locks
    .filter((lock) => within(lock) && shown.includes(lock.actor))
    .map((lock) => {
      const gfn = xenFrame.get(lock.from);
      return {
        ...lockBar(plane, shown.indexOf(lock.actor), clip(lock.from), clip(lock.to)),
        key: lock.from,
        name: gfn === undefined ? LANES.lock : `${LANES.lock} ${hex(gfn)}`,
      };
    });
  const waits = source.waits
    .filter((wait) => within(wait) && shown.includes(wait.actor))
    .map((wait) => ({
      key: `${wait.actor} ${wait.from}`,
      lane: shown.indexOf(wait.actor),
      from: clip(wait.from),
      to: clip(wait.to),
    }))
    .filter(({ from, to }) => to > from);
  const ends = ground.rows.map(({ actor }) => {
    const end = actor && source.ends.find((one) => one.actor === actor);
    return end && end.at <= last ? { at: clip(Math.max(end.at, first - 1)), step: end.at } : null;
  });
  return { dots, placed, arrows, lost, locks, waits, ends };
}
