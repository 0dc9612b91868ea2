/**
 * Single frames, cell by cell, as they came with the pictures. The worker gives one run of frames a picture; a zoomed map
 * shows cells of several rows, so what came is kept until it is out of date.
 */
import { CELL } from '../../layout/map';
import { SIGN } from '../../layout/map-marks';
import type { CellFrames } from '../../layout/map-scene';
import { CELL_COUNTS } from '../../layout/types';
import type { FramesPicture } from '../../worker/protocol';

interface Held extends CellFrames {
  readonly counts: Uint16Array;
  readonly sign: number;
  /** Step as of which it is known to hold. */
  step: number;
  touched: Uint8Array | null;
}

/** What one step changed, for all that is held. */
export interface Stepped {
  readonly from: number;
  readonly to: number;
  /** Cells in which an entry was written by that step. */
  readonly touched: ArrayLike<number>;
}

const MOST_CELLS = 256;
/** Frames that a view may ask for. */
const MOST_FRAMES = 8192;

export class FrameCache {
  /** Counts what came. */
  version = $state(0);
  /** Plain: `version` tells of changes, and there are many reads a picture. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #held = new Map<number, Held>();
  /** Cells that the step shown has written, as they were before it. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #before = new Map<number, CellFrames>();
  #step = -1;

  get = (cell: number): CellFrames | null => this.#held.get(cell) ?? null;

  /** A cell as it was before the step shown; null: not known. */
  before = (cell: number): CellFrames | null => this.#before.get(cell) ?? null;

  /** Type of a frame, undefined while it is not known. */
  type(gfn: number): number | undefined {
    return this.#held.get(Math.floor(gfn / CELL))?.types[gfn % CELL];
  }

  /** What came with the picture of a step. `signs`: what the tables say of each cell, a byte each. */
  put(frames: FramesPicture, step: number, counts: Uint16Array, signs: Uint8Array): void {
    if (step !== this.#step) this.#before.clear();
    this.#step = step;
    if (this.#held.size > MOST_CELLS) this.#held.clear();
    for (let at = 0; at < frames.types.length; at += CELL) {
      const cell = Math.floor((frames.first + at) / CELL);
      const old = this.#held.get(cell);
      if (old?.step === step - 1) this.#before.set(cell, old);
      const part = (all: Uint8Array | undefined): Uint8Array => all?.subarray(at, at + CELL) ?? new Uint8Array(0);
      this.#held.set(cell, {
        types: part(frames.types),
        effective: part(frames.effective),
        orders: part(frames.orders),
        pending: part(frames.pending),
        touched: part(frames.touched),
        step,
        counts: counts.slice(cell * CELL_COUNTS, (cell + 1) * CELL_COUNTS),
        sign: marks(signs, cell),
      });
    }
    this.version++;
  }

  /**
   * One step on or back: what was held as of the step before, and lies in none of the cells that were written, and whose
   * marks are the same, holds as of this one.
   */
  carry({ from, to, touched }: Stepped, signs: Uint8Array): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity
    const written = new Set(Array.from(touched));
    for (const [cell, held] of this.#held) {
      if (held.step !== from || written.has(cell) || marks(signs, cell) !== held.sign) continue;
      held.step = to;
      held.touched = null;
    }
  }

  clear(): void {
    this.#held.clear();
    this.#before.clear();
    this.#step = -1;
    this.version++;
  }

  /** Whether what is held may be wrong: counts or marks of the cell moved, or (when `exact`) it is as of another step. */
  stale(cell: number, step: number, exact: boolean, counts: Uint16Array, signs: Uint8Array): boolean {
    const held = this.#held.get(cell);
    if (!held) return true;
    if (exact && held.step !== step) return true;
    if (marks(signs, cell) !== held.sign) return true;
    return held.counts.some((n, type) => n !== counts[cell * CELL_COUNTS + type]);
  }
}

/** What the tables say of a cell; whether the step wrote in it is another matter. */
const marks = (signs: Uint8Array, cell: number): number => (signs[cell] ?? 0) & ~SIGN.touched;

/** The run of frames to ask for so that the first of these cells, and as many others as fit, come. */
export function windowOf(cells: readonly number[], frames: number): { first: number; frames: number } {
  const from = Math.min(...cells);
  const last = Math.max(...cells.filter((cell) => cell < from + MOST_FRAMES / CELL));
  return { first: from * CELL, frames: Math.min((last + 1 - from) * CELL, frames - from * CELL) };
}
