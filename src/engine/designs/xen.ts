/**
 * Xen as its patches have it. Since `claim` one server owns type 15 and with it every page of the type. Before, each table
 * page is a range of its server beside being of the type: among the device's own registers, or with `ramRangeset`
 * (f5a32c5b8e, in Xen for 19 days) in a rangeset of their own.
 */
import { CLAIM_FLAGS } from '../claim';
import { RANGE_KINDS } from '../ioreq-table';
import type { P2mType } from '../p2m-type';
import type { World } from '../world';
import { BASE, typeGuard, type Design } from './design';
import { memoryRanges, wpMemRanges } from './registry';

export const xen: Design = {
  ...BASE,
  name: 'xen',
  xen: (patches) => patches,
  claims: true,
  guard: typeGuard,
  registry: ({ claim, ramRangeset }) => (claim ? null : ramRangeset ? wpMemRanges : memoryRanges),
  kinds: ({ ramRangeset }) => (ramRangeset ? [...RANGE_KINDS, 'wp_mem'] : RANGE_KINDS),
  ownerOf: claimOwner,
  left: ({ p2m }) => p2m.regs.entryCount,
};

/** The holder of the claim on the page's type. */
function claimOwner({ xen, p2m }: World, _gfn: number, type: P2mType) {
  if (!xen.claim || !p2m.isServerType(type)) return undefined;
  const claim = p2m.claimOf(type);
  return { server: claim?.server ?? null, reads: claim !== null && (claim.flags & CLAIM_FLAGS.read) !== 0 };
}
