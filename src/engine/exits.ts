/**
 * A vCPU has left the guest: a marked entry is settled, or a violation is looked into. Each function is one step.
 * Xen: xen/arch/x86/mm/p2m-ept.c (ept_handle_misconfig), hvm/hvm.c (hvm_hap_nested_page_fault).
 */
import { PAGE_SIZE } from './config';
import { VCPU } from './machines/vcpu';
import { hapNestedPageFault } from './nested-page-fault';
import { advance, forgetTries, KIND, triedInVain, type Vcpu } from './vcpu';
import type { World } from './world';

const { on, is } = VCPU;

export const gfnOf = (v: Vcpu): number => Math.floor(v.gpa / PAGE_SIZE);

/** Misconfiguration exit: settles the marks on the path of the access. */
export function handleMisconfig(w: World, i: number): void {
  const v = w.vcpus[i]!;
  const gfn = gfnOf(v);
  const rc = w.p2m.handleMisconfig(gfn, i);
  v.misconfig = 0;
  forgetTries(w);
  advance(w, v, rc ? on.settled : on.fatal);
  w.trace.emit('xen', 'fault.resolved', { vcpu: i, gfn, changed: rc });
}

/**
 * Violation: takes the gfn lock, looks the type up, decides. Without `lockThroughEmulation` the lock ends here. What Xen
 * holds to be in order is tried again at once; a fetch from type 15 is such a thing since the claim, for ever.
 */
export function handleViolation(w: World, i: number): void {
  const v = w.vcpus[i]!;
  const gfn = gfnOf(v);
  const kind = v.kind === KIND.exec ? 'exec' : v.kind === KIND.read ? 'read' : 'write';
  const fault = hapNestedPageFault(w.p2m, gfn, kind, w.design.faults);
  const { type, handled, lockHeld, becomes } = fault;
  // A write that p2m_access stopped is emulated for whoever is told of it.
  const step = fault.event ? 'emulate' : fault.step;
  const params = { vcpu: i, gfn, type };
  if (step === 'emulate') {
    const { to } = advance(w, v, on.emulate, kind === 'exec' ? is.fetch : 0);
    if (to === VCPU.at.crashed) return w.trace.emit('xen', 'io.unhandleable', { vcpu: i, gfn, why: 'fetch' });
    const locked = lockHeld === true;
    if (locked) w.lockP2m(i);
    w.trace.emit('xen', 'fault.emulate', { ...params, locked });
  } else if (handled) {
    const { to } = advance(w, v, on.handled, becomes === null ? 0 : is.helped);
    if (to === VCPU.at.retrying) triedInVain(v);
    else forgetTries(w);
    w.trace.emit('xen', 'fault.ram', { ...params, dirtied: becomes !== null });
  } else {
    advance(w, v, on.fatal);
    w.trace.emit('xen', 'fault.fatal', params);
  }
}
