/**
 * Types of single frames, cell by cell, as they came with the pictures. The worker gives one run of frames a picture; a
 * zoomed map shows cells of several rows, so what came is kept until it is out of date.
 */
import { CELL } from '../../layout/map';
import { CELL_COUNTS } from '../../layout/types';
import type { FramesPicture } from '../../worker/protocol';

export interface CellFrames {
  readonly types: Uint8Array;
  readonly orders: Uint8Array;
}

interface Held extends CellFrames {
  readonly step: number;
  readonly counts: Uint16Array;
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

  get = (cell: number): CellFrames | null => this.#held.get(cell) ?? null;

  /** Type of a frame, undefined while it is not known. */
  type(gfn: number): number | undefined {
    return this.#held.get(Math.floor(gfn / CELL))?.types[gfn % CELL];
  }

  put(frames: FramesPicture, step: number, counts: Uint16Array): void {
    if (this.#held.size > MOST_CELLS) this.#held.clear();
    for (let at = 0; at < frames.types.length; at += CELL) {
      const cell = Math.floor((frames.first + at) / CELL);
      this.#held.set(cell, {
        types: frames.types.subarray(at, at + CELL),
        orders: frames.orders.subarray(at, at + CELL),
        step,
        counts: counts.slice(cell * CELL_COUNTS, (cell + 1) * CELL_COUNTS),
      });
    }
    this.version++;
  }

  clear(): void {
    this.#held.clear();
    this.version++;
  }

  /** Whether what is held may be wrong: the cell's counts moved, or (when `exact`) it came with another step. */
  stale(cell: number, step: number, exact: boolean, counts: Uint16Array): boolean {
    const held = this.#held.get(cell);
    if (!held) return true;
    if (exact && held.step !== step) return true;
    return held.counts.some((n, type) => n !== counts[cell * CELL_COUNTS + type]);
  }
}

/** The run of frames to ask for so that the first of these cells, and as many others as fit, come. */
export function windowOf(cells: readonly number[], frames: number): { first: number; frames: number } {
  const from = Math.min(...cells);
  const last = Math.max(...cells.filter((cell) => cell < from + MOST_FRAMES / CELL));
  return { first: from * CELL, frames: Math.min((last + 1 - from) * CELL, frames - from * CELL) };
}
