import { expect, test } from 'vitest';
import { changedFields, entryCuts, entryRows, fieldValue } from './entry';
import type { Field } from './entry';

const FIELDS: readonly Field[] = [
  { name: 'r', low: 0, width: 1 },
  { name: 'w', low: 1, width: 1 },
  { name: 'rest', low: 2, width: 10 },
  { name: 'mfn', low: 12, width: 40 },
  { name: 'type', low: 52, width: 6 },
  { name: 'top', low: 58, width: 6 },
];
const words = { low: 0x5c21f_001, high: 0x80f0_0004, lowBefore: 0x5c21f_003, highBefore: 0x8000_0004 };

test.each([
  [300, 3],
  [900, 2],
  [1400, 1],
])('in a pane %i px wide %i rows hold all 64 bits once, highest first', (width, rows) => {
  const made = entryRows(FIELDS, words, entryCuts(width));
  expect(made).toHaveLength(rows);
  const bits = made.flat().flatMap((cell) => cell.bits.map((b) => b.bit));
  expect(bits).toEqual(Array.from({ length: 64 }, (_, i) => 63 - i));
});

test('of two rows the upper ends with bit 32, in the midst of the frame number', () => {
  const [upper, lower] = entryRows(FIELDS, words, entryCuts(900));
  expect(upper!.at(-1)).toMatchObject({ name: 'mfn', from: 51, to: 32 });
  expect(lower![0]).toMatchObject({ name: 'mfn', from: 31, to: 12, continued: true });
});

test('a field that reaches over a row is continued in the next', () => {
  const [first, second] = entryRows(FIELDS, words);
  expect(first!.at(-1)).toMatchObject({ name: 'mfn', from: 51, to: 40, continued: false });
  expect(second).toHaveLength(1);
  expect(second![0]).toMatchObject({ name: 'mfn', from: 39, to: 12, continued: true });
});

test('bits carry their value, what they were, and whether this step changed them', () => {
  const [r, w] = [...entryRows(FIELDS, words)[2]!].reverse();
  expect(r!.bits).toEqual([{ bit: 0, set: true, before: true, changed: false }]);
  expect(w!.bits).toEqual([{ bit: 1, set: false, before: true, changed: true }]);
});

test('a field over both words is put together exactly', () => {
  expect(fieldValue(FIELDS[3]!, 0xffff_f000, 0x000f_ffff)).toBe(2 ** 40 - 1);
  expect(fieldValue(FIELDS[3]!, words.low, words.high)).toBe(0x45c21f);
});

test('changed fields come with both values', () => {
  expect(changedFields(FIELDS, words)).toEqual([
    { name: 'type', before: 0, after: 15 },
    { name: 'w', before: 1, after: 0 },
  ]);
});
