import { expect, test } from 'vitest';
import { CELL } from './map';
import { BLOCK, blockFrames, cellSigns, ENTRY, pendingOf, SETTLED, SIGN } from './map-marks';

const signs = (entries: readonly (readonly number[])[], cells: number, touched: readonly number[] = []): number[] => {
  const into = new Uint8Array(cells);
  cellSigns(entries, touched, into);
  return [...into];
};
const { leaf, table, marked, below } = ENTRY;

test('a cell waits for the highest mark on the way to it', () => {
  const level1 = Array.from<number>({ length: 1026 }).fill(table);
  level1[0] = table | marked;
  level1[1] = table | below;
  const none = [table, table, table];
  const of = (level3: number, level2: readonly number[]) => signs([[], level1, level2, [level3]], 1026).map(pendingOf);
  expect(of(table, none).slice(0, 3)).toEqual([1, 0, SETTLED]);
  expect([0, 511, 512, 1025].map((cell) => of(table, [table | marked, table, leaf | marked])[cell])).toEqual([
    2,
    2,
    SETTLED,
    2,
  ]);
  expect(new Set(of(table | marked, [table | marked, table, table]))).toEqual(new Set([3]));
});

test('a cell knows the entry that maps it: one of 1 GiB, one of 2 MiB, or 512', () => {
  const level1 = new Array<number>(1024).fill(0);
  level1[512] = leaf;
  level1[513] = table;
  const found = signs([[], level1, [leaf, table], [table]], 1024);
  expect([0, 511, 512, 513, 514].map((cell) => found[cell]! & SIGN.block)).toEqual([
    BLOCK.gib,
    BLOCK.gib,
    BLOCK.cell,
    BLOCK.table,
    BLOCK.none,
  ]);
  expect([0, 512, 513].map((cell) => blockFrames(found[cell]!))).toEqual([512 * CELL, CELL, 1]);
});

test('what this step wrote is noted beside the marks; of cells past the end nobody speaks', () => {
  expect(signs([[], [leaf | marked, leaf], [table], [table]], 2, [0, 9])).toEqual([
    2 | BLOCK.cell | SIGN.touched,
    BLOCK.cell,
  ]);
});

test('while nobody has told of tables no cell has a sign', () => {
  expect(signs([], 3)).toEqual([0, 0, 0]);
});
