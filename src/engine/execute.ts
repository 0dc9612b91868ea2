/**
 * What a vCPU does in the guest: fetches the next instruction of its program and makes the access. The processor walks the
 * EPT; what it permits costs no exit, anything else leaves the guest.
 */
import { RMW_OPS, PAGE_SIZE, type Op } from './config';
import type { Value } from './memory';
import { newTranslation } from './p2m-table';
import { KIND, kindName, modify, PHASE, programOf, rmwOp, type Vcpu } from './vcpu';
import type { World } from './world';
import type { Instruction } from './xengt/driver';

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
  const gfn = Math.floor(v.gpa / PAGE_SIZE);
  w.p2m.translate(gfn, v.kind === KIND.read ? 'read' : 'write', walk);
  if (walk.outcome === 'ok' && walk.mfn !== null) access(w, i, v, gfn, walk.mfn);
  else leave(w, i, v, gfn);
}

function access(w: World, i: number, v: Vcpu, gfn: number, mfn: number): void {
  const { memory, trace } = w;
  const offset = v.gpa % PAGE_SIZE;
  const where = { vcpu: i, gpa: v.gpa, gfn, size: v.size };
  if (v.kind === KIND.read) {
    memory.read(mfn, offset, v.size, value);
    trace.emit(`vcpu${i}`, 'guest.read', { ...where, ...value });
  } else if (v.kind === KIND.rmw) {
    modify(rmwOp(v), v.size, memory.read(mfn, offset, v.size, value), v, value);
    memory.write(mfn, offset, v.size, value.low, value.high);
    trace.emit(`vcpu${i}`, 'guest.rmw', { ...where, ...value });
  } else {
    for (let n = 0; n < v.count; n++) memory.write(mfn, offset + n * v.size, v.size, v.low, v.high);
    trace.emit(`vcpu${i}`, 'guest.write', { ...where, low: v.low, high: v.high, count: v.count });
    v.count = 1;
  }
  if (v.kind !== KIND.read && w.xengt.tables.of(gfn) !== 0) w.book.unseenWrites += 1;
  retire(w, i);
}

function leave(w: World, i: number, v: Vcpu, gfn: number): void {
  const where = { vcpu: i, gpa: v.gpa, gfn, size: v.size, kind: kindName(v.kind), level: walk.level };
  w.trace.add('exits');
  v.phase = PHASE.exited;
  if (walk.outcome === 'misconfig') {
    v.misconfig = 1;
    w.trace.emit(`vcpu${i}`, 'exit.misconfig', where);
    return;
  }
  v.readDone = 0;
  w.trace.emit(`vcpu${i}`, 'exit.violation', { ...where, low: v.low, high: v.high });
}

/** The instruction has been carried out: the program goes on. A string instruction goes on with its next element. */
export function retire(w: World, i: number): void {
  const v = w.vcpus[i]!;
  v.phase = PHASE.running;
  v.readDone = v.readLow = v.readHigh = 0;
  if (v.count > 1) {
    v.count -= 1;
    v.gpa += v.size;
    return;
  }
  const op = programOf(w.config, i)[v.pc]!;
  if (isDirect(op)) v.pc += 1;
  else w.driver.retired(op);
  v.kind = v.size = v.low = v.high = v.count = v.how = v.gpa = 0;
}

type Direct = Extract<Op, { gpa: number }>;
const isDirect = (op: Op): op is Direct => 'gpa' in op;

/** Latches the next instruction of the program; false when there is none, or the step was spent on saying so. */
function fetch(w: World, i: number, v: Vcpu): boolean {
  const program = programOf(w.config, i);
  for (;;) {
    const op = program[v.pc];
    if (op === undefined) {
      v.phase = PHASE.done;
      w.trace.emit(`vcpu${i}`, 'guest.done', { vcpu: i });
      return false;
    }
    if (isDirect(op)) {
      v.kind = KIND[op.op];
      latch(v, op.gpa, op.size, op.op === 'read' ? 0 : op.low, op.op === 'read' ? 0 : op.high, 1);
      v.how = op.op === 'rmw' ? RMW_OPS.indexOf(op.how) : 0;
      return true;
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

function latch(v: Vcpu, gpa: number, size: number, low: number, high: number, count: number): void {
  v.gpa = gpa;
  v.size = size;
  v.low = low;
  v.high = high;
  v.count = count;
}
