/**
 * The p2m as EPT tables: four levels of 512 entries in frames of the paging pool, written, split, marked and resolved as
 * Xen does it. Counterpart: xen/arch/x86/mm/p2m-ept.c.
 *
 * A mark is memory type 7, which no hardware accepts, with or without the recalc bit. Marking is cheap (one table), the
 * work is done piecemeal, table by table, when somebody touches a gfn below the mark.
 * Left out: IOMMU tables, altp2m, #VE, snoop control, reference counts of foreign pages, locks.
 * Where a debug build asserts (a type-15 entry above 4 KiB at the claim series; so too a numbered type's), this one
 * carries on.
 */
import {
  EPT_EMPTY_HI,
  EPT_EMT,
  EPT_EMT_INVALID,
  EPT_FLAGS,
  EPT_IPAT,
  EPT_NO_MFN,
  EPT_RECALC,
  EPT_SP,
  MTRR_NUM_TYPES,
  eptAccess,
  eptEmpty,
  eptEmt,
  eptHi,
  eptLo,
  eptMarked,
  eptMfn,
  eptPresent,
  eptType,
  eptValid,
} from './ept-entry';
import { countEntry } from './entry-count';
import { EPT_ENTRIES, EptTree } from './ept-tree';
import { EPT_WL, eptFrame, eptLookup, eptPath, eptSlot, eptTable, eptTranslate } from './ept-walk';
import { failed, type Rc } from './errno';
import type { Census } from './census';
import { isIn, P2M, P2M_ACCESS, type P2mAccess, type P2mType } from './p2m-type';
import type { AccessKind, P2mEntry, P2mHost, P2mTable, Translation } from './p2m-table';
import { coverRange, recalcType, SOME } from './p2m-table';
import type { PagingPool } from './paging-pool';
import type { Space, Store } from './store';
import { TALLY_MARK } from './table-tally';

/** Frames that this model can number; Xen's four levels reach 2^36. */
const REACH = 2 ** 32;
const MARK = EPT_EMT | EPT_RECALC;

export class Ept implements P2mTable {
  readonly #tables: Space;
  readonly #tree: EptTree;
  readonly #firstMfn: number;

  /** The pool is empty and gives the root as table 0, or it holds tables of an earlier Ept. */
  constructor(
    store: Store,
    readonly pool: PagingPool,
    readonly census: Census,
    readonly host: P2mHost,
  ) {
    this.#tables = store.tables;
    this.#firstMfn = pool.firstMfn;
    this.#tree = new EptTree(store.tables, pool, census, host);
    if (pool.inUse === 0) pool.alloc();
  }

  /**
   * Maps exactly 2^order frames by one entry, after what is pending on the path was carried out.
   * EINVAL: gfn or mfn not aligned to the order, beyond reach, or an order that no level has; or a foreign page that
   * nobody may access. ENOMEM: no table for a split. ENOENT: no table for a missing level.
   */
  setEntry(gfn: number, mfn: number | null, order: number, type: P2mType, access: P2mAccess): Rc {
    if (order !== 0 && order !== 9 && order !== 18) return 'EINVAL';
    if (gfn >= REACH || ((gfn | (mfn ?? 0)) & (2 ** order - 1)) !== 0) return 'EINVAL';
    const pending = this.#resolve(gfn);
    const rc = failed(pending) ? pending : this.#store(gfn, mfn, order / 9, type, access);
    this.#tree.report();
    return rc;
  }

  getEntry(gfn: number, into: P2mEntry): P2mEntry {
    const { maxMapped } = this.host.regs;
    into.type = P2M.mmio_dm;
    into.access = P2M_ACCESS.n;
    into.mfn = null;
    let level = EPT_WL;
    if (gfn > maxMapped) {
      while (level > 0 && gfn - (gfn % 2 ** (level * 9)) <= maxMapped) level--;
      into.order = level * 9;
      return into;
    }
    const tables = this.#tables;
    let table = 0;
    let recalc = 0;
    for (; ; level--) {
      const at = eptSlot(table, level, gfn);
      const lo = tables.get(at);
      const hi = tables.get(at + 1);
      recalc |= lo & EPT_RECALC;
      const leaf = level === 0 || (lo & EPT_SP) !== 0;
      if (!leaf && eptPresent(lo)) {
        table = eptTable(lo, hi, this.#firstMfn);
        continue;
      }
      into.order = level * 9;
      const type = eptType(hi);
      if (type === P2M.populate_on_demand) into.type = type;
      // A large entry that is not present is not looked into, whatever it says.
      else if (leaf && (level === 0 || eptPresent(lo)) && eptValid(lo, hi)) {
        into.type = recalc !== 0 ? recalcType(this.host, type, gfn, gfn) : type;
        into.access = eptAccess(hi);
        const mfn = eptMfn(lo, hi);
        into.mfn = mfn === EPT_NO_MFN ? null : level === 0 ? mfn : mfn + (gfn % 2 ** (level * 9));
      }
      this.host.meter.add('entries', EPT_WL + 1 - level);
      return into;
    }
  }

  recalc(gfn: number): Rc {
    const rc = this.#resolve(gfn);
    this.#tree.report();
    return rc;
  }

  /** What is pending at `gfn` is carried out. After any resolution each vCPU is allowed one fault that finds nothing. */
  handleMisconfig(gfn: number, vcpu: number): boolean {
    const { regs } = this.host;
    const spurious = (regs.spurious >>> vcpu) & 1;
    const rc = this.recalc(gfn);
    regs.spurious = regs.spurious & ~(1 << vcpu);
    return spurious ? !failed(rc) : !failed(rc) && rc > 0;
  }

  changeEntryTypeGlobal(): void {
    if (this.#invalidate(0, EPT_WL, true)) this.host.meter.add('flushes');
    this.#tree.report();
  }

  memoryTypeChanged(): void {
    if (this.#invalidate(0, EPT_WL, false)) this.host.meter.add('flushes');
    this.#tree.report();
  }

  /** Marks the range with as few entries as cover it exactly. ENOMEM: a superpage at an edge could not be split. */
  changeEntryTypeRange(first: number, last: number): Rc {
    const rc = coverRange(first, last, (level, from, to) => this.#invalidateRange(level, from, to));
    if (rc !== 0) this.host.meter.add('flushes');
    this.#tree.report();
    return failed(rc) ? rc : 0;
  }

  translate(gfn: number, kind: AccessKind, into: Translation): Translation {
    eptTranslate(this.#tables, this.#firstMfn, gfn, kind, into);
    this.host.meter.add('entries', into.steps);
    return into;
  }

  frame(gfn: number): number | null {
    return eptFrame(this.#tables, this.#firstMfn, gfn, this.host.claims);
  }

  path(gfn: number): number[] {
    return eptPath(this.#tables, this.#firstMfn, gfn);
  }

  lookup(gfn: number): number {
    return eptLookup(this.#tables, this.#firstMfn, gfn);
  }

  #store(gfn: number, mfn: number | null, target: number, type: P2mType, access: P2mAccess): Rc {
    const tables = this.#tables;
    const { regs, xen, meter, classes } = this.host;
    let level = EPT_WL;
    let at = eptSlot(0, level, gfn);
    let lo = tables.get(at);
    let hi = tables.get(at + 1);
    const down = (): void => {
      at = eptSlot(eptTable(lo, hi, this.#firstMfn), --level, gfn);
      lo = tables.get(at);
      hi = tables.get(at + 1);
      this.#tree.touched++;
    };
    this.#tree.touched++;
    while (level > target) {
      if (!eptPresent(lo) && eptType(hi) !== P2M.populate_on_demand) {
        if (!this.#tree.setMiddle(at, gfn, level, lo, hi)) {
          meter.add('flushes');
          return 'ENOENT';
        }
        lo = tables.get(at);
        hi = tables.get(at + 1);
      }
      if ((lo & EPT_SP) !== 0) break;
      down();
    }

    let flush = true;
    let oldLo = 0;
    let oldHi = 0;
    if (level === target) {
      flush = eptPresent(lo);
      oldLo = lo;
      oldHi = hi;
    } else {
      const table = this.#tree.split(lo, hi, level, target);
      if (table < 0) {
        meter.add('flushes');
        return 'ENOMEM';
      }
      this.#tree.point(at, table);
      lo = tables.get(at);
      hi = tables.get(at + 1);
      while (level > target) down();
    }

    let newLo = 0;
    let newHi = EPT_EMPTY_HI;
    const frame = mfn ?? EPT_NO_MFN;
    if (this.host.mfnValid(frame) || isIn(classes.INVALID_MFN, type)) {
      const emt = this.#tree.emt(frame, level, type);
      const flags = this.#tree.flagsOf(type, access, frame, level) | (level > 0 ? EPT_SP : 0);
      newLo = eptLo(frame, flags | (emt < 0 ? EPT_EMT_INVALID : emt));
      newHi = eptHi(frame, type, access);
    }
    this.#count(level, xen.countHelper ? eptType(newHi) : type, eptType(hi));
    if (type === P2M.map_foreign && !eptPresent(newLo)) {
      if (flush) meter.add('flushes');
      return 'EINVAL';
    }
    const counted = eptEmpty(newLo, newHi) ? -1 : type;
    if (level === 0) this.census.change(gfn, eptEmpty(lo, hi) ? -1 : eptType(hi), counted);
    else this.census.fill(gfn, level * 9, counted);
    this.#tree.write(at, newLo, newHi);
    const last = gfn + 2 ** (level * 9) - 1;
    if (type !== P2M.invalid && last > regs.maxMapped) regs.maxMapped = last;
    if (flush) meter.add('flushes');
    this.#tree.freeTree(oldLo, oldHi, level);
    return 0;
  }

  #resolve(gfn: number): 0 | 1 | 'ENOMEM' {
    const tables = this.#tables;
    let table = 0;
    let rc: 0 | 1 | 'ENOMEM' = 0;
    for (let level = EPT_WL; ; level--) {
      const at = eptSlot(table, level, gfn);
      const lo = tables.get(at);
      const hi = tables.get(at + 1);
      const marked = eptEmt(lo) === MTRR_NUM_TYPES;
      this.#tree.touched++;
      if (level === 0 || (lo & EPT_SP) !== 0) {
        // A mark that just came down has passed by the entries that a claim shuts to the guest: nothing present there.
        if (!marked && !(rc === 1 && level === 0 && this.host.claims.numbered > 0)) break;
        if (level === 0) this.#settleTable(table, gfn - (gfn % EPT_ENTRIES));
        else if (!this.#settleLarge(at, lo, hi, gfn, level)) {
          const split = this.#tree.split(lo, hi, level, level - 1);
          if (split < 0) {
            rc = 'ENOMEM';
            break;
          }
          this.#tree.point(at, split);
          table = split;
          continue;
        }
        rc = 1;
        break;
      }
      if (!eptPresent(lo)) break;
      const next = eptTable(lo, hi, this.#firstMfn);
      if (marked) {
        this.#invalidate(next, level, (lo & EPT_RECALC) !== 0);
        this.#tree.write(at, lo & ~MARK, hi);
        rc = 1;
      } else if ((lo & EPT_EMT) !== 0) break;
      table = next;
    }
    if (rc !== 0) this.host.regs.spurious = 2 ** this.host.vcpus - 1;
    return rc;
  }

  /** Level 0: every entry gets its memory type, and its own type if that is pending, or what a claim makes of a kept one. */
  #settleTable(table: number, gfn: number): void {
    const { host, census } = this;
    this.#tree.touched += EPT_ENTRIES;
    let settled = 0;
    for (let i = 0, at = table << 10; i < EPT_ENTRIES; i++, at += 2) {
      let lo = this.#tables.get(at);
      let hi = this.#tables.get(at + 1);
      const type = eptType(hi);
      const kept = host.claims.keeps(type);
      if (!(eptPresent(lo) || kept) || !eptValid(lo, hi)) continue;
      if (eptMarked(lo)) settled++;
      const mfn = eptMfn(lo, hi);
      const newType = (lo & EPT_RECALC) !== 0 ? recalcType(host, type, gfn + i, gfn + i) : type;
      lo = (lo & ~(MARK | EPT_IPAT)) | this.#tree.emt(mfn, 0, type);
      if (newType !== type || kept) {
        this.#count(0, newType, type);
        census.change(gfn + i, type, newType);
        hi = eptHi(mfn, newType, eptAccess(hi));
        lo = (lo & ~EPT_FLAGS) | this.#tree.flagsOf(newType, eptAccess(hi), mfn, 0);
      }
      this.#tree.put(at, lo, hi);
    }
    if (settled > 0) this.pool.tally.add(table, -settled * TALLY_MARK);
  }

  /** A superpage gets its memory type and type; false when it lies across a border and must be split first. */
  #settleLarge(at: number, lo: number, hi: number, gfn: number, level: number): boolean {
    const { host, census } = this;
    const mfn = eptMfn(lo, hi);
    const access = eptAccess(hi);
    const old = eptType(hi);
    const emt = this.#tree.emt(mfn, level, old);
    if (emt < 0) return false;
    lo = (lo & ~(EPT_EMT | EPT_IPAT)) | emt;
    if ((lo & EPT_RECALC) !== 0 && isIn(host.classes.CHANGEABLE, old)) {
      const size = 2 ** (level * 9);
      const first = gfn - (gfn % size);
      const type = recalcType(host, old, first, first + size - 1, true);
      if (type === SOME) return false;
      if (type !== old) census.fill(first, level * 9, type);
      hi = eptHi(mfn, type, access);
      lo = (lo & ~EPT_FLAGS) | this.#tree.flagsOf(type, access, mfn, level);
    }
    if (host.xen.countHelper) this.#count(level, eptType(hi), old);
    this.#tree.write(at, lo & ~EPT_RECALC, hi);
    return true;
  }

  /**
   * Marks the present entries of one table; answers whether any was not marked before. `parent` is the level of the entry
   * that points to the table (the root is said to be its own parent): without `markLevel` Xen takes it for that of the
   * table's entries.
   */
  #invalidate(table: number, parent: number, recalc: boolean): boolean {
    const level = this.host.xen.markLevel ? parent - 1 : parent;
    const at = table << 10;
    return this.#mark(at, at + 2 * EPT_ENTRIES, level, recalc ? MARK : EPT_EMT);
  }

  /** Marks the present entries of one table from word `from` to before `end`; answers whether any was not marked before. */
  #mark(from: number, end: number, level: number, mark: number): boolean {
    let changed = false;
    let marked = 0;
    this.#tree.touched += (end - from) >>> 1;
    try {
      for (let at = from; at < end; at += 2) {
        const lo = this.#tables.get(at);
        if (!eptPresent(lo) || (lo & mark) === mark) continue;
        const hi = this.#tables.get(at + 1);
        if (!eptValid(lo, hi)) continue;
        this.#count(level, eptType(hi), eptType(hi));
        if (!eptMarked(lo)) marked++;
        this.#tree.put(at, lo | mark, hi);
        changed = true;
      }
    } finally {
      // Xen may stop over an entry: those before it are marked.
      if (marked > 0) this.pool.tally.add(from >>> 10, marked * TALLY_MARK);
    }
    return changed;
  }

  /** Marks entries of one table of level `target`, splitting what is larger: 1 if any was not marked before, else 0. */
  #invalidateRange(target: number, first: number, last: number): 0 | 1 | 'ENOMEM' {
    const tables = this.#tables;
    let table = 0;
    for (let level = EPT_WL; level > target; level--) {
      const at = eptSlot(table, level, first);
      const lo = tables.get(at);
      const hi = tables.get(at + 1);
      this.#tree.touched++;
      const pod = !eptPresent(lo) && eptType(hi) === P2M.populate_on_demand;
      if (!eptPresent(lo) && !pod) return 0;
      if (pod || (lo & EPT_SP) !== 0) {
        const split = this.#tree.split(lo, hi, level, target);
        if (split < 0) return 'ENOMEM';
        this.#tree.point(at, split);
        table = split;
      } else table = eptTable(lo, hi, this.#firstMfn);
    }
    return this.#mark(eptSlot(table, target, first), eptSlot(table, target, last) + 2, target, MARK) ? 1 : 0;
  }

  /** Counts a change of an entry. EPT's levels begin at 0, the helper's at 1: until `countLevel` it is told one too low. */
  #count(level: number, nt: P2mType, ot: P2mType): void {
    const { xen } = this.host;
    try {
      countEntry(this.host, !xen.countHelper || xen.countLevel ? level + 1 : level, nt, ot);
    } catch (bug) {
      // Xen stops here; whoever takes the step back must not find its costs in another.
      this.#tree.touched = 0;
      throw bug;
    }
  }
}
