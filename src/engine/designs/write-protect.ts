/**
 * ACRN's way: a hypercall takes the right to write from a page in the EPT, or gives it back (HC_VM_WRITE_PROTECT_PAGE,
 * hypervisor/common/hypercall.c: write_protect_page). There is no type, no owner and no count: whoever may call may change
 * any page, and the last call wins. A write that was stopped is a request of its own kind (ACRN_IOREQ_TYPE_WP) for the client
 * in the service VM that said which pages are its own; here there is one, XenGT. Refused are only addresses with no RAM.
 *
 * When the client is gone the page stays as it is, and what the guest writes there goes to nobody: it is lost. The read half
 * of a read-modify-write is served from the page, which the guest may read all the time (assumption).
 */
import { P2M_ACCESS } from '../p2m-type';
import { BASE, isReadOnly, LISTENING, setAccess, withoutClaim, type Design } from './design';

export const writeProtect: Design = {
  ...BASE,
  name: 'write_protect',
  xen: (patches) => ({ ...withoutClaim(patches), rmwReads: true }),
  watch: 'access',
  functions: {
    'dm.protect': 'hcall_write_protect_page',
    'dm.unprotect': 'hcall_write_protect_page',
    'fault.emulate': 'ept_violation_vmexit_handler',
  },
  guard: {
    on(w, gfn) {
      const fresh = !isReadOnly(w, gfn);
      const rc = setAccess(w, gfn, P2M_ACCESS.rx);
      if (rc === 0 && fresh) w.ledger.regs.watched += 1;
      return rc;
    },
    off(w, gfn) {
      const watched = isReadOnly(w, gfn);
      const rc = setAccess(w, gfn, P2M_ACCESS.rwx);
      if (rc === 0 && watched) w.ledger.regs.watched -= 1;
      return rc;
    },
  },
  faults: LISTENING,
  copiesStrings: false,
  ownerOf: (w, gfn) => (w.xengt.started && isReadOnly(w, gfn) ? { server: w.xengt.server, reads: false } : undefined),
  owns: 'listener',
  left: ({ ledger }) => ledger.regs.watched,
};
