import { expect, test } from 'vitest';
import { densityPath, rangeAxis, rangeLane, spotOf, type Range } from './ranges';

const pages = (gfn: number, count = 1): Range => ({ start: BigInt(gfn * 4096), end: BigInt((gfn + count) * 4096 - 1) });
const whole = { start: 0, end: 4096 };

test('one axis holds what all servers have of a kind', () => {
  const { pieces } = rangeAxis([[pages(0x600, 4)], [pages(0x602, 8)]], 1, 600, whole);
  expect(pieces).toEqual([{ start: 0x600_000, end: 0x60a_000, from: 0, to: 600 }]);
  expect(rangeAxis([[], []], 1, 600, whole).pieces).toEqual([{ ...whole, from: 0, to: 600 }]);
});

test('a range is as wide as it is long, its last byte included', () => {
  const ranges = [pages(0, 1), pages(2, 2)];
  const axis = rangeAxis([ranges], 1, 400, whole);
  expect(rangeLane(ranges, axis, 1)).toEqual({
    marks: [
      { x: 0, w: 100, first: 0, last: 0, strip: false },
      { x: 200, w: 200, first: 1, last: 1, strip: false },
    ],
    density: [],
    most: 0,
  });
});

test('frame numbers stand for pages', () => {
  const frames = [{ start: 0x600n, end: 0x603n }];
  const axis = rangeAxis([frames], 4096, 400, whole);
  expect(axis.pieces[0]).toMatchObject({ start: 0x600_000, end: 0x604_000 });
  expect(rangeLane(frames, axis, 4096).marks).toEqual([{ x: 0, w: 400, first: 0, last: 0, strip: false }]);
});

test('256 ranges narrower than a pixel lie in strips, each counted once', () => {
  const ranges = Array.from({ length: 256 }, (_, i) => pages(0x6000 + i * 16));
  const axis = rangeAxis([ranges], 1, 300, whole);
  const lane = rangeLane(ranges, axis, 1);
  expect(lane.marks).toEqual([{ x: 0, w: 300, first: 0, last: 255, strip: true }]);
  expect(lane.density.reduce((sum, bin) => sum + bin.ranges, 0)).toBe(256);
  expect([lane.most, lane.density.length]).toEqual([1, 256]);
});

test('narrow ranges that are far apart are strips of their own', () => {
  const ranges = [pages(0), pages(1), pages(9000), pages(18000)];
  const lane = rangeLane(ranges, rangeAxis([[pages(0, 18001)]], 1, 300, whole), 1);
  expect(lane.marks.map(({ first, last, strip }) => [first, last, strip])).toEqual([
    [0, 1, true],
    [2, 2, true],
    [3, 3, true],
  ]);
  expect(lane.density[0]).toEqual({ x: 0, ranges: 2 });
});

test('the fullest pixel of a strip is as high as its lane, one range a third of it', () => {
  const density = [
    { x: 3, ranges: 1 },
    { x: 9, ranges: 4 },
  ];
  expect(densityPath({ marks: [], density, most: 4 }, 12)).toBe('M3 12h1v-4h-1zM9 12h1v-12h-1z');
});

test('an address leads to its range, in a strip too', () => {
  const ranges = [pages(0), pages(2, 2)];
  const axis = rangeAxis([ranges], 1, 400, whole);
  expect(spotOf(ranges, axis, 1, 0x3fff)).toEqual({ x: 200, w: 200 });
  expect(spotOf(ranges, axis, 1, 0x1000)).toBe(null);
});
