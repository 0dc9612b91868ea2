// Charts of a sweep as geometry.
import { expect, test } from 'vitest';
import { axisOf, sweepChart, type Asked, type ChartLine } from './sweep-chart';

const ROOM = { width: 400, height: 200 };
const widthOf = (text: string): number => text.length * 6;
const line = (design: number, ...points: [number, number][]): ChartLine => ({
  design,
  label: 'ABC'[design]!,
  points: points.map(([x, y], i) => ({ n: design + 10 * i, x, y })),
});
const asked = (lines: ChartLine[], more: Partial<Asked> = {}): Asked => ({
  lines,
  walls: [],
  x: axisOf([1, 256], 1, true),
  y: axisOf(lines.flatMap(({ points }) => points.map(({ y }) => y))),
  values: [1, 16, 256],
  xText: String,
  joined: true,
  margin: 60,
  ...more,
});

test('an axis is by powers from 1 on where values are far apart, and from 0 on where they are not', () => {
  expect(axisOf([19144, 43733])).toEqual({ log: false, least: 0, most: 43733 });
  expect(axisOf([12156, 600096672])).toEqual({ log: true, least: 1, most: 600096672 });
  expect(axisOf([0, 1000])).toEqual({ log: false, least: 0, most: 1000 });
  expect(axisOf([16, 64], 16, true)).toEqual({ log: true, least: 16, most: 64 });
  expect(axisOf([])).toEqual({ log: false, least: 0, most: 1 });
  expect(axisOf([0, 0])).toMatchObject({ most: 1 });
});

test('dots lie where their values are, and are walked by x, then by design', () => {
  const { dots, lines } = sweepChart(asked([line(1, [1, 0], [16, 50], [256, 100]), line(0, [1, 100])]), ROOM, widthOf);
  expect(dots.map(({ n, left, top }) => [n, Math.round(left), Math.round(top)])).toEqual([
    [0, 0, 0],
    [1, 0, 200],
    [11, 200, 100],
    [21, 400, 0],
  ]);
  expect(lines.map(({ design, d }) => [design, d.startsWith('M0,')])).toEqual([
    [1, true],
    [0, true],
  ]);
});

test('past the first wall is other ground; names of walls side by side do not meet', () => {
  const walls = [
    { x: 64, name: '64 ranges', who: 'B: ENOMEM' },
    { x: 16, name: '16 ranges', who: 'A: ENOMEM' },
  ];
  const plan = sweepChart(asked([line(0, [1, 5], [16, 9])], { walls }), ROOM, widthOf);
  expect(plan.past).toBe(200);
  expect(plan.walls.map(({ name, left, row, anchor }) => [name, left, row, anchor])).toEqual([
    ['16 ranges', 200, 0, 'start'],
    ['64 ranges', 300, 0, 'start'],
  ]);
  const near = [{ ...walls[0]!, x: 20 }, walls[1]!, { ...walls[0]!, x: 255 }];
  expect(sweepChart(asked([], { walls: near }), ROOM, widthOf).walls.map(({ row, anchor }) => [row, anchor])).toEqual([
    [0, 'start'],
    [1, 'start'],
    [0, 'end'],
  ]);
});

test('labels stand beside the ends of their lines, and not on each other', () => {
  const { labels } = sweepChart(asked([0, 1, 2].map((design) => line(design, [1, 100], [256, 100]))), ROOM, widthOf);
  expect(labels.map(({ anchor }) => anchor)).toEqual(['start', 'start', 'start']);
  const tops = labels.map(({ top }) => top).sort((a, b) => a - b);
  expect(Math.min(tops[1]! - tops[0]!, tops[2]! - tops[1]!)).toBeGreaterThanOrEqual(16);
});

test('ticks of values do not meet, and the last one is there', () => {
  const values = [1, 2, 4, 8, 16, 32, 64, 128, 255, 256];
  const { ticksX } = sweepChart(asked([], { values }), { width: 160, height: 100 }, widthOf);
  expect(ticksX.at(-1)!.value).toBe(256);
  expect(ticksX.length).toBeLessThan(values.length);
  ticksX.slice(1).forEach(({ at }, i) => expect(at - ticksX[i]!.at).toBeGreaterThan(10));
  const powers = sweepChart(asked([line(0, [1, 5], [256, 5e8])]), ROOM, widthOf).ticksY.map(({ value }) => value);
  expect(powers.every((value) => Number.isInteger(Math.log10(value)))).toBe(true);
});
