import { expect, test } from 'vitest';
import { overlap } from './labels';
import { lookAt, minimapPlace, uncovered, viewport } from './minimap';

const look = (k: number, x: number, y: number) => ({ k, x, y, width: 600, height: 400 });

test('the whole guest is the whole minimap, a part of it that part', () => {
  expect(viewport(look(1, 0, 0), 120, 80)).toEqual({ x: 0, y: 0, w: 120, h: 80 });
  expect(viewport(look(4, -600, -1200), 120, 80)).toEqual({ x: 30, y: 60, w: 30, h: 20 });
});

test('a single frame of 64 GiB is still to be seen, and inside', () => {
  const seen = viewport(look(3000, -599 * 3000, -399.9 * 3000), 120, 80);
  expect([seen.w, seen.h]).toEqual([4, 4]);
  expect(seen.x + seen.w).toBeLessThanOrEqual(120);
  expect(seen.y + seen.h).toBeLessThanOrEqual(80);
});

test('a point of the minimap comes into the middle of the map, and the map never leaves its window', () => {
  expect(lookAt(look(4, 0, 0), 60, 40, 120, 80)).toEqual({ k: 4, x: -900, y: -600 });
  expect(lookAt(look(4, 0, 0), 0, 80, 120, 80)).toEqual({ k: 4, x: 0, y: -1200 });
  const seen = viewport({ ...look(4, 0, 0), ...lookAt(look(4, 0, 0), 70, 30, 120, 80) }, 120, 80);
  expect([seen.x + seen.w / 2, seen.y + seen.h / 2]).toEqual([70, 30]);
});

test.each([
  [332, 235],
  [704, 384],
  [1100, 500],
])('on a map of %i by %i it lies in a corner, away from what happens', (w, h) => {
  const corner = minimapPlace(w, h, [])!;
  expect(corner.x + corner.w).toBe(w - 8);
  expect(corner.y + corner.h).toBe(h - 8);
  expect(corner.w * corner.h).toBeLessThan(0.16 * w * h);
  const busy = { x: w - 30, y: h - 30, w: 8, h: 8 };
  expect(overlap(minimapPlace(w, h, [busy])!, busy)).toBe(false);
});

test('where no corner is free it hides the least', () => {
  const all = { x: 0, y: 0, w: 600, h: 400 };
  const left = { x: 0, y: 0, w: 300, h: 400 };
  const low = { x: 300, y: 390, w: 300, h: 10 };
  expect(minimapPlace(600, 400, [all])).toMatchObject({ x: 600 - 132 - 8, y: 400 - 88 - 8 });
  expect(minimapPlace(600, 400, [left, low])).toMatchObject({ x: 600 - 132 - 8, y: 8 });
});

test('a map with no room for one has none', () => {
  expect([minimapPlace(200, 300, []), minimapPlace(300, 100, [])]).toEqual([null, null]);
});

test('what a picture that moved leaves free is found, each pixel once', () => {
  const area = (x: number, y: number, w: number, h: number) =>
    uncovered({ x, y, w, h }, 100, 50).reduce((sum, part) => sum + part.w * part.h, 0);
  expect(area(0, 0, 100, 50)).toBe(0);
  expect(area(-20, -20, 200, 100)).toBe(0);
  expect(area(10, 5, 100, 50)).toBe(5000 - 90 * 45);
  expect(area(25, 10, 50, 25)).toBe(5000 - 50 * 25);
  expect(area(0.5, 0, 99, 50)).toBe(2 * 50);
  expect(area(200, 0, 100, 50)).toBe(5000);
});
