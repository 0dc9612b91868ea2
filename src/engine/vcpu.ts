/**
 * A guest vCPU: its program, the instruction it is at, and how far Xen has got with the exit that the instruction caused.
 * An instruction stays latched until it is retired, so that a retry executes the same one. What follows what is decided by
 * machines/vcpu.ts.
 */
import type { Config, RmwOp } from './config';
import { PAGE_SIZE, RMW_OPS } from './config';
import type { Decision, Law } from './machines/law';
import { tagged } from './machines/read-chart';
import { VCPU } from './machines/vcpu';
import type { Value } from './memory';
import { mask } from './memory';
import { record, type RecordOf } from './record';
import type { Space } from './store';

/** Where a vCPU stands: states of the chart, by name. */
export const PHASE = VCPU.at;

/** By phase: it may act at any time; once the p2m lock is free; once it is answered. */
export const ACTS = tagged(VCPU, 'acts');
export const LOCKS = tagged(VCPU, 'locks');
export const WAITS = tagged(VCPU, 'waits');
const IN_XEN = tagged(VCPU, 'inXen');
const OVER = tagged(VCPU, 'over');

/** It is in the midst of Xen's code; one that waits for a device model is not. */
export const isInXen = ({ phase }: Vcpu): boolean => IN_XEN[phase]!;
/** It makes no instruction any more. */
export const hasEnded = ({ phase }: Vcpu): boolean => OVER[phase]!;
/** Its instruction has left the guest and is not over. */
export const isAway = (phase: number): boolean => IN_XEN[phase]! || WAITS[phase]!;

export const KIND = { read: 1, write: 2, rmw: 3, exec: 4 } as const;
export type AccessKind = keyof typeof KIND;
const KIND_NAMES = Object.keys(KIND) as readonly AccessKind[];
export const kindName = (kind: number): AccessKind => KIND_NAMES[kind - 1]!;

const Vcpu = record({
  /** One of PHASE. */
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
  /** Times that this instruction was tried again to no avail since the last change that could help it: TRIES or more count as TRIES. */
  retries: 1,
  /** One more misconfiguration without cause will be tolerated (`ept_spurious_misconfig`). */
  spurious: 1,
});
export type Vcpu = RecordOf<typeof Vcpu>;

/** The instruction that is latched is none of the program's, but was given by hand: the program does not go on by it. */
const Hand = record({ latched: 1 });
export type Hand = RecordOf<typeof Hand>;

export const HAND_WORDS = Hand.words;
export const handAt = (space: Space, base: number): Hand => Hand.at(space, base);
export const VCPU_WORDS = Vcpu.words;
/** Fields that others than its own vCPU look at. */
export const VCPU_SEEN = { phase: Vcpu.offsets.phase, pc: Vcpu.offsets.pc, retries: Vcpu.offsets.retries };
export const vcpuAt = (space: Space, base: number): Vcpu => Vcpu.at(space, base);

/** Who has vCPUs, and the law that they go by. */
export interface Vcpus {
  readonly vcpus: readonly Vcpu[];
  readonly vcpuLaw: Law;
}

/** An event of VCPU.on comes to a vCPU. Throws where it cannot come. */
export function advance({ vcpuLaw }: Vcpus, v: Vcpu, event: number, facts = 0): Decision {
  const decision = vcpuLaw.advance(v.phase, event, facts);
  v.phase = decision.to;
  return decision;
}

/** Tries of one instruction after which a vCPU is taken to be idling. */
export const TRIES = 2;

/** An instruction is tried again. No more is counted than tells whether it idles: one that is tried for ever comes back to the same state. */
export function triedInVain(v: Vcpu): void {
  if (v.retries < TRIES) v.retries += 1;
}

/** Something has changed in Xen: what was tried in vain may come to something now. */
export function forgetTries(of: Vcpus): void {
  for (const v of of.vcpus) {
    if (v.retries === 0) continue;
    v.retries = 0;
    if (of.vcpuLaw.knows(v.phase, VCPU.on.changed)) advance(of, v, VCPU.on.changed);
  }
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
