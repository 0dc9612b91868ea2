/**
 * The hypercalls of a device model that change and ask for the type of guest pages.
 * Counterpart: xen/arch/x86/hvm/dm.c: set_mem_type; hvm.c: hvmop_get_mem_type, and before the claim series
 * hvmop_set_mem_type. Which type may become which is the page-type chart's. Left out: who may call (every caller here is
 * privileged).
 */
import { failed, type Rc } from './errno';
import { getGfn } from './get-gfn';
import { PAGE_TYPE } from './machines/page-type';
import type { P2m } from './p2m';
import { isIn, P2M, SERVER_TYPES, type P2mType } from './p2m-type';
import type { Xen } from './patches';

/**
 * Memory types of the hypercall. Number 3 was mmio_write_dm until c858e932c1 and means nothing since. Where types are
 * numbered, 4 is ioreq_server0, and 5 to 7 are those after it.
 */
export const HVMMEM = {
  ram_rw: 0,
  ram_ro: 1,
  mmio_dm: 2,
  mmio_write_dm: 3,
  unused: 3,
  ioreq_server: 4,
} as const;
export type HvmMem = (typeof HVMMEM)[keyof typeof HVMMEM] | 5 | 6 | 7;

/** What lies beside the p2m and may have a say. The default has no paging, no sharing and no memory to populate with. */
export interface Environment {
  /** Gives a populate-on-demand gfn a frame by `p2m.setEntry`; false when there is none. */
  populate(p2m: P2m, gfn: number): boolean;
  /** Gives a shared gfn a frame of its own by `p2m.setEntry`; false when there is none. */
  unshare(p2m: P2m, gfn: number): boolean;
  /** Asks the pager for a gfn. */
  pageIn(p2m: P2m, gfn: number): void;
  /** Whether something more urgent waits (`hypercall_preempt_check`). */
  preempt(): boolean;
}

export const NO_ENVIRONMENT: Environment = {
  populate: () => false,
  unshare: () => false,
  pageIn: () => undefined,
  preempt: () => false,
};

/** Pages that a preempted call has done. The caller keeps it and issues the call again with it. */
export interface Continuation {
  done: number;
}

/** The chart's event for a request of each p2m type; there is none for most. */
const MAKE = PAGE_TYPE.states.map((type) => (PAGE_TYPE.on as Partial<Record<string, number>>)[`set_mem_type.${type}`]);

/** The preemption check comes every so many pages. */
const BATCH = 256;

/** The p2m type behind a memory type, or null where this version of Xen, with so many `numbered` types, knows none. */
export function typeOfMem(xen: Xen, mem: number, numbered = 0): P2mType | null {
  if (mem === HVMMEM.ram_rw) return P2M.ram_rw;
  if (mem === HVMMEM.ram_ro) return P2M.ram_ro;
  if (mem === HVMMEM.mmio_dm) return P2M.mmio_dm;
  const server = mem - HVMMEM.ioreq_server;
  if (server >= 0 && server < numbered) return SERVER_TYPES[server] ?? null;
  const type15 = xen.typeRenamed ? HVMMEM.ioreq_server : HVMMEM.mmio_write_dm;
  return mem === type15 && xen.writeDm && (xen.typeRenamed || !xen.typeWithdrawn) ? P2M.ioreq_server : null;
}

/**
 * Gives `nr` pages from gfn `first` the memory type `mem`, in order, up to the first that refuses; those before it stay
 * changed. EINVAL: an empty or too long range, no such type, no claim for type 15 (since the claim; a numbered type
 * needs none), or a change that is not allowed. EOPNOTSUPP: a server's type without hardware-assisted paging (since the
 * claim). EAGAIN: the page is being paged, or shared and stays so. EBUSY, ENOMEM, ENOENT: from `p2m.changeTypeOne`.
 * ERESTART: preempted; call again.
 *
 * Without `ownResult` a page that may not change leaves the result of the page before it, so the call can say 0.
 */
export function setMemType(
  p2m: P2m,
  first: number,
  nr: number,
  mem: number,
  continuation: Continuation = { done: 0 },
  environment: Environment = NO_ENVIRONMENT,
): Rc {
  const { xen, pageLaw } = p2m;
  if (nr <= 0 || first < 0 || first + nr - 1 > p2m.maxMapped) return 'EINVAL';
  const type = typeOfMem(xen, mem, p2m.numbered);
  if (type === null) return 'EINVAL';
  const may = type >= P2M.ioreq_server ? p2m.mayMake(type) : 0;
  if (may !== 0) return may;
  let result: Rc = 'EINVAL';
  while (continuation.done < nr) {
    const gfn = first + continuation.done;
    const old = getGfn(p2m, gfn, 'unshare', environment).type;
    const { to, refused, effect } = pageLaw.advance(old, MAKE[type]!, p2m.numbered > 0 ? PAGE_TYPE.is.numbered : 0);
    if (effect === 'page_in') environment.pageIn(p2m, gfn);
    if (refused) return refused.errno === 'EINVAL' ? result : refused.errno;
    const rc = p2m.changeTypeOne(gfn, old, to as P2mType);
    if (failed(rc)) return rc;
    if (!xen.ownResult) result = 0;
    continuation.done++;
    if (continuation.done < nr && continuation.done % BATCH === 0 && environment.preempt()) return 'ERESTART';
  }
  return 0;
}

/** The memory type of a page as the hypercall answers it: grants and pages not yet populated count as RAM. */
export function getMemType(p2m: P2m, gfn: number): HvmMem {
  const { classes, xen } = p2m;
  const { type } = p2m.getEntry(gfn);
  if (isIn(classes.MMIO, type)) return HVMMEM.mmio_dm;
  if (type >= P2M.ioreq_server) {
    return xen.typeRenamed ? ((type - P2M.ioreq_server + HVMMEM.ioreq_server) as HvmMem) : HVMMEM.mmio_write_dm;
  }
  if (isIn(classes.RO, type)) return HVMMEM.ram_ro;
  return isIn(classes.RAM | classes.POD | classes.GRANT, type) ? HVMMEM.ram_rw : HVMMEM.mmio_dm;
}
