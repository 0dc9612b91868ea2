/**
 * What XenGT still has to do before it answers a request: a stack of small jobs, each one hypercall or one update of a shadow
 * table, so that every other actor can get in between.
 */
import { record, type RecordOf } from '../record';
import type { Space } from '../store';

export const JOB = {
  /** v7: make the frame a range of the server. a = gfn, b = level, c = parent shadow, d = slot. */
  addRange: 1,
  /** Make the frame type 15; then shadow it. Same numbers. */
  protect: 2,
  /** Translate all entries of shadow table a. */
  fill: 3,
  /** Make entry b of shadow table a follow the guest's entry. */
  follow: 4,
  /** Clear entry b of shadow table a. */
  clear: 5,
  /** Make the frame of shadow table a plain RAM again. */
  unprotect: 6,
  /** v7: take frame a out of the server's ranges. */
  removeRange: 7,
  /** Give shadow table a back, its children first. */
  drop: 8,
  /** Carry the write of vCPU a out in the guest's page. */
  write: 9,
  /** Answer vCPU a. */
  respond: 10,
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
    const at = this.base + Header.words + (this.#header.depth - 1) * WORDS;
    into.kind = this.space.get(at);
    into.a = this.space.get(at + 1);
    into.b = this.space.get(at + 2);
    into.c = this.space.get(at + 3);
    into.d = this.space.get(at + 4);
    return into;
  }

  pop(): void {
    const depth = this.#header.depth - 1;
    const at = this.base + Header.words + depth * WORDS;
    for (let i = 0; i < WORDS; i++) this.space.put(at + i, 0);
    this.#header.depth = depth;
  }
}
