/**
 * The mix of one cell of the map as bands from top to bottom, in whole device pixels. Every type that has a frame in the
 * cell gets at least two pixels while there is room; type 15 gets them always. What is left over is shared by area.
 */
import { BAND_ORDER, CELL_COUNTS, IOREQ_SERVER } from './types';

export interface Band {
  readonly type: number;
  /** Device pixels from the top of the cell. */
  readonly from: number;
  readonly to: number;
}

/** Type of all frames of the cell, -1 when mixed, -2 when it has none. `counts` holds CELL_COUNTS numbers a cell. */
export function pureType(counts: ArrayLike<number>, cell: number): number {
  let found = -2;
  for (let type = 0, at = cell * CELL_COUNTS; type < CELL_COUNTS; type++, at++)
    if (counts[at]! > 0) {
      if (found >= 0) return -1;
      found = type;
    }
  return found;
}

/** Sum of the counts of cells first .. last - 1, into `into`. */
export function addCells(counts: ArrayLike<number>, first: number, last: number, into: Float64Array): void {
  into.fill(0);
  for (let at = first * CELL_COUNTS; at < last * CELL_COUNTS; at++) into[at % CELL_COUNTS]! += counts[at]!;
}

/** Bands of a cell `height` device pixels high. `mix`: frames by type. */
export function bands(mix: ArrayLike<number>, height: number): Band[] {
  let types = BAND_ORDER.filter((type) => (mix[type] ?? 0) > 0);
  const least = 2;
  // Too many for the height: the smallest go first, type 15 never.
  while (types.length > 1 && types.length * least > height) {
    const others = types.filter((type) => type !== IOREQ_SERVER);
    const smallest = others.reduce((a, b) => (mix[b]! < mix[a]! ? b : a), others[0]!);
    types = types.filter((type) => type !== smallest);
  }
  const total = types.reduce((sum, type) => sum + mix[type]!, 0);
  const spare = Math.max(0, height - types.length * least);
  const result: Band[] = [];
  let seen = 0;
  let from = 0;
  for (const [i, type] of types.entries()) {
    seen += mix[type]!;
    const to = i === types.length - 1 ? height : Math.round((spare * seen) / total) + (i + 1) * least;
    result.push({ type, from, to });
    from = to;
  }
  return result;
}
