/**
 * The call by which a device model claims type 15, or a numbered one, for one of its servers, or gives the claim up, and
 * what a release does about entries that are still of the type.
 * Counterpart: xen/arch/x86/hvm/dm.c: dm_op, XEN_DMOP_map_mem_type_to_ioreq_server; ioreq.c:
 * hvm_map_mem_type_to_ioreq_server.
 *
 * A release is a step that takes the claim away (`changeClaim`, `released`), one that marks the map under the p2m lock
 * (`markReleased`), then one for every 256 frames (`sweepBatch`), each if the chart of the sweep says so: who simulates
 * others meanwhile drives these himself, `mapMemType` is all in one. Numbered types keep their
 * pages: a release of one is `changeClaim` alone.
 */
import { HVMMEM } from './dm';
import { failed, type Rc } from './errno';
import { CLAIM } from './machines/claim';
import { Law, type Decision } from './machines/law';
import { SWEEP } from './machines/sweep';
import type { IoreqServers } from './ioreq';
import type { P2m } from './p2m';
import { P2M } from './p2m-type';
import { CLAIM_FLAGS } from './server-claims';

export { CLAIM_FLAGS };

const { at, on, is } = SWEEP;

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
 * Claims a memory type for server `id` (flags 2) or takes its claim away (flags 0), under a lock of its own; a release that
 * finds entries outstanding goes on by `released`.
 * EINVAL: a type that is not for servers, or a flag but WRITE; a release by who does not hold the claim. ENOENT: no such
 * server. EBUSY: somebody holds the claim, even the same server, or entries of an earlier one are outstanding
 * (`asyncReset`). Numbered types may be claimed for reads too (flags 1 and 3); entries of them stay through a release and
 * are never in the way of a claim, see `P2m.setIoreqServer`. EOPNOTSUPP: no hardware-assisted paging, or no claim in this
 * version; the default server, in a table that keeps an id for it.
 */
export function changeClaim({ p2m, servers }: ClaimDomain, id: number, type: number, flags: number): Rc {
  const server = servers.info(id);
  const wanted = p2m.serverTypes[type - HVMMEM.ioreq_server];
  const known = p2m.numbered > 0 ? CLAIM_FLAGS.read | CLAIM_FLAGS.write : CLAIM_FLAGS.write;
  const facts =
    (p2m.hap ? 0 : CLAIM.is.noHap) |
    (server === 'EOPNOTSUPP' ? CLAIM.is.reserved : 0) |
    (server === 'ENOENT' ? CLAIM.is.noServer : 0) |
    (wanted === undefined || (flags & ~known) !== 0 ? CLAIM.is.meaningless : 0);
  return p2m.setIoreqServer(id, flags, wanted, facts);
}

const facts = (p2m: P2m, first: number): number =>
  (p2m.numbered > 0 ? is.numbered : 0) |
  (p2m.numbered === 0 && p2m.regs.entryCount !== 0 ? is.outstanding : 0) |
  (first <= p2m.maxMapped ? is.more : 0);
const next = (p2m: P2m, from: number, event: number, also = 0): Decision =>
  Law.of(SWEEP, p2m.xen).advance(from, event, also);

/**
 * A release goes on by the chart of the sweep, whose states the following answer: `released` after the claim is gone,
 * `markReleased` where it says `marking`, `sweepBatch` while it says `sweeping`. Between them Xen holds no lock.
 */
export const released = (p2m: P2m): number => next(p2m, at.idle, on.release, facts(p2m, 0)).to;

export function markReleased(p2m: P2m): number {
  p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
  return next(p2m, at.marking, on.mark, facts(p2m, 0)).to;
}

/** The call is issued again, with the first gfn that is not swept. */
export const resumed = (p2m: P2m, opaque: number): Decision =>
  next(p2m, at.preempted, on.again, facts(p2m, opaque) | (p2m.hap ? 0 : is.noHap));

/** What a batch of a sweep came to, and the state of the chart that follows. */
export interface Batch {
  readonly rc: Rc;
  readonly next: number;
}

/**
 * Sweeps the next 256 frames: 0, or 1 for a batch whose last frame changed something, until `sweepAnswersZero`. Without
 * `sweepResolves` the answer is 0 and nothing changes, see `P2m.finishTypeChange`. ENOMEM: a superpage had to be split.
 * `urgent` is asked once it is known that the map goes on.
 */
export function sweepBatch(p2m: P2m, first: number, urgent: () => boolean = () => false): Batch {
  const swept = p2m.finishTypeChange(first, SWEEP_FRAMES);
  const rc = p2m.xen.sweepResolves ? swept : 0;
  const left = facts(p2m, first + SWEEP_FRAMES) | (failed(rc) ? is.failed : 0);
  const preempted = (left & is.more) !== 0 && !failed(rc) && urgent() ? is.urgent : 0;
  const { to, effect } = next(p2m, at.sweeping, on.batch, left | preempted);
  if (effect === 'over') p2m.releaseOver();
  return { rc, next: to };
}

/**
 * The hypercall. `opaque` is 0 at first, later what ERESTART answered with; any other value is taken at its word, so that a
 * caller who makes one up skips the checks of `changeClaim` and merely sweeps (from `syncSweep` on).
 * EOPNOTSUPP: no hardware-assisted paging, or no claim in this version. Else as `changeClaim`, `sweepBatch`; a sweep that ends
 * well answers what its last batch did.
 */
export function mapMemType(domain: ClaimDomain, id: number, type: number, flags: number, opaque = 0): ClaimAnswer {
  const { p2m } = domain;
  if (opaque !== 0) {
    const { to, effect } = resumed(p2m, opaque);
    if (effect !== 'afresh') return flags === 0 ? sweep(domain, to, opaque) : { rc: 0, opaque };
  }
  const rc = changeClaim(domain, id, type, flags);
  if (rc !== 0 || flags !== 0) return { rc, opaque };
  const state = released(p2m);
  return sweep(domain, state === at.marking ? markReleased(p2m) : state, opaque);
}

/** Sweeps from `opaque` on, as far as the chart says. */
function sweep({ p2m, preempt }: ClaimDomain, state: number, opaque: number): ClaimAnswer {
  let rc: Rc = 0;
  for (let first = opaque; state === at.sweeping; first += SWEEP_FRAMES) {
    ({ rc, next: state } = sweepBatch(p2m, first, preempt));
    if (state === at.preempted) return { rc: 'ERESTART', opaque: first + SWEEP_FRAMES };
  }
  return { rc, opaque };
}
