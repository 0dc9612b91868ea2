import { expect, test } from 'vitest';
import { bins, pageOf, stepAt, stepX, timeline } from './timeline';

const shape = { width: 300, height: 20, tick: 6, trapped: 3, violation: 4 };

test('a step and its place on the timeline answer each other', () => {
  for (const step of [0, 1, 499, 1000]) expect(stepAt(stepX(step, 1000, 640), 1000, 640)).toBe(step);
});

test('a pointer outside the timeline means its first or last step', () => {
  expect(stepAt(-5, 90, 300)).toBe(0);
  expect(stepAt(900, 90, 300)).toBe(90);
  expect(stepAt(10, 90, 0)).toBe(0);
});

test('every step is in one bin, and a bin with one trapped write among many shows it', () => {
  const kinds = new Uint8Array(1000).fill(1);
  kinds[500] = 3;
  const binned = bins(kinds, 10, 3);
  expect([...binned.trapped]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  expect(binned.busy[0]).toBeCloseTo(1);
  expect(binned.busy[5]).toBeCloseTo(1.02);
});

test('no violation is binned away, even among 100 000 steps', () => {
  const kinds = new Uint8Array(100_000);
  kinds[77_777] = kinds[12] = 4;
  expect(timeline(kinds, shape).violations).toEqual([
    { step: 13, x: 0 },
    { step: 77_778, x: 233 },
  ]);
});

test('violations of one pixel are one mark', () => {
  const kinds = new Uint8Array(100_000);
  kinds[50_000] = kinds[50_001] = 4;
  expect(timeline(kinds, shape).violations).toHaveLength(1);
});

test('an empty history has neither bars nor ticks', () => {
  expect(timeline(new Uint8Array(0), shape)).toEqual({ width: 300, bars: '', ticks: '', violations: [] });
});

test('a short history gives a bar a step', () => {
  const { bars, ticks } = timeline(Uint8Array.of(1, 3, 2), shape);
  expect(bars.split('z')).toHaveLength(4);
  expect(ticks).toBe('M149 0h2v6h-2z');
});

test('a page is a twentieth of the history, and never under 10 steps', () => {
  expect(pageOf(3000)).toBe(150);
  expect(pageOf(20)).toBe(10);
});
