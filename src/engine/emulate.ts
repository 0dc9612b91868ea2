/**
 * From the exit to the answer: what Xen does for a vCPU that left the guest, each function one step.
 * Xen: xen/arch/x86/hvm/hvm.c (hvm_hap_nested_page_fault), emulate.c (hvmemul_do_io), ioreq.c (hvm_send_ioreq,
 * hvm_io_assist). Left out: the instruction decoder (the vCPU's latched access stands for what it would yield), in-hypervisor
 * handlers, altp2m, vm_event, nested guests.
 */
import { PAGE_SIZE } from './config';
import type { Vcpu } from './vcpu';
import { emptySlot, fillSlot, serverFor } from './dm-calls';
import { retire } from './execute';
import { KIND, PHASE, modify, rmwOp } from './vcpu';
import type { Value } from './memory';
import { isIn, P2M, type P2mType } from './p2m-type';
import type { World } from './world';

const gfnOf = (v: Vcpu): number => Math.floor(v.gpa / PAGE_SIZE);
const writes = (v: Vcpu): boolean => v.kind !== KIND.read;
const scratch: Value = { low: 0, high: 0 };

/** Misconfiguration exit: settles the marks on the path of the access (`ept_handle_misconfig`). */
export function handleMisconfig(w: World, i: number): void {
  const v = w.vcpus[i]!;
  const gfn = gfnOf(v);
  const rc = w.p2m.handleMisconfig(gfn, i);
  v.misconfig = 0;
  v.phase = rc ? PHASE.running : PHASE.crashed;
  w.trace.emit('xen', 'fault.resolved', { vcpu: i, gfn, changed: rc });
}

/** EPT violation: takes the gfn lock, looks the type up, decides. Without `lockThroughEmulation` the lock ends here. */
export function handleViolation(w: World, i: number): void {
  const v = w.vcpus[i]!;
  const gfn = gfnOf(v);
  const { type } = w.p2m.getEntry(gfn);
  const params = { vcpu: i, gfn, type };
  if (type === P2M.mmio_dm || (writes(v) && (isIn(w.p2m.classes.DISCARD_WRITE, type) || type === P2M.ioreq_server))) {
    const locked = w.xen.lockThroughEmulation;
    if (locked) w.lockP2m(i);
    v.phase = PHASE.emulating;
    w.trace.emit('xen', 'fault.emulate', { ...params, locked });
  } else if (isIn(w.p2m.classes.RAM, type)) {
    const dirtied = writes(v) && w.p2m.changeTypeOne(gfn, P2M.ram_logdirty, P2M.ram_rw) === 0;
    v.phase = PHASE.running;
    w.trace.emit('xen', 'fault.ram', { ...params, dirtied });
  } else {
    v.phase = PHASE.crashed;
    w.trace.emit('xen', 'fault.fatal', params);
  }
}

/**
 * `hvmemul_do_io`: who gets the access. A type-15 frame of a Xen that knows claims belongs to the holder: without one the
 * instruction is retried, and a read is the first half of a read-modify-write, served from the page. Any other frame goes
 * by the servers' ranges; where no server takes it, a write vanishes and a read gives all ones.
 */
export function doIo(w: World, i: number): void {
  const v = w.vcpus[i]!;
  const gfn = gfnOf(v);
  const reads = v.kind === KIND.read || (v.kind === KIND.rmw && v.readDone === 0);
  const { type, mfn } = w.p2m.getEntry(gfn);
  const claimed = w.xen.claim && type === P2M.ioreq_server;
  const before = w.trace.spent.rangeComparisons;
  const server = claimed ? w.p2m.claimHolder : serverFor(w, v);
  const comparisons = w.trace.spent.rangeComparisons - before;
  if (claimed && server === null) {
    w.unlockP2m(i);
    v.readDone = 0;
    v.phase = PHASE.running;
    w.trace.emit('xen', 'io.retry', { vcpu: i, gfn });
  } else if (claimed && reads && w.xen.rmwReads && mfn !== null) {
    w.memory.read(mfn, v.gpa, v.size, scratch);
    latchRead(v, scratch.low, scratch.high);
    w.trace.emit('xen', 'io.readHalf', { vcpu: i, gfn, ...scratch });
  } else {
    const by = server === null ? 'none' : claimed ? 'claim' : 'range';
    w.trace.emit('xen', 'io.select', { vcpu: i, gfn, server: server ?? 0, by, comparisons });
    if (server === null) discard(w, i, v, reads, type);
    else {
      v.target = server;
      v.phase = PHASE.sending;
    }
  }
}

function discard(w: World, i: number, v: Vcpu, reads: boolean, type: P2mType): void {
  w.trace.emit('xen', 'io.discard', { vcpu: i, gfn: gfnOf(v), type, write: !reads });
  const meant = type === P2M.mmio_dm || isIn(w.p2m.classes.DISCARD_WRITE, type);
  if (!reads && !meant) w.book.lostWrites += 1;
  if (reads) latchRead(v, 0xffffffff, v.size === 8 ? 0xffffffff : 0);
  if (reads && v.kind === KIND.rmw) return;
  w.unlockP2m(i);
  retire(w, i);
}

/** What the write half of a read-modify-write will store is known once its read half is. */
function latchRead(v: Vcpu, low: number, high: number): void {
  v.readDone = 1;
  v.readLow = low;
  v.readHigh = high;
}

/** The value that the instruction stores. */
export function valueToWrite(v: Vcpu, into: Value): Value {
  if (v.kind === KIND.rmw) return modify(rmwOp(v), v.size, { low: v.readLow, high: v.readHigh }, v, into);
  into.low = v.low;
  into.high = v.high;
  return into;
}

/** `hvm_send_ioreq`: fills the vCPU's slot in the server's page, notifies, and the vCPU waits. The lock ends here. */
export function sendIoreq(w: World, i: number): void {
  const v = w.vcpus[i]!;
  const gfn = gfnOf(v);
  const write = v.kind === KIND.write || (v.kind === KIND.rmw && v.readDone === 1);
  const { low, high } = write ? valueToWrite(v, scratch) : { low: 0, high: 0 };
  const server = v.target;
  w.unlockP2m(i);
  if (!fillSlot(w, server, i, { gpa: v.gpa, size: v.size, low, high, write })) {
    v.phase = PHASE.crashed;
    w.trace.emit('xen', 'io.unhandleable', { vcpu: i, gfn, why: 'slotBusy' });
    return;
  }
  w.trace.add('notifications');
  v.phase = PHASE.blocked;
  w.trace.emit('xen', 'ioreq.ready', { vcpu: i, gpa: v.gpa, gfn, size: v.size, low, high, server, write });
}

/** `hvm_io_assist` and the completion: empties the slot; a read's value goes into the instruction, a write is over. */
export function complete(w: World, i: number): void {
  const v = w.vcpus[i]!;
  const gfn = gfnOf(v);
  const { low, high } = emptySlot(w, v.target, i, scratch);
  v.target = 0;
  const write = v.kind === KIND.write || (v.kind === KIND.rmw && v.readDone === 1);
  w.trace.emit('xen', 'vcpu.resume', { vcpu: i, gfn, write, low, high });
  if (v.kind === KIND.rmw && !write) {
    latchRead(v, low, high);
    v.phase = PHASE.emulating;
  } else {
    retire(w, i);
  }
}
