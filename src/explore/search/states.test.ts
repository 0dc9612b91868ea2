import { test as property, fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { States } from './states';
import { changed, Values } from './values';

property.prop([fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)), { maxLength: 400 })])(
  'a state has one number, whatever its hash is like',
  (found) => {
    const states = new States(3);
    const known = new Map<string, number>();
    for (const it of found) {
      const state = Uint32Array.from(it);
      const hash = it[0] % 2;
      const n = states.find(state, hash);
      expect(n).toBe(known.get(it.join()) ?? -1);
      if (n < 0) known.set(it.join(), states.add(state, hash));
    }
    expect(states.length).toBe(known.size);
  },
);

test('states are found again past the end of a chunk', () => {
  const states = new States(2);
  const many = 40_000;
  for (let n = 0; n < many; n++) states.add(Uint32Array.of(n, n * 3), n);
  for (const n of [0, 16_383, 16_384, 39_999]) {
    expect(states.find(Uint32Array.of(n, n * 3), n)).toBe(n);
    expect([...states.chunk(n).subarray(states.at(n), states.at(n) + 2)]).toEqual([n, n * 3]);
  }
});

test('a value is the words that differ from the first image: one that is as it was is left out', () => {
  const first = (where: number): number => where * 10;
  const words = changed(
    Uint32Array.of(4, 1),
    new Map([
      [9, 2],
      [2, 3],
    ]),
    first,
  );
  expect([...words]).toEqual([2, 3, 4, 1, 9, 2]);
  expect([...changed(words, new Map([[4, 40]]), first)]).toEqual([2, 3, 9, 2]);
});

test('equal words are one value, and the first image is value 0', () => {
  const values = new Values();
  const one = values.number(Uint32Array.of(1, 5));
  expect([
    one,
    values.number(Uint32Array.of(1, 6)),
    values.number(Uint32Array.of(1, 5)),
    values.number(new Uint32Array(0)),
  ]).toEqual([1, 2, 1, 0]);
  expect(values.mark(0)).toBe(0);
});
