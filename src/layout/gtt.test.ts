import { expect, test } from 'vitest';
import { bend, entryY, fills, link, litTables, shadowed, slotAt, stack, treeMove, type TreeTable } from './gtt';

const table = (level: number, parent: number, slot: number): TreeTable => ({ level, parent, slot });
const tree = [table(3, -1, 0), table(2, 0, 0), table(1, 1, 1), table(0, 2, 58), table(0, 2, 59), table(0, 2, 60)];

test.each([1, 2, 5, 64])('%i tables of a level stack without overlap inside the height, the lit one largest', (n) => {
  const tables = Array.from({ length: n }, (_, i) => table(0, -1, i));
  const slabs = stack(tables, litTables([{ table: 0, slot: 0 }], -1), 10, 128);
  for (const [i, slab] of slabs.slice(1).entries()) expect(slab.y).toBeGreaterThan(slabs[i]!.y + slabs[i]!.h);
  expect(slabs.at(-1)!.y + slabs.at(-1)!.h).toBeCloseTo(138);
  expect(Math.max(...slabs.map((slab) => slab.h))).toBe(slabs[0]!.h);
  if (n > 1) expect(slabs[0]!.h).toBeGreaterThan(20);
});

test('entries lie inside their bar, in order, and a place on it is the entry that lies there', () => {
  const slab = { y: 10, h: 100 };
  expect(entryY(slab, 0)).toBeGreaterThan(10);
  expect(entryY(slab, 511)).toBeLessThan(110);
  for (const slot of [0, 61, 300, 511]) expect(slotAt((entryY(slab, slot) - slab.y) / slab.h)).toBe(slot);
  expect([slotAt(-0.1), slotAt(1)]).toEqual([0, 511]);
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

test('curves end at the sides of the bars, or where they are told to', () => {
  expect(link(10, 5, 50, 20, 8)).toMatch(/^M14,5C.*,46,20$/);
  expect(link(50, 5, 10, 20, 12)).toMatch(/^M44,5C.*,16,20$/);
  expect(bend(1, 2, 3, 4)).toMatch(/^M1,2C.*,3,4$/);
});

test('the shadow takes the path as far as its own tables are the shadows of those on it', () => {
  const tables = [{ shadow: 0x801 }, { shadow: 0x802 }, { shadow: null }];
  const path = [0, 1, 2].map((at) => ({ table: at, slot: 0 }));
  const steps = (...shadows: (number | null)[]) =>
    shadows.map((at) => ({ shadow: at === null ? null : { table: at } }));
  expect(shadowed(tables, path, steps(0x801, 0x802, 0x803))).toBe(2);
  expect(shadowed(tables, path, steps(0x801, 0x999, 0x803))).toBe(1);
  expect(shadowed(tables, path.slice(0, 2), steps(0x801, 0x802))).toBe(2);
  expect(shadowed(tables, path, steps(null))).toBe(0);
});

test('keys go along a level, down the path where there is one, back to the parent, and to both ends', () => {
  const lit = litTables([0, 1, 2, 4].map((at) => ({ table: at, slot: 0 })));
  const from = (at: number, key: string) => treeMove(tree, at, key, lit);
  expect([from(3, 'ArrowUp'), from(3, 'ArrowDown'), from(5, 'ArrowDown'), from(0, 'ArrowUp')]).toEqual([3, 4, 5, 0]);
  expect([from(0, 'ArrowRight'), from(2, 'ArrowRight'), from(4, 'ArrowRight')]).toEqual([1, 4, 4]);
  expect([from(4, 'ArrowLeft'), from(0, 'ArrowLeft')]).toEqual([2, 0]);
  expect([from(3, 'Home'), from(0, 'End'), from(0, 'a')]).toEqual([0, 5, null]);
  expect([treeMove(tree, -1, 'ArrowDown', lit), treeMove([], -1, 'ArrowDown', lit)]).toEqual([0, null]);
});
