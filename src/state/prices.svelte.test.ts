import { beforeEach, expect, test } from 'vitest';
import { DEFAULT_TABLE } from '../engine/cost-table';
import { recall, remember } from './prefs';
import { Prices } from './prices.svelte';

beforeEach(() => localStorage.clear());

test("the scenario's prices lie over the default ones, the user's over both", () => {
  const prices = new Prices(() => ({ exits: 1, flushes: 2 }));
  expect(prices.table).toEqual({ ...DEFAULT_TABLE, exits: 1, flushes: 2 });
  expect(prices.set('exits', 3)).toBe(true);
  expect(prices.table).toEqual({ ...DEFAULT_TABLE, exits: 3, flushes: 2 });
  expect(new Prices(() => undefined).table).toEqual({ ...DEFAULT_TABLE, exits: 3 });
});

test('what can be no price is not set', () => {
  const prices = new Prices(() => undefined);
  for (const none of [-1, NaN, Infinity]) expect(prices.set('exits', none)).toBe(false);
  expect([prices.table, recall('costs')]).toEqual([DEFAULT_TABLE, null]);
});

test('a reset forgets what the user set, here and at the next visit', () => {
  const prices = new Prices(() => ({ frames: 9 }));
  prices.set('frames', 0);
  prices.reset();
  expect(prices.table.frames).toBe(9);
  expect(new Prices(() => undefined).table).toEqual(DEFAULT_TABLE);
});

test.each(['{', 'null', '[]', '7', '{ "exits": -1, "what": 2 }'])('what was remembered as %s does no harm', (kept) => {
  remember('costs', kept);
  expect(new Prices(() => undefined).table).toEqual(DEFAULT_TABLE);
});
