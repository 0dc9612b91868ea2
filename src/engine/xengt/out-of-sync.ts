/**
 * Leaf tables that XenGT lets go out of step with their shadows, and what it keeps to bring them back: for each a page with
 * the entries that it has last seen, from a pool of fixed size. Counterpart: Linux, drivers/gpu/drm/i915/gvt/gtt.c:
 * can_do_out_of_sync (leaf tables, write_cnt >= 2), preallocated_oos_pages (8192), ppgtt_allocate_oos_page (an empty pool
 * refuses nobody: who has had a page longest is brought in step and loses it), sync_oos_page, intel_vgpu_sync_oos_pages.
 * A table keeps its pool page when it is in step again, until it is dropped. GVT-g has this switched off by default.
 *
 * A table's word in the ledger: writes since it was last in step, 15 bits; from bit 15 on its pool page, numbered from 1.
 * Whether it is out of step its record says (shadow.ts). A pool page's two words: frame of its table, and when it came to it.
 */
import type { Config } from '../config';
import type { Ledger } from '../designs/ledger';
import { DOM0_MFN } from '../guest-layout';
import type { Memory, Value } from '../memory';
import type { ShadowTables } from './shadow';

const WRITES = 0x7fff;
const PAGE_SHIFT = 15;
const PAGE = 0xffff;
/** First of the machine frames that hold copies: past those of the shadow tables. */
const COPIES = DOM0_MFN + 0x10000;

export class OutOfSync {
  readonly #value: Value = { low: 0, high: 0 };

  constructor(
    readonly ledger: Ledger,
    readonly memory: Memory,
    readonly tables: ShadowTables,
    readonly config: Pick<Config, 'oosThreshold' | 'oosPages'>,
  ) {}

  hasPage(gfn: number): boolean {
    return this.#pageOf(gfn) !== 0;
  }

  /** The table in frame `gfn` was written, and its shadow followed. Whether that makes it one to let go. */
  written(gfn: number, slot: number, { low, high }: Value): boolean {
    const word = this.ledger.page(gfn);
    const writes = Math.min(WRITES, (word & WRITES) + 1);
    this.ledger.note(gfn, (word & ~WRITES) | writes);
    if (this.hasPage(gfn)) this.memory.write(this.#copy(gfn), slot * 8, 8, low, high);
    return writes === this.config.oosThreshold;
  }

  /** Gives a table a pool page, with the entries of its frame `mfn`. False: there is none free. */
  attach(gfn: number, mfn: number): boolean {
    const { regs, space } = this.ledger;
    let page = 1;
    while (page <= regs.made && space.get(this.#at(page)) !== 0) page++;
    if (page > this.config.oosPages) return false;
    regs.made = Math.max(regs.made, page);
    regs.clock += 1;
    space.put(this.#at(page), gfn);
    space.put(this.#at(page) + 1, regs.clock);
    this.ledger.note(gfn, (this.ledger.page(gfn) | (page << PAGE_SHIFT)) >>> 0);
    this.changed(gfn, mfn);
    return true;
  }

  /** Frame of the table that has had its pool page longest. */
  oldest(): number {
    const { space } = this.ledger;
    let found = 1;
    for (let page = 2; page <= this.ledger.regs.made; page++) {
      if (space.get(this.#at(page) + 1) < space.get(this.#at(found) + 1)) found = page;
    }
    return space.get(this.#at(found));
  }

  /** The first table, by pool page, that is out of step; null: none is. */
  firstOut(): number | null {
    const { space, regs } = this.ledger;
    for (let page = 1; page <= regs.made; page++) {
      const gfn = space.get(this.#at(page));
      if (gfn !== 0 && this.tables.isOut(gfn)) return gfn;
    }
    return null;
  }

  /** The count of writes begins anew; the pool page stays. */
  backInStep(gfn: number): void {
    this.ledger.note(gfn, this.ledger.page(gfn) & (PAGE << PAGE_SHIFT));
  }

  /** Entries in which the guest's table, in frame `mfn`, differs from the copy; the copy has them now. */
  changed(gfn: number, mfn: number): number[] {
    const copy = this.#copy(gfn);
    const found: number[] = [];
    for (let slot = 0; slot < 512; slot++) {
      const { low, high } = this.memory.read(mfn, slot * 8, 8, this.#value);
      const seen = this.memory.read(copy, slot * 8, 8, { low: 0, high: 0 });
      if (seen.low === low && seen.high === high) continue;
      this.memory.write(copy, slot * 8, 8, low, high);
      found.push(slot);
    }
    return found;
  }

  /** The table is none any more, or has to do without its pool page. */
  detach(gfn: number): void {
    const page = this.#pageOf(gfn);
    this.ledger.note(gfn, 0);
    if (page === 0) return;
    this.ledger.space.put(this.#at(page), 0);
    this.ledger.space.put(this.#at(page) + 1, 0);
  }

  #pageOf(gfn: number): number {
    return (this.ledger.page(gfn) >>> PAGE_SHIFT) & PAGE;
  }

  #copy(gfn: number): number {
    return COPIES + this.#pageOf(gfn);
  }

  #at(page: number): number {
    return this.ledger.list + (page - 1) * 2;
  }
}
