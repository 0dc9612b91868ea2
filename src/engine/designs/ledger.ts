/**
 * What a design notes, beside the p2m and the rangesets: a word a guest frame, a few registers, and a list. Which design
 * means what by them is said in its own file; under Xen as it was everything here stays 0.
 */
import { record, type RecordOf } from '../record';
import type { Space } from '../store';

export const LedgerRegs = record({
  /** Pages that are watched: write_protect, page_track, mmio_dm. */
  watched: 1,
  /** paravirtual: the driver is within an operation that it has not told of; what it has told so far; it found no frame. */
  untold: 1,
  told: 1,
  gaveUp: 1,
  /** paravirtual: the range that XenGT was told of. */
  gmaLow: 1,
  gmaHigh: 1,
  pages: 1,
  /** out_of_sync: pool pages ever used, and a count of attachments, which orders them. */
  made: 1,
  clock: 1,
  /** hash_table: nodes ever made, those in the table, first of the free ones. */
  nodes: 1,
  live: 1,
  free: 1,
});

const HEADER = 64;
/** Addresses end below 2^28: there is never a page of this number. */
const NO_PAGE = 2 ** 18;
/** Words for lists: nodes of a hash table, pages of a pool, two words an item. */
const LIST = 2 * 2 ** 18;

export class Ledger {
  /** Words of state for so many guest frames. */
  static words(frames: number): number {
    return HEADER + LIST + frames;
  }

  readonly regs: RecordOf<typeof LedgerRegs>;
  readonly #pages: number;

  /** @param frames guest frames that may have a word. */
  constructor(
    readonly space: Space,
    base: number,
    readonly frames: number,
  ) {
    this.regs = LedgerRegs.at(space, base);
    this.list = base + HEADER;
    this.#pages = this.list + LIST;
  }

  /** Word address of the list. */
  readonly list: number;

  /** The word of guest frame `gfn`; 0 for one that no guest has. */
  page(gfn: number): number {
    return gfn < this.frames ? this.space.get(this.#pages + gfn) : 0;
  }

  note(gfn: number, word: number): void {
    if (gfn < this.frames) this.space.put(this.#pages + gfn, word);
  }

  /** Guest frames whose word is not 0, ascending. Costs a look at each 4 KiB of words that anything was ever written to. */
  noted(): number[] {
    const { space } = this;
    const first = this.#pages;
    const end = first + this.frames;
    const nothing = space.page(NO_PAGE);
    const found: number[] = [];
    for (let p = first >>> 10; p <= (end - 1) >>> 10; p++) {
      const words = space.page(p);
      if (words === nothing) continue;
      for (let at = Math.max(first, p << 10); at < Math.min(end, (p + 1) << 10); at++)
        if (words[at & 1023] !== 0) found.push(at - first);
    }
    return found;
  }
}
