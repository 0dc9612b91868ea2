// What the icicle is drawn with: plan, axis, hatching, paths, the curve, the way of an access.
import { expect, test } from 'vitest';
import { ENTRY_BITS, icicle } from './ept';
import { axisTicks } from './ept-axis';
import { changeBoxes } from './ept-changes';
import { curve } from './ept-curve';
import { hatch, PITCH } from './ept-hatch';
import { accessPath } from './ept-path';
import { AXIS, eptPlan, listBeside } from './ept-plan';
import { rectOf, shapesOf } from './ept-shapes';

const GIB = 512 ** 2;
const { leaf: LEAF, table: TABLE, marked: MARKED } = ENTRY_BITS;
const rows = [150, 100, 50, 0].map((y) => ({ y, h: 40 }));

test.each([
  [300, 160],
  [390, 600],
  [455, 300],
  [900, 300],
  [1900, 1000],
])('in %i by %i pixels rows lie below each other, labels and counts beside them', (width, height) => {
  const plan = eptPlan(width, height, [40, 60, 60], 60);
  const [zero, one, two, three] = plan.rows;
  expect(three!.y).toBe(AXIS);
  for (const [upper, lower] of [
    [three, two],
    [two, one],
    [one, zero],
  ])
    expect(lower!.y).toBeGreaterThanOrEqual(upper!.y + upper!.h + 7);
  expect(zero!.y + zero!.h).toBe(plan.height);
  expect(zero!.h).toBeGreaterThanOrEqual(19);
  expect(plan.x + plan.w).toBeLessThanOrEqual(plan.columns[0] ?? plan.width);
  expect(plan.columns.at(-1) ?? 0).toBeLessThanOrEqual(plan.width);
  expect(plan.curve.h).toBeGreaterThanOrEqual(72);
});

test('a narrow pane has its counts below, a low and wide one its curve beside', () => {
  expect(eptPlan(320, 600, [40, 60, 60])).toMatchObject({ stacked: true, side: false, columns: [] });
  expect(eptPlan(1200, 240, [40, 60, 60])).toMatchObject({ stacked: false, side: true });
  expect(eptPlan(1200, 700, [40, 60, 60])).toMatchObject({ stacked: false, side: false });
});

test('what stands below the curve takes room from the curve, never from the rows', () => {
  const [without, with60] = [eptPlan(600, 600, [40, 60, 60]), eptPlan(600, 600, [40, 60, 60], 60)];
  expect(with60.rows).toEqual(without.rows);
  expect(without.curve.h - with60.curve.h).toBe(60);
});

test('ticks stand at round addresses, the whole guest has its end', () => {
  const whole = axisTicks({ from: 0, to: 4.25 * GIB, width: 680 }, 4.25 * GIB, 100);
  expect(whole.map(({ gfn, x, anchor }) => [gfn / GIB, Math.round(x), anchor])).toEqual([
    [0, 0, 'start'],
    [1, 160, 'middle'],
    [2, 320, 'middle'],
    [3, 480, 'middle'],
    [4.25, 680, 'end'],
  ]);
  const part = axisTicks({ from: 1000, to: 1100, width: 500 }, 4 * GIB, 90);
  expect(part.map(({ gfn }) => gfn)).toEqual([1024, 1056, 1088]);
});

test('a list for which there is no room below the curve stands beside it, in a pane that is wide enough', () => {
  const beside = (width: number, height: number, items: number) =>
    listBeside(eptPlan(width, height, [30, 30, 30]).curve, items);
  expect([beside(456, 295, 2), beside(456, 600, 2), beside(390, 295, 2), beside(456, 295, 0)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('hatching rises at 45 degrees, stays inside, and its lines are apart by the pitch', () => {
  const path = hatch({ x: 10, y: 20, w: 60, h: 30 }, 10);
  const lines = [...path.matchAll(/M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)/g)].map((m) => m.slice(1).map(Number));
  for (const [x0, y0, x1, y1] of lines) {
    expect(x1! - x0!).toBeCloseTo(y0! - y1!, 1);
    expect([x0! >= 10, x1! <= 70, y1! >= 20, y0! <= 50]).toEqual([true, true, true, true]);
  }
  const sums = lines.map(([x, y]) => x! + y!);
  for (const [i, sum] of sums.slice(1).entries()) expect((sum - sums[i]!) / Math.SQRT2).toBeCloseTo(10, 1);
  expect([...PITCH]).toEqual([...PITCH].sort((a, b) => a - b));
});

const tables = {
  frames: 4 * GIB,
  entries: [
    new Uint8Array(0),
    new Uint8Array(2048).fill(LEAF, 0, 512),
    Uint8Array.of(TABLE, LEAF | MARKED, LEAF, 0),
    Uint8Array.of(TABLE),
  ],
  seen: () => null,
};

test('ground, cuts, hatching and boxes are one path each, marked entries hatched with the pitch of their level', () => {
  const it = icicle(tables, { from: 0, to: 4 * GIB, width: 400 });
  const { shapes, marks } = shapesOf(it, rows, 1);
  const hatched = shapes.find(({ stroke }) => stroke === '--hatch-high');
  expect(hatched?.d).toBe(hatch({ x: 100, y: 50, w: 100, h: 40 }, PITCH[2]!));
  expect(shapes.find(({ fill }) => fill === '--t-ram-rw')?.d).toContain('M100 50h100v40h-100z');
  expect(shapes.find(({ fill }) => fill === '--raised')?.d).toBe('M0 40h400v10h-400zM0 90h100v10h-100z');
  expect(shapes.filter(({ stroke }) => stroke === '--edge').at(-1)?.d).toContain('M0.5 100.5h100v39h-100z');
  expect(marks).toBeGreaterThan(5);
});

test('a single entry between wide ones is two device pixels wide, and never out of the view', () => {
  const thin = { ...icicle(tables, { from: 0, to: 4 * GIB, width: 400 }).rows[2]![1]!, x0: 399.9, x1: 400 };
  expect(rectOf(thin, rows[2]!, 1, 400)).toEqual({ x: 398, y: 50, w: 2, h: 40 });
  expect(rectOf(thin, rows[2]!, 2, 400)).toEqual({ x: 399, y: 50, w: 1, h: 40 });
});

test('an access goes down from the root to where it ended', () => {
  const window = { from: 0, to: 400, width: 400 };
  const path = accessPath({ gfn: 100, level: 1, faulted: true }, window, rows);
  expect(path).toEqual({
    d: 'M100.5 20V120',
    dots: [
      { level: 3, x: 100.5, y: 20 },
      { level: 2, x: 100.5, y: 70 },
    ],
    end: { level: 1, x: 100.5, y: 120, faulted: true },
  });
  expect(accessPath({ gfn: 100, level: 3, faulted: false }, window, rows)).toMatchObject({ d: '', dots: [] });
  expect(accessPath({ gfn: 400, level: 0, faulted: false }, window, rows)).toBeNull();
});

test('the curve steps through its samples up to now, and what is to come goes on from there', () => {
  const input = { at: [0, 10, 20, 40], values: [0, 4, 4, 2], now: { step: 30, value: 3 }, of: 40 };
  const drawn = curve(input, 400, 100);
  expect(drawn.past).toBe('M0,100L100,100L100,0L200,0L200,0L300,0L300,25');
  expect(drawn.future).toBe('M300,25L400,25L400,50');
  expect(drawn.dot).toEqual({ x: 300, y: 25 });
  expect(drawn.ticks.map(({ value, y }) => [value, y])).toEqual([
    [0, 100],
    [2, 50],
    [4, 0],
  ]);
  expect(drawn.changes).toEqual([
    { step: 0, value: 0 },
    { step: 10, value: 4 },
    { step: 40, value: 2 },
  ]);
});

test('a run without any entry is a line at the foot', () => {
  const { past, future, most } = curve({ at: [0], values: [0], now: { step: 0, value: 0 }, of: 0 }, 400, 100);
  expect([past, future, most]).toEqual(['M0,100Z', '', 1]);
});

test('tables that a step made are one box where they lie near each other, level by level', () => {
  const window = { from: 0, to: 128 * 512, width: 512 };
  const made = [12, 3, 4, 5, 6].map((cell) => ({ level: 0, first: cell * 512 }));
  const boxes = changeBoxes([...made, { level: 1, first: 0 }], 128 * 512, window, rows);
  expect(boxes.map(({ key, at, tables }) => [key, at, tables])).toEqual([
    ['1 0', { x: 0, y: 100, w: 512, h: 40 }, 1],
    ['0 1536', { x: 12, y: 150, w: 16, h: 40 }, 4],
    ['0 6144', { x: 48, y: 150, w: 4, h: 40 }, 1],
  ]);
  expect(changeBoxes([{ level: 3, first: 0 }], 128 * 512, window, rows)[0]!.at.w).toBe(512);
});
