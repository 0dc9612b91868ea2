/**
 * Walks of the EPT tables that change nothing: the processor's own, and the bare search for the entry of a gfn.
 * Counterpart: the page walk of Intel's SDM vol. 3C ("EPT translation mechanism", "EPT-induced VM exits"); ept_next_level
 * for how a table is found. Left out: setting of accessed and dirty bits, and reserved bits in frame numbers.
 */
import { EPT_R, EPT_RWX, EPT_SP, EPT_W, EPT_X, eptEmt, eptMfn, eptType } from './ept-entry';
import type { AccessKind, Translation } from './p2m-table';
import type { ServerClaims } from './server-claims';
import type { Space } from './store';

/** Root level; the table of level 3 is table 0. */
export const EPT_WL = 3;

/** Number of the table that a non-leaf entry points to. */
export const eptTable = (lo: number, hi: number, firstMfn: number): number =>
  (((hi << 20) | (lo >>> 12)) - firstMfn) | 0;

/** Word address of the entry for `gfn` in a table of this level. */
export const eptSlot = (table: number, level: number, gfn: number): number =>
  (table << 10) | (((gfn >>> (level * 9)) & 511) << 1);

/** The walk goes no further down: a superpage, or nothing present. One comparison: sp and rwx read as a number, less 1. */
const ends = (lo: number): boolean => ((lo & (EPT_SP | EPT_RWX)) - 1) >>> 0 >= EPT_RWX;

/**
 * Word address of the entry at which the walk for `gfn` ends: a leaf, or a slot with nothing present. The four levels are
 * written out, and words kept as 32-bit integers: a loop over them takes twice as long.
 */
export function eptLookup(tables: Space, firstMfn: number, gfn: number): number {
  const pages = tables.walk();
  let i = (gfn >>> 26) & 0x3fe;
  let page = pages[0]!;
  let lo = page[i]! | 0;
  if (ends(lo)) return i;
  let table = eptTable(lo, page[i + 1]! | 0, firstMfn);
  i = (gfn >>> 17) & 0x3fe;
  page = pages[table]!;
  lo = page[i]! | 0;
  if (ends(lo)) return (table << 10) | i;
  table = eptTable(lo, page[i + 1]! | 0, firstMfn);
  i = (gfn >>> 8) & 0x3fe;
  page = pages[table]!;
  lo = page[i]! | 0;
  if (ends(lo)) return (table << 10) | i;
  table = eptTable(lo, page[i + 1]! | 0, firstMfn);
  return (table << 10) | ((gfn << 1) & 0x3fe);
}

/**
 * Machine frame of `gfn`, marks on the path or not; null where nothing is present, unless it is a page of a numbered type
 * that is shut to the guest: who holds it still does.
 */
export function eptFrame(tables: Space, firstMfn: number, gfn: number, claims: ServerClaims): number | null {
  let table = 0;
  for (let level = EPT_WL; ; level--) {
    const at = eptSlot(table, level, gfn);
    const lo = tables.get(at);
    const hi = tables.get(at + 1);
    if ((lo & EPT_RWX) === 0 && !(level === 0 && claims.keeps(eptType(hi)))) return null;
    if (level === 0) return eptMfn(lo, hi);
    if ((lo & EPT_SP) !== 0) return eptMfn(lo, hi) + (gfn % 2 ** (level * 9));
    table = eptTable(lo, hi, firstMfn);
  }
}

/** Word addresses of the entries on the way to `gfn`, from level 3 down to the last that is there, marks or not. */
export function eptPath(tables: Space, firstMfn: number, gfn: number): number[] {
  const path: number[] = [];
  let table = 0;
  for (let level = EPT_WL; ; level--) {
    const at = eptSlot(table, level, gfn);
    const lo = tables.get(at);
    path.push(at);
    if (level === 0 || (lo & EPT_RWX) === 0 || (lo & EPT_SP) !== 0) return path;
    table = eptTable(lo, tables.get(at + 1), firstMfn);
  }
}

const NEEDS: Record<AccessKind, number> = { read: EPT_R, write: EPT_W, exec: EPT_X };

/** Memory types that hardware knows: UC 0, WC 1, WT 4, WP 5, WB 6. */
const isMemoryType = (emt: number): boolean => emt !== 2 && emt !== 3 && emt !== 7;

/**
 * What the processor makes of an access to `gfn`. Each entry is checked as it is read, so that a mark high up hides all
 * below it. A misconfiguration: a memory type that does not exist, any in a non-leaf entry, or writable but not readable
 * (which Xen's access w and wx produce). A violation: nothing present, or a right missing on the path.
 */
export function eptTranslate(
  tables: Space,
  firstMfn: number,
  gfn: number,
  kind: AccessKind,
  into: Translation,
): Translation {
  into.rights = EPT_RWX;
  into.mfn = null;
  into.steps = 0;
  let table = 0;
  for (let level = EPT_WL; ; level--) {
    const at = eptSlot(table, level, gfn);
    const lo = tables.get(at);
    const hi = tables.get(at + 1);
    into.path[into.steps++] = at;
    into.level = level;
    const rights = lo & EPT_RWX;
    into.rights &= rights;
    if (rights === 0) {
      into.outcome = 'violation';
      return into;
    }
    const leaf = level === 0 || (lo & EPT_SP) !== 0;
    const emt = eptEmt(lo);
    if ((rights & (EPT_R | EPT_W)) === EPT_W || (leaf ? !isMemoryType(emt) : emt !== 0)) {
      into.outcome = 'misconfig';
      return into;
    }
    if (leaf) {
      into.mfn = eptMfn(lo, hi) + (level === 0 ? 0 : gfn % 2 ** (level * 9));
      into.outcome = (into.rights & NEEDS[kind]) !== 0 ? 'ok' : 'violation';
      return into;
    }
    table = eptTable(lo, hi, firstMfn);
  }
}
