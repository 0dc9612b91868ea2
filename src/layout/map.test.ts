import { expect, test } from 'vitest';
import { bands, pureType } from './bands';
import { CELL, centred, deepest, frameAt, mapGrid, neighbour, unitOf, unitRect, visible, type Look } from './map';
import { rowTicks } from './map-axis';
import { BAND_ORDER, CELL_COUNTS, TYPE_LOOKS } from './types';

const whole: Look = { k: 1, x: 0, y: 0, width: 340, height: 236 };
const GIB = 512;

test('all types have a look of their own and a place in a mixed cell', () => {
  expect(TYPE_LOOKS).toHaveLength(19);
  expect(new Set(TYPE_LOOKS.map((look) => JSON.stringify(look))).size).toBe(19);
  expect([...BAND_ORDER].sort((a, b) => a - b)).toEqual([...Array(19).keys()]);
});

test.each([
  [4 * GIB, 1, 512],
  [16 * GIB, 1, 512],
  [64 * GIB, 1, 2048],
  [8, 1, 1],
])('%i cells in a pane of 340 by 236 show %i x 2 device pixels at least', (cells, dpr, unit) => {
  const grid = mapGrid(cells, 340, 236);
  expect(grid.rows * grid.cols).toBeGreaterThanOrEqual(cells);
  expect(unitOf(grid, 1, dpr)).toBe(unit);
  const mark = unitRect(grid, whole, 0, unit);
  expect(mark.w).toBeGreaterThanOrEqual(2);
  expect(mark.h).toBeGreaterThanOrEqual(2);
});

test.each([8, 1024, 2048, 4 * 4096 + 3])('the point in a mark names its frame again (%i cells)', (cells) => {
  const grid = mapGrid(cells, 340, 236);
  for (const k of [1, 7, deepest(grid)])
    for (const gfn of [0, 511, 512, 4095, cells * CELL - 1]) {
      const look = { ...whole, ...centred(grid, whole, gfn, k) };
      const unit = unitOf(grid, k, 2);
      const at = unitRect(grid, look, gfn, unit);
      expect(frameAt(grid, look, at.x + at.w / 2, at.y + at.h / 2, unit)).toBe(Math.floor(gfn / unit) * unit);
      expect(at.x + at.w > 0 && at.x < 340 && at.y + at.h > 0 && at.y < 236).toBe(true);
    }
});

test('the deepest zoom shows one frame wide enough for its number', () => {
  const grid = mapGrid(2048, 340, 236);
  const at = unitRect(grid, { ...whole, ...centred(grid, whole, 0x1a4c3, deepest(grid)) }, 0x1a4c3, 1);
  expect(at.w).toBeGreaterThanOrEqual(96);
  expect(at.h).toBeGreaterThanOrEqual(56);
});

test('arrow keys walk address order and rows, and stop at the ends', () => {
  const grid = mapGrid(2048, 340, 236);
  expect(neighbour(grid, 0, CELL, -1, 0)).toBe(0);
  expect(neighbour(grid, 0, CELL, 0, 1)).toBe(grid.cols * CELL);
  expect(neighbour(grid, 0, CELL, 0, -1)).toBe(0);
  expect(neighbour(grid, 511, 1, 1, 0)).toBe(512);
  expect(neighbour(grid, 3, 1, 0, 1)).toBe(3 + grid.subCols);
});

test('of a zoomed map only the cells in the window are drawn', () => {
  const grid = mapGrid(2048, 340, 236);
  const look = { ...whole, ...centred(grid, whole, 1000 * CELL, 32) };
  const { row0, row1, col0, col1 } = visible(grid, look);
  expect((row1 - row0) * (col1 - col0)).toBeLessThanOrEqual(9);
});

test('rows are labelled at round addresses, never closer than asked', () => {
  const grid = mapGrid(2048, 340, 236);
  for (const k of [1, 3, 40, 200]) {
    const ticks = rowTicks(grid, { ...whole, ...centred(grid, whole, 0x1a4c3, k) }, 20);
    expect(ticks.length).toBeGreaterThan(1);
    for (const [i, tick] of ticks.slice(1).entries()) expect(tick.y - ticks[i]!.y).toBeGreaterThanOrEqual(20);
  }
  expect(rowTicks(grid, whole, 28).map((tick) => tick.gfn)).toEqual([...Array(8).keys()].map((n) => n * 0x20000));
  // However high the rows are, the whole guest is labelled by rows of cells.
  const small = mapGrid(64, 340, 236);
  const firsts = Array.from({ length: small.rows }, (_, row) => row * small.cols * CELL);
  expect(rowTicks(small, whole, 8).map((tick) => tick.gfn)).toEqual(firsts);
});

test('a type with one frame in a cell keeps two device pixels, type 15 at the bottom', () => {
  const mix = new Array<number>(CELL_COUNTS).fill(0);
  mix[0] = 510;
  mix[15] = 1;
  mix[3] = 1;
  expect(bands(mix, 8)).toEqual([
    { type: 0, from: 0, to: 4 },
    { type: 3, from: 4, to: 6 },
    { type: 15, from: 6, to: 8 },
  ]);
  expect(bands(mix, 2)).toEqual([{ type: 15, from: 0, to: 2 }]);
  expect(bands(mix, 3).at(-1)!.type).toBe(15);
});

test('a cell knows whether it is of one type', () => {
  const counts = new Uint16Array(3 * CELL_COUNTS);
  counts[CELL_COUNTS] = 512;
  counts[2 * CELL_COUNTS] = 511;
  counts[2 * CELL_COUNTS + 18] = 1;
  expect([0, 1, 2].map((cell) => pureType(counts, cell))).toEqual([-2, 0, -1]);
});
