/**
 * How many entries of each table of a p2m are not empty, and how many of them are marked for recalculation. Kept at every
 * write of an entry, so that a picture of thirty thousand tables reads none of them. No counterpart in Xen. Lies in
 * `store.notes`, as the census does: it follows from the tables, so no hash needs it.
 *
 * A word a table: entries that are not empty in its low half, marked ones in its high half.
 */
import type { Space, Store } from './store';

/** What a marked entry adds to the word of its table, beside the 1 for not being empty. */
export const TALLY_MARK = 0x1_0000;

export class TableTally {
  /** Words of notes for a pool of `size` tables. */
  static readonly words = (size: number): number => size;

  readonly #notes: Space;

  /** @param base word address of `TableTally.words(size)` words of notes. */
  constructor(
    store: Store,
    readonly base: number,
  ) {
    this.#notes = store.notes;
  }

  /** Entries of a table that are not empty. */
  present(table: number): number {
    return this.#notes.get(this.base + table) & 0xffff;
  }

  /** Entries of a table that are marked. */
  marked(table: number): number {
    return this.#notes.get(this.base + table) >>> 16;
  }

  /** Entries of a table changed: 1 for each that is not empty any more, TALLY_MARK for each mark; negative the other way. */
  add(table: number, change: number): void {
    const at = this.base + table;
    this.#notes.put(at, this.#notes.get(at) + change);
  }

  /** The table is given back, and wiped. */
  clear(table: number): void {
    this.#notes.put(this.base + table, 0);
  }
}
