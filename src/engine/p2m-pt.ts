/**
 * The p2m as ordinary page tables: AMD's nested tables, and the map of a shadow-mode guest. Four levels of 512 entries in
 * frames of the paging pool. Counterpart: xen/arch/x86/mm/p2m-pt.c as of 4.9.0 (83520cb4aa keeps a missing frame number
 * from running over into the type; before, a large populate_on_demand entry lost its type).
 *
 * A mark is a user bit taken away. A touch settles one entry at the bottom, not a whole table as EPT does, and every entry
 * that was present costs a flush when it is written. This format keeps no access, knows no memory types to go stale, asks
 * for no alignment, and stores nothing, without a word, for an order other than 0, 9 and 18.
 * Left out: the bits of an IOMMU that shares the tables, nested p2m flushes, locks. Where a debug build asserts (marking in
 * a shadow-mode guest, a type-15 entry above 4 KiB from the claim on), this one carries on.
 */
import type { Census } from './census';
import { countEntry } from './entry-count';
import { failed, type Rc } from './errno';
import { isIn, P2M, P2M_ACCESS, type P2mAccess, type P2mType } from './p2m-type';
import type { AccessKind, P2mEntry, P2mHost, P2mTable, Translation } from './p2m-table';
import { coverRange, recalcType } from './p2m-table';
import type { PagingPool } from './paging-pool';
import {
  PT_NO_MFN,
  PT_PSE,
  PT_RECALC,
  PT_TABLE,
  ptEmpty,
  ptFlags,
  ptFlagsOf,
  ptHi,
  ptLo,
  ptMarked,
  ptMfn,
  ptPresent,
  ptTally,
  ptType,
  type PtFlagContext,
} from './pt-entry';
import { PT_ROOT, ptFrame, ptLookup, ptPath, ptSlot, ptTable, ptTranslate } from './pt-walk';
import type { Space, Store } from './store';
import { TALLY_MARK } from './table-tally';

/** Frames that this model can number; Xen's four levels reach 2^36. */
const REACH = 2 ** 32;
const ENTRIES = 512;

export class Pt implements P2mTable {
  readonly #tables: Space;
  readonly #flags: PtFlagContext;
  /** Entries read or written, and flushes, since they were last reported. */
  #touched = 0;
  #flushes = 0;

  /** The pool is empty and gives the root as table 0, or it holds tables of an earlier Pt. */
  constructor(
    store: Store,
    readonly pool: PagingPool,
    readonly census: Census,
    readonly host: P2mHost,
  ) {
    this.#tables = store.tables;
    const { xen, executable, claims } = host;
    this.#flags = {
      xen,
      executable,
      claims,
      get writeClaim() {
        return claims.intercepts(P2M.ioreq_server, true);
      },
    };
    if (pool.inUse === 0) pool.alloc();
  }

  /**
   * Maps 2^order frames by one entry, after what is pending on the path was carried out; a gfn that is not aligned means
   * the entry that it lies in. EINVAL: a foreign page, which this format does not know. ENOENT: beyond reach. ENOMEM: no
   * table for a missing level or a split; what was split on the way stays so.
   */
  setEntry(gfn: number, mfn: number | null, order: number, type: P2mType, _access: P2mAccess): Rc {
    if (type === P2M.map_foreign) return 'EINVAL';
    if (gfn >= REACH) return 'ENOENT';
    const pending = this.#resolve(gfn);
    const rc = pending !== 0 ? pending : this.#store(gfn, mfn, order, type);
    this.#report();
    return rc;
  }

  getEntry(gfn: number, into: P2mEntry): P2mEntry {
    const { maxMapped } = this.host.regs;
    into.type = P2M.mmio_dm;
    into.access = P2M_ACCESS.rwx;
    into.mfn = null;
    let level = PT_ROOT;
    if (gfn > maxMapped) {
      while (level > 0 && gfn - (gfn % 2 ** (level * 9)) <= maxMapped) level--;
      into.order = level * 9;
      return into;
    }
    const tables = this.#tables;
    const { classes } = this.host;
    let table = 0;
    let marked = false;
    for (; ; level--) {
      const at = ptSlot(table, level, gfn);
      const lo = tables.get(at);
      const hi = tables.get(at + 1);
      marked ||= ptMarked(lo);
      if (ptPresent(lo) && level > 0 && (lo & PT_PSE) === 0) {
        table = ptTable(lo, hi, this.pool.firstMfn);
        continue;
      }
      into.order = level * 9;
      const type = ptType(lo, hi);
      if (ptPresent(lo) || (level === 0 && isIn(classes.PAGING, type))) {
        into.type = marked ? recalcType(this.host, type, gfn, gfn) : type;
        // Before the claim type 15 is not among those that have a frame: nobody is told it, and a change loses it.
        const known = isIn(classes.VALID, into.type) || (level === 0 && isIn(classes.GRANT, into.type));
        const mfn = ptMfn(lo, hi);
        if (known && mfn !== PT_NO_MFN) into.mfn = level === 0 ? mfn : mfn + (gfn % 2 ** (level * 9));
      } else if (type === P2M.populate_on_demand) into.type = type;
      this.host.meter.add('entries', PT_ROOT + 1 - level);
      return into;
    }
  }

  /** Never 1: this format does not say whether something changed. */
  recalc(gfn: number): Rc {
    const rc = gfn >= REACH ? 0 : this.#resolve(gfn);
    this.#report();
    return rc;
  }

  /** What is pending at `gfn` is carried out. Nothing to do is no failure: the fault may have had another reason. */
  handleMisconfig(gfn: number, _vcpu: number): boolean {
    return !failed(this.recalc(gfn));
  }

  changeEntryTypeGlobal(): void {
    if (this.#mark(0, 2 * ENTRIES)) this.#flushes++;
    this.#report();
  }

  /** This format has no memory types. */
  memoryTypeChanged(): void {}

  /** Marks the range with as few entries as cover it exactly. ENOMEM: a superpage at an edge could not be split. */
  changeEntryTypeRange(first: number, last: number): Rc {
    const rc = coverRange(first, last, (level, from, to) => this.#markRange(level, from, to));
    this.#report();
    return rc;
  }

  translate(gfn: number, kind: AccessKind, into: Translation): Translation {
    ptTranslate(this.#tables, this.pool.firstMfn, gfn, kind, into);
    this.host.meter.add('entries', into.steps);
    return into;
  }

  frame(gfn: number): number | null {
    return ptFrame(this.#tables, this.pool.firstMfn, gfn);
  }

  path(gfn: number): number[] {
    return ptPath(this.#tables, this.pool.firstMfn, gfn);
  }

  lookup(gfn: number): number {
    return ptLookup(this.#tables, this.pool.firstMfn, gfn);
  }

  #store(gfn: number, mfn: number | null, order: number, type: P2mType): 0 | 'ENOMEM' {
    const { host, census } = this;
    const { regs, xen, classes } = host;
    const target = order === 18 ? 2 : order === 0 ? 0 : 1;
    let table = 0;
    for (let level = PT_ROOT; level > target; level--) {
      table = this.#nextLevel(ptSlot(table, level, gfn), level);
      if (table < 0) return 'ENOMEM';
    }
    if (order === 0 || order === 9 || order === 18) {
      const at = ptSlot(table, target, gfn);
      const lo = this.#tables.get(at);
      const hi = this.#tables.get(at + 1);
      const frame = mfn ?? PT_NO_MFN;
      let newLo = 0;
      let newHi = 0;
      if (host.mfnValid(frame) || isIn(classes.INVALID_MFN, type)) {
        const flags = this.#flagsOf(type, frame) | (target > 0 ? PT_PSE : 0);
        // Bit 0 of a large frame number is where the processor looks for a caching attribute.
        const kept = target > 0 ? frame - (frame % 2) : frame;
        newLo = ptLo(kept, flags);
        newHi = ptHi(kept, flags);
      }
      const counted = ptEmpty(newLo, newHi) ? -1 : type;
      if (target === 0) {
        const old = ptType(lo, hi);
        countEntry(host, 1, xen.countHelper ? ptType(newLo, newHi) : type, old);
        census.change(gfn, ptEmpty(lo, hi) ? -1 : old, counted);
      } else census.fill(gfn - (gfn % 2 ** order), order, counted);
      this.#write(at, newLo, newHi);
      if (target > 0) this.#freeTree(lo, hi, target);
    }
    const last = gfn + 2 ** order - 1;
    if (type !== P2M.invalid && last > regs.maxMapped) regs.maxMapped = last;
    return 0;
  }

  /** Number of the table below an entry, made or split off where there is none; -1 if the pool is dry. */
  #nextLevel(at: number, level: number): number {
    const lo = this.#tables.get(at);
    const hi = this.#tables.get(at + 1);
    const flags = ptFlagsOf(lo, hi);
    this.#touched++;
    if (flags !== 0 && (flags & PT_PSE) === 0) return ptTable(lo, hi, this.pool.firstMfn);
    const table = this.pool.alloc();
    if (table < 0) return -1;
    if (flags !== 0) {
      // Parts keep everything, marks too. Frame numbers are ored, so an unaligned superpage comes out folded.
      const first = ptMfn(lo, hi);
      const unit = 2 ** (9 * (level - 1));
      const partFlags = level === 1 ? flags & ~PT_PSE : flags;
      const below = first % (ENTRIES * unit);
      const parts = table << 10;
      for (let i = 0, part = parts; i < ENTRIES; i++, part += 2) {
        const mfn = first - below + (below | (i * unit));
        this.#put(part, ptLo(mfn, partFlags), ptHi(mfn, partFlags));
      }
      this.pool.tally.add(table, ENTRIES * ptTally(this.#tables.get(parts), this.#tables.get(parts + 1)));
    }
    const own = this.pool.firstMfn + table;
    this.#write(at, ptLo(own, PT_TABLE), ptHi(own, PT_TABLE));
    return table;
  }

  /** Carries out what is pending on the way to `gfn`, handing marks down to the siblings it passes. */
  #resolve(gfn: number): 0 | 'ENOMEM' {
    const { host } = this;
    const tables = this.#tables;
    let table = 0;
    for (let level = PT_ROOT; level > 0; level--) {
      const at = ptSlot(table, level, gfn);
      const lo = tables.get(at);
      this.#touched++;
      if (!ptPresent(lo)) return 0;
      if ((lo & PT_PSE) !== 0) {
        const size = 2 ** (level * 9);
        const first = gfn - (gfn % size);
        const whole =
          !ptMarked(lo) ||
          !isIn(host.classes.CHANGEABLE, ptType(lo, tables.get(at + 1))) ||
          host.logdirtyRange(first, first + size - 1) >= 0;
        if (whole) {
          this.#settle(at, first, level);
          return 0;
        }
      }
      table = this.#nextLevel(at, level);
      if (table < 0) return 'ENOMEM';
      const now = tables.get(at);
      if (ptMarked(now)) {
        const part = table << 10;
        this.#mark(part, part + 2 * ENTRIES);
        this.#write(at, now | PT_RECALC, tables.get(at + 1));
      }
    }
    this.#settle(ptSlot(table, 0, gfn), gfn, 0);
    return 0;
  }

  /** One leaf, which begins at gfn `first`, gets the type that is pending; one of a numbered type, its permissions. */
  #settle(at: number, first: number, level: number): void {
    const lo = this.#tables.get(at);
    const hi = this.#tables.get(at + 1);
    this.#touched++;
    if (!ptMarked(lo)) return;
    const old = ptType(lo, hi);
    const type = recalcType(this.host, old, first, first + 2 ** (level * 9) - 1);
    if (type === old && !this.host.claims.keeps(old)) {
      this.#write(at, lo | PT_RECALC, hi);
      return;
    }
    const mfn = ptMfn(lo, hi);
    const flags = this.#flagsOf(type, mfn) | (level > 0 ? PT_PSE : 0);
    if (level === 0) {
      countEntry(this.host, 1, type, old);
      this.census.change(first, old, type);
    } else this.census.fill(first, level * 9, type);
    this.#write(at, ptLo(mfn, flags), ptHi(mfn, flags));
  }

  /** Marks the present entries of one table from word `from` to before `end`; answers whether any was not marked before. */
  #mark(from: number, end: number): boolean {
    let marked = 0;
    this.#touched += (end - from) >>> 1;
    for (let at = from; at < end; at += 2) {
      const lo = this.#tables.get(at);
      if (!ptPresent(lo) || ptMarked(lo)) continue;
      this.#put(at, lo & ~PT_RECALC, this.#tables.get(at + 1));
      marked++;
    }
    if (marked > 0) this.pool.tally.add(from >>> 10, marked * TALLY_MARK);
    return marked > 0;
  }

  /** Marks entries of one table of level `target`, splitting what is larger. */
  #markRange(target: number, first: number, last: number): 0 | 'ENOMEM' {
    let table = 0;
    for (let level = PT_ROOT; level > target; level--) {
      const at = ptSlot(table, level, first);
      this.#touched++;
      if (!ptPresent(this.#tables.get(at))) return 0;
      table = this.#nextLevel(at, level);
      if (table < 0) return 'ENOMEM';
    }
    this.#mark(ptSlot(table, target, first), ptSlot(table, target, last) + 2);
    return 0;
  }

  #flagsOf(type: P2mType, mfn: number): number {
    return ptFlags(type, this.#flags, type === P2M.mmio_direct && this.host.mmioReadOnly(mfn, mfn) !== 0);
  }

  /** Frees the tables below an entry of this level, if there are any. */
  #freeTree(lo: number, hi: number, level: number): void {
    if (level === 0 || !ptPresent(lo) || (lo & PT_PSE) !== 0) return;
    const table = ptTable(lo, hi, this.pool.firstMfn);
    for (let i = 0, at = table << 10; level > 1 && i < ENTRIES; i++, at += 2) {
      this.#freeTree(this.#tables.get(at), this.#tables.get(at + 1), level - 1);
    }
    this.pool.free(table);
  }

  /** Stores an entry; one that was present costs a flush (`hap_write_p2m_entry`). */
  #write(at: number, lo: number, hi: number): void {
    const change = ptTally(lo, hi) - ptTally(this.#tables.get(at), this.#tables.get(at + 1));
    if (change !== 0) this.pool.tally.add(at >>> 10, change);
    this.#put(at, lo, hi);
  }

  /** The same for who writes many entries of one table, and tells its tally of them at once. */
  #put(at: number, lo: number, hi: number): void {
    if (ptPresent(this.#tables.get(at))) this.#flushes++;
    this.#tables.put(at, lo);
    this.#tables.put(at + 1, hi);
    this.#touched++;
  }

  #report(): void {
    this.host.meter.add('entries', this.#touched);
    if (this.#flushes > 0) this.host.meter.add('flushes', this.#flushes);
    this.#touched = 0;
    this.#flushes = 0;
  }
}
