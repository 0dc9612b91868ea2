import { expect, test } from 'vitest';
import * as engine from '../../engine/census';
import { P2M_TYPE_COUNT } from '../../engine/p2m-type';
import { CELL } from '../../layout/map';
import { ENTRY, SIGN } from '../../layout/map-marks';
import { CELL_COUNTS, TYPE_LOOKS } from '../../layout/types';
import { EPT_ENTRY } from '../../worker/protocol';
import { FrameCache, windowOf } from './frames.svelte';

const picture = (first: number, frames: number, type = 0) => ({
  first,
  types: new Uint8Array(frames).fill(type),
  effective: new Uint8Array(frames).fill(type),
  orders: new Uint8Array(frames),
  pending: new Uint8Array(frames).fill(255),
  touched: new Uint8Array(frames).fill(1),
});
const SIGNS = () => new Uint8Array(4);
const COUNTS = () => new Uint16Array(4 * CELL_COUNTS);

test('frames are kept cell by cell until their counts or their marks move', () => {
  const cache = new FrameCache();
  const counts = COUNTS();
  const signs = SIGNS();
  cache.put(picture(CELL, 2 * CELL, 15), 7, counts, signs);
  const stale = (step: number, exact: boolean) =>
    [0, 1, 2, 3].map((cell) => cache.stale(cell, step, exact, counts, signs));
  expect([cache.type(CELL), cache.type(0)]).toEqual([15, undefined]);
  expect(stale(7, true)).toEqual([true, false, false, true]);
  expect(stale(8, false)).toEqual([true, false, false, true]);
  expect(stale(8, true)).toEqual([true, true, true, true]);
  counts[2 * CELL_COUNTS + 15] = 1;
  expect(stale(7, false)).toEqual([true, false, true, true]);
  signs[1] = 3;
  expect(stale(7, false)).toEqual([true, true, true, true]);
});

test('over one step what it did not write goes on to hold, and is not what it wrote', () => {
  const cache = new FrameCache();
  const signs = SIGNS();
  cache.put(picture(0, 3 * CELL, 15), 7, COUNTS(), signs);
  signs[2] = 4;
  signs[0] = SIGN.touched;
  cache.carry({ from: 7, to: 8, touched: [0] }, signs);
  expect([0, 1, 2].map((cell) => cache.stale(cell, 8, true, COUNTS(), signs))).toEqual([true, false, true]);
  expect([0, 1].map((cell) => cache.get(cell)!.touched?.[0])).toEqual([1, undefined]);
});

test('a cell is known as it was before the step shown, of which the next knows nothing more', () => {
  const cache = new FrameCache();
  cache.put(picture(0, CELL, 0), 7, COUNTS(), SIGNS());
  expect(cache.before(0)).toBe(null);
  cache.put(picture(0, CELL, 15), 8, COUNTS(), SIGNS());
  expect([cache.before(0)?.types[3], cache.get(0)?.types[3]]).toEqual([0, 15]);
  cache.put(picture(0, CELL, 3), 20, COUNTS(), SIGNS());
  expect(cache.before(0)).toBe(null);
});

test('the page draws the types that the engine has, from counts as wide, and reads entries as the worker writes them', () => {
  expect([CELL_COUNTS, TYPE_LOOKS.length]).toEqual([engine.CELL_COUNTS, P2M_TYPE_COUNT]);
  expect(EPT_ENTRY).toMatchObject(ENTRY);
});

test('one request asks for at most 8192 frames, from the first cell on', () => {
  expect(windowOf([40, 5, 9], 1e6)).toEqual({ first: 5 * CELL, frames: 5 * CELL });
  expect(windowOf([0, 15, 16], 1e6)).toEqual({ first: 0, frames: 8192 });
  expect(windowOf([7], 7 * CELL + 100)).toEqual({ first: 7 * CELL, frames: 100 });
});
