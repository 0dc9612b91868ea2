/**
 * Events of some steps, actor by actor. Time runs along the lanes; the events of one step lie in their order just before
 * that step's mark, the last of them on it. A step takes room by the number of its events, so that the scale is piecewise.
 */
import { scaleLinear, type ScaleLinear } from 'd3';
import type { Actor, EventId } from '../engine/trace';

export interface LaneEvent extends EventId {
  readonly actor: Actor;
  readonly cause: EventId | null;
}

export interface Dot<E extends LaneEvent> {
  readonly event: E;
  /** Position along the lane, and the number of the lane. */
  readonly at: number;
  readonly lane: number;
}

/**
 * Lanes drawn one by one, and those folded into a single line: when there are more than `most`, those that are idle; when
 * that is not enough, those that only wait, too.
 */
export function foldLanes(
  all: readonly Actor[],
  acting: ReadonlySet<Actor>,
  waiting: ReadonlySet<Actor>,
  most: number,
): { shown: Actor[]; waits: number; idle: number } {
  if (all.length <= most) return { shown: [...all], waits: 0, idle: 0 };
  const busy = all.filter((actor) => acting.has(actor) || waiting.has(actor));
  const shown = busy.length <= most ? busy : busy.filter((actor) => acting.has(actor));
  return { shown, waits: busy.length - shown.length, idle: all.length - busy.length };
}

/** Room that a step takes, in units of one event. */
const weight = (events: number): number => Math.max(1, 0.3 + 0.7 * events);

/** Steps from .. to that fit in `most` units round `now`, as many behind it as before it where there are. */
export function crop(
  range: { readonly from: number; readonly to: number },
  now: number,
  perStep: ReadonlyMap<number, number>,
  most: number,
): { from: number; to: number } {
  const cost = (step: number): number => weight(perStep.get(step) ?? 0);
  let from = Math.min(Math.max(now, range.from), range.to);
  let to = from;
  let left = most - cost(from);
  for (let moved = true; moved;) {
    moved = false;
    if (from > range.from && cost(from - 1) <= left) {
      left -= cost(--from);
      moved = true;
    }
    if (to < range.to && cost(to + 1) <= left) {
      left -= cost(++to);
      moved = true;
    }
  }
  return { from, to };
}

/** How many events each step has. */
export function eventsPerStep(events: readonly EventId[]): Map<number, number> {
  const perStep = new Map<number, number>();
  for (const { step } of events) perStep.set(step, (perStep.get(step) ?? 0) + 1);
  return perStep;
}

/** Position of a step's mark. The domain begins half a step early, so that the first mark does not lie on the edge. */
export function stepScale(
  from: number,
  to: number,
  perStep: ReadonlyMap<number, number>,
  start: number,
  end: number,
): ScaleLinear<number, number> {
  const domain = [from - 1];
  const sums = [0];
  for (let step = from; step <= to; step++) {
    domain.push(step);
    sums.push(sums.at(-1)! + weight(perStep.get(step) ?? 0));
  }
  const all = sums.at(-1)! || 1;
  return scaleLinear(
    domain,
    sums.map((sum) => start + ((end - start) * sum) / all),
  ).clamp(true);
}

/** Where each event lies; events of actors without a lane are left out. */
export function placeEvents<E extends LaneEvent>(
  events: readonly E[],
  lanes: readonly Actor[],
  scale: ScaleLinear<number, number>,
  perStep: ReadonlyMap<number, number>,
): Dot<E>[] {
  const seen = new Map<number, number>();
  return [...events]
    .sort((a, b) => a.step - b.step || a.index - b.index)
    .flatMap((event) => {
      const nth = (seen.get(event.step) ?? 0) + 1;
      seen.set(event.step, nth);
      const lane = lanes.indexOf(event.actor);
      return lane < 0 ? [] : [{ event, lane, at: scale(event.step - 1 + nth / perStep.get(event.step)!) }];
    });
}

/** Pairs of events of which one led to the other, in another lane. */
export function messages<E extends LaneEvent>(dots: readonly Dot<E>[]): { from: Dot<E>; to: Dot<E> }[] {
  const byName = new Map(dots.map((dot) => [`${dot.event.step}:${dot.event.index}`, dot]));
  return dots.flatMap((to) => {
    const { cause } = to.event;
    const from = cause && byName.get(`${cause.step}:${cause.index}`);
    return from && from.lane !== to.lane ? [{ from, to }] : [];
  });
}

/** The events among those asked for that led to none of another actor: messages that nobody got. */
export function unanswered<E extends LaneEvent>(events: readonly E[], asked: (event: E) => boolean): E[] {
  const got = new Set<string>();
  const sender = new Map(events.map((event) => [`${event.step}:${event.index}`, event.actor]));
  for (const { actor, cause } of events) {
    const key = cause && `${cause.step}:${cause.index}`;
    if (key && sender.get(key) !== actor) got.add(key);
  }
  return events.filter((event) => asked(event) && !got.has(`${event.step}:${event.index}`));
}

/** The event a key leads to: along time, or to the nearest in the next busy lane. */
export function neighbourDot<E extends LaneEvent>(
  dots: readonly Dot<E>[],
  at: number,
  along: number,
  across: number,
): number {
  const here = dots[at];
  if (!here) return 0;
  if (along !== 0) return Math.min(Math.max(at + along, 0), dots.length - 1);
  let best = at;
  const far = (dot: Dot<E>): number => Math.abs(dot.lane - here.lane) * 1e6 + Math.abs(dot.at - here.at);
  for (const [i, dot] of dots.entries())
    if (Math.sign(dot.lane - here.lane) === across && (best === at || far(dot) < far(dots[best]!))) best = i;
  return best;
}

/** The dot nearest to a point, at most `reach` pixels from it. */
export function nearestDot<D extends { readonly x: number; readonly y: number }>(
  dots: readonly D[],
  x: number,
  y: number,
  reach: number,
): D | null {
  let best: D | null = null;
  let least = reach;
  for (const dot of dots) {
    const far = Math.hypot(dot.x - x, dot.y - y);
    if (far <= least) [best, least] = [dot, far];
  }
  return best;
}
