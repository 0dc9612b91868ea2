import { expect, test } from 'vitest';
import { CELL, centred, deepest, mapGrid, unitRect, type Look, type Rect } from './map';
import { between, brackets, outlinePath, rangeRects } from './range';

const look: Look = { k: 1, x: 0, y: 0, width: 320, height: 240 };
/** 4 GiB: 2048 cells. */
const grid = mapGrid(2048, 320, 240);
const area = (rects: readonly Rect[]): number => rects.reduce((sum, { w, h }) => sum + w * h, 0);

test('a range goes from the first frame of one mark to the last of the other, within the guest', () => {
  expect(between(5, 3, 1, 100)).toEqual({ first: 3, last: 5 });
  expect(between(CELL + 7, CELL + 9, CELL, 1e6)).toEqual({ first: CELL, last: 2 * CELL - 1 });
  expect(between(0, 3 * CELL, 2 * CELL, 3 * CELL + 10)).toEqual({ first: 0, last: 3 * CELL + 9 });
});

test('a range of cells is cut where rows end: into at most three rectangles that have its area', () => {
  const cell = unitRect(grid, look, 0, CELL);
  const each = cell.w * cell.h;
  for (const [first, last] of [
    [3, 3],
    [3, grid.cols - 1],
    [3, grid.cols + 1],
    [3, 5 * grid.cols + 1],
    [0, 2 * grid.cols - 1],
  ] as const) {
    const rects = rangeRects(grid, look, { first: first * CELL, last: (last + 1) * CELL - 1 }, CELL);
    expect(rects.length).toBeLessThanOrEqual(3);
    expect(area(rects)).toBeCloseTo((last - first + 1) * each, 5);
  }
  expect(rangeRects(grid, look, { first: 0, last: 2 * grid.cols * CELL - 1 }, CELL)).toHaveLength(1);
});

test.each([
  [0x12345, 0x12345],
  [0x12345, 0x12399],
  [0x12300, 0x124ff],
  [0x123f0, 0x12810],
  [0x123f0, 0x32810],
])('from frame %i to %i the rectangles hold each frame once', (first, last) => {
  const near = { ...look, ...centred(grid, look, first, deepest(grid) / 2) };
  const rects = rangeRects(grid, near, { first, last }, 1);
  const frame = unitRect(grid, near, first, 1);
  expect(area(rects) / (frame.w * frame.h)).toBeCloseTo(last - first + 1, 3);
  expect(rects.length).toBeLessThanOrEqual(9);
  const at = unitRect(grid, near, last, 1);
  expect(rects.at(-1)!.x + rects.at(-1)!.w).toBeCloseTo(at.x + at.w, 5);
});

test('round rectangles that touch goes one line, not along what they share', () => {
  const rects = [
    { x: 10, y: 0, w: 10, h: 5 },
    { x: 0, y: 5, w: 20, h: 5 },
    { x: 0, y: 10, w: 4, h: 5 },
  ];
  const lines = outlinePath(rects).split('M').slice(1).sort();
  expect(lines).toEqual(
    ['0 10V15', '0 15H4', '0 5H10', '0 5V10', '10 0H20', '10 0V5', '20 0V5', '20 5V10', '4 10H20', '4 10V15'].sort(),
  );
  expect(outlinePath([])).toBe('');
});

test('brackets stand at the start of the first part and at the end of the last', () => {
  const rects = [
    { x: 10, y: 0, w: 10, h: 20 },
    { x: 0, y: 20, w: 4, h: 20 },
  ];
  expect(brackets(rects, 3)).toBe('M13 -3H7V3M7 17V23H13M1 17H7V23M7 37V43H1');
  expect(brackets([], 3)).toBe('');
});
