/**
 * The call by which a device model claims type 15, or a numbered one, for one of its servers, or gives the claim up, and
 * what a release does about entries that are still of the type.
 * Counterpart: xen/arch/x86/hvm/dm.c: dm_op, XEN_DMOP_map_mem_type_to_ioreq_server; ioreq.c:
 * hvm_map_mem_type_to_ioreq_server.
 *
 * A release is a step that takes the claim away (`changeClaim`), one that marks the map under the p2m lock (`markReleased`)
 * if `markPending`, then one for every 256 frames (`sweepBatch`) while `sweepPending`: who simulates others meanwhile drives
 * these himself, `setClaim` is the first two and `mapMemType` all in one. Numbered types keep their pages: a release of one
 * is `changeClaim` alone.
 */
import { HVMMEM } from './dm';
import { failed, type Rc } from './errno';
import type { IoreqServers } from './ioreq';
import type { P2m } from './p2m';
import { P2M } from './p2m-type';
import { CLAIM_FLAGS } from './server-claims';

export { CLAIM_FLAGS };

/** Frames that a release sweeps before it looks whether something more urgent waits. */
export const SWEEP_FRAMES = 256;

export interface ClaimDomain {
  readonly p2m: P2m;
  readonly servers: Pick<IoreqServers, 'info'>;
  /** Whether something more urgent waits (`hypercall_preempt_check`). Default never. */
  readonly preempt?: () => boolean;
}

/** What a call answers. ERESTART: to be issued again with this `opaque`, the first gfn not swept. */
export interface ClaimAnswer {
  readonly rc: Rc;
  readonly opaque: number;
}

/**
 * Claims a memory type for server `id` (flags 2) or takes its claim away (flags 0). With entries outstanding a release
 * marks the whole map, one table, and each entry goes back to RAM when it is next touched (`asyncReset`).
 * EINVAL: a type that is not for servers, or a flag but WRITE; a release by who does not hold the claim. ENOENT: no such
 * server. EBUSY: somebody holds the claim, even the same server, or entries of an earlier one are outstanding
 * (`asyncReset`). Numbered types may be claimed for reads too (flags 1 and 3); entries of them stay through a release and
 * are never in the way of a claim, see `P2m.setIoreqServer`. EOPNOTSUPP: the default server, in a table that keeps an id for it.
 */
export function setClaim(domain: ClaimDomain, id: number, type: number, flags: number): Rc {
  const rc = changeClaim(domain, id, type, flags);
  if (rc === 0 && flags === 0 && markPending(domain.p2m)) markReleased(domain.p2m);
  return rc;
}

/** The claim alone, under a lock of its own. Refusals as `setClaim`. */
export function changeClaim({ p2m, servers }: ClaimDomain, id: number, type: number, flags: number): Rc {
  const server = servers.info(id);
  if (server === 'EOPNOTSUPP') return server;
  const wanted = p2m.serverTypes[type - HVMMEM.ioreq_server];
  const known = p2m.numbered > 0 ? CLAIM_FLAGS.read | CLAIM_FLAGS.write : CLAIM_FLAGS.write;
  if (wanted === undefined || (flags & ~known) !== 0) return 'EINVAL';
  if (server === 'ENOENT') return server;
  return p2m.setIoreqServer(id, flags, wanted);
}

/** Whether a release finds entries outstanding: then the map is marked. Between the two Xen holds no lock. */
export const markPending = (p2m: P2m): boolean => p2m.numbered === 0 && p2m.regs.entryCount !== 0;
export const markReleased = (p2m: P2m): void => p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);

const sweeps = (p2m: P2m): boolean => p2m.xen.syncSweep && p2m.numbered === 0;

/** Whether a release has frames from `first` on to sweep: entries are outstanding, and the map goes that far. */
export const sweepPending = (p2m: P2m, first: number): boolean =>
  sweeps(p2m) && p2m.regs.entryCount !== 0 && first <= p2m.maxMapped;

/**
 * Sweeps the next 256 frames: 0, or 1 for a batch whose last frame changed something, until `sweepAnswersZero`. Without
 * `sweepResolves` the answer is 0 and nothing changes, see `P2m.finishTypeChange`. ENOMEM: a superpage had to be split.
 */
export function sweepBatch(p2m: P2m, first: number): Rc {
  const rc = p2m.finishTypeChange(first, SWEEP_FRAMES);
  return p2m.xen.sweepResolves ? rc : 0;
}

/**
 * The hypercall. `opaque` is 0 at first, later what ERESTART answered with; any other value is taken at its word, so that a
 * caller who makes one up skips the checks of `setClaim` and merely sweeps (from `syncSweep` on).
 * EOPNOTSUPP: no hardware-assisted paging, or no claim in this version. Else as `setClaim`, `sweepBatch`; a sweep that ends
 * well answers what its last batch did.
 */
export function mapMemType(domain: ClaimDomain, id: number, type: number, flags: number, opaque = 0): ClaimAnswer {
  const { p2m } = domain;
  if (!p2m.xen.claim || !p2m.hap) return { rc: 'EOPNOTSUPP', opaque };
  const resumed = sweeps(p2m) && opaque !== 0;
  let rc = resumed ? 0 : setClaim(domain, id, type, flags);
  if (rc !== 0 || flags !== 0) return { rc, opaque };
  for (let first = opaque; sweepPending(p2m, first);) {
    rc = sweepBatch(p2m, first);
    if (failed(rc)) break;
    first += SWEEP_FRAMES;
    if (first <= p2m.maxMapped && domain.preempt?.()) return { rc: 'ERESTART', opaque: first };
  }
  return { rc, opaque };
}
