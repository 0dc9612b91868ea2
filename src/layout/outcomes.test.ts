import { path } from 'd3';
import { expect, test } from 'vitest';
import { drawShape, isWrong, shapeOf } from './outcomes';

const CODES = [
  'pending',
  'forwarded',
  'discarded',
  'retried',
  'lost',
  'bypassed',
  'buffered',
  'copied',
  'orphaned',
  'stopped',
];

test('each outcome has a shape of its own', () => {
  const drawn = CODES.map((code) => {
    const pen = path();
    drawShape(pen, shapeOf(code), 0, 0, 4);
    return pen.toString();
  });
  expect(new Set(CODES.map(shapeOf)).size).toBe(CODES.length);
  expect(new Set(drawn).size).toBe(CODES.length);
});

test('a dot is what came to its owner, a bar what was dropped, an open ring what is tried again, a cross what nobody saw', () => {
  expect(['forwarded', 'discarded', 'retried', 'lost', 'bypassed'].map(shapeOf)).toEqual([
    'dot',
    'bar',
    'ring',
    'cross',
    'plus',
  ]);
});

test('only a write that somebody should have seen is wrong', () => {
  expect(CODES.filter(isWrong)).toEqual(['lost', 'bypassed']);
});

/** Twice the area of a closed polygon, positive clockwise on a screen. */
function turn(d: string): number {
  const points = [...d.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  return points.reduce((sum, [x, y], i) => {
    const [nx, ny] = points[(i + 1) % points.length]!;
    return sum + x * ny - nx * y;
  }, 0);
}

test('shapes run clockwise, so that two that overlap fill each other', () => {
  for (const code of ['lost', 'bypassed']) {
    const pen = path();
    drawShape(pen, shapeOf(code), 0, 0, 4);
    expect(turn(pen.toString())).toBeGreaterThan(0);
  }
});
