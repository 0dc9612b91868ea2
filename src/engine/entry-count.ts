/**
 * The count of type-15 entries outstanding, and of those of each numbered type, kept at every change of a 4 KiB entry.
 * Counterpart: p2m_entry_modify, xen/include/asm-x86/p2m.h; before c7a4c088ad (2019) written out in each table format.
 * Left out: the reference counts of foreign pages, which later moved into the same helper.
 */
import { XenBug } from './bug';
import { P2M, type P2mType } from './p2m-type';
import type { P2mHost } from './p2m-table';

/**
 * An entry goes from type `ot` to `nt`. `level` is the one the table format names: 1 is 4 KiB, 2 is 2 MiB, 3 is 1 GiB.
 * Without `countHelper` the caller alone sees to it that the entry is a 4 KiB one; with it nothing but level 1 counts.
 * XenBug `entryLevel` (with `countHelper`): a server's type, or a foreign page, above 4 KiB.
 */
export function countEntry(
  { xen, claims }: Pick<P2mHost, 'xen' | 'claims'>,
  level: number,
  nt: P2mType,
  ot: P2mType,
): void {
  if (!claims.counted) return;
  if (xen.countHelper) {
    if (level > 1 && (nt >= P2M.ioreq_server || nt === P2M.map_foreign)) throw new XenBug('entryLevel');
    if (level !== 1) return;
  }
  if (nt === ot) return;
  if (nt >= P2M.ioreq_server) claims.count(nt, 1);
  if (ot >= P2M.ioreq_server) claims.count(ot, -1);
}
