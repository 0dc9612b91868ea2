// Instructions of several runs on one axis: the first run's order, each vCPU in its own, what others have more in its place.
import { expect, test } from 'vitest';
import { axisOf } from './axis';
import { Line } from './line';

/** vCPU, operation, number in it. */
function line(...rows: readonly [number, number, number][]): Line {
  const made = new Line();
  rows.forEach(([vcpu, pc, k], n) => {
    made.vcpu[n] = vcpu;
    made.pc[n] = pc;
    made.k[n] = k;
  });
  made.length = rows.length;
  return made;
}
const axis = (...lines: Line[]) => axisOf(lines).map((rows) => [...rows]);

test('the same instructions in another order of vCPUs stand where the first run has them', () => {
  expect(axis(line([0, 0, 0], [1, 0, 0], [0, 1, 0]), line([1, 0, 0], [0, 0, 0], [0, 1, 0]))).toEqual([
    [0, 1, 2],
    [1, 0, 2],
  ]);
});

test('an instruction more in one operation moves nothing that comes after it', () => {
  expect(axis(line([0, 0, 0], [0, 1, 0]), line([0, 0, 0], [0, 0, 1], [0, 1, 0]))).toEqual([
    [0, -1, 1],
    [0, 1, 2],
  ]);
});

test('a run that ends early lacks what the others have', () => {
  expect(axis(line([0, 0, 0]), line([0, 0, 0], [0, 1, 0]), line())).toEqual([
    [0, -1],
    [0, 1],
    [-1, -1],
  ]);
});
