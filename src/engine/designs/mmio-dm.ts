/**
 * Full MMIO: a table page becomes of type mmio_dm, as a device's registers are, and a range of XenGT's server. Nothing new is
 * needed of Xen, but reads leave the guest as well, and XenGT must answer each from its own mapping of the page.
 *
 * There is no way back: Xen lets RAM become mmio_dm, and mmio_dm become nothing else (xen/arch/x86/hvm/hvm.c:
 * hvm_allow_p2m_type_change, later dm.c: allow_p2m_type_change), so un-protecting answers EINVAL. XenGT then has no choice
 * but to keep the page's range and serve it as memory for the rest of the guest's life: ranges are taken and never given
 * back, and at 256 the next table goes unwatched. If XenGT dies, the guest has lost these pages.
 */
import { HVMMEM } from '../dm';
import { BASE, type Design } from './design';
import { memoryRanges } from './registry';

export const mmioDm: Design = {
  ...BASE,
  name: 'mmio_dm',
  watch: 'device',
  guard: {
    on(w, gfn) {
      // The mapping is taken while the p2m still says which frame it is; later it tells nobody.
      const mfn = w.mapped(gfn);
      const rc = w.domain.setMemType(gfn, 1, HVMMEM.mmio_dm);
      if (rc === 0 && mfn !== null && w.ledger.page(gfn) === 0) {
        w.ledger.note(gfn, mfn + 1);
        w.ledger.regs.watched += 1;
      }
      return rc;
    },
    off: (w, gfn) => w.domain.setMemType(gfn, 1, HVMMEM.ram_rw),
  },
  registry: () => memoryRanges,
  mapping: ({ ledger }, gfn) => (ledger.page(gfn) === 0 ? null : ledger.page(gfn) - 1),
  left: ({ ledger }) => ledger.regs.watched,
  answersReads: true,
  keeps: true,
};
