import { test as property, fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { Memo, UNKNOWN } from './memo';

const state = (...values: number[]): Uint32Array => Uint32Array.from(values);

test('an answer holds wherever the parts that were looked at have the same values', () => {
  const memo = new Memo();
  const question = memo.ask();
  expect(memo.find(question, state(1, 2, 3), 0)).toBe(UNKNOWN);
  memo.keep(question, state(1, 2, 3), 0, [2, 0], 7);
  expect([
    memo.find(question, state(1, 2, 3), 0),
    memo.find(question, state(1, 9, 3), 0),
    memo.find(question, state(0, 2, 3), 0),
    memo.find(memo.ask(), state(1, 2, 3), 0),
  ]).toEqual([7, 7, UNKNOWN, UNKNOWN]);
});

test('an answer that nothing was looked at for holds in every state', () => {
  const memo = new Memo();
  const question = memo.ask();
  memo.keep(question, state(1), 0, [], 4);
  expect(memo.find(question, state(5), 0)).toBe(4);
});

test('a question that looks elsewhere where nothing differs is found out', () => {
  const memo = new Memo();
  const question = memo.ask();
  memo.keep(question, state(1, 2), 0, [0], 1);
  expect(() => memo.keep(question, state(1, 3), 0, [1], 1)).toThrow('looked at other parts');
});

// Looks at the first part, and by its value at the second or the third.
const looks = (values: Uint32Array): readonly number[] => (values[0]! % 2 === 0 ? [0, 1] : [0, 2]);
const answer = (values: Uint32Array): number => looks(values).reduce((sum, part) => sum * 31 + values[part]!, 1);

property.prop([fc.array(fc.tuple(fc.nat(40), fc.nat(200), fc.nat(200)), { minLength: 1, maxLength: 3000 })])(
  'what was kept is found, and nothing else',
  (states) => {
    const memo = new Memo();
    const question = memo.ask();
    const kept = new Set<string>();
    for (const values of states.map((it) => state(...it))) {
      const key = looks(values)
        .map((part) => `${part}:${values[part]}`)
        .join();
      expect(memo.find(question, values, 0)).toBe(kept.has(key) ? answer(values) : UNKNOWN);
      if (!kept.has(key)) memo.keep(question, values, 0, looks(values), answer(values));
      kept.add(key);
    }
  },
);
