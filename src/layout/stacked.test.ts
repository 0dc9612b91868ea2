import { expect, test } from 'vitest';
import { sampleAt, someSamples, spread, stacked, stepShare, totals } from './stacked';

/** Two lanes, three primitives, samples at steps 0, 5, 6, 20. */
const samples = {
  at: Uint32Array.of(0, 5, 6, 20),
  costs: Float64Array.from(
    [
      [0, 0, 0, 0, 0, 0],
      [1, 0, 0, 0, 2, 0],
      [1, 0, 0, 0, 3, 0],
      [3, 0, 9, 0, 10, 0],
    ].flat(),
  ),
};
const prices = [100, 10, 0];

test('parted by primitive: counts of all lanes times the price, those that come to nothing left out', () => {
  const of = totals(samples, 2, prices, 'cost');
  expect([of.keys, of.values.map((column) => [...column]), [...of.sums]]).toEqual([
    [0, 1],
    [
      [0, 100, 100, 300],
      [0, 20, 30, 100],
    ],
    [0, 120, 130, 400],
  ]);
});

test('parted by actor the sum is the same', () => {
  const of = totals(samples, 2, prices, 'actor');
  expect([of.keys, [...of.values[1]!], [...of.sums]]).toEqual([
    [0, 1],
    [0, 20, 30, 100],
    [0, 120, 130, 400],
  ]);
});

test('a step is read at the last sample before it', () => {
  expect([0, 4, 5, 6, 19, 20, 99].map((step) => sampleAt(samples.at, step))).toEqual([0, 0, 1, 2, 2, 3, 3]);
  expect(sampleAt(new Uint32Array(0), 3)).toBe(-1);
});

test('a step alone came to the difference of two samples, where both are there', () => {
  const of = totals(samples, 2, prices, 'cost');
  expect([0, 5, 6, 7, 20].map((step) => stepShare(of, step))).toEqual([0, null, 10, null, null]);
});

test('layers lie on each other up to the sum, the last value lasting until the next', () => {
  const plan = stacked(totals(samples, 2, prices, 'cost'), 20, 200, 100);
  expect([plan.x(20), plan.y(0), plan.y(400)]).toEqual([200, 100, 0]);
  expect(plan.layers.map(({ edge }) => edge)).toEqual([
    'M0,100L50,100L50,75L60,75L60,75L200,75L200,25',
    'M0,100L50,100L50,70L60,70L60,67.5L200,67.5L200,0',
  ]);
  expect(plan.layers.map(({ end }) => end)).toEqual([62.5, 12.5]);
});

test('names of thin layers are spread, within the picture and in their order', () => {
  expect(spread([90, 89, 88, 40], 15, 5, 95)).toEqual([90, 75, 60, 40]);
  expect(spread([12, 11, 10], 15, 5, 95)).toEqual([35, 20, 5]);
});

test('of many samples some are told, the first and the last among them', () => {
  expect(someSamples(3, 24)).toEqual([0, 1, 2]);
  const some = someSamples(1024, 24);
  expect([some.length, some[0], some.at(-1)]).toEqual([24, 0, 1023]);
});

test('a run that cost nothing has an empty stack on an axis from 0', () => {
  const of = totals({ at: Uint32Array.of(0, 9), costs: new Float64Array(12) }, 2, prices, 'cost');
  const plan = stacked(of, 9, 100, 50);
  expect([of.keys, plan.layers, plan.y(0)]).toEqual([[], [], 50]);
});
