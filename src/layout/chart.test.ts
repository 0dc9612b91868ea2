/** The parts of the layout of charts, on charts made for it. */
import { expect, test } from 'vitest';
import { planChart } from './chart';
import type { Drawn } from './chart-arrows';
import { spread, type ChartPlan, type StateSize } from './chart-plan';
import { planSeats } from './chart-seats';
import { between, nextTo, signOf } from './chart-signs';
import { overlap, type Box } from './labels';

const state = (id: string, ...within: string[]): StateSize => ({ id, w: 100, h: 40, within });
const arrow = (from: string | null, to: string, words = 'go'): Drawn => ({
  id: `${from ?? ''}>${to}`,
  from,
  to,
  arrows: [`${from}:${words}`],
  lines: [{ arrow: `${from}:${words}`, text: words, mono: false, width: 6 * words.length }],
  ghost: false,
});
const box = (plan: ChartPlan, id: string): Box => plan.boxes.get(id)!;
const path = (plan: ChartPlan, id: string) => plan.paths.find(({ drawn }) => drawn.id === id)!;

test('a chart runs down or to the right, and is the same turned over', () => {
  const states = [state('a'), state('b')];
  const down = planChart(states, [arrow('a', 'b')], true);
  const right = planChart(states, [arrow('a', 'b')], false);
  expect(box(down, 'b').y).toBeGreaterThan(box(down, 'a').y + 40);
  expect(box(right, 'b').x).toBeGreaterThan(box(right, 'a').x + 100);
  expect([path(down, 'a>b').angle, path(right, 'a>b').angle]).toEqual([90, 0]);
});

test('two arrows between the same states run side by side, each with its label on its own side', () => {
  const plan = planChart([state('a'), state('b')], [arrow('a', 'b', 'there'), arrow('b', 'a', 'back')], true);
  const [there, back] = [path(plan, 'a>b'), path(plan, 'b>a')];
  expect(back.start.x - there.tip.x).toBe(12);
  expect(there.label.x + there.label.w).toBeLessThan(there.tip.x);
  expect(back.label.x).toBeGreaterThan(back.start.x);
  expect([there.angle, back.angle]).toEqual([90, -90]);
});

test('a state with parts lies round them, and an arrow that leaves it begins at its edge', () => {
  const states = [state('in.a', 'in'), state('in.b', 'in'), state('out')];
  const plan = planChart(states, [arrow('in.a', 'in.b'), arrow('in', 'out')], true);
  const round = plan.rounds.get('in')!;
  for (const id of ['in.a', 'in.b']) {
    const part = box(plan, id);
    expect([id, part.x > round.x && part.x + part.w < round.x + round.w]).toEqual([id, true]);
  }
  expect(overlap(round, box(plan, 'out'))).toBe(false);
  expect(path(plan, 'in>out').start.y).toBe(round.y + round.h);
});

test('seats with nobody in them take no room, and what has no seat is put at the foot', () => {
  const seats = { a: [0, 0], b: [2, 0], c: [0, 3] } as const;
  const plan = planSeats(
    ['a', 'b', 'c', 'd'].map((id) => state(id)),
    [arrow('a', 'b', 'a longer label')],
    seats,
  );
  expect(box(plan, 'a').y).toBe(box(plan, 'b').y);
  // As far apart as their label is wide.
  expect(box(plan, 'b').x - box(plan, 'a').x).toBe(100 + 6 * 14 + 6 + 6);
  expect(box(plan, 'c').x).toBe(box(plan, 'a').x);
  expect(box(plan, 'd').y).toBeGreaterThan(box(plan, 'c').y);
});

test('a slanting neighbour is entered at its side if that is free', () => {
  const seats = { a: [0, 0], b: [1, 1], c: [1, 0] } as const;
  const plan = planSeats(
    ['a', 'b', 'c'].map((id) => state(id)),
    [arrow('a', 'c'), arrow('a', 'b')],
    seats,
  );
  const { start, tip, angle } = path(plan, 'a>b');
  expect(start.y).toBe(box(plan, 'a').y + 40);
  expect(tip).toEqual({ x: box(plan, 'b').x, y: box(plan, 'b').y + 20 });
  expect(Math.abs(angle)).toBeLessThan(5);
});

test('what comes out of nowhere comes from above', () => {
  const plan = planSeats([state('a')], [arrow(null, 'a', 'from anywhere')], { a: [0, 0] });
  const { start, tip } = path(plan, '>a');
  expect([tip.y, start.y < tip.y, start.x]).toEqual([box(plan, 'a').y, true, tip.x]);
});

test('the rows draw apart towards the height that there is, but not without end', () => {
  const draw = (aspect: number) =>
    planSeats([state('a'), state('b')], [arrow('a', 'b')], { a: [0, 0], b: [0, 1] }, aspect);
  expect(draw(0.5).h).toBe(draw(0).h);
  expect(draw(4).h - draw(0).h).toBe(48);
});

test('arrows at one side keep apart, and stay on it', () => {
  const at = (...towards: number[]) =>
    spread(
      towards.map((t) => ({ towards: t, twin: false })),
      0,
      100,
    );
  expect(at(50)).toEqual([50]);
  expect(at(-30, 200)).toEqual([14, 86]);
  expect(at(50, 50, 50)).toEqual([50, 64, 78]);
  const crowd = at(...Array.from({ length: 12 }, () => 50));
  expect([crowd[0]! >= 13, crowd.at(-1)! <= 86.001]).toEqual([true, true]);
});

const GRID = new Map<string, Box>([
  ['middle', { x: 100, y: 100, w: 50, h: 20 }],
  ['right', { x: 200, y: 105, w: 50, h: 20 }],
  ['far right', { x: 300, y: 100, w: 50, h: 20 }],
  ['below', { x: 90, y: 200, w: 50, h: 20 }],
]);

test.each([
  ['middle', 'right', 'right'],
  ['middle', 'down', 'below'],
  ['below', 'up', 'middle'],
  ['far right', 'left', 'right'],
  ['middle', 'left', 'below'],
  ['middle', 'up', null],
] as const)('from %s to the %s is %s', (from, direction, to) => {
  expect(nextTo(GRID, from, direction)).toBe(to);
});

test('a refusal is drawn on the side of what it would have led to, off the other states', () => {
  const plan: ChartPlan = { w: 400, h: 300, boxes: GRID, rounds: new Map(), paths: [] };
  const words = { w: 60, h: 34 };
  const sign = signOf(plan, GRID.get('middle')!, words, false, GRID.get('below'));
  expect(sign.end).toEqual({ x: 125, y: 156 });
  expect([...GRID.values()].some((state) => overlap(state, sign.label))).toBe(false);
});

test('an arrow that comes back ends where it began', () => {
  const plan: ChartPlan = { w: 400, h: 300, boxes: GRID, rounds: new Map(), paths: [] };
  const { end } = signOf(plan, GRID.get('middle')!, { w: 40, h: 15 }, true);
  const { x, y, w, h } = GRID.get('middle')!;
  expect(end.x === x || end.x === x + w || end.y === y || end.y === y + h).toBe(true);
});

test('an arrow that is drawn only now goes from edge to edge', () => {
  expect(between(GRID.get('middle')!, GRID.get('far right')!)).toMatchObject({ end: { x: 300, y: 110 }, angle: 0 });
  expect(between(GRID.get('below')!, GRID.get('middle')!)).toMatchObject({ end: { x: 125, y: 120 }, angle: -90 });
});
