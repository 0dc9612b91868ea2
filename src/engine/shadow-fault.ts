/**
 * A guest without hardware-assisted paging faults on the shadow of its page tables: what Xen decides by the type of the
 * page. Counterpart: xen/arch/x86/mm/shadow/multi.c: sh_page_fault; shadow/hvm.c (multi.c before): emulate_gva_to_mfn.
 * By reading only: nothing here was measured.
 * Left out: the guest's own refusals (its tables are taken to allow the access), the fast paths, out-of-sync shadows,
 * prefetching, and what emulation of page-table writes does.
 */
import type { P2mClasses } from './p2m-classes';
import { isIn, P2M, type P2mType } from './p2m-type';
import type { Xen } from './patches';

/** A page as the lookup of the fault handler reports it. */
export interface ShadowPage {
  readonly type: P2mType;
  readonly mfn: number | null;
  /** Xen shadows this page as one of the guest's page tables. */
  readonly pageTable: boolean;
}

/**
 * `guest`: no business of Xen's, the guest gets a page fault. `emulate`: a write to a page table, carried out by the shadow
 * code. `deviceModel`: emulated as device memory. `readOnly`: emulated, and dropped where the type says so. `fixed`: the
 * shadow entry is made and the instruction tried again.
 */
export type ShadowStep = 'guest' | 'emulate' | 'deviceModel' | 'readOnly' | 'fixed';

/**
 * The line by which an access is a device model's: to mmio_dm, and with `writeDm` also a write to type 15. The claim, which
 * asks for hardware-assisted paging, takes the second half away.
 */
export const isForDeviceModel = (xen: Pick<Xen, 'writeDm' | 'claim'>, type: P2mType, write: boolean): boolean =>
  type === P2M.mmio_dm || (xen.writeDm && !xen.claim && type === P2M.ioreq_server && write);

/**
 * The decision. Its first question keeps type 15 from ever reaching that line: before the claim the type is neither RAM
 * nor MMIO nor a grant, so that even a read of such a page is a bad gfn and the guest gets a fault it cannot explain. From
 * the claim on no page of such a guest can become type 15; if one were, it would be plain RAM.
 */
export function shadowPageFault(
  xen: Pick<Xen, 'writeDm' | 'claim'>,
  classes: Pick<P2mClasses, 'VALID' | 'GRANT' | 'MMIO' | 'RO'>,
  { type, mfn, pageTable }: ShadowPage,
  write: boolean,
): ShadowStep {
  if (!isIn(classes.VALID | classes.GRANT, type)) return 'guest';
  if (mfn === null && !isIn(classes.MMIO, type)) return 'guest';
  if (pageTable && write) return 'emulate';
  if (isForDeviceModel(xen, type, write)) return 'deviceModel';
  return write && isIn(classes.RO, type) ? 'readOnly' : 'fixed';
}

/**
 * Where a write goes that the shadow code emulates: into the frame, nowhere (`dropped`), or to the ordinary emulator
 * (`bad`: not a page to be written this way). Until `shadowHonours` a type-15 page was written past its device model.
 */
export function emulatedWrite(
  xen: Pick<Xen, 'shadowHonours'>,
  classes: Pick<P2mClasses, 'DISCARD_WRITE' | 'RAM'>,
  type: P2mType,
): 'frame' | 'dropped' | 'bad' {
  if (xen.shadowHonours && type === P2M.ioreq_server) return 'bad';
  if (isIn(classes.DISCARD_WRITE, type)) return 'dropped';
  return isIn(classes.RAM, type) ? 'frame' : 'bad';
}
