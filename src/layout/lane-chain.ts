/**
 * A chain of causes on the lanes: a link from each event to the next. Those that lie outside what is shown are told by
 * the step of the nearest of them, at the edge where it would be.
 */
import type { Actor, EventId } from '../engine/trace';
import { arrowBetween, type Plane } from './lane-picture';
import type { Segment } from './labels';

/** -1 and 1: before and after what is shown. */
export type Side = -1 | 0 | 1;

export interface ChainPoint extends EventId {
  readonly x: number;
  readonly y: number;
  readonly side: Side;
}

export interface ChainLink extends Segment {
  readonly key: string;
  /** Path of the arrow's head; '' where the link ends at the edge. */
  readonly head: string;
}

export interface Stub {
  readonly step: number;
  readonly side: Side;
  /** Events of the chain that lie beyond that edge. */
  readonly events: number;
  readonly x: number;
  readonly y: number;
}

export interface ChainMarks {
  readonly points: readonly ChainPoint[];
  readonly links: readonly ChainLink[];
  readonly stubs: readonly Stub[];
}

export const keyOf = ({ step, index }: EventId): string => `${step}:${index}`;

/**
 * `chain`: the first cause first. `placed`: where drawn events lie. `scale` and `first`, `last`: the axis and the steps
 * shown on it between `start` and `end`.
 */
export function chainMarks(
  plane: Plane,
  chain: readonly (EventId & { readonly actor: Actor })[],
  shown: readonly Actor[],
  placed: ReadonlyMap<string, { readonly x: number; readonly y: number }>,
  axis: { scale: (at: number) => number; first: number; last: number; start: number; end: number },
): ChainMarks {
  const points = chain.map((event): ChainPoint => {
    const side: Side = event.step < axis.first ? -1 : event.step > axis.last ? 1 : 0;
    const row = shown.indexOf(event.actor);
    const across = plane.lanes[row < 0 ? plane.lanes.length - 1 : row] ?? 0;
    const along = side < 0 ? axis.start - 8 : side > 0 ? axis.end + 8 : axis.scale(event.step);
    const at =
      (side === 0 && placed.get(keyOf(event))) || (plane.down ? { x: across, y: along } : { x: along, y: across });
    return { step: event.step, index: event.index, side, x: at.x, y: at.y };
  });
  const links = points.flatMap((to, i) => {
    const from = points[i - 1];
    if (!from || (from.side === to.side && from.side !== 0)) return [];
    const gap = (point: ChainPoint): number => (point.side === 0 ? plane.r + 1.5 : 0);
    const { head, ...line } = arrowBetween(from, to, gap(from), gap(to));
    return [{ ...line, head: to.side === 0 ? head : '', key: `${keyOf(from)} ${keyOf(to)}` }];
  });
  const stub = (side: -1 | 1): Stub[] => {
    const beyond = points.filter((point) => point.side === side);
    const nearest = side < 0 ? beyond.at(-1) : beyond[0];
    return nearest ? [{ step: nearest.step, side, events: beyond.length, x: nearest.x, y: nearest.y }] : [];
  };
  return { points, links, stubs: [...stub(-1), ...stub(1)] };
}
