/**
 * What Xen does about a guest's access that the nested tables (EPT or NPT) refuse.
 * Counterpart: xen/arch/x86/hvm/hvm.c: hvm_hap_nested_page_fault; xen/arch/x86/mm/mem_access.c: p2m_mem_access_check.
 * `nestedPageFault` is the rule alone; `hapNestedPageFault` looks the page up before and carries the rule's answer out.
 * Left out: nested guests, altp2m, addresses that Xen serves itself (emulated without a look-up, and no lock held), what
 * only the hardware domain may do with mmio_direct, and PVH guests, which until d909cb9999 had no emulator to go to.
 */
import { NO_ENVIRONMENT, type Environment } from './dm';
import { getGfn, namesFrame } from './get-gfn';
import type { P2m } from './p2m';
import { PAGE_TYPE } from './machines/page-type';
import type { AccessKind, PageLaw } from './p2m-table';
import { P2M_ACCESS, type P2mAccess, type P2mType } from './p2m-type';
import type { Xen } from './patches';

/** Who is told of accesses that a page's `p2m_access` forbids: nobody, somebody, or nobody though somebody has to. */
export type Listener = 'absent' | 'present' | 'missing';

/** What comes of an access that `p2m_access` forbids. */
export interface AccessCheck {
  /** The listener is told. */
  readonly event: boolean;
  /** The fault is looked into further; else it is done with: the vCPU waits for the listener, or tries again. */
  readonly goesOn: boolean;
  /** The access that the page has from now on; null: the same. */
  readonly becomes: P2mAccess | null;
  /** The domain is crashed: somebody has to listen, and nobody does. */
  readonly crash: boolean;
}

/** r 1, w 2, x 4 of an access: a write counts as a read too, since a processor need not tell which it was. */
const WANTED: Record<AccessKind, number> = { read: 1, write: 3, exec: 4 };

/** What an access lets through; one that waits for a first use lets through what it gives until then. */
const rights = (access: P2mAccess): number =>
  access === P2M_ACCESS.rx2rw ? P2M_ACCESS.rx : access === P2M_ACCESS.n2rwx ? P2M_ACCESS.n : access;

/**
 * An access against a page's `p2m_access`, as since 3adef8e327 (2016); null: it is allowed. rx2rw turns rw at the first
 * write, n2rwx rwx at the first use; of n2rwx the listener is told while the vCPU goes on, any other makes it wait. Where
 * nobody listens the restriction is dropped.
 */
export function checkAccess(access: P2mAccess, kind: AccessKind, listener: Listener): AccessCheck | null {
  if ((WANTED[kind] & ~rights(access)) === 0) return null;
  const done = { event: false, goesOn: false, becomes: null, crash: false };
  if (access === P2M_ACCESS.rx2rw && kind === 'write') return { ...done, becomes: P2M_ACCESS.rw };
  const once = access === P2M_ACCESS.n2rwx;
  const becomes = once || listener === 'absent' ? P2M_ACCESS.rwx : null;
  if (listener === 'present') return { ...done, event: true, goesOn: once, becomes };
  return listener === 'missing' ? { ...done, goesOn: true, becomes, crash: true } : { ...done, becomes };
}

/**
 * `checked`: the access check has dealt with it. `emulate`: to the emulator. `unshare`: one more try. `ram`: nothing is
 * wrong with the page (any more). `retry`: the access check let it pass. `fatal`: nobody knows what to do.
 */
export type FaultStep = 'checked' | 'emulate' | 'unshare' | 'ram' | 'retry' | 'fatal';

export interface FaultDecision {
  readonly step: FaultStep;
  /** Xen's return value: the vCPU goes on, or is made to wait. False: the guest is crashed. */
  readonly handled: boolean;
  /** Whether the gfn lock is held while the emulator runs; null: the emulator does not run. */
  readonly lockHeld: boolean | null;
  /** The page is marked dirty. */
  readonly dirty: boolean;
  /** The pager is asked for it, once the lock is gone. */
  readonly pageIn: boolean;
  /** Type that the page is given; null: it stays. */
  readonly becomes: P2mType | null;
}

/** A page as the handler finds it under the gfn lock, populated and for a write un-shared where that could be done. */
export interface FaultPage {
  readonly type: P2mType;
  /** The access is for a server that has claimed a numbered type; absent: the merged rule, a write to type 15 is. */
  readonly forServer?: boolean;
  /** What came of `p2m_access` where it forbids the access; null: it does not, or there is no frame. */
  readonly check: AccessCheck | null;
}

const { numbered: NUMBERED, forServer: FOR_SERVER } = PAGE_TYPE.is;
const NOTHING = { handled: true, lockHeld: null, dirty: false, pageIn: false, becomes: null } as const;

/** What is done about a page by what the chart of its type says. */
const STEPS: Record<string, FaultStep> = { emulate: 'emulate', unshare: 'unshare', ram: 'ram', page_in: 'ram' };
const FAULT: Record<AccessKind, number> = {
  read: PAGE_TYPE.on['fault.read'],
  write: PAGE_TYPE.on['fault.write'],
  exec: PAGE_TYPE.on['fault.exec'],
};

/**
 * The rule: a forbidden access first; else what the chart of the page's type says. The gfn lock is held through an emulation
 * since `lockThroughEmulation`. What nobody knows an answer to is fatal, unless the access check had let it pass.
 */
export function nestedPageFault(
  xen: Pick<Xen, 'lockThroughEmulation'>,
  law: PageLaw,
  { type, check, forServer }: FaultPage,
  kind: AccessKind,
): FaultDecision {
  if (check && !check.goesOn) return { ...NOTHING, step: 'checked' };
  const numbered = forServer === undefined ? 0 : NUMBERED | (forServer ? FOR_SERVER : 0);
  const { to, effect } = law.advance(type, FAULT[kind], numbered);
  const step = STEPS[effect ?? ''];
  if (step === undefined) return check ? { ...NOTHING, step: 'retry' } : { ...NOTHING, step: 'fatal', handled: false };
  return {
    ...NOTHING,
    step,
    lockHeld: step === 'emulate' ? xen.lockThroughEmulation : null,
    dirty: step === 'ram' && kind === 'write',
    pageIn: effect === 'page_in',
    becomes: to === type ? null : (to as P2mType),
  };
}

export interface FaultEnvironment extends Environment {
  /** What comes of an access against a page's `p2m_access`. */
  check(access: P2mAccess, kind: AccessKind): AccessCheck | null;
  /** `paging_mark_dirty`. */
  markDirty(gfn: number): void;
  /** Somebody makes room when un-sharing finds no memory (`mem_sharing_notify_enomem`); else the guest dies of it. */
  readonly enomemHelper: boolean;
}

export const NO_FAULT_ENVIRONMENT: FaultEnvironment = {
  ...NO_ENVIRONMENT,
  check: (access, kind) => checkAccess(access, kind, 'absent'),
  markDirty: () => undefined,
  enomemHelper: false,
};

/** A decision that has been carried out, but for the emulation: that is the caller's. */
export interface Fault extends FaultDecision {
  /** As the handler found it. */
  readonly type: P2mType;
  /** A listener was told. */
  readonly event: boolean;
  /** Un-sharing was tried. */
  readonly unshared: boolean;
  /** The domain was crashed on the way: a broken page, or a listener missing. */
  readonly crashed: boolean;
}

/** The fault at `gfn`, from the look-up to all that Xen does but emulate. */
export function hapNestedPageFault(
  p2m: P2m,
  gfn: number,
  kind: AccessKind,
  environment: FaultEnvironment = NO_FAULT_ENVIRONMENT,
): Fault {
  const page = getGfn(p2m, gfn, kind === 'write' ? 'unshare' : 'alloc', environment);
  const { type, mfn } = page;
  const check = namesFrame(p2m.classes, type) ? environment.check(page.access, kind) : null;
  if (check && check.becomes !== null) p2m.table.setEntry(gfn, mfn, 0, type, check.becomes);
  if (check?.crash) p2m.crash();
  const numbered = p2m.numbered > 0 && p2m.isServerType(type);
  const found = numbered ? { type, check, forServer: p2m.intercepts(type, kind === 'write') } : { type, check };
  const decision = nestedPageFault(p2m.xen, p2m.pageLaw, found, kind);
  let { handled } = decision;
  const { step, dirty, becomes, pageIn } = decision;
  if (step === 'unshare' && !environment.unshare(p2m, gfn) && !environment.enomemHelper) handled = false;
  if (dirty) environment.markDirty(gfn);
  if (becomes !== null) p2m.changeTypeOne(gfn, type, becomes);
  if (pageIn) environment.pageIn(p2m, gfn);
  return {
    ...decision,
    handled,
    type,
    event: check?.event ?? false,
    unshared: page.unshared || step === 'unshare',
    crashed: page.crashed || (check?.crash ?? false),
  };
}
