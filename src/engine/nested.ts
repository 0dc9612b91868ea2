/**
 * A guest that runs guests of its own (nested HAP): what becomes of an access by the inner guest to a page of the outer
 * one, once the outer guest's own nested tables have let it through.
 * Counterpart: xen/arch/x86/mm/hap/nested_hap.c: nestedhap_walk_L0_p2m, nestedhvm_hap_nested_page_fault, and the cases of
 * hvm_hap_nested_page_fault for their answers. By reading only: nothing here was measured.
 * Left out: the walk of the outer guest's tables, orders, and the flushing of nested tables.
 */
import { EPT_RWX, eptFlags } from './ept-entry';
import type { AccessKind } from './p2m-table';
import type { P2mClasses } from './p2m-classes';
import { isIn, P2M, P2M_ACCESS, type P2mType } from './p2m-type';
import type { Xen } from './patches';

/** A page of the outer guest as a lookup of its p2m reports it. */
export interface NestedPage {
  readonly type: P2mType;
  readonly mfn: number | null;
}

/** NESTEDHVM_PAGEFAULT_*: the answers this walk can give. */
export type L0Walk = 'DONE' | 'DIRECT_MMIO' | 'MMIO' | 'L0_ERROR';

/**
 * Which text of the claim series. `posted`: each posting replaces one line of the walk (the cover letters' diffstats say
 * so, the line itself is not among this project's sources); taken here for the evident intent, a write to type 15 treated
 * as one to mmio_dm. `merged`: ca2b511d3f leaves the walk alone.
 */
export type SeriesText = 'posted' | 'merged';

/**
 * What the p2m has for an access of an inner guest. A page that is read-only, paged, shared, or not RAM at all is an
 * `L0_ERROR`. Before the claim type 15 is no RAM, so that is its answer for any access. Since the claim, as merged, it is
 * RAM and no longer read-only: `DONE`, for a write too, whoever holds the claim.
 */
export function walkL0P2m(
  xen: Pick<Xen, 'claim'>,
  classes: Pick<P2mClasses, 'RO' | 'PAGING' | 'SHARED' | 'RAM'>,
  { type, mfn }: NestedPage,
  kind: AccessKind,
  text: SeriesText = 'merged',
): L0Walk {
  const write = kind === 'write';
  if (type === P2M.mmio_direct) return 'DIRECT_MMIO';
  if (type === P2M.mmio_dm) return 'MMIO';
  if (text === 'posted' && xen.claim && write && type === P2M.ioreq_server) return 'MMIO';
  if (write && isIn(classes.RO, type)) return 'L0_ERROR';
  if (isIn(classes.PAGING | classes.SHARED, type) || !isIn(classes.RAM, type) || mfn === null) return 'L0_ERROR';
  return 'DONE';
}

/**
 * What Xen does next. `map`: an entry of the inner guest's shadowed tables is made, and the access tried again. `emulate`:
 * to the emulator, which asks a device model. `asOuter`: as if the outer guest had made the access itself, by the usual
 * rule for a nested page fault: there a write to type 15 is emulated, and before the claim a read of it, not being of RAM,
 * is fatal.
 */
export type NestedStep = 'map' | 'emulate' | 'asOuter';

export const NESTED_STEPS: Readonly<Record<L0Walk, NestedStep>> = {
  DONE: 'map',
  DIRECT_MMIO: 'map',
  MMIO: 'emulate',
  L0_ERROR: 'asOuter',
};

/**
 * Rights (r 1, w 2, x 4) of the EPT entry that `map` makes: those of the page's type in tables of their own, on which
 * nobody ever holds a claim. So a type-15 page is writable there even while the outer guest's own writes are trapped.
 */
export function nestedRights(xen: Xen, type: P2mType, mmioReadOnly = false): number {
  const ctx = { xen, adSupported: true, pml: false, writeClaim: false };
  return eptFlags(type, P2M_ACCESS.rwx, ctx, false, mmioReadOnly) & EPT_RWX;
}
