import { expect, test } from 'vitest';
import * as engine from '../../engine/census';
import { P2M_TYPE_COUNT } from '../../engine/p2m-type';
import { CELL } from '../../layout/map';
import { CELL_COUNTS, TYPE_LOOKS } from '../../layout/types';
import { FrameCache, windowOf } from './frames.svelte';

const picture = (first: number, frames: number, type = 0) => ({
  first,
  types: new Uint8Array(frames).fill(type),
  orders: new Uint8Array(frames),
});

test('frames are kept cell by cell until their counts move', () => {
  const cache = new FrameCache();
  const counts = new Uint16Array(4 * CELL_COUNTS);
  cache.put(picture(CELL, 2 * CELL, 15), 7, counts);
  expect(cache.type(CELL)).toBe(15);
  expect(cache.type(0)).toBeUndefined();
  expect([0, 1, 2, 3].map((cell) => cache.stale(cell, 7, true, counts))).toEqual([true, false, false, true]);
  counts[2 * CELL_COUNTS + 15] = 1;
  expect([1, 2].map((cell) => cache.stale(cell, 7, false, counts))).toEqual([false, true]);
  expect(cache.stale(1, 8, false, counts)).toBe(false);
  expect(cache.stale(1, 8, true, counts)).toBe(true);
});

test('the page draws the types that the engine has, from counts as wide', () => {
  expect([CELL_COUNTS, TYPE_LOOKS.length]).toEqual([engine.CELL_COUNTS, P2M_TYPE_COUNT]);
});

test('one request asks for at most 8192 frames, from the first cell on', () => {
  expect(windowOf([40, 5, 9], 1e6)).toEqual({ first: 5 * CELL, frames: 5 * CELL });
  expect(windowOf([0, 15, 16], 1e6)).toEqual({ first: 0, frames: 8192 });
  expect(windowOf([7], 7 * CELL + 100)).toEqual({ first: 7 * CELL, frames: 100 });
});
