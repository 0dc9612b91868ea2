import { expect, test } from 'vitest';
import { heatBins, WriteHeat } from './heat';

const PAGE = 4096;
const writes = {
  length: 5,
  from: [2, 4, 4, 7, 9],
  gpa: [0x200 * PAGE, 0x200 * PAGE + 8, 0x7ff * PAGE, 3 * PAGE, 0x200 * PAGE],
};

test('writes count in their cell and their frame from the step that began them on', () => {
  const heat = new WriteHeat(writes, 4);
  expect([...heat.to(1).cells]).toEqual([0, 0, 0, 0]);
  expect([...heat.to(4).cells]).toEqual([0, 2, 0, 1]);
  expect([heat.frame(0x200), heat.frame(0x7ff), heat.frame(3)]).toEqual([2, 1, 0]);
  expect([...heat.to(99).cells]).toEqual([1, 3, 0, 1]);
  expect([heat.sum(0, 2), heat.sum(2, 9)]).toEqual([4, 1]);
});

test('a step back takes back what came after it', () => {
  const heat = new WriteHeat(writes, 4);
  const forward = [0, 2, 4, 7, 9].map((step) => [...heat.to(step).cells]);
  const back = [9, 7, 4, 2, 0].map((step) => [...heat.to(step).cells]);
  expect(back.reverse()).toEqual(forward);
  expect(heat.frame(0x200)).toBe(0);
});

test('a write past the last cell counts for its frame alone', () => {
  const heat = new WriteHeat({ length: 1, from: [1], gpa: [0x1000 * PAGE] }, 4).to(1);
  expect([[...heat.cells], heat.frame(0x1000), heat.most()]).toEqual([[0, 0, 0, 0], 1, { frame: 1, cell: 0 }]);
});

test.each([
  [0, [1]],
  [1, [1]],
  [3, [1, 2]],
  [31, [1, 2, 4, 8, 16]],
  [33, [1, 4, 16]],
  [100_000, [1, 10, 100, 1000, 10_000]],
])('counts up to %i fall into at most five bins, from %j', (most, from) => {
  const bins = heatBins(most);
  expect(bins.from).toEqual(from);
  expect([0, 1, most, 10 * most + 1].map(bins.of)).toEqual([0, 1, most === 0 ? 0 : from.length, from.length]);
});
