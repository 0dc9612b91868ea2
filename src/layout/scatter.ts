/**
 * Intercepted writes as marks: the step along, the guest address up. What is out of sight, and what would lie on a mark of
 * the same shape, is left out, so that a hundred thousand writes come to as many marks as there are pixels for.
 */
import { ticks } from 'd3';
import type { AddressAxis } from './address-axis';
import { stepX } from './timeline';

export interface ScatterColumns {
  readonly from: Uint32Array;
  readonly gpa: Float64Array;
  readonly outcome: Uint8Array;
}

export interface Look {
  readonly width: number;
  readonly height: number;
  /** Steps of the run. */
  readonly of: number;
  readonly axis: AddressAxis;
  /** What the zoom makes of a place: k times, and moved. */
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export interface Mark {
  /** Place among the rows found. */
  readonly i: number;
  readonly row: number;
  readonly x: number;
  readonly y: number;
}

/** From so many marks on they are drawn on a canvas. */
export const MOST_SVG = 3000;
/** Pixels of the grid in which two marks of one shape are one. */
const GRID = 2;
/** Marks this far outside still reach in. */
const MARGIN = 6;

export const markX = (look: Look, step: number): number => stepX(step, look.of, look.width) * look.k + look.x;
export const markY = (look: Look, gpa: number): number => look.axis.at(gpa) * look.k + look.y;
/** The step at a place, not rounded. */
export const stepUnder = (look: Look, x: number): number => ((x - look.x) / look.k / look.width) * look.of;

/** Round steps in sight, a label's width apart; at the right there is room for the axis's name. */
export const stepTicks = (look: Look): { at: number; step: number }[] =>
  ticks(Math.max(0, stepUnder(look, 0)), Math.min(look.of, stepUnder(look, look.width)), Math.max(1, look.width / 140))
    .filter(Number.isInteger)
    .map((step) => ({ at: markX(look, step), step }))
    .filter(({ at }) => at <= look.width - 56);

/** First place in `rows` whose write began at or after a step. */
function lowerBound(from: Uint32Array, rows: Uint32Array, step: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (from[rows[mid]!]! < step) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Places in `rows` of the writes whose marks may reach into pixels `left` to `right`: first, and end excluded. */
function between(columns: ScatterColumns, rows: Uint32Array, look: Look, left: number, right: number) {
  const first = lowerBound(columns.from, rows, stepUnder(look, left - MARGIN));
  return { first, end: lowerBound(columns.from, rows, stepUnder(look, right + MARGIN) + 1e-6) };
}

export function scatterMarks(columns: ScatterColumns, rows: Uint32Array, look: Look): Mark[] {
  const { from, gpa, outcome } = columns;
  const cols = Math.ceil((look.width + 2 * MARGIN) / GRID) + 1;
  const lines = Math.ceil((look.height + 2 * MARGIN) / GRID) + 1;
  /** A bit an outcome. */
  const taken = new Uint16Array(cols * lines);
  const marks: Mark[] = [];
  const { first, end } = between(columns, rows, look, 0, look.width);
  for (let i = first; i < end; i++) {
    const row = rows[i]!;
    const y = markY(look, gpa[row]!);
    if (y < -MARGIN || y > look.height + MARGIN) continue;
    const x = markX(look, from[row]!);
    const at = Math.floor((y + MARGIN) / GRID) * cols + Math.floor((x + MARGIN) / GRID);
    const bit = 1 << outcome[row]!;
    if (taken[at]! & bit) continue;
    taken[at] = taken[at]! | bit;
    marks.push({ i, row, x, y });
  }
  return marks;
}

/** Place in `rows` of the write whose mark is nearest to a point, at most `within` pixels off; -1: none. */
export function nearestWrite(
  columns: ScatterColumns,
  rows: Uint32Array,
  look: Look,
  x: number,
  y: number,
  within: number,
): number {
  const { first, end } = between(columns, rows, look, x - within, x + within);
  let best = -1;
  let far = within ** 2;
  for (let i = first; i < end; i++) {
    const row = rows[i]!;
    const d = (markX(look, columns.from[row]!) - x) ** 2 + (markY(look, columns.gpa[row]!) - y) ** 2;
    if (d > far) continue;
    far = d;
    best = i;
  }
  return best;
}

/** The nearest write above (-1) or below (1) the one at place `i`; `i` itself: there is none. */
export function acrossWrite(columns: ScatterColumns, rows: Uint32Array, look: Look, i: number, way: -1 | 1): number {
  const here = rows[i];
  if (here === undefined) return i;
  const [x0, y0] = [markX(look, columns.from[here]!), markY(look, columns.gpa[here]!)];
  let best = i;
  let far = Infinity;
  for (let j = 0; j < rows.length; j++) {
    const dy = (markY(look, columns.gpa[rows[j]!]!) - y0) * way;
    if (dy < 0.5) continue;
    const d = (4 * dy) ** 2 + (markX(look, columns.from[rows[j]!]!) - x0) ** 2;
    if (d >= far) continue;
    far = d;
    best = j;
  }
  return best;
}

/** The band of a page across the picture, cut at its edges; null: it is out of sight, or nothing was written there. */
export function pageBand(look: Look, gfn: number): { x: number; y: number; w: number; h: number } | null {
  const [start, end] = [gfn * 4096, (gfn + 1) * 4096];
  if (!look.axis.pieces.some((piece) => piece.start < end && start < piece.end)) return null;
  const a = markY(look, start);
  const b = markY(look, end);
  const y = Math.max(0, Math.min(a, b));
  const h = Math.min(look.height, Math.max(a, b)) - y;
  return h < 0 || y > look.height ? null : { x: 0, y, w: look.width, h };
}
