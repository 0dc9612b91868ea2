import { expect, test } from 'vitest';
import { CELL, mapGrid } from './map';
import { cutsPath, mayMove, SETTLE_MS, SHATTER_MS, splitBlock } from './shatter';
import { touchedRects } from './touched';

const GIB = 512 * CELL;
const calm = { playing: false, speed: 1, since: 1000, still: false };

test('the block that shatters is the largest that was split, before others the one in focus', () => {
  const small = [
    { level: 0, first: 0 },
    { level: 0, first: 7 * CELL },
  ];
  expect(splitBlock([], 5)).toBe(null);
  expect(splitBlock([{ level: 2, first: 0 }], 5)).toBe(null);
  expect(splitBlock(small, 7 * CELL + 3)).toEqual({ first: 7 * CELL, last: 8 * CELL - 1 });
  expect(splitBlock(small, null)).toEqual({ first: 0, last: CELL - 1 });
  expect(splitBlock([...small, { level: 1, first: GIB }], 3)).toEqual({ first: GIB, last: 2 * GIB - 1 });
});

test('it is seen to shatter on a single step on, and never where something hurries or is to stand still', () => {
  expect(mayMove(7, 8, calm)).toBe(true);
  expect([mayMove(null, 8, calm), mayMove(8, 7, calm), mayMove(7, 9, calm), mayMove(7, 7, calm)]).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(mayMove(7, 8, { ...calm, still: true })).toBe(false);
  expect(mayMove(7, 8, { ...calm, since: 100 })).toBe(false);
  expect([1, 4, 8].map((speed) => mayMove(7, 8, { ...calm, playing: true, since: 1000 / speed, speed }))).toEqual([
    true,
    true,
    false,
  ]);
  expect([SHATTER_MS, SETTLE_MS]).toEqual([240, 400]);
});

test('the cuts of a block are those between its 512 parts, where they can be told apart', () => {
  const grid = mapGrid(8192, 1024, 512);
  const lines = (path: string) => (path.match(/M/g) ?? []).length;
  const cell = { first: 0, last: CELL - 1 };
  expect(lines(cutsPath(grid, cell, { x: 0, y: 0, w: 512, h: 256 }))).toBe(grid.subCols - 1 + grid.subRows - 1);
  expect(cutsPath(grid, cell, { x: 0, y: 0, w: 8, h: 4 })).toBe('');
  const gib = { first: GIB, last: 2 * GIB - 1 };
  expect(lines(cutsPath(grid, gib, { x: 0, y: 0, w: 1024, h: 32 }))).toBe(grid.cols - 1 + 512 / grid.cols - 1);
});

test('what a step wrote is one rectangle where it lies together', () => {
  const grid = mapGrid(8192, 1024, 512);
  const look = { k: 1, x: 0, y: 0, width: 1024, height: 512 };
  const none = () => null;
  const gib = Array.from({ length: 512 }, (_, i) => 512 + i);
  expect(touchedRects(grid, look, CELL, gib, none)).toHaveLength(1);
  expect(touchedRects(grid, look, CELL, [3, 4, 9], none)).toHaveLength(2);
  expect(touchedRects(grid, look, CELL, [], none)).toEqual([]);
  // Past the end of the guest, and out of sight.
  expect(touchedRects(grid, { ...look, y: -600 }, CELL, [3, 9000], none)).toEqual([]);
});

test('of a cell whose frames are seen only those that were written are marked', () => {
  const grid = mapGrid(8, 640, 512);
  const look = { k: 1, x: 0, y: 0, width: 640, height: 512 };
  const some = new Uint8Array(CELL);
  some[3] = some[4] = some[3 + grid.subCols] = some[4 + grid.subCols] = some[100] = 1;
  const rects = touchedRects(grid, look, 1, [0], () => some);
  expect(rects.map(({ w, h }) => [w / (grid.w / grid.subCols), h / (grid.h / grid.subRows)])).toEqual([
    [2, 2],
    [1, 1],
  ]);
  const all = new Uint8Array(CELL).fill(1);
  expect(touchedRects(grid, look, 1, [0], () => all)).toHaveLength(1);
});
