/**
 * Growing, splitting and felling the tree of EPT tables, entry by entry.
 * Counterpart: xen/arch/x86/mm/p2m-ept.c: ept_set_middle_entry, ept_split_super_page, ept_free_entry;
 * xen/arch/x86/hvm/mtrr.c: epte_get_entry_emt. Left out: memory types from the guest's MTRRs (RAM is write-back).
 */
import type { Census } from './census';
import {
  EPT_A,
  EPT_EMPTY_HI,
  EPT_FLAGS,
  EPT_IPAT,
  EPT_RWX,
  EPT_SP,
  MTRR_TYPE_UNCACHABLE,
  MTRR_TYPE_WRBACK,
  eptAccess,
  eptEmpty,
  eptFlags,
  eptHi,
  eptLo,
  eptMfn,
  eptPresent,
  eptTally,
  eptType,
  type EptFlagContext,
} from './ept-entry';
import { eptTable } from './ept-walk';
import { P2M, P2M_ACCESS } from './p2m-type';
import type { P2mHost } from './p2m-table';
import type { PagingPool } from './paging-pool';
import type { Space } from './store';

export const EPT_ENTRIES = 512;
const TWO40 = 2 ** 40;

export class EptTree {
  /** Entries read or written since they were last reported. */
  touched = 0;
  readonly #flags: EptFlagContext;

  constructor(
    readonly tables: Space,
    readonly pool: PagingPool,
    readonly census: Census,
    readonly host: P2mHost,
  ) {
    const { xen, adSupported, executable, regs, claims } = host;
    this.#flags = {
      xen,
      executable,
      adSupported,
      claims,
      get pml() {
        return regs.pml !== 0;
      },
      get writeClaim() {
        return claims.intercepts(P2M.ioreq_server, true);
      },
    };
  }

  /** Memory type and ipat bit for a leaf, in place; -1 when no one type fits all of it, which asks for a split. */
  emt(mfn: number, level: number, type: number): number {
    const readOnly = this.host.mmioReadOnly(mfn, mfn + 2 ** (level * 9) - 1);
    if (readOnly !== 0) return readOnly === 1 || level === 0 ? (MTRR_TYPE_UNCACHABLE << 3) | EPT_IPAT : -1;
    if (type === P2M.mmio_direct) return MTRR_TYPE_UNCACHABLE << 3;
    return ((this.host.mfnValid(mfn) ? MTRR_TYPE_WRBACK : MTRR_TYPE_UNCACHABLE) << 3) | EPT_IPAT;
  }

  /** Permission bits of an entry, see `eptFlags`. */
  flagsOf(type: number, access: number, mfn: number, level: number): number {
    const readOnly = type === P2M.mmio_direct && this.host.mmioReadOnly(mfn, mfn) !== 0;
    return eptFlags(type, access, this.#flags, level > 0, readOnly);
  }

  /**
   * A table of the 512 parts of a superpage, split further where `target` lies deeper; -1 and nothing changed if the pool
   * runs dry on the way. Parts keep type, access and marks.
   */
  split(lo: number, hi: number, level: number, target: number): number {
    const table = this.pool.alloc();
    if (table < 0) return -1;
    const child = level - 1;
    const trunk = 2 ** (child * 9);
    const type = eptType(hi);
    const access = eptAccess(hi);
    const first = eptMfn(lo, hi);
    const keep = (lo & 0xfff & ~(EPT_FLAGS | EPT_SP)) | (child > 0 ? EPT_SP : 0);
    // Only for a device's frames do the rights depend on the frame.
    const common = type === P2M.mmio_direct ? -1 : this.flagsOf(type, access, first, child);
    if (child === target && common >= 0 && first % (trunk * EPT_ENTRIES) === 0) {
      const step = trunk << 12;
      const partHi = eptHi(first, type, access);
      let partLo = eptLo(first, keep | common) | 0;
      this.pool.tally.add(table, EPT_ENTRIES * eptTally(partLo, partHi));
      for (let at = table << 10, end = at + 2 * EPT_ENTRIES; at < end; at += 2, partLo = (partLo + step) | 0) {
        this.put(at, partLo, partHi);
      }
      return table;
    }
    for (let i = 0, at = table << 10; i < EPT_ENTRIES; i++, at += 2) {
      const mfn = (first + i * trunk) % TWO40;
      const flags = common < 0 ? this.flagsOf(type, access, mfn, child) : common;
      const partLo = eptLo(mfn, keep | flags);
      const partHi = eptHi(mfn, type, access);
      if (child === target) {
        this.write(at, partLo, partHi);
        continue;
      }
      const below = this.split(partLo, partHi, child, target);
      if (below < 0) {
        this.#freeTable(table, child);
        return -1;
      }
      this.point(at, below);
    }
    return table;
  }

  /** Puts an empty table below a slot that holds nothing present. */
  setMiddle(at: number, gfn: number, level: number, lo: number, hi: number): boolean {
    const table = this.pool.alloc();
    if (table < 0) return false;
    const base = table << 10;
    for (let word = 1; word < 2 * EPT_ENTRIES; word += 2) this.tables.put(base + word, EPT_EMPTY_HI);
    if (!eptEmpty(lo, hi)) this.census.fill(gfn - (gfn % 2 ** (level * 9)), level * 9, -1);
    this.point(at, table);
    return true;
  }

  /** Makes the entry at `at` point to a table. */
  point(at: number, table: number): void {
    const mfn = this.pool.firstMfn + table;
    this.write(at, eptLo(mfn, EPT_RWX | (this.host.adSupported ? EPT_A : 0)), eptHi(mfn, P2M.ram_rw, P2M_ACCESS.rwx));
  }

  /** Frees the tables below an entry of this level, if there are any. */
  freeTree(lo: number, hi: number, level: number): void {
    if (level === 0 || !eptPresent(lo) || (lo & EPT_SP) !== 0) return;
    this.#freeTable(eptTable(lo, hi, this.pool.firstMfn), level - 1);
  }

  #freeTable(table: number, level: number): void {
    if (level > 0) {
      for (let i = 0, at = table << 10; i < EPT_ENTRIES; i++, at += 2) {
        this.freeTree(this.tables.get(at), this.tables.get(at + 1), level);
      }
    }
    this.pool.free(table);
  }

  /** Stores an entry. */
  write(at: number, lo: number, hi: number): void {
    const change = eptTally(lo, hi) - eptTally(this.tables.get(at), this.tables.get(at + 1));
    if (change !== 0) this.pool.tally.add(at >>> 10, change);
    this.put(at, lo, hi);
  }

  /** The same for who writes many entries of one table, and tells its tally of them at once. */
  put(at: number, lo: number, hi: number): void {
    this.tables.put(at, lo);
    this.tables.put(at + 1, hi);
    this.touched++;
  }

  /** Tells the meter what was read and written. */
  report(): void {
    this.host.meter.add('entries', this.touched);
    this.touched = 0;
  }
}
