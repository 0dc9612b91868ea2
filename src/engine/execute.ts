/**
 * What a vCPU does in the guest: fetches the next instruction of its program and makes the access. The processor walks the
 * nested tables; what they permit costs no exit, anything else leaves the guest. I/O instructions and hypercalls always do.
 */
import type { Access } from './command';
import { RMW_OPS, PAGE_SIZE, type Op } from './config';
import { copyToGuest } from './copy';
import { copyHost, elements, wroteBehind } from './io-host';
import { VCPU } from './machines/vcpu';
import type { Value } from './memory';
import { newTranslation } from './p2m-table';
import { advance, hasEnded, KIND, kindName, modify, programOf, repsInPage, rmwOp, type Vcpu } from './vcpu';
import type { World } from './world';
import type { Instruction } from './xengt/driver';

const { on } = VCPU;
const walk = newTranslation();
const value: Value = { low: 0, high: 0 };
const fetched: Instruction = { gpa: 0, size: 0, low: 0, high: 0, count: 0 };

/** One instruction, or the same one again after a retry. */
export function execute(w: World, i: number): void {
  const v = w.vcpus[i]!;
  if (v.kind === 0) {
    w.trace.uncaused();
    if (!fetch(w, i, v)) return;
  }
  make(w, i, v);
}

/**
 * An instruction of the user's, at a place between two of the program's or after its end. It is made as one of the program's
 * would be, over as many steps, and the program stays where it is.
 */
export function instruct(w: World, i: number, access: Access): void {
  const v = w.vcpus[i]!;
  w.trace.uncaused();
  if (hasEnded(v)) advance(w, v, on.instruct);
  if (access.op === 'hypercall') return hypercall(w, i, access);
  w.hands[i]!.latched = 1;
  latchDirect(v, access);
  make(w, i, v);
}

/** The instruction that is latched. */
function make(w: World, i: number, v: Vcpu): void {
  if (v.port === 1) return leaveForPort(w, i, v);
  const gfn = Math.floor(v.gpa / PAGE_SIZE);
  w.p2m.translate(gfn, v.kind === KIND.exec ? 'exec' : v.kind === KIND.read ? 'read' : 'write', walk);
  if (walk.outcome === 'ok' && walk.mfn !== null) access(w, i, v, gfn, walk.mfn);
  else leave(w, i, v, gfn);
}

function access(w: World, i: number, v: Vcpu, gfn: number, mfn: number): void {
  const { memory, trace } = w;
  const offset = v.gpa % PAGE_SIZE;
  const where = { vcpu: i, gpa: v.gpa, gfn, size: v.size };
  const reps = repsInPage(v);
  if (v.kind === KIND.read) {
    memory.read(mfn, offset, v.size, value);
    trace.emit(`vcpu${i}`, 'guest.read', { ...where, ...value });
  } else if (v.kind === KIND.exec) {
    trace.emit(`vcpu${i}`, 'guest.exec', where);
  } else if (v.kind === KIND.rmw) {
    modify(rmwOp(v), v.size, memory.read(mfn, offset, v.size, value), v, value);
    memory.write(mfn, offset, v.size, value.low, value.high);
    trace.emit(`vcpu${i}`, 'guest.rmw', { ...where, ...value });
  } else {
    const stride = v.down === 1 ? -v.size : v.size;
    for (let n = 0; n < reps; n++) memory.write(mfn, offset + n * stride, v.size, v.low, v.high);
    trace.emit(`vcpu${i}`, 'guest.write', { ...where, low: v.low, high: v.high, count: reps });
  }
  if (v.kind === KIND.write || v.kind === KIND.rmw) w.pastXengt(i, gfn);
  advance(w, v, on.access);
  retire(w, i, reps);
}

function leave(w: World, i: number, v: Vcpu, gfn: number): void {
  const where = { vcpu: i, gpa: v.gpa, gfn, size: v.size, kind: kindName(v.kind), level: walk.level };
  w.trace.add('exits');
  if (walk.outcome === 'misconfig') {
    advance(w, v, on.misconfig);
    v.misconfig = 1;
    w.trace.emit(`vcpu${i}`, 'exit.misconfig', where);
    return;
  }
  advance(w, v, on.violation);
  v.readDone = 0;
  w.trace.emit(`vcpu${i}`, 'exit.violation', { ...where, low: v.low, high: v.high });
}

function leaveForPort(w: World, i: number, v: Vcpu): void {
  const { gpa: port, size, low, high } = v;
  w.trace.add('exits');
  advance(w, v, on.io);
  w.trace.emit(`vcpu${i}`, 'exit.io', { vcpu: i, port, size, write: v.kind === KIND.write, low, high });
}

/** The answer of a hypercall goes into the guest's buffer by Xen's own hand (`copy_to_guest`). */
function hypercall(w: World, i: number, { gpa, size, low, high }: Access & { op: 'hypercall' }): void {
  const gfn = Math.floor(gpa / PAGE_SIZE);
  const { type } = w.p2m.getEntry(gfn);
  w.trace.add('exits');
  const { result } = copyToGuest(copyHost(w), gpa, elements(low, high, size, 1));
  const behind = result === 'okay' && wroteBehind(w, i, gfn, type);
  w.trace.emit('xen', 'xen.copy', { vcpu: i, gpa, gfn, size, type, result, behind });
}

/** `reps` elements have been carried out: a string instruction goes on with those left, else the program goes on. */
export function retire(w: World, i: number, reps = 1): void {
  const v = w.vcpus[i]!;
  v.readDone = v.readLow = v.readHigh = v.retries = 0;
  if (v.count > reps) {
    v.count -= reps;
    v.gpa += v.size * (v.down === 1 ? -reps : reps);
    return;
  }
  const hand = w.hands[i]!;
  const op = programOf(w.config, i)[v.pc]!;
  if (hand.latched === 1) hand.latched = 0;
  else if (isDirect(op)) v.pc += 1;
  else w.driver.retired(op);
  v.kind = v.size = v.low = v.high = v.count = v.how = v.gpa = v.down = v.port = 0;
}

const isDirect = (op: Op): op is Access => 'gpa' in op;

/** Latches the next instruction of the program; false when there is none, or the step was spent otherwise. */
function fetch(w: World, i: number, v: Vcpu): boolean {
  const program = programOf(w.config, i);
  for (;;) {
    const op = program[v.pc];
    if (op === undefined) {
      advance(w, v, on.end);
      w.trace.emit(`vcpu${i}`, 'guest.done', { vcpu: i });
      return false;
    }
    if (isDirect(op)) {
      if (op.op !== 'hypercall') return latchDirect(v, op);
      hypercall(w, i, op);
      v.pc += 1;
      return false;
    }
    const next = w.driver.next(op, fetched);
    if (next === 'ready') {
      v.kind = KIND.write;
      latch(v, fetched.gpa, fetched.size, fetched.low, fetched.high, fetched.count);
      return true;
    }
    v.pc += 1;
    if (next === 'noMemory') {
      w.trace.emit(`vcpu${i}`, 'guest.noMemory', { vcpu: i, op: op.op });
      return false;
    }
  }
}

const KINDS = {
  write: KIND.write,
  read: KIND.read,
  rmw: KIND.rmw,
  exec: KIND.exec,
  stos: KIND.write,
  out: KIND.write,
  in: KIND.read,
} as const;

function latchDirect(v: Vcpu, op: Exclude<Access, { op: 'hypercall' }>): true {
  v.kind = KINDS[op.op];
  const { low, high } = 'low' in op ? op : { low: 0, high: 0 };
  latch(v, op.gpa, op.op === 'exec' ? 1 : op.size, low, high, op.op === 'stos' ? op.count : 1);
  v.how = op.op === 'rmw' ? RMW_OPS.indexOf(op.how) : 0;
  v.down = op.op === 'stos' && op.down ? 1 : 0;
  v.port = op.op === 'out' || op.op === 'in' ? 1 : 0;
  return true;
}

function latch(v: Vcpu, gpa: number, size: number, low: number, high: number, count: number): void {
  v.gpa = gpa;
  v.size = size;
  v.low = low;
  v.high = high;
  v.count = count;
}
