/**
 * Write heat: intercepted writes so far, by frame and by cell of 512 frames. The rows come in order of their steps, so that a
 * step on or back costs the rows between, not all. Bins by powers of one base, so that a single write is told from none and
 * a thousand from a hundred; they are those of the whole run, so that no colour changes its meaning on the way.
 */
import { scaleThreshold } from 'd3';
import { CELL } from './map';

/** Writes in order of the step that began them; addresses in bytes. */
export interface Writes {
  readonly length: number;
  readonly from: ArrayLike<number>;
  readonly gpa: ArrayLike<number>;
}

/** Tints but that of no write. */
export const MOST_BINS = 5;

export class WriteHeat {
  /** Writes in each cell so far. */
  readonly cells: Uint32Array;
  readonly #frames = new Map<number, number>();
  readonly #writes: Writes;
  /** Rows counted so far. */
  #rows = 0;

  constructor(writes: Writes, cells: number) {
    this.#writes = writes;
    this.cells = new Uint32Array(cells);
  }

  /** Counts every write that began at or before a step, and no other. */
  to(step: number): this {
    const { from, length } = this.#writes;
    while (this.#rows < length && from[this.#rows]! <= step) this.#add(this.#rows++, 1);
    while (this.#rows > 0 && from[this.#rows - 1]! > step) this.#add(--this.#rows, -1);
    return this;
  }

  frame(gfn: number): number {
    return this.#frames.get(gfn) ?? 0;
  }

  /** Writes in the cells from `first` up to `end`. */
  sum(first: number, end: number): number {
    let n = 0;
    for (let cell = first; cell < end; cell++) n += this.cells[cell] ?? 0;
    return n;
  }

  /** Most writes to one frame, and in one cell, as it stands. */
  most(): { readonly frame: number; readonly cell: number } {
    let frame = 0;
    for (const n of this.#frames.values()) frame = Math.max(frame, n);
    return { frame, cell: this.cells.reduce((a, b) => Math.max(a, b), 0) };
  }

  #add(row: number, by: 1 | -1): void {
    const gfn = Math.floor(this.#writes.gpa[row]! / 4096);
    const n = this.frame(gfn) + by;
    if (n === 0) this.#frames.delete(gfn);
    else this.#frames.set(gfn, n);
    const cell = Math.floor(gfn / CELL);
    if (cell < this.cells.length) this.cells[cell]! += by;
  }
}

/** Bins of counts. Bin 0 is no write, bin i from the i-th number of `from` on. */
export interface Bins {
  readonly from: readonly number[];
  readonly of: (count: number) => number;
}

/** What a bin is larger than the one before it, at most. */
const BASES = [2, 4, 10, 32, 100] as const;

/** Bins for counts up to `most`, by the smallest base by which few of them are enough; the last holds what is more. */
export function heatBins(most: number): Bins {
  const base = BASES.find((of) => of ** MOST_BINS >= most) ?? BASES.at(-1)!;
  const from: number[] = [];
  for (let at = 1; at <= Math.max(1, most) && from.length < MOST_BINS; at *= base) from.push(at);
  return { from, of: scaleThreshold<number, number>(from, [0, ...from.map((_, i) => i + 1)]) };
}
