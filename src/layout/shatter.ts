/** What a step split: the block of memory that one entry mapped before it, and that 512 entries map since. */
import { CELL, type Grid, type Rect } from './map';
import { GIB_CELLS } from './map-marks';
import type { Range } from './range';

export interface MadeTable {
  readonly level: number;
  readonly first: number;
}

/** The largest block that the tables made in a step split, the one with `gfn` before others; null: none. */
export function splitBlock(made: readonly MadeTable[], gfn: number | null): Range | null {
  const level = Math.max(...made.map((table) => table.level).filter((at) => at <= 1));
  if (!Number.isFinite(level)) return null;
  const frames = level === 1 ? GIB_CELLS * CELL : CELL;
  const tables = made.filter((table) => table.level === level);
  const holds = ({ first }: MadeTable): boolean => gfn !== null && gfn >= first && gfn < first + frames;
  const { first } = tables.find(holds) ?? tables[0]!;
  return { first, last: first + frames - 1 };
}

/** Steps a second up to which things move while playing; who goes faster by hand, holding a key or scrubbing, hurries too. */
const FASTEST = 4;
/** Until all cuts are there, and until those are gone that are too fine to stay: milliseconds. */
export const SHATTER_MS = 240;
export const SETTLE_MS = 400;

export interface Pace {
  readonly playing: boolean;
  readonly speed: number;
  /** Milliseconds since the step before was shown. */
  readonly since: number;
  /** Nothing is to move: the user asked for that. */
  readonly still: boolean;
}

/** Whether what a step did may be shown moving: it is the next one, and nobody hurries. */
export function mayMove(from: number | null, to: number, { playing, speed, since, still }: Pace): boolean {
  if (still || from === null || to !== from + 1) return false;
  return playing ? speed <= FASTEST : since >= SHATTER_MS;
}

/** Cuts closer than this cannot be told apart, pixels. */
const LEAST_CUT = 2;

/** The cuts of a block that has become 512: 1 GiB along the cells of the map, a cell along its frames. */
export function cutsPath(grid: Grid, block: Range, { w, h }: Rect): string {
  const cell = block.last - block.first + 1 === CELL;
  const cols = cell ? grid.subCols : Math.min(grid.cols, GIB_CELLS);
  const rows = (cell ? CELL : GIB_CELLS) / cols;
  const lines = (n: number, size: number, line: (at: number) => string): string =>
    size / n < LEAST_CUT ? '' : Array.from({ length: n - 1 }, (_, i) => line((size / n) * (i + 1))).join('');
  const num = (n: number): number => Math.round(n * 10) / 10;
  return lines(cols, w, (x) => `M${num(x)} 0V${num(h)}`) + lines(rows, h, (y) => `M0 ${num(y)}H${num(w)}`);
}
