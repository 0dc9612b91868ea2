/** Lanes in the plane: time runs right where there is room, down on a phone. Everything a component needs to draw them. */
import { line } from 'd3';
import type { Dot, LaneEvent } from './lanes';
import { placeLabels, type Box, type Segment, type Wish } from './labels';

export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly down: boolean;
  /** Across: position of each lane. */
  readonly lanes: readonly number[];
  /** Label height, radius of an event's circle. */
  readonly text: number;
  readonly r: number;
}

export const RADIUS = 4.5;

/** A point of lane `lane` at position `at` along it. */
export const point = (plane: Plane, lane: number, at: number): { x: number; y: number } =>
  plane.down ? { x: plane.lanes[lane] ?? 0, y: at } : { x: at, y: plane.lanes[lane] ?? 0 };

interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow that stops so many pixels short of both its ends: shaft, and head as a path. */
export function arrowBetween(a: Point, b: Point, gapA: number, gapB: number): Segment & { head: string } {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const ux = (b.x - a.x) / length;
  const uy = (b.y - a.y) / length;
  const [near, far] = [Math.min(gapA, length / 3), Math.min(gapB, length / 3)];
  const [x1, y1] = [a.x + ux * near, a.y + uy * near];
  const [x2, y2] = [b.x - ux * far, b.y - uy * far];
  const wing = (side: number): [number, number] => [x2 - ux * 7 - uy * 4 * side, y2 - uy * 7 + ux * 4 * side];
  return { x1, y1, x2, y2, head: line()([wing(1), [x2, y2], wing(-1)]) ?? '' };
}

/** An arrow from circle to circle. */
export function arrow<E extends LaneEvent>(plane: Plane, from: Dot<E>, to: Dot<E>): Segment & { head: string } {
  const gap = plane.r + 1.5;
  return arrowBetween(point(plane, from.lane, from.at), point(plane, to.lane, to.at), gap, gap);
}

/** Half the width of a cross. */
export const CROSS = 5;

/** Path of a cross. */
export const crossAt = (x: number, y: number, r = CROSS): string =>
  `M${x - r} ${y - r}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}`;

/** A message that nobody got: an arrow towards a lane (null: it has none) that ends half way there, in a cross. */
export function lostArrow<E extends LaneEvent>(
  plane: Plane,
  from: Dot<E>,
  lane: number | null,
): Segment & { cross: string } {
  const a = point(plane, from.lane, from.at);
  const there = lane === null ? null : point(plane, lane, from.at);
  const gap = plane.down ? (there?.x ?? a.x + 44) - a.x : (there?.y ?? a.y + 44) - a.y;
  const across = Math.sign(gap) * Math.min(Math.abs(gap) * 0.6, 40);
  const end = plane.down ? { x: a.x + across, y: a.y + 16 } : { x: a.x + 16, y: a.y + across };
  const { x1, y1, x2, y2 } = arrowBetween(a, end, plane.r + 1.5, 0);
  return { x1, y1, x2, y2, cross: crossAt(x2, y2, 4) };
}

/** Where a label of width `w` may lie beside a circle, best first; `behind`: rather on the side of the past. */
export function places(plane: Plane, lane: number, at: number, w: number, behind = false): Box[] {
  const { x, y } = point(plane, lane, at);
  const h = plane.text;
  const gap = plane.r + 4;
  const box = (bx: number, by: number): Box => ({ x: bx, y: by, w, h });
  if (plane.down) {
    // The last two lie clear of a line across at the circle's height.
    const ys = [y - h / 2, y - h / 2 - 8, y - h / 2 + 8, y - h - 4, y + 4];
    const right = ys.map((by) => box(x + gap + 2, by));
    const left = ys.map((by) => box(x - gap - 2 - w, by));
    return lane === plane.lanes.length - 1 && lane > 0 ? [...left, ...right] : [...right, ...left];
  }
  const above = y - plane.r - 3 - h;
  const below = y + plane.r + 3;
  const past = behind ? [x - w - 5] : [];
  const xs = [...past, x - w / 2, x + 4, x - w - 4, x - w * 0.25, x - w * 0.75, x + 9, x - w - 9];
  return [...xs.map((bx) => box(bx, above)), ...xs.map((bx) => box(bx, below))];
}

export interface Bar extends Box {
  readonly name: string;
}

/** A lock's bar, just below its lane (right of it where time runs down it lies left). */
export function lockBar(plane: Plane, lane: number, from: number, to: number): Box {
  const { x, y } = point(plane, lane, from);
  const length = Math.max(2, to - from);
  return plane.down ? { x: x - 12, y, w: 6, h: length } : { x, y: y + 6, w: length, h: 5 };
}

export interface LabelWish<K> {
  readonly key: K;
  readonly width: number;
  readonly places: readonly Box[];
  readonly weight: number;
  readonly must: boolean;
}

/** Labels that fit: not on each other, nor on circles, bars, arrows or the now line. */
export function labelBoxes<K>(
  plane: Plane,
  wishes: readonly LabelWish<K>[],
  dots: readonly { lane: number; at: number }[],
  bars: readonly Box[],
  arrows: readonly Segment[],
  now: number | null,
): Map<K, Box> {
  const r = plane.r + 1;
  const marks: Box[] = dots.map((dot) => {
    const { x, y } = point(plane, dot.lane, dot.at);
    return { x: x - r, y: y - r, w: 2 * r, h: 2 * r };
  });
  marks.push(...bars);
  if (now !== null)
    marks.push(plane.down ? { x: 0, y: now - 2, w: plane.width, h: 4 } : { x: now - 2, y: 0, w: 4, h: plane.height });
  const bounds = { x: 0, y: 0, w: plane.width, h: plane.height };
  const asked: Wish<K>[] = wishes.map(({ key, places: at, weight, must }) => ({ of: key, places: at, weight, must }));
  return placeLabels(asked, bounds, marks, arrows);
}
