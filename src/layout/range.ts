/** Frames selected together, on the map: where they lie, what goes round them, and the marks at both ends. */
import { CELL, unitRect, type Grid, type Look, type Rect } from './map';

/** Both ends inclusive. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** The frames from one mark to another, whichever comes first. */
export function between(a: number, b: number, unit: number, frames: number): Range {
  const first = Math.floor(Math.min(a, b) / unit) * unit;
  const last = Math.floor(Math.max(a, b) / unit) * unit + unit - 1;
  return { first: Math.max(0, first), last: Math.min(frames - 1, last) };
}

/** Rectangles that together are the range, as it is drawn with `unit` frames a mark; no two overlap. */
export function rangeRects(grid: Grid, look: Look, { first, last }: Range, unit: number): Rect[] {
  const step = Math.max(unit, CELL);
  if (unit >= CELL) return runs(grid, look, Math.floor(first / step) * step, last, step, grid.cols * CELL);
  const rects: Rect[] = [];
  const cell0 = Math.floor(first / CELL);
  const cell1 = Math.floor(last / CELL);
  const headEnd = Math.min(last, (cell0 + 1) * CELL - 1);
  const whole = (from: number, to: number): boolean => from % CELL === 0 && to % CELL === CELL - 1;
  // What is a part of its cell is cut by the rows of frames in it; whole cells between the ends by the rows of the map.
  let from = first;
  if (!whole(first, headEnd)) {
    rects.push(...runs(grid, look, first, headEnd, 1, grid.subCols));
    from = headEnd + 1;
  }
  const tail = cell1 > cell0 && last % CELL !== CELL - 1;
  const to = tail ? cell1 * CELL - 1 : last;
  if (from <= to) rects.push(...runs(grid, look, from, to, CELL, grid.cols * CELL));
  if (tail) rects.push(...runs(grid, look, cell1 * CELL, last, 1, grid.subCols));
  return rects;
}

/** A run of marks cut into its first row, the full rows together, and its last row. `row`: frames a row. */
function runs(grid: Grid, look: Look, first: number, last: number, unit: number, row: number): Rect[] {
  const box = (a: number, b: number): Rect => {
    const p = unitRect(grid, look, a, unit);
    const q = unitRect(grid, look, b, unit);
    return { x: p.x, y: p.y, w: q.x + q.w - p.x, h: q.y + q.h - p.y };
  };
  // Frames in rows within a cell: rows begin anew in each cell, and 512 is a multiple of them.
  const rowOf = (gfn: number): number => Math.floor(gfn / row);
  const [r0, r1] = [rowOf(first), rowOf(last)];
  if (r0 === r1) return [box(first, last)];
  const rects: Rect[] = [];
  let from = first;
  if (first % row !== 0) {
    rects.push(box(first, (r0 + 1) * row - 1));
    from = (r0 + 1) * row;
  }
  const full = last % row === row - 1;
  const to = full ? last : r1 * row - 1;
  if (from <= to) rects.push(box(from, to));
  if (!full) rects.push(box(r1 * row, last));
  return rects;
}

/** Path along the outside of rectangles: without the stretches at which two of them touch. */
export function outlinePath(rects: readonly Rect[]): string {
  let path = '';
  for (const [i, at] of rects.entries()) {
    const others = rects.filter((_, j) => j !== i);
    const right = at.x + at.w;
    const bottom = at.y + at.h;
    for (const y of [at.y, bottom]) {
      const beyond = others.filter((o) => (y === at.y ? near(o.y + o.h, y) : near(o.y, y)));
      for (const [a, b] of left(
        [at.x, right],
        beyond.map((o) => [o.x, o.x + o.w]),
      ))
        path += `M${num(a)} ${num(y)}H${num(b)}`;
    }
    for (const x of [at.x, right]) {
      const beyond = others.filter((o) => (x === at.x ? near(o.x + o.w, x) : near(o.x, x)));
      for (const [a, b] of left(
        [at.y, bottom],
        beyond.map((o) => [o.y, o.y + o.h]),
      ))
        path += `M${num(x)} ${num(a)}V${num(b)}`;
    }
  }
  return path;
}

type Stretch = readonly [number, number];

/** What is left of a stretch without others. */
function left(whole: Stretch, without: readonly Stretch[]): Stretch[] {
  let rest: Stretch[] = [whole];
  for (const [a, b] of without)
    rest = rest.flatMap(([from, to]): Stretch[] =>
      b <= from || a >= to ? [[from, to]] : [[from, a] as Stretch, [b, to] as Stretch].filter(([p, q]) => q - p > 0.01),
    );
  return rest;
}

const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.01;
const num = (n: number): number => Math.round(n * 100) / 100;

/** Brackets at the start of the first rectangle and at the end of the last, `by` pixels outside. */
export function brackets(rects: readonly Rect[], by: number): string {
  const head = rects[0];
  const tail = rects.at(-1);
  if (!head || !tail) return '';
  const l = 6;
  const [x0, y0, y1] = [num(head.x - by), num(head.y - by), num(head.y + head.h + by)];
  const [x2, y2, y3] = [num(tail.x + tail.w + by), num(tail.y - by), num(tail.y + tail.h + by)];
  return `M${x0 + l} ${y0}H${x0}V${y0 + l}M${x0} ${y1 - l}V${y1}H${x0 + l}M${x2 - l} ${y2}H${x2}V${y2 + l}M${x2} ${y3 - l}V${y3}H${x2 - l}`;
}
