/**
 * KVM's page tracking (arch/x86/kvm/mmu/page_track.c; on Linux KVMGT uses it): a 16-bit count for every frame of the guest says
 * how many want to hear of writes there (kvm_write_track_add_gfn), and while it is not 0 the page is mapped read-only, by
 * 4 KiB. A write faults, the hypervisor carries it out by itself, and then calls each listener in turn, on the processor of
 * the vCPU that wrote (kvm_page_track_write): no event channel, no request, no switch to another context. A listener is told
 * of every page that anybody tracks, and has to know its own. No page belongs to anybody, so there is nothing to claim.
 *
 * EINVAL: no RAM of the guest's is there. What overflows the count is refused with a warning; no guest here comes near.
 * Writes that KVM itself makes into the guest (kvm_write_guest) tell nobody, as Xen's copies once did not.
 * Assumptions: listeners beside XenGT track each page that it does, and never let go; a string instruction is emulated one
 * element at a time; registers of the GPU go by the server and its range, as in every design.
 */
import { PAGE_SIZE } from '../config';
import { done } from '../emulate';
import { SLOT_STATE } from '../ioreq-slot';
import { VCPU } from '../machines/vcpu';
import type { Value } from '../memory';
import { isIn, P2M_ACCESS } from '../p2m-type';
import { advance, KIND, modify, rmwOp, type Vcpu } from '../vcpu';
import type { World } from '../world';
import { BASE, LISTENING, setAccess, type Design } from './design';

/** Stands where a vCPU's target is a server's id: it waits for the listeners. No server has this id. */
export const LISTENERS = 0xffff_ffff;
/** Bytes of a count. KVM has one for each frame of a slot, tracked or not. */
export const COUNTER_BYTES = 2;

const old: Value = { low: 0, high: 0 };
const now: Value = { low: 0, high: 0 };

export const pageTrack: Design = {
  ...BASE,
  name: 'page_track',
  watch: 'access',
  inKernel: true,
  functions: {
    'dm.protect': 'kvm_write_track_add_gfn',
    'dm.unprotect': 'kvm_write_track_remove_gfn',
    'fault.emulate': 'page_fault_handle_page_track',
  },
  guard: {
    on(w, gfn) {
      const { ledger } = w;
      const count = ledger.page(gfn);
      const rc = count === 0 ? setAccess(w, gfn, P2M_ACCESS.rx) : 0;
      if (rc === 0) ledger.note(gfn, count === 0 ? w.config.trackers : count + 1);
      return rc;
    },
    off(w, gfn) {
      const { ledger } = w;
      const count = ledger.page(gfn);
      if (count === 0) return 'EINVAL';
      ledger.note(gfn, count - 1);
      return count === 1 ? setAccess(w, gfn, P2M_ACCESS.rwx) : 0;
    },
  },
  faults: LISTENING,
  carriesOut(w, i) {
    const v = w.vcpus[i]!;
    const gfn = Math.floor(v.gpa / PAGE_SIZE);
    const { type, mfn } = w.p2m.getEntry(gfn);
    if (v.port === 1 || mfn === null || !isIn(w.p2m.classes.RAM & ~w.p2m.classes.DISCARD_WRITE, type)) return false;
    write(w, i, v, gfn, mfn);
    return true;
  },
  heap: ({ config }) => ({ nodes: 0, counters: (config.memory / PAGE_SIZE) * COUNTER_BYTES }),
};

/** One element of the instruction, and the call of the listeners, which the vCPU has to sit through. */
function write(w: World, i: number, v: Vcpu, gfn: number, mfn: number): void {
  const { memory } = w;
  const offset = v.gpa % PAGE_SIZE;
  memory.read(mfn, offset, v.size, old);
  now.low = v.low;
  now.high = v.high;
  if (v.kind === KIND.rmw) modify(rmwOp(v), v.size, old, v, now);
  memory.write(mfn, offset, v.size, now.low, now.high);
  const listeners = w.ledger.page(gfn);
  w.trace.emit('xen', 'track.write', { vcpu: i, gfn, gpa: v.gpa, size: v.size, ...now, listeners });
  v.reps = 1;
  if (listeners === 0 || !w.xengt.started) return done(w, i, v, 1);
  v.target = LISTENERS;
  v.latched = SLOT_STATE.ready;
  advance(w, v, VCPU.on.listen);
}
