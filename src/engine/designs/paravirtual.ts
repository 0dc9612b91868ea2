/**
 * Nothing is watched, the guest says what it did: after each bind and unbind its driver writes the range of GPU addresses to
 * the PVINFO page, and XenGT walks the guest's tables for that range. Four register writes, so four exits, whatever the
 * number of entries. It holds as long as the guest tells all, and the truth: nothing checks it.
 *
 * i915 was to have such a call: "PV PPGTT update", posted in 2019 and not merged, with the root, start and length in a page
 * shared with the host and one notification. The registers used here are of our own making (guest-layout.ts).
 */
import { BASE, type Design } from './design';

export const paravirtual: Design = {
  ...BASE,
  name: 'paravirtual',
  tells: true,
  unseen: ({ ledger }, vcpu) => vcpu !== 0 || ledger.regs.untold === 0,
  shadowIsDue: ({ ledger }) => ledger.regs.untold === 0,
};
