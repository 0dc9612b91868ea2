/**
 * How many frames stand in the p2m under each type, for the whole guest and for each cell of 512 frames (what one
 * level-0 table or one 2 MiB entry maps). Kept at every leaf write, so that a picture of four million frames reads no
 * table. It counts *stored* types: a page whose change is still pending counts as what its entry says. Empty slots count
 * as nothing. No counterpart in Xen. Lies in `store.notes`: it follows from the tables, so no hash needs it.
 *
 * A total is a word a type; a cell is 10 words, two 16-bit counts each (type 2i in the low half of word i).
 */
import { P2M_TYPE_COUNT } from './p2m-type';
import { PAGE_WORDS, type Space, type Store } from './store';

export const CELL_FRAMES = 512;
/** Counts a cell has room for: by type, and none after the last. */
export const CELL_COUNTS = 20;
const CELL_WORDS = CELL_COUNTS / 2;

export class Census {
  /** Words of notes for a census of the frames below `frames`. */
  static words(frames: number): number {
    return P2M_TYPE_COUNT + Math.ceil(frames / CELL_FRAMES) * CELL_WORDS;
  }

  readonly #notes: Space;
  readonly #cells: number;
  /** Number of cells; what lies beyond is not counted. */
  readonly cells: number;

  /** @param base word address of `Census.words(frames)` words of notes. */
  constructor(
    store: Store,
    readonly base: number,
    frames: number,
  ) {
    this.#notes = store.notes;
    this.#cells = base + P2M_TYPE_COUNT;
    this.cells = Math.ceil(frames / CELL_FRAMES);
  }

  /** Frames of the guest stored under `type`. */
  total(type: number): number {
    return this.#notes.get(this.base + type);
  }

  /** Frames of cell `cell` (gfns from cell * 512) stored under `type`. */
  count(cell: number, type: number): number {
    const word = this.#notes.get(this.#cells + cell * CELL_WORDS + (type >>> 1));
    return type & 1 ? word >>> 16 : word & 0xffff;
  }

  /** One frame was stored as `type`; `old`: the type it had, or -1 for none. `type` -1: its slot was emptied. */
  change(gfn: number, old: number, type: number): void {
    if (old === type) return;
    const cell = gfn >>> 9;
    if (cell >= this.cells) return;
    if (old >= 0) this.#add(cell, old, -1);
    if (type >= 0) this.#add(cell, type, 1);
  }

  /** The 2^order frames from `gfn` on (order 9, 18 or 27) now stand under one entry of `type`; -1: under an empty one. */
  fill(gfn: number, order: number, type: number): void {
    const first = gfn >>> 9;
    const end = Math.min(first + 2 ** (order - 9), this.cells);
    for (let cell = first; cell < end; cell++) {
      for (let t = 0; t < P2M_TYPE_COUNT; t++) {
        const n = this.count(cell, t);
        if (n > 0 && t !== type) this.#add(cell, t, -n);
      }
      if (type >= 0) this.#add(cell, type, CELL_FRAMES - this.count(cell, type));
    }
  }

  /** `n` frames of one cell that had none were stored as `type`: for a bulk build. */
  add(cell: number, type: number, n: number): void {
    if (cell < this.cells) this.#add(cell, type, n);
  }

  /** The words of all cells into `into`: as 16-bit numbers, CELL_COUNTS a cell. */
  copy(into: Uint32Array): void {
    const notes = this.#notes;
    const end = this.#cells + this.cells * CELL_WORDS;
    for (let at = this.#cells, to = 0; at < end;) {
      const n = Math.min(PAGE_WORDS - (at & (PAGE_WORDS - 1)), end - at);
      const first = at & (PAGE_WORDS - 1);
      into.set(notes.page(at >>> 10).subarray(first, first + n), to);
      at += n;
      to += n;
    }
  }

  /** Counts of a cell by type, into `into`. */
  read(cell: number, into: Uint16Array): Uint16Array {
    for (let t = 0; t < P2M_TYPE_COUNT; t++) into[t] = this.count(cell, t);
    return into;
  }

  #add(cell: number, type: number, n: number): void {
    const notes = this.#notes;
    const at = this.#cells + cell * CELL_WORDS + (type >>> 1);
    notes.put(at, notes.get(at) + (type & 1 ? n * 0x1_0000 : n));
    notes.put(this.base + type, notes.get(this.base + type) + n);
  }
}
