// A lattice of sets: a row for each size, lines between neighbours, keys along them.
import { fc, test as prop } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { latticeKey, linesOf, planLattice, RING, setAt } from './lattice';

const all = (n: number): number[] => Array.from({ length: 2 ** n }, (_, set) => set);
const bits = (set: number): number => set.toString(2).replaceAll('0', '').length;
const ROOM = { width: 900, height: 560, margin: 48 };

test('each size has a row, and neighbours a line', () => {
  const { rows, lines, shape } = planLattice(all(3), 3, ROOM);
  expect(rows.map(({ size, sets }) => [size, sets.map(({ set }) => set)])).toEqual([
    [0, [0]],
    [1, [1, 2, 4]],
    [2, [3, 5, 6]],
    [3, [7]],
  ]);
  expect([lines.length, shape]).toEqual([12, 'marks']);
  // Sets that cannot be built are left out, and the lines to them.
  expect(planLattice([0, 1, 3, 7], 3, ROOM).lines).toHaveLength(3);
});

test('with less room a set is a ring, in a crowd a square whose lines are drawn when it is asked for', () => {
  expect(planLattice(all(4), 4, { ...ROOM, width: 390, margin: 28 }).shape).toBe('rings');
  const crowd = planLattice(all(9), 9, ROOM);
  expect([crowd.shape, crowd.lines.length, crowd.at.size]).toEqual(['squares', 0, 512]);
  expect(linesOf(crowd, 0b11)).toHaveLength(9);
});

prop.prop([fc.integer({ min: 1, max: 9 }), fc.integer({ min: 320, max: 1900 }), fc.integer({ min: 200, max: 900 })], {
  numRuns: 30,
})('every set lies within the drawing, none upon another, and is found where it lies', (n, width, height) => {
  const plan = planLattice(all(n), n, { width, height, margin: 28 });
  const apart = plan.shape === 'squares' ? 12 : 2 * RING;
  const placed = [...plan.at.values()];
  for (const { set, x, y } of placed) {
    expect(x).toBeGreaterThan(28);
    expect(x).toBeLessThan(width);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(plan.height);
    expect(setAt(plan, x, y)).toBe(set);
  }
  for (const { sets } of plan.rows)
    sets.slice(1).forEach(({ x, y }, i) => {
      const before = sets[i]!;
      expect(Math.hypot(x - before.x, y - before.y)).toBeGreaterThanOrEqual(apart - 0.001);
    });
  expect(setAt(plan, -50, -50)).toBeNull();
});

prop.prop([fc.integer({ min: 2, max: 6 }), fc.nat({ max: 63 })])('keys lead along rows, and to neighbours', (n, at) => {
  const plan = planLattice(all(n), n, ROOM);
  const from = at % 2 ** n;
  const down = latticeKey(plan, 'ArrowDown', from);
  const up = latticeKey(plan, 'ArrowUp', from);
  expect(down === null).toBe(from === 2 ** n - 1);
  expect(up === null).toBe(from === 0);
  if (down !== null) expect([bits(down), bits(down ^ from)]).toEqual([bits(from) + 1, 1]);
  if (up !== null) expect([bits(up), bits(up ^ from)]).toEqual([bits(from) - 1, 1]);
  const right = latticeKey(plan, 'ArrowRight', from);
  if (right !== null) expect(latticeKey(plan, 'ArrowLeft', right)).toBe(from);
  expect([latticeKey(plan, 'Home', from), latticeKey(plan, 'End', from), latticeKey(plan, 'q', from)]).toEqual([
    0,
    2 ** n - 1,
    null,
  ]);
});
