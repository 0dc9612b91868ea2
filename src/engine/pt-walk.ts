/**
 * Walks of page-table p2m tables that change nothing: the processor's own, and the bare search for the entry of a gfn.
 * Counterpart: the nested walk of AMD's APM vol. 2, "Nested Paging"; for shadow-mode guests no processor walks these
 * tables, and `ptTranslate` answers what a shadow entry made from them would allow. Left out: setting of accessed and
 * dirty bits.
 */
import { eptSlot, eptTable } from './ept-walk';
import type { AccessKind, Translation } from './p2m-table';
import { PT_NX, PT_P, PT_PSE, PT_RW, ptMarked, ptMfn, ptShut } from './pt-entry';
import type { Space } from './store';

/** Root level; the table of level 3 is table 0. Xen's comments count these levels from 1 to 4, its code both ways. */
export const PT_ROOT = 3;

/** The frame number lies in the same bits as EPT's, and tables have as many entries. */
export { eptSlot as ptSlot, eptTable as ptTable };

/** Calls `see` with the address of each entry on the way to `gfn`, down to a leaf or a slot with nothing present. */
function descend(tables: Space, firstMfn: number, gfn: number, see?: (at: number, level: number) => void): number {
  let table = 0;
  for (let level = PT_ROOT; ; level--) {
    const at = eptSlot(table, level, gfn);
    const lo = tables.get(at);
    see?.(at, level);
    if (level === 0 || (lo & PT_P) === 0 || (lo & PT_PSE) !== 0) return at;
    table = eptTable(lo, tables.get(at + 1), firstMfn);
  }
}

/** Word address of the entry at which the walk for `gfn` ends: a leaf, or a slot with nothing present. */
export const ptLookup = (tables: Space, firstMfn: number, gfn: number): number => descend(tables, firstMfn, gfn);

/** Word addresses of the entries on the way to `gfn`, from level 3 down to the last that is there, marks or not. */
export function ptPath(tables: Space, firstMfn: number, gfn: number): number[] {
  const path: number[] = [];
  descend(tables, firstMfn, gfn, (at) => path.push(at));
  return path;
}

/** Machine frame of `gfn`, marks on the path or not; null where nothing is present. */
export function ptFrame(tables: Space, firstMfn: number, gfn: number): number | null {
  let level = PT_ROOT;
  const at = descend(tables, firstMfn, gfn, (_, l) => (level = l));
  const lo = tables.get(at);
  return (lo & PT_P) === 0 ? null : ptMfn(lo, tables.get(at + 1)) + (level === 0 ? 0 : gfn % 2 ** (level * 9));
}

const NEEDS: Record<AccessKind, number> = { read: 1, write: 2, exec: 4 };

/**
 * What the processor makes of an access to `gfn`. It reads down to the leaf whatever it meets and only then compares:
 * nothing present on the way is a plain violation. A mark (a user bit missing) anywhere on the way is told apart here as
 * `misconfig`; the processor knows one kind of fault for it and for a right that is missing, and Xen, not knowing which,
 * settles the marks at each fault on a present page and then handles the fault as well.
 */
export function ptTranslate(
  tables: Space,
  firstMfn: number,
  gfn: number,
  kind: AccessKind,
  into: Translation,
): Translation {
  let table = 0;
  let marked = -1;
  let rights = 7;
  into.steps = 0;
  into.mfn = null;
  for (let level = PT_ROOT; ; level--) {
    const at = eptSlot(table, level, gfn);
    const lo = tables.get(at);
    const hi = tables.get(at + 1);
    into.path[into.steps++] = at;
    into.level = level;
    if ((lo & PT_P) === 0) {
      into.rights = 0;
      into.outcome = 'violation';
      return into;
    }
    if (marked < 0 && ptMarked(lo)) marked = level;
    if ((lo & PT_RW) === 0) rights &= ~2;
    if ((hi & PT_NX) !== 0) rights &= ~4;
    if (ptShut(lo)) rights = 0;
    if (level > 0 && (lo & PT_PSE) === 0) {
      table = eptTable(lo, hi, firstMfn);
      continue;
    }
    into.rights = rights;
    into.mfn = ptMfn(lo, hi) + (level === 0 ? 0 : gfn % 2 ** (level * 9));
    const allowed = (rights & NEEDS[kind]) !== 0;
    into.outcome = marked >= 0 ? 'misconfig' : allowed ? 'ok' : 'violation';
    if (marked >= 0) into.level = marked;
    return into;
  }
}
