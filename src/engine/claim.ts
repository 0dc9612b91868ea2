/**
 * The call by which a device model claims type 15 for one of its servers, or gives the claim up, and what a release does
 * about entries that are still of the type.
 * Counterpart: xen/arch/x86/hvm/dm.c: dm_op, XEN_DMOP_map_mem_type_to_ioreq_server; ioreq.c:
 * hvm_map_mem_type_to_ioreq_server. Left out: the lock that is dropped between taking the claim away and marking.
 *
 * A release is one step that takes the claim away and marks the map (`setClaim`), then a step for every 256 frames
 * (`sweepBatch`) while `sweepPending`: who simulates others meanwhile drives these himself, `mapMemType` is all in one.
 */
import { HVMMEM } from './dm';
import { failed, type Rc } from './errno';
import type { IoreqServers } from './ioreq';
import type { P2m } from './p2m';
import { P2M } from './p2m-type';

/** XEN_DMOP_IOREQ_MEM_ACCESS_*: READ has been reserved and refused ever since. */
export const CLAIM_FLAGS = { read: 1, write: 2 } as const;

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
 * Claims type 15 for server `id` (flags 2) or takes its claim away (flags 0). With entries outstanding a release marks
 * the whole map, one table, and each entry goes back to RAM when it is next touched (`asyncReset`).
 * EINVAL: another type, or a flag but WRITE; a release by who does not hold the claim. ENOENT: no such server. EBUSY:
 * somebody holds the claim, even the same server, or entries of an earlier one are outstanding (`asyncReset`).
 * EOPNOTSUPP: the default server, in a table that keeps an id for it.
 */
export function setClaim({ p2m, servers }: ClaimDomain, id: number, type: number, flags: number): Rc {
  const server = servers.info(id);
  if (server === 'EOPNOTSUPP') return server;
  if (type !== HVMMEM.ioreq_server || (flags & ~CLAIM_FLAGS.write) !== 0) return 'EINVAL';
  if (server === 'ENOENT') return server;
  const rc = p2m.setIoreqServer(id, flags);
  if (rc === 0 && flags === 0 && p2m.regs.entryCount !== 0) {
    p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
  }
  return rc;
}

/** Whether a release has frames from `first` on to sweep: entries are outstanding, and the map goes that far. */
export const sweepPending = (p2m: P2m, first: number): boolean =>
  p2m.xen.syncSweep && p2m.regs.entryCount !== 0 && first <= p2m.maxMapped;

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
  const resumed = p2m.xen.syncSweep && opaque !== 0;
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
