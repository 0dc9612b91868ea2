/**
 * What can never go on. `idlers` are vCPUs that do the same instruction again and again to no avail: Xen has answered twice
 * that it is in order, and nothing has changed since. When nobody else may act any more, nothing ever will: the run is over.
 * Sound, not complete: while somebody else may act nobody is called stuck.
 */
import { CELL_FRAMES } from './census';
import { gfnOf } from './exits';
import { isIn, P2M } from './p2m-type';
import { enabled, type Choice } from './step';
import { KIND, PHASE, TRIES } from './vcpu';
import type { World } from './world';

export type StuckWhy =
  /** A write to a page of a type that has no owner: RETRY, for ever. */
  | 'retries'
  /** A fetch from a page that Xen holds to be in order. */
  | 'fetches'
  /** Its page has been paged out, and no pager brings it back. */
  | 'paged'
  /** The device model that has the request will never answer. */
  | 'unanswered'
  /** A fault that could not be emulated, or that no rule covers, or a crash. */
  | 'crashed'
  /** Nobody holds the type, and entries of it are counted that no touch and no sweep will reset. */
  | 'claim';

export interface Stuck {
  /** vCPU, or null: the claim on type 15. */
  readonly vcpu: number | null;
  readonly why: StuckWhy;
}

/** Back in the guest: on its way through Xen it may hold the lock, or be one for whom a kill waits. */
export function idles(w: World, choice: Choice): boolean {
  const v = w.vcpus[choice];
  return v !== undefined && v.phase === PHASE.retrying && v.retries >= TRIES;
}

/** Whether the run is over: nobody may act, or only vCPUs that idle. */
export function isOver(w: World, choices: readonly Choice[] = enabled(w)): boolean {
  return choices.every((choice) => idles(w, choice));
}

/** Everything that is stuck. vCPUs are only looked at once the run is over; the claim at any time. */
export function stuck(w: World, over = isOver(w)): Stuck[] {
  const found: Stuck[] = claimIsStuck(w, over) ? [{ vcpu: null, why: 'claim' }] : [];
  w.vcpus.forEach((v, vcpu) => {
    if (v.phase === PHASE.crashed) found.push({ vcpu, why: 'crashed' });
    else if (v.phase === PHASE.done || !over) return;
    else if (idles(w, vcpu)) found.push({ vcpu, why: whyIdle(w, vcpu, v.kind) });
    else found.push({ vcpu, why: 'unanswered' });
  });
  return found;
}

function whyIdle({ p2m, vcpus }: World, vcpu: number, kind: number): StuckWhy {
  if (isIn(p2m.classes.PAGING, p2m.getEntry(gfnOf(vcpus[vcpu]!)).type)) return 'paged';
  return kind === KIND.exec ? 'fetches' : 'retries';
}

/** A release may be under way: XenGT has something to do, or the toolstack goes on with one that was begun by hand. */
export const isReleasing = ({ xengt, toolstack }: World): boolean => !xengt.idle || toolstack.releasing;

/**
 * Since 1679e0df3d nobody can claim the type while entries of it are counted. After a release they are marked, and go when
 * they are touched; what is counted and not marked stays for good, and what is marked too once nobody will touch it.
 */
export function claimIsStuck(w: World, over?: boolean): boolean {
  const { entryCount } = w.p2m.regs;
  if (!w.xen.asyncReset || w.p2m.numbered > 0 || entryCount === 0 || w.p2m.claimHolder !== null || isReleasing(w))
    return false;
  return (over ?? isOver(w)) || hasSettled(w);
}

/** Whether an entry is of type 15 and no mark on its way will change that. */
function hasSettled({ census, p2m }: World): boolean {
  for (let cell = 0; cell < census.cells; cell++) {
    if (census.count(cell, P2M.ioreq_server) === 0) continue;
    for (let gfn = cell * CELL_FRAMES; gfn < (cell + 1) * CELL_FRAMES; gfn++)
      if (p2m.getEntry(gfn).type === P2M.ioreq_server) return true;
  }
  return false;
}
