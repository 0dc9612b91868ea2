import { expect, test } from 'vitest';
import { ENTRY_BITS, icicle, type Tables } from './ept';
import { entryOf, frameAtX, neighbour, spanRect, sunk, written, xOf } from './ept-entry';

const { leaf: LEAF, table: TABLE, marked: MARKED, below: BELOW, touched: TOUCHED } = ENTRY_BITS;
const GIB = 512 ** 2;
const one = new Uint8Array(1024);
one.set([TABLE | BELOW, LEAF | MARKED, LEAF | TOUCHED], 0);
const tables: Tables = {
  frames: 2 * GIB,
  entries: [new Uint8Array(0), one, Uint8Array.of(TABLE, LEAF), Uint8Array.of(TABLE)],
  seen: () => null,
};
const rows = [150, 100, 50, 0].map((y) => ({ y, h: 40 }));
const window = { from: 0, to: 2 * GIB, width: 400 };

test('an entry is looked up level by level, and where the way ends above, that entry is found', () => {
  expect(entryOf(tables, 700, 1)).toMatchObject({
    level: 1,
    first: 512,
    frames: 512,
    index: 1,
    kind: 'leaf',
    marked: true,
  });
  expect(entryOf(tables, 700, 0)).toMatchObject({ level: 1, first: 512 });
  expect(entryOf(tables, GIB + 5, 0)).toMatchObject({ level: 2, first: GIB, index: 1, kind: 'leaf', marked: false });
  expect(entryOf(tables, 1024, 1)).toMatchObject({ touched: true });
});

test('of a table whose frames are not at hand the entry is named but not known', () => {
  expect(entryOf(tables, 61, 0)).toEqual({
    level: 0,
    first: 61,
    frames: 1,
    index: 61,
    kind: 'unread',
    marked: null,
    below: false,
    touched: false,
    type: null,
  });
});

test('of a table that is at hand each frame has its type and its mark', () => {
  const types = new Uint8Array(512).fill(255, 100);
  types[61] = 15;
  const pending = new Uint8Array(512).fill(255);
  pending[61] = 0;
  const seen = () => ({ first: 0, types, pending, touched: new Uint8Array(512) });
  expect(entryOf({ ...tables, seen }, 61, 0)).toMatchObject({ kind: 'leaf', type: 15, marked: true });
  expect(entryOf({ ...tables, seen }, 100, 0)).toMatchObject({ kind: 'empty', type: null, marked: false });
});

test('places and frames are each other’s inverse, and stay in view', () => {
  const part = { from: 1000, to: 2000, width: 500 };
  expect(xOf(part, 1100)).toBe(50);
  expect(frameAtX(part, 50)).toBe(1100);
  expect([frameAtX(part, -9), frameAtX(part, 999)]).toEqual([1000, 1999]);
});

test('a span is cut at the borders of the view, and is nowhere outside', () => {
  const part = { from: GIB / 2, to: GIB, width: 400 };
  expect(spanRect(part, rows[2]!, 0, GIB)).toEqual({ x: 0, y: 50, w: 400, h: 40 });
  expect(spanRect(part, rows[2]!, GIB, GIB)).toBeNull();
});

test('wide entries are walked one by one, narrow ones from mark to mark', () => {
  const it = icicle(tables, window);
  const next = (gfn: number, level: number, direction: 1 | -1) =>
    neighbour(it, entryOf(tables, gfn, level), direction, tables.frames);
  expect(next(0, 2, 1)).toBe(GIB);
  expect(next(GIB, 2, 1)).toBe(GIB);
  expect(next(0, 2, -1)).toBe(0);
  const first = it.rows[1]![0]!;
  expect(first.kind).toBe('mixed');
  expect(next(0, 1, 1)).toBe(first.first + first.frames);
});

test('a mark has sunk where it was, the entry was written, points to a table, and is marked no more', () => {
  const before = [new Uint8Array(0), Uint8Array.of(TABLE | MARKED, LEAF | MARKED), Uint8Array.of(TABLE | MARKED)];
  const after = [
    new Uint8Array(0),
    Uint8Array.of(TABLE | TOUCHED, LEAF | TOUCHED),
    Uint8Array.of(TABLE | TOUCHED | BELOW),
  ];
  expect(sunk(before, after)).toEqual([
    { level: 2, first: 0, frames: GIB, to: 1 },
    { level: 1, first: 0, frames: 512, to: 0 },
  ]);
  expect(sunk(after, after)).toEqual([]);
});

test('a mark that sinks past levels where nothing was marked lands where this step left marks', () => {
  const table = TABLE | TOUCHED | BELOW;
  const left = new Uint8Array(512).fill(TABLE | MARKED | TOUCHED, 1);
  const before = [
    new Uint8Array(0),
    new Uint8Array(512).fill(TABLE),
    Uint8Array.of(TABLE),
    Uint8Array.of(TABLE | MARKED),
  ];
  expect(sunk(before, [new Uint8Array(0), left, Uint8Array.of(table), Uint8Array.of(table)])).toEqual([
    { level: 3, first: 0, frames: 512 * GIB, to: 1 },
  ]);
});

test('what a step wrote is the first run on its highest level', () => {
  expect(written(tables.entries)).toEqual({ level: 1, first: 1024, frames: 512 });
  expect(written([])).toBeNull();
  expect(written([one, one, Uint8Array.of(0, TOUCHED, TOUCHED, 0)])).toEqual({ level: 2, first: GIB, frames: 2 * GIB });
});
