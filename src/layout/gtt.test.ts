import { expect, test } from 'vitest';
import { columns, entryY, fills, link, rowsRound, stack, walk, type TreeTable } from './gtt';

const table = (level: number, parent: number, slot: number): TreeTable => ({
  level,
  gfn: 0x100 + slot,
  shadow: null,
  parent,
  slot,
  guestFill: new Uint8Array(32),
  shadowFill: new Uint8Array(32),
});
const tree = [table(3, -1, 0), table(2, 0, 0), table(1, 1, 1), table(0, 2, 58), table(0, 2, 59), table(0, 2, 60)];

test('the two trees mirror each other round the p2m', () => {
  const { guest, shadow, middle } = columns(440);
  expect(guest.map((x, level) => x + shadow[level]!)).toEqual([440, 440, 440, 440]);
  expect(guest[3]).toBeLessThan(guest[0]!);
  expect(middle).toBe(220);
});

test.each([1, 2, 5, 64])('%i tables of a level stack without overlap inside the height, the lit one largest', (n) => {
  const tables = Array.from({ length: n }, (_, i) => table(0, -1, i));
  const slabs = stack(tables, new Set([0]), 10, 128);
  for (const [i, slab] of slabs.slice(1).entries()) expect(slab.y).toBeGreaterThan(slabs[i]!.y + slabs[i]!.h);
  expect(slabs.at(-1)!.y + slabs.at(-1)!.h).toBeCloseTo(138);
  expect(Math.max(...slabs.map((slab) => slab.h))).toBe(slabs[0]!.h);
  if (n > 1) expect(slabs[0]!.h).toBeGreaterThan(20);
});

test('entries lie inside their bar, in order', () => {
  const slab = { y: 10, h: 100 };
  expect(entryY(slab, 0)).toBeGreaterThan(10);
  expect(entryY(slab, 511)).toBeLessThan(110);
});

test('equal parts of a bar are one run, empty ones none', () => {
  const fill = new Uint8Array(32);
  fill.fill(16, 0, 8);
  fill[8] = 4;
  expect(fills(fill, { y: 0, h: 64 })).toEqual([
    { y: 0, h: 16, share: 1 },
    { y: 16, h: 2, share: 0.25 },
  ]);
});

test('without a walk the path climbs from the table in focus', () => {
  expect(walk(tree, [], 4, 61)).toEqual([
    { table: 0, slot: 0 },
    { table: 1, slot: 1 },
    { table: 2, slot: 59 },
    { table: 4, slot: 61 },
  ]);
  expect(walk(tree, [], -1, 0)).toEqual([]);
});

test('a walk that goes on below the table in focus is cut there', () => {
  const path = [0, 1, 2, 4].map((table) => ({ table, slot: 1 }));
  expect(walk(tree, path, 2, 1)).toEqual(path.slice(0, 3));
  expect(walk(tree, path, 4, 1)).toEqual(path);
});

test('curves end at the sides of the bars', () => {
  expect(link(10, 5, 50, 20)).toMatch(/^M14,5C.*,46,20$/);
  expect(link(50, 5, 10, 20)).toMatch(/^M46,5C.*,14,20$/);
});

test('rows stay round the focus and inside the table', () => {
  const rows = Array.from({ length: 9 }, (_, i) => ({ index: 57 + i }));
  expect(rowsRound(rows, 61, 5).map((row) => row.index)).toEqual([59, 60, 61, 62, 63]);
  expect(rowsRound(rows, 57, 5)[0]!.index).toBe(57);
  expect(rowsRound(rows, 61, 50)).toHaveLength(9);
});
