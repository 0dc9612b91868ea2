import { expect, test } from 'vitest';
import { CELL } from './map';
import { BLOCK, SETTLED } from './map-marks';
import type { CellFrames } from './map-scene';
import { MIXED, NONE, runsOf, stretchesIn, UNKNOWN } from './memory-runs';

const pure = Int8Array.of(0, 0, MIXED, 0, NONE);
const signs = Uint8Array.of(BLOCK.cell, BLOCK.cell, BLOCK.table, BLOCK.cell | 4, 0);
const ALL = [{ from: 0, to: 5 }];
const told = { ground: 'stored', pure, signs, unit: CELL, frames: () => null } as const;

test('cells of which the same is true are one run, mixed ones a run each', () => {
  const { runs, more } = runsOf(told, ALL, 10);
  expect(more).toBe(false);
  expect(runs).toEqual([
    { first: 0, last: 1023, stored: 0, effective: 0, order: 9, pending: SETTLED },
    { first: 1024, last: 1535, stored: MIXED, effective: MIXED, order: 0, pending: SETTLED },
    { first: 1536, last: 2047, stored: 0, effective: UNKNOWN, order: 9, pending: 3 },
    { first: 2048, last: 2559, stored: NONE, effective: NONE, order: -1, pending: SETTLED },
  ]);
});

test('where effective types are counted, it is the stored one that a mark leaves open', () => {
  const { runs } = runsOf(
    { ...told, ground: 'effective' },
    [
      { from: 0, to: 1 },
      { from: 3, to: 4 },
    ],
    10,
  );
  expect(runs.map(({ stored, effective }) => [stored, effective])).toEqual([
    [0, 0],
    [UNKNOWN, 0],
  ]);
});

test('what is seen frame by frame is told frame by frame, and goes on into the next cell', () => {
  const frames: CellFrames = {
    types: new Uint8Array(CELL).fill(15, 510).fill(255, 0, 3),
    effective: new Uint8Array(CELL).fill(255, 0, 3),
    orders: new Uint8Array(CELL),
    pending: new Uint8Array(CELL).fill(SETTLED).fill(1, 510),
    touched: null,
  };
  const flat: CellFrames = {
    ...frames,
    types: new Uint8Array(CELL).fill(15),
    effective: new Uint8Array(CELL),
    pending: new Uint8Array(CELL).fill(1),
  };
  const { runs } = runsOf(
    { ...told, unit: 1, frames: (cell) => (cell === 0 ? frames : flat) },
    [{ from: 0, to: 2 }],
    10,
  );
  expect(runs).toEqual([
    { first: 0, last: 2, stored: NONE, effective: NONE, order: 0, pending: SETTLED },
    { first: 3, last: 509, stored: 0, effective: 0, order: 0, pending: SETTLED },
    { first: 510, last: 1023, stored: 15, effective: 0, order: 0, pending: 1 },
  ]);
});

test('a list is cut at its most, and says so', () => {
  const { runs, more } = runsOf(told, ALL, 2);
  expect([runs.map(({ last }) => last), more]).toEqual([[1023, 1535], true]);
});

test('cells in sight come in order of address, without what is past the end, rows in full as one', () => {
  expect(stretchesIn(4, 10, { row0: 1, row1: 3, col0: 1, col1: 3 })).toEqual([
    { from: 5, to: 7 },
    { from: 9, to: 10 },
  ]);
  expect(stretchesIn(4, 10, { row0: 0, row1: 3, col0: 0, col1: 4 })).toEqual([{ from: 0, to: 10 }]);
  expect(stretchesIn(4, 10, { row0: 1, row1: 2, col0: 1, col1: 3 })).toEqual([{ from: 5, to: 7 }]);
  expect(stretchesIn(4, 10, { row0: 3, row1: 3, col0: 0, col1: 4 })).toEqual([]);
});
