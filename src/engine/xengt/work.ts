/**
 * What XenGT still has to do before it answers a request: a stack of small jobs, each one hypercall or one update of a shadow
 * table, so that every other actor can get in between.
 */
import { record, type RecordOf } from '../record';
import type { Space } from '../store';

export const JOB = {
  /** Enter the frame as the server's. a = gfn, b = level, c = parent shadow, d = slot. */
  addRange: 1,
  /** Have the frame watched; then shadow it. Same numbers. */
  protect: 2,
  /** Translate all entries of shadow table a. */
  fill: 3,
  /** Make entry b of shadow table a follow the guest's entry. */
  follow: 4,
  /** Clear entry b of shadow table a. */
  clear: 5,
  /** Stop watching the frame of shadow table a. */
  unprotect: 6,
  /** Take frame a off the server's list. */
  removeRange: 7,
  /** Give shadow table a back, its children first. */
  drop: 8,
  /** Carry the write of vCPU a out in the guest's page. */
  write: 9,
  /** Answer vCPU a. */
  respond: 10,
  /** Forget every table that is followed. */
  forget: 11,
  /** Give the claim up. */
  release: 12,
  /** The release goes on: Xen sweeps 256 frames from gfn a. */
  sweep: 13,
  /** Claim the type again. */
  claim: 14,
  /** The release goes on: Xen marks the map. */
  mark: 15,
  /** Leaf table a goes out of step: it is no longer watched. */
  letGo: 16,
  /** The next table that is out of step is brought back. */
  resync: 17,
  /** Walks root table a for d GPU pages from number b * 2^32 + c on. */
  walk: 18,
} as const;

export interface Job {
  kind: number;
  a: number;
  b: number;
  c: number;
  d: number;
}

const WORDS = 5;
const MAX = 4096;
const Header = record({ depth: 1 });

export class WorkStack {
  static readonly words = Header.words + MAX * WORDS;
  readonly #header: RecordOf<typeof Header>;

  constructor(
    readonly space: Space,
    readonly base: number,
  ) {
    this.#header = Header.at(space, base);
  }

  get depth(): number {
    return this.#header.depth;
  }

  push(kind: number, a: number, b = 0, c = 0, d = 0): void {
    const { depth } = this.#header;
    if (depth === MAX) throw new RangeError(`XenGT has more than ${MAX} jobs at once`);
    const at = this.base + Header.words + depth * WORDS;
    [kind, a, b, c, d].forEach((word, i) => this.space.put(at + i, word));
    this.#header.depth = depth + 1;
  }

  peek(into: Job): Job {
    return this.#read(this.#header.depth - 1, into);
  }

  /** Calls `see` for each job, the one that is done last first; it is given the same object each time. */
  each(see: (job: Readonly<Job>) => void): void {
    const job: Job = { kind: 0, a: 0, b: 0, c: 0, d: 0 };
    for (let n = 0; n < this.#header.depth; n++) see(this.#read(n, job));
  }

  pop(): void {
    const depth = this.#header.depth - 1;
    const at = this.base + Header.words + depth * WORDS;
    for (let i = 0; i < WORDS; i++) this.space.put(at + i, 0);
    this.#header.depth = depth;
  }

  #read(n: number, into: Job): Job {
    const at = this.base + Header.words + n * WORDS;
    into.kind = this.space.get(at);
    into.a = this.space.get(at + 1);
    into.b = this.space.get(at + 2);
    into.c = this.space.get(at + 3);
    into.d = this.space.get(at + 4);
    return into;
  }
}
