/** The rangeset against a set of numbers, with random calls: no list, no merging, no walk. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rangeset, type Range, type RangesetRc } from './rangeset';
import { Store } from './store';

/** Numbers that a case plays with, counted from its origin. */
const SPAN = 48;
const TOP = 2n ** 64n - 1n;

/** Which numbers are in. Ranges are nothing but runs of neighbours; of Xen's making only the cap and the stretching are told. */
class Naive {
  readonly members = new Set<number>();

  constructor(
    readonly cap: number | null,
    readonly stretches: boolean,
  ) {}

  get runs(): [number, number][] {
    const runs: [number, number][] = [];
    for (let n = 0; n < SPAN; n++) {
      if (!this.members.has(n)) continue;
      if (this.members.has(n - 1)) runs.at(-1)![1] = n;
      else runs.push([n, n]);
    }
    return runs;
  }

  /** How many of `s` to `e` are in. */
  held(s: number, e: number): number {
    let n = 0;
    for (let i = s; i <= e; i++) if (this.members.has(i)) n++;
    return n;
  }

  /** A full set grows a range that it has, upward or downward into [s, e]; for the range above it has no eyes. */
  add(s: number, e: number): RangesetRc {
    if (this.runs.length === this.cap && this.held(s - 1, e) === 0) return 'ENOMEM';
    for (let n = s; n <= e; n++) this.members.add(n);
    return 0;
  }

  remove(s: number, e: number): RangesetRc {
    if (this.runs.length === this.cap && this.held(s - 1, e + 1) === e - s + 3) return 'ENOMEM';
    const below = this.runs.findLast(([, end]) => end < s);
    const begins = this.runs.some(([start]) => start > s && start <= e);
    const gap = !this.members.has(s) && begins;
    if (this.stretches && gap && below) for (let n = below[1]; n < s; n++) this.members.add(n);
    for (let n = s; n <= e; n++) this.members.delete(n);
    return 0;
  }

  /** A removal that ends at the very top and is not within one run meets the defect that has its own test. */
  wraps(s: number, e: number): boolean {
    return e === SPAN - 1 && this.runs.some(([start]) => start > s);
  }
}

const value = fc.integer({ min: 0, max: SPAN - 1 });
const call = fc.record({ op: fc.constantFrom('add', 'add', 'remove'), a: value, b: value, short: fc.boolean() });

describe.each([
  ['as of 2017', false],
  ['since e118fc98e7', true],
] as const)('a rangeset %s is the set of its members', (_, rangesetRemoval) => {
  test.each([
    ['at 0', 0n],
    ['where the low word carries', 2n ** 32n - 24n],
    ['where the sign is', 2n ** 63n - 24n],
    ['at the top', TOP - BigInt(SPAN - 1)],
  ])('%s, whatever is added and taken out, at every cap', (_place, origin) => {
    const check = fc.property(
      fc.array(call, { minLength: 20, maxLength: 120 }),
      fc.constantFrom(null, 1, 2, 3, 5),
      (calls, cap) => {
        const space = new Store().state;
        const set = new Rangeset(space, 7, cap, { rangesetRemoval });
        const naive = new Naive(cap, !rangesetRemoval);
        for (const { op, a, b, short } of calls) {
          const s = short ? a : Math.min(a, b);
          const e = short ? Math.min(a + (b % 4), SPAN - 1) : Math.max(a, b);
          const [from, to] = [origin + BigInt(s), origin + BigInt(e)];
          const held = naive.held(s, e);
          expect([set.overlaps(from, to), set.contains(from, to)]).toEqual([held > 0, held === e - s + 1]);
          if (op === 'remove' && to === TOP && naive.wraps(s, e)) continue;
          expect(op === 'add' ? set.add(from, to) : set.remove(from, to)).toBe(
            op === 'add' ? naive.add(s, e) : naive.remove(s, e),
          );
          const ranges = naive.runs.map(([x, y]): Range => [origin + BigInt(x), origin + BigInt(y)]);
          expect(set.list()).toEqual(ranges);
          expect(set.isEmpty()).toBe(ranges.length === 0);
          // Nothing is left behind the last range.
          expect([0, 1, 2, 3].map((i) => space.get(8 + 4 * ranges.length + i))).toEqual([0, 0, 0, 0]);
        }
      },
    );
    fc.assert(check, { numRuns: 60 });
  });
});
