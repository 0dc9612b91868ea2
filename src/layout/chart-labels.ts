/** Labels at lines: each looks along its own line for a place where it covers no box, no other label, and as few lines as can be. */
import type { Point, Size } from './chart-plan';
import { crosses, overlap, type Box, type Segment } from './labels';

/** Cubic segments joined at their ends: one point, then three for each segment. */
export interface Curve {
  readonly points: readonly Point[];
}

/** A curve through points; `upright`: it leaves and enters each of them vertically. */
export function bezier(through: readonly Point[], upright = false): Curve {
  const points: Point[] = [through[0]!];
  for (let i = 1; i < through.length; i++) {
    const [a, b] = [through[i - 1]!, through[i]!];
    const half = (a.y + b.y) / 2;
    if (upright) points.push({ x: a.x, y: half }, { x: b.x, y: half }, b);
    else points.push(a, b, b);
  }
  return { points };
}

/** Points along a curve, `n` parts a segment. */
export function sampled({ points }: Curve, n: number): Point[] {
  const out: Point[] = [points[0]!];
  for (let s = 0; s + 3 < points.length; s += 3) {
    const [a, b, c, d] = [points[s]!, points[s + 1]!, points[s + 2]!, points[s + 3]!];
    for (let i = 1; i <= n; i++) {
      const t = i / n;
      const u = 1 - t;
      const [p, q, r, v] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
      out.push({ x: p * a.x + q * b.x + r * c.x + v * d.x, y: p * a.y + q * b.y + r * c.y + v * d.y });
    }
  }
  return out;
}

export interface Labelled<T> {
  readonly of: T;
  readonly curve: Curve;
  readonly size: Size;
  /** Of a pair: on the left or above, on the right or below; 0: it is alone. */
  readonly side: -1 | 0 | 1;
  readonly kind: 'across' | 'stub' | 'curve';
}

interface Place {
  readonly box: Box;
  /** How little it is liked, and whether it may lie on its own line. */
  readonly price: number;
  readonly on: boolean;
}

/** Room between a label and its line, and between two labels. */
const GAP = 4;
const BETWEEN = 2;
/** What it costs to lie on somebody's line. */
const ON_LINE = 4;

/** A place for each label; `unplaced`: those that found none that is free, and lie where they would. */
export function placeBeside<T>(
  wishes: readonly Labelled<T>[],
  boxes: readonly Box[],
  bounds: Box,
): { places: Box[]; unplaced: Set<T> } {
  const lines = wishes.map(({ curve }) => segmentsOf(sampled(curve, 16)));
  const order = wishes.map((_, i) => i).sort((a, b) => rank(wishes[a]!) - rank(wishes[b]!));
  const places: Box[] = [];
  const taken: Box[] = [];
  const unplaced = new Set<T>();
  for (const i of order) {
    const all = placesOf(wishes[i]!);
    const free = all.filter(
      ({ box }) => within(box, bounds) && ![...boxes, ...taken].some((b) => overlap(grown(box), b)),
    );
    if (free.length === 0) unplaced.add(wishes[i]!.of);
    const price = ({ box, price: own, on }: Place): number =>
      lines.reduce((sum, line, j) => sum + (on && i === j ? 0 : met(line, box) ? ON_LINE : 0), own);
    const best = free.map((place) => ({ place, price: price(place) })).sort((a, b) => a.price - b.price)[0];
    places[i] = (best?.place ?? all[0]!).box;
    taken.push(places[i]);
  }
  return { places, unplaced };
}

/** Those that have least choice come first; of lines, the more they slant. */
function rank<T>({ kind, side, curve: { points } }: Labelled<T>): number {
  if (kind !== 'curve') return kind === 'across' ? 0 : 1;
  const slant = Math.abs(points.at(-1)!.x - points[0]!.x);
  return (side !== 0 ? 2 : 3) + 1 / (1 + slant);
}

const grown = ({ x, y, w, h }: Box): Box => ({
  x: x - BETWEEN,
  y: y - BETWEEN,
  w: w + 2 * BETWEEN,
  h: h + 2 * BETWEEN,
});
const within = (a: Box, b: Box): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w && a.y + a.h <= b.y + b.h;

interface Line {
  readonly around: Box;
  readonly segments: readonly Segment[];
}

function segmentsOf(points: readonly Point[]): Line {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return {
    around: { x: x - 1, y: y - 1, w: Math.max(...xs) - x + 2, h: Math.max(...ys) - y + 2 },
    segments: points.slice(1).map((p, i) => ({ x1: points[i]!.x, y1: points[i]!.y, x2: p.x, y2: p.y })),
  };
}
const met = ({ around, segments }: Line, box: Box): boolean =>
  overlap(around, box) && segments.some((segment) => crosses(segment, box));

function placesOf<T>({ curve, size: { w, h }, side, kind }: Labelled<T>): Place[] {
  const points = sampled(curve, 24);
  const places: Place[] = [];
  const add = (x: number, y: number, price: number, on = false): void => {
    places.push({ box: { x, y, w, h }, price, on });
  };
  if (kind === 'across') {
    const [a, b] = [points[0]!, points.at(-1)!];
    const x = (a.x + b.x) / 2 - w / 2;
    // Above its line, or below it.
    for (const up of side > 0 ? [false, true] : side < 0 ? [true] : [true, false])
      add(x, up ? a.y - h - 1 : a.y + 1, up ? 0 : 0.1);
    return places;
  }
  if (kind === 'stub') {
    const { x, y } = points[0]!;
    const end = points.at(-1)!.y;
    for (let lift = 0; lift <= 3; lift++) {
      const top = (y + end) / 2 - h / 2 - 4 - 6 * lift;
      add(x + GAP + 1, top, 0.2 + lift * 0.3);
      add(x - GAP - 1 - w, top, 0.25 + lift * 0.3);
    }
    add(x - w / 2, y - h - 4, 2);
    return places;
  }
  // Which way is outward: constant along the line, and to the side that is meant where the line is upright.
  const at = (i: number): Point => {
    const [a, b] = [points[Math.max(0, i - 1)]!, points[Math.min(points.length - 1, i + 1)]!];
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    return { x: -(b.y - a.y) / length, y: (b.x - a.x) / length };
  };
  const upright = Math.abs(at(0).x) >= Math.abs(at(points.length - 1).x) ? 0 : points.length - 1;
  const outward = Math.sign(at(upright).x) || 1;
  for (let i = 2; i <= points.length - 3; i++) {
    const { x, y } = points[i]!;
    const off = Math.abs(i / (points.length - 1) - 0.5) * 3;
    if (side === 0) add(x - w / 2, y - h / 2, off, true);
    const normal = at(i);
    for (const to of side === 0 ? [1, -1] : [side]) {
      const [nx, ny] = [to * outward * normal.x, to * outward * normal.y];
      const reach = GAP + (Math.abs(nx) * w + Math.abs(ny) * h) / 2;
      // Where the line is nearly upright or level, a label lies at it with its side, or with its corner else.
      add(x + nx * reach - w / 2, y + ny * reach - h / 2, off + 0.4);
      add(x + Math.sign(nx) * (GAP + w / 2) - w / 2, y + ny * h * 0.3 - h / 2, off + 0.5);
    }
  }
  return places;
}
