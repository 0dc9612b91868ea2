import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { ENTRY_BITS, entryFrames, icicle, LEVELS, type Mark, type SeenFrames, type Tables } from './ept';

const { leaf: LEAF, table: TABLE, marked: MARKED, below: BELOW, touched: TOUCHED } = ENTRY_BITS;
const CELL = 512;
const GIB = CELL ** 2;

/** A guest of so many GiB: `two` and `one` are the bytes of levels 2 and 1, by place; the others are empty. */
function guest(gib: number, two: Record<number, number>, one: Record<number, number>): Tables {
  const bytes = (length: number, by: Record<number, number>): Uint8Array => {
    const made = new Uint8Array(length);
    for (const [i, byte] of Object.entries(by)) made[Number(i)] = byte;
    return made;
  };
  const entries = [new Uint8Array(0), bytes(gib * CELL, one), bytes(CELL, two), bytes(CELL, { 0: TABLE | BELOW })];
  return { frames: gib * GIB, entries, seen: () => null };
}
const whole = (tables: Tables, width = 400) => icicle(tables, { from: 0, to: tables.frames, width });
const brief = (row: readonly Mark[]) =>
  row.map(({ first, entries, kind, marked, x0, x1 }) => [first / GIB, entries, kind, marked, x0, x1]);

const SMALL = guest(4, { 0: TABLE, 1: LEAF | MARKED, 2: LEAF | MARKED, 3: LEAF }, { 0: TABLE | BELOW, 1: LEAF });

test('equal entries beside each other are one mark, over the addresses that they map', () => {
  const { rows } = whole(SMALL);
  expect(brief(rows[3]!)).toEqual([[0, 1, 'table', 0, 0, 400]]);
  expect(brief(rows[2]!)).toEqual([
    [0, 1, 'table', 0, 0, 100],
    [1, 2, 'leaf', 2, 100, 300],
    [3, 1, 'leaf', 0, 300, 400],
  ]);
});

test('a row goes on only below an entry that points to a table', () => {
  const { rows, boxes } = whole(SMALL);
  expect(rows[1]!.map(({ x1 }) => x1).at(-1)).toBe(100);
  expect(rows[0]!.every(({ x1 }) => x1 <= 1)).toBe(true);
  expect(boxes.filter(({ level }) => level === 1)).toEqual([{ level: 1, x0: 0, x1: 100, first: 0, tables: 1 }]);
});

test('entries narrower than a pixel are one mark with the share of what is in it', () => {
  const alternating = Object.fromEntries(Array.from({ length: CELL }, (_, i) => [i, i % 2 ? LEAF | MARKED : 0]));
  const { rows } = whole(guest(4, { 0: TABLE }, alternating));
  const row = rows[1]!;
  expect(row.length).toBeLessThanOrEqual(100);
  expect(row[0]).toMatchObject({
    kind: 'mixed',
    first: 0,
    entries: 6,
    present: 3,
    marked: 3,
    filled: 0.5,
    hatched: 0.5,
  });
  expect(row.reduce((n, mark) => n + mark.entries, 0)).toBe(CELL);
});

test('a table whose frames are not at hand tells only whether there are marks in it', () => {
  const two = { from: 0, to: 2 * CELL, width: 400 };
  const { rows } = icicle(guest(4, { 0: TABLE }, { 0: TABLE | BELOW, 1: TABLE }), two);
  expect(rows[0]!.map(({ kind, entries, present, marked, below }) => [kind, entries, present, marked, below])).toEqual([
    ['unread', CELL, null, null, true],
    ['unread', CELL, null, 0, false],
  ]);
});

const frames = (first: number): SeenFrames => {
  const types = new Uint8Array(CELL);
  types.fill(15, 8, 12).fill(255, 500);
  const pending = new Uint8Array(CELL).fill(255);
  pending.fill(0, 10, 20);
  return { first, types, pending, touched: new Uint8Array(CELL) };
};

test('the frames of a table that is looked at are runs of one type, marked or settled', () => {
  const tables = { ...guest(4, { 0: TABLE }, { 1: TABLE | BELOW }), seen: frames };
  const { rows } = icicle(tables, { from: CELL, to: 2 * CELL, width: 1024 });
  expect(rows[0]!.map(({ first, entries, type, marked, x0 }) => [first - CELL, entries, type, marked, x0])).toEqual([
    [0, 8, 0, 0, 0],
    [8, 2, 15, 0, 16],
    [10, 2, 15, 2, 20],
    [12, 8, 0, 8, 24],
    [20, 480, 0, 0, 40],
    [500, 12, null, 0, 1000],
  ]);
});

test('of a part of the guest only what is in view is drawn, and entries that reach out of it are whole', () => {
  const { rows } = icicle(SMALL, { from: GIB / 2, to: 1.5 * GIB, width: 400 });
  expect(brief(rows[2]!)).toEqual([
    [0, 1, 'table', 0, 0, 200],
    [1, 1, 'leaf', 1, 200, 400],
  ]);
});

test('what this step wrote is a run of its own', () => {
  const { rows } = whole(guest(4, { 0: LEAF, 1: LEAF | TOUCHED, 2: LEAF }, {}));
  expect(rows[2]!.map(({ touched }) => touched)).toEqual([false, true, false, false]);
});

test('without a guest, or without room, there is nothing', () => {
  const none = { frames: 0, entries: [], seen: () => null };
  expect(icicle(none, { from: 0, to: 0, width: 400 }).rows.flat()).toEqual([]);
  expect(icicle(SMALL, { from: 0, to: 4 * GIB, width: 0 }).rows.flat()).toEqual([]);
});

test('64 GiB in tables of all sorts are at most four marks a pixel', () => {
  const two = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [i, TABLE | BELOW]));
  const one = Object.fromEntries(
    Array.from({ length: 64 * CELL }, (_, i) => [i, [TABLE, LEAF, LEAF | MARKED, TABLE | BELOW, 0][(i * 7) % 5]!]),
  );
  const { rows } = whole(guest(64, two, one), 800);
  expect(rows.flat().length).toBeLessThan(4 * 800);
  expect(rows[1]!.reduce((n, mark) => n + mark.entries, 0)).toBe(64 * CELL);
});

const byte = fc.constantFrom(0, LEAF, LEAF | MARKED, TABLE, TABLE | MARKED, TABLE | BELOW, LEAF | TOUCHED);
property.prop([
  fc.array(byte, { minLength: 4, maxLength: 4 }),
  fc.array(byte, { minLength: 1, maxLength: 60 }),
  fc.integer({ min: 0, max: 4 * GIB - 2 }),
  fc.integer({ min: 1, max: 4 * GIB }),
  fc.integer({ min: 1, max: 1500 }),
])('each row fills exactly what its parents lead to, without gap or overlap', (two, some, at, span, width) => {
  const one = Object.fromEntries(Array.from({ length: 4 * CELL }, (_, i) => [i, some[i % some.length]!]));
  const tables = { ...guest(4, { ...two }, one), seen: frames };
  const to = Math.min(4 * GIB, at + span);
  const window = { from: at, to, width };
  const { rows } = icicle(tables, window);
  for (const level of LEVELS) {
    const row = rows[level]!;
    for (const [i, mark] of row.entries()) {
      const x = (gfn: number): number => ((Math.min(to, Math.max(at, gfn)) - at) / (to - at)) * width;
      expect(mark.x0).toBeCloseTo(x(mark.first), 6);
      expect(mark.x1).toBeCloseTo(x(mark.first + mark.frames), 6);
      expect(mark.frames).toBe(mark.entries * entryFrames(level));
      expect(mark.x0).toBeGreaterThanOrEqual((row[i - 1]?.x1 ?? 0) - 1e-6);
    }
    const sum = row.reduce((n, mark) => n + mark.x1 - mark.x0, 0);
    const above =
      rows[level + 1]?.filter((mark) => mark.kind === 'table').reduce((n, m) => n + m.x1 - m.x0, 0) ?? width;
    const mixed = rows[level + 1]?.filter((mark) => mark.kind === 'mixed').reduce((n, m) => n + m.x1 - m.x0, 0) ?? 0;
    expect(sum).toBeGreaterThanOrEqual(above - 1e-6);
    expect(sum).toBeLessThanOrEqual(above + mixed + 1e-6);
  }
});
