import { expect, test } from 'vitest';
import { addressAxis } from './address-axis';
import {
  acrossWrite,
  MOST_SVG,
  nearestWrite,
  pageBand,
  scatterMarks,
  stepTicks,
  stepUnder,
  type Look,
} from './scatter';
import { stepX } from './timeline';

const axis = addressAxis([{ start: 0x1000, end: 0x2000 }], 100, 0, 1);
const look: Look = { width: 1000, height: 100, of: 100, axis, k: 1, x: 0, y: 0 };
const rows = Uint32Array.of(0, 1, 2, 3);
const columns = {
  from: Uint32Array.of(10, 20, 20, 90),
  gpa: Float64Array.of(0x1000, 0x1800, 0x1800, 0x1c00),
  outcome: Uint8Array.of(1, 1, 4, 1),
};

test('a mark lies at its step on the scale of the timeline, and at its address with high ones up', () => {
  expect(scatterMarks(columns, rows, look).map(({ row, x, y }) => [row, x, y])).toEqual([
    [0, stepX(10, 100, 1000), 100],
    [1, 200, 50],
    [2, 200, 50],
    [3, 900, 25],
  ]);
});

test('what would lie on a mark of its own shape is left out, one of another shape is not', () => {
  const same = { ...columns, outcome: Uint8Array.of(1, 1, 1, 1) };
  expect(scatterMarks(same, rows, look).map(({ row }) => row)).toEqual([0, 1, 3]);
});

test('only rows that were found have marks, and each knows its place among them', () => {
  expect(scatterMarks(columns, Uint32Array.of(1, 3), look).map(({ i, row }) => [i, row])).toEqual([
    [0, 1],
    [1, 3],
  ]);
});

test('zoomed in, what is out of sight is left out', () => {
  const near = { ...look, k: 10, x: -1900, y: -450 };
  expect(scatterMarks(columns, rows, near).map(({ row, x, y }) => [row, x, y])).toEqual([
    [1, 100, 50],
    [2, 100, 50],
  ]);
  expect(stepUnder(near, 100)).toBe(20);
});

test('a hundred thousand writes come to no more marks than there are pixels for', () => {
  const n = 100_000;
  const many = {
    from: Uint32Array.from({ length: n }, (_, i) => i),
    gpa: Float64Array.from({ length: n }, (_, i) => 0x1000 + ((i * 8) % 4096)),
    outcome: new Uint8Array(n).fill(1),
  };
  const all = Uint32Array.from({ length: n }, (_, i) => i);
  const marks = scatterMarks(many, all, { ...look, of: n });
  expect(marks.length).toBeGreaterThan(MOST_SVG);
  expect(marks.length).toBeLessThan(((1000 / 2) * 100) / 2 + 1000);
});

test('a point picks the nearest mark within reach', () => {
  expect(nearestWrite(columns, rows, look, 105, 96, 14)).toBe(0);
  expect(nearestWrite(columns, rows, look, 893, 30, 14)).toBe(3);
  expect(nearestWrite(columns, rows, look, 500, 50, 14)).toBe(-1);
});

test('up and down go to the nearest write at another address, and stay where there is none', () => {
  expect(acrossWrite(columns, rows, look, 0, -1)).toBe(1);
  expect(acrossWrite(columns, rows, look, 1, -1)).toBe(3);
  expect(acrossWrite(columns, rows, look, 1, 1)).toBe(0);
  expect(acrossWrite(columns, rows, look, 3, -1)).toBe(3);
});

test('the band of a page goes across the picture, cut at its edges; one that nothing was written to has none', () => {
  expect(pageBand(look, 1)).toEqual({ x: 0, y: 0, w: 1000, h: 100 });
  expect(pageBand({ ...look, k: 2, y: -150 }, 1)).toEqual({ x: 0, y: 0, w: 1000, h: 50 });
  expect(pageBand(look, 7)).toBe(null);
});

test('the axis of steps has round ticks, and room for its name at the end', () => {
  const ticks = stepTicks({ ...look, of: 5876 });
  expect(ticks.map(({ step }) => step)).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
  expect(stepTicks({ ...look, k: 50, x: -5000 }).map(({ step }) => step)).toEqual([10, 11]);
});
