/**
 * An access that Xen makes for a vCPU, from the fault to the request. Each function is one step.
 * Xen: xen/arch/x86/hvm/emulate.c (hvmemul_do_io, hvmemul_rep_stos), ioreq.c (hvm_send_ioreq, handle_hvm_io_completion).
 * Left out: the instruction decoder (the vCPU's latched access stands for what it would yield), altp2m, vm_event, nested
 * guests. A guest whose access cannot be emulated gets a general protection fault; here its vCPU stops with it.
 */
import { copyToGuest } from './copy';
import { NOTHING_LATCHED, routeIo, sendIo, type IoRequest, type IoResult, type Latched } from './do-io';
import { LISTENERS } from './designs/page-track';
import { emptySlot } from './dm-calls';
import { retire } from './execute';
import { gfnOf } from './exits';
import { copyHost, elements, wroteBehind } from './io-host';
import { SLOT_STATE } from './ioreq-slot';
import { VCPU } from './machines/vcpu';
import type { Value } from './memory';
import { isIn, P2M } from './p2m-type';
import { advance, KIND, modify, repsInPage, rmwOp, triedInVain, type Vcpu } from './vcpu';
import { fromNumber } from './words64';
import type { World } from './world';

const { on, is } = VCPU;
const scratch: Value = { low: 0, high: 0 };

/** The access is a read, or the read half of a read-modify-write. */
const reads = (v: Vcpu): boolean => v.kind === KIND.read || (v.kind === KIND.rmw && v.readDone === 0);

/** Who gets the access; what Xen can do itself is done at once. */
export function emulate(w: World, i: number): void {
  const v = w.vcpus[i]!;
  const gfn = gfnOf(v);
  if (w.design.carriesOut(w, i)) return;
  if (v.count > 1 && v.reps === 0 && v.port === 0 && !isMmio(w, gfn)) {
    if (w.design.copiesStrings) return copyString(w, i, v, gfn);
    v.reps = 1;
  }
  const before = w.trace.spent.rangeComparisons;
  const routed = routeIo(w.io(i), requestOf(v), latchedOf(v));
  const comparisons = w.trace.spent.rangeComparisons - before;
  if (!('base' in routed)) return byXen(w, i, v, routed, comparisons);
  v.target = routed.server;
  v.byClaim = routed.route === 'claim' ? 1 : 0;
  v.reps = routed.base.reps;
  advance(w, v, on.select);
  const by = routed.server === w.qemu.server ? 'default' : routed.route === 'claim' ? w.design.owns : 'range';
  w.trace.emit('xen', 'io.select', { vcpu: i, gfn, server: routed.server, by, comparisons, ...portOf(v) });
}

/** What needs no device model, and what has no way to one. */
function byXen(w: World, i: number, v: Vcpu, result: IoResult, comparisons: number): void {
  const gfn = gfnOf(v);
  const { route, data } = result;
  if (route === 'none') {
    stop(w, i, v, v.latched === SLOT_STATE.none ? 'size' : 'pending');
  } else if (route === 'retry') {
    w.unlockP2m(i);
    v.readDone = v.reps = 0;
    triedInVain(v);
    advance(w, v, on.retry);
    w.trace.emit('xen', 'io.retry', { vcpu: i, gfn });
  } else if (route === 'internal') {
    const { low, high } = valueToWrite(v, scratch);
    w.trace.emit('xen', 'io.buffered', { vcpu: i, gfn, pending: w.qemu.ring?.pending ?? 0, low, high });
    done(w, i, v, 1);
  } else {
    const value = { low: data?.lo ?? 0, high: data?.hi ?? 0 };
    if (route === 'readHalf') w.trace.emit('xen', 'io.readHalf', { vcpu: i, gfn, ...value });
    else discarded(w, i, v, gfn, comparisons);
    if (reads(v)) latchRead(v, value.low, value.high);
    if (v.kind === KIND.rmw && data !== null) advance(w, v, on.readHalf);
    else done(w, i, v, result.reps);
  }
}

/** The null handler: nobody takes the access. A write to RAM that was trapped is lost by it. */
function discarded(w: World, i: number, v: Vcpu, gfn: number, comparisons: number): void {
  const { type } = w.p2m.getEntry(gfn);
  const write = !reads(v);
  w.trace.emit('xen', 'io.select', { vcpu: i, gfn, server: 0, by: 'none', comparisons, ...portOf(v) });
  w.trace.emit('xen', 'io.discard', { vcpu: i, gfn, type, write, ...portOf(v) });
  const device = type === P2M.mmio_dm && w.design.mapping(w, gfn) === null;
  if (write && v.port === 0 && !device && !isIn(w.p2m.classes.DISCARD_WRITE, type)) w.book.lostWrites += 1;
}

/**
 * A string instruction whose page is not a device's: Xen makes the whole of it by one copy, which no table traps. What the
 * copy refuses goes on element by element.
 */
function copyString(w: World, i: number, v: Vcpu, gfn: number): void {
  const reps = repsInPage(v);
  const bytes = reps * v.size;
  const from = v.down === 1 ? v.gpa - bytes + v.size : v.gpa;
  const { type } = w.p2m.getEntry(gfn);
  const { result } = copyToGuest(copyHost(w), from, elements(v.low, v.high, v.size, reps));
  const behind = result === 'okay' && wroteBehind(w, i, gfn, type);
  w.trace.emit('xen', 'io.copy', { vcpu: i, gfn, type, bytes, result, behind });
  if (result === 'okay') return done(w, i, v, reps);
  advance(w, v, on.elements);
  v.reps = 1;
}

/** Fills the vCPU's slot in the server's page, notifies, and the vCPU waits. The lock ends here. */
export function send(w: World, i: number): void {
  const v = w.vcpus[i]!;
  const write = !reads(v);
  const request = requestOf(v);
  const route = v.byClaim === 1 ? 'claim' : 'range';
  const base = { ...UNSENT, latched: NOTHING_LATCHED, reps: v.reps };
  const { server } = sendIo(w.io(i), request, { route, server: v.target, base });
  if (server === null) return stop(w, i, v, 'slotBusy');
  w.unlockP2m(i);
  v.latched = SLOT_STATE.ready;
  advance(w, v, on.send);
  w.trace.add('notifications');
  const { lo: low, hi: high } = request.data;
  const { gpa, size } = v;
  w.trace.emit('xen', 'ioreq.ready', { vcpu: i, gpa, gfn: gfnOf(v), size, low, high, server, write, ...portOf(v) });
}

/**
 * The vCPU wakes. With an answer a read's value goes into the instruction and a write is over. Its server gone, nothing
 * answers: since `deadServerReset` the instruction counts as done, with what the latch holds; before, the latch stays as it
 * is and every emulation to come is refused.
 */
export function complete(w: World, i: number): void {
  const v = w.vcpus[i]!;
  const gfn = gfnOf(v);
  if (v.target === LISTENERS) return returned(w, i, v, gfn);
  const orphaned = !w.hasServer(v.target);
  const write = !reads(v);
  const firstHalf = v.kind === KIND.rmw && !write;
  const facts = (firstHalf ? is.firstHalf : 0) | unfinished(v, v.reps);
  const { effect } = advance(w, v, orphaned ? on.orphaned : on.resume, facts);
  if (orphaned) {
    const reset = effect !== 'latchStays';
    w.trace.emit('xen', 'io.orphaned', { vcpu: i, gfn, reset });
    if (!reset) return;
    scratch.low = scratch.high = 0;
  } else {
    const { low, high } = emptySlot(w, v.target, i, scratch);
    w.trace.add('switches');
    w.trace.emit('xen', 'vcpu.resume', { vcpu: i, gfn, write, low, high });
  }
  v.latched = SLOT_STATE.none;
  v.target = 0;
  if (firstHalf) {
    latchRead(v, scratch.low, scratch.high);
    v.reps = 0;
  } else over(w, i, v, v.reps);
}

/** The listeners have been called, on this vCPU's processor: nothing was switched, and nobody had to be woken. */
function returned(w: World, i: number, v: Vcpu, gfn: number): void {
  if (w.xengt.serving === i) w.xengt.returned();
  v.latched = SLOT_STATE.none;
  v.target = 0;
  w.trace.emit('xen', 'track.returned', { vcpu: i, gfn });
  advance(w, v, on.resume, unfinished(v, v.reps));
  over(w, i, v, v.reps);
}

const unfinished = (v: Vcpu, reps: number): number => (v.count > reps ? is.unfinished : 0);

/** Xen has carried out elements by itself. A string instruction goes on in the emulator, without an exit. */
export function done(w: World, i: number, v: Vcpu, reps: number): void {
  advance(w, v, on.retire, unfinished(v, reps));
  over(w, i, v, reps);
}

/** Elements are over; the lock ends if it is still held. */
function over(w: World, i: number, v: Vcpu, reps: number): void {
  w.unlockP2m(i);
  v.reps = 0;
  retire(w, i, reps);
}

function stop(w: World, i: number, v: Vcpu, why: 'slotBusy' | 'pending' | 'size'): void {
  w.unlockP2m(i);
  advance(w, v, on.unhandleable);
  w.trace.emit('xen', 'io.unhandleable', { vcpu: i, gfn: gfnOf(v), why });
}

/** What the write half of a read-modify-write will store is known once its read half is. */
function latchRead(v: Vcpu, low: number, high: number): void {
  v.readDone = 1;
  v.readLow = low;
  v.readHigh = high;
}

/** The value that the instruction stores. */
function valueToWrite(v: Vcpu, into: Value): Value {
  if (v.kind === KIND.rmw) return modify(rmwOp(v), v.size, { low: v.readLow, high: v.readHigh }, v, into);
  into.low = v.low;
  into.high = v.high;
  return into;
}

function requestOf(v: Vcpu): IoRequest {
  const read = reads(v);
  const { low, high } = read ? { low: 0, high: 0 } : valueToWrite(v, scratch);
  return {
    memory: v.port === 0,
    addr: fromNumber(v.gpa),
    size: v.size,
    reps: v.reps || repsInPage(v),
    dir: read ? 1 : 0,
    df: v.down === 1,
    dataIsPtr: false,
    data: { lo: low, hi: high },
  };
}

/** Of the latch only its state can matter here: the same instruction made it. */
const latchedOf = (v: Vcpu): Latched =>
  v.latched === SLOT_STATE.none ? NOTHING_LATCHED : { ...NOTHING_LATCHED, state: v.latched };

const UNSENT = { rc: 'UNHANDLEABLE', route: 'none', server: null, data: null, guestReads: 0, crash: null } as const;

const portOf = (v: Vcpu): { port?: number } => (v.port === 1 ? { port: v.gpa } : {});

const isMmio = (w: World, gfn: number): boolean => w.p2m.getEntry(gfn).type === P2M.mmio_dm;
