/**
 * A guest vCPU: its program, the instruction it is at, and how far Xen has got with the exit that the instruction caused.
 * An instruction stays latched until it is retired, so that a retry executes the same one.
 */
import type { Config, RmwOp } from './config';
import { PAGE_SIZE, RMW_OPS } from './config';
import type { Value } from './memory';
import { mask } from './memory';
import { record, type RecordOf } from './record';
import type { Space } from './store';

/** Where a vCPU stands. From EXITED to RESPONDED it is Xen's code that acts for it. */
export const PHASE = {
  paused: 0,
  running: 1,
  /** Left the guest: a violation or misconfiguration waits to be handled. */
  exited: 2,
  /** In the emulator, about to find out who gets the access. */
  emulating: 3,
  /** The target is chosen, the request is not yet in its slot. */
  sending: 4,
  /** Waiting for the device model. */
  blocked: 5,
  /** The response is there. */
  responded: 6,
  done: 7,
  crashed: 8,
} as const;

export const KIND = { read: 1, write: 2, rmw: 3, exec: 4 } as const;
export type AccessKind = keyof typeof KIND;
const KIND_NAMES = Object.keys(KIND) as readonly AccessKind[];
export const kindName = (kind: number): AccessKind => KIND_NAMES[kind - 1]!;

const Vcpu = record({
  phase: 1,
  /** Operation of the program that is being executed. */
  pc: 1,
  /** The instruction: 0 none, else a KIND. */
  kind: 1,
  how: 1,
  gpa: 2,
  size: 1,
  low: 1,
  high: 1,
  /** Elements that are left of a string instruction; 1 for any other. */
  count: 1,
  /** The string instruction goes downwards. */
  down: 1,
  /** `gpa` is an I/O port. */
  port: 1,
  /** The exit was a misconfiguration, not a violation. */
  misconfig: 1,
  /** The read half of a read-modify-write is done; its value. */
  readDone: 1,
  readLow: 1,
  readHigh: 1,
  /** Id of the server that was chosen for the request. */
  target: 1,
  /** It was chosen by the claim on the page's type, not by a range. */
  byClaim: 1,
  /** Elements of the request under way. */
  reps: 1,
  /** `hvm_io.io_req.state`: Xen's own note of the request, one of SLOT_STATE. Outlives the device model. */
  latched: 1,
  /** Times that this instruction was tried again to no avail since the last change that could help it. */
  retries: 1,
  /** One more misconfiguration without cause will be tolerated (`ept_spurious_misconfig`). */
  spurious: 1,
});
export type Vcpu = RecordOf<typeof Vcpu>;

export const VCPU_WORDS = Vcpu.words;
export const vcpuAt = (space: Space, base: number): Vcpu => Vcpu.at(space, base);

/** Something has changed in Xen: what was tried in vain may come to something now. */
export function forgetTries(vcpus: readonly Vcpu[]): void {
  for (const v of vcpus) if (v.retries !== 0) v.retries = 0;
}

export const programOf = (config: Config, vcpu: number) => config.programs[vcpu] ?? [];

/** Result of a read-modify-write of `size` bytes on `old`. */
export function modify(how: RmwOp, size: number, old: Value, by: Value, into: Value): Value {
  const apply = (a: number, b: number): number =>
    how === 'or' ? a | b : how === 'and' ? a & b : how === 'xor' ? a ^ b : how === 'xchg' ? b : a + b;
  const low = apply(old.low, by.low);
  const carry = how === 'add' && old.low + by.low > 0xffffffff ? 1 : 0;
  into.high = size === 8 ? (apply(old.high, by.high) + carry) >>> 0 : 0;
  into.low = (low & mask(size)) >>> 0;
  return into;
}

export const rmwOp = (vcpu: Vcpu): RmwOp => RMW_OPS[vcpu.how]!;

/** Elements of a string instruction that lie in the page it is at: a processor or Xen does no more at once. */
export function repsInPage({ gpa, size, count, down }: Vcpu): number {
  const offset = gpa % PAGE_SIZE;
  return Math.min(count, Math.floor(down === 1 ? offset / size + 1 : (PAGE_SIZE - offset) / size));
}
