import { expect, test } from 'vitest';
import { decodeGtt, entryIndex, ROW, rowsInSight, scrollTo, timeOf, writeAt } from './writes';

const columns = { length: 3, from: Uint32Array.of(10, 20, 30), to: Uint32Array.of(18, 28, 0) };

test('a list of any length draws only what is in sight, with some to spare', () => {
  expect(rowsInSight(5000, 1000 * ROW, 10 * ROW)).toEqual({ first: 994, end: 1016 });
  expect(rowsInSight(5, 0, 1000)).toEqual({ first: 0, end: 5 });
  expect(rowsInSight(0, 0, 100)).toEqual({ first: 0, end: 0 });
});

test('scrolling brings a row into sight and leaves one that is there alone', () => {
  expect(scrollTo(3, 0, 10 * ROW)).toBe(0);
  expect(scrollTo(10, 0, 10 * ROW)).toBe(ROW);
  expect(scrollTo(2, 5 * ROW, 10 * ROW)).toBe(2 * ROW);
});

test('the write of a step is the last that began by then', () => {
  expect([0, 9, 10, 19, 20, 99].map((step) => writeAt(columns, step))).toEqual([-1, -1, 0, 0, 1, 2]);
});

test('a write is to come, under way, then over; one without an end stays under way', () => {
  expect([9, 10, 18, 19].map((step) => timeOf(columns, 0, step))).toEqual(['future', 'now', 'now', 'past']);
  expect(timeOf(columns, 2, 99)).toBe('now');
});

test('the entry number is the place within the page, in units of 8 bytes', () => {
  expect(entryIndex(0x1a4c3000 + 61 * 8)).toBe(61);
  expect(entryIndex(0xf_ffff_fffc)).toBe(511);
});

test('a Gen8 entry says whether it is present, which frame it means, and at PD and PDP whether it is a large page', () => {
  expect(decodeGtt(0x2f81b003, 0, 0)).toEqual({ present: true, gfn: 0x2f81b, large: false });
  expect(decodeGtt(0x00000083, 0x1, 1)).toEqual({ present: true, gfn: 0x10_0000, large: true });
  expect(decodeGtt(0x00000083, 0, 0).large).toBe(false);
  expect(decodeGtt(0, 0, 0)).toEqual({ present: false, gfn: 0, large: false });
});
