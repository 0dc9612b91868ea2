import { describe, expect, test } from 'vitest';
import { Rangeset } from './rangeset';
import { Store } from './store';
import { noCosts } from './trace';
import { agreed, replayVectors } from './vectors/replay';

const before = { rangesetRemoval: false };
const after = { rangesetRemoval: true };
const make = (cap: number | null, xen = before): Rangeset => new Rangeset(new Store().state, 7, cap, xen);
describe('agrees with what Xen was measured to do', () => {
  test.each([
    ['rangeset.jsonl', 300],
    ['patches/e118fc98e7-before/rangeset.jsonl', 96],
    ['patches/e118fc98e7/rangeset.jsonl', 96],
    ['patches/c447b7308b/rangeset.jsonl', 96],
  ])('%s', (name, sequences) => {
    expect(replayVectors(name)).toEqual(agreed(sequences));
  });
});

describe('the defects, by name', () => {
  test('a removal that begins in a gap stretches the range below it, until e118fc98e7', () => {
    for (const [xen, end] of [
      [before, 0x1fn],
      [after, 0x10n],
    ] as const) {
      const set = make(null, xen);
      set.add(0x0n, 0x10n);
      set.add(0x30n, 0x40n);
      expect(set.remove(0x20n, 0x35n)).toBe(0);
      expect(set.list()).toEqual([
        [0x0n, end],
        [0x36n, 0x40n],
      ]);
    }
  });

  test('a removal up to 2^64-1 across ranges wraps the last start to 0', () => {
    const top = 2n ** 64n - 1n;
    const set = make(null);
    set.add(0n, 9n);
    set.add(20n, 29n);
    expect(set.remove(5n, top)).toBe(0);
    expect(set.list()).toEqual([
      [0n, 4n],
      [0n, 29n],
    ]);
  });

  test('at the cap a range grows upward, but nothing is added just below it', () => {
    const set = make(1);
    set.add(10n, 19n);
    expect(set.add(20n, 29n)).toBe(0);
    expect(set.add(9n, 9n)).toBe('ENOMEM');
  });
});

describe('ENOMEM', () => {
  test('one range more than the cap', () => {
    const set = make(2);
    expect([set.add(1n, 1n), set.add(3n, 3n), set.add(5n, 5n)]).toEqual([0, 0, 'ENOMEM']);
  });
  test('a hole in a range of a full set', () => {
    const set = make(1);
    set.add(1n, 9n);
    expect(set.remove(5n, 5n)).toBe('ENOMEM');
    expect(set.list()).toEqual([[1n, 9n]]);
  });
});

test('FAULT: with start behind end the walk runs off the list', () => {
  const set = make(null);
  set.add(10n, 19n);
  expect(set.remove(15n, 5n)).toBe('FAULT');
});

test('a look-up counts the ranges walked, the one that stops it included', () => {
  const costs = noCosts();
  const set = new Rangeset(new Store().state, 0, null, before, { add: (cost, n = 1) => (costs[cost] += n) });
  for (let i = 0n; i < 10n; i++) set.add(i * 10n, i * 10n);
  const look = (value: bigint): number => {
    costs.rangeComparisons = 0;
    set.contains(value, value);
    return costs.rangeComparisons;
  };
  expect([look(0n), look(45n), look(90n), look(1000n)]).toEqual([2, 6, 10, 10]);
});

test('a set emptied again leaves no trace in the hash', () => {
  const store = new Store();
  const set = new Rangeset(store.state, 0, 8, before);
  const empty = store.hash();
  for (const n of [1n, 5n, 9n]) set.add(n, n);
  set.remove(5n, 5n);
  set.clear();
  expect(store.hash()).toBe(empty);
});
