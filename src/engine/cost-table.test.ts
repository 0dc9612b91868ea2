import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { cycles, DEFAULT_COSTS, DEFAULT_TABLE, isPrice, MAX_PRICE, priced } from './cost-table';
import { COSTS, noCosts, type Cost } from './trace';

test('every counted primitive has one default price, in the order in which costs are shown', () => {
  expect(DEFAULT_COSTS.map(({ cost }) => cost)).toEqual(COSTS);
  for (const { cycles: price } of DEFAULT_COSTS) expect(isPrice(price)).toBe(true);
});

test('a source is a title and an address; a price without one is an assumption', () => {
  for (const { source } of DEFAULT_COSTS) {
    if (source === null) continue;
    expect(source.title).not.toBe('');
    expect(new URL(source.url).protocol).toBe('https:');
  }
  const assumed = DEFAULT_COSTS.filter(({ source }) => source === null).map(({ cost }) => cost);
  expect(assumed).toEqual(['flushes', 'notifications', 'hypercalls', 'blocked']);
});

test('waiting has no price: it is counted in steps of others', () => {
  expect(cycles({ ...noCosts(), blocked: 1000 }, DEFAULT_TABLE).total).toBe(0);
});

test('a trapped write that Xen forwards costs an exit, two notifications and two switches', () => {
  const counts = { ...noCosts(), exits: 1, notifications: 2, switches: 2 };
  expect(cycles(counts, DEFAULT_TABLE).total).toBe(2000 + 2 * 2500 + 2 * 6000);
});

const counts = fc.record(Object.fromEntries(COSTS.map((c) => [c, fc.nat(1e6)]))) as fc.Arbitrary<Record<Cost, number>>;
const table = fc.record(Object.fromEntries(COSTS.map((c) => [c, fc.nat(1e5)]))) as fc.Arbitrary<Record<Cost, number>>;

test.prop([counts, table])('each product is count times price, and the total is their sum', (n, prices) => {
  const { byCost, total } = cycles(n, prices);
  for (const cost of COSTS) expect(byCost[cost]).toBe(n[cost] * prices[cost]);
  expect(total).toBe(COSTS.reduce((sum, cost) => sum + n[cost] * prices[cost], 0));
});

test('prices of others are laid over the default ones, the last one over all', () => {
  expect(priced()).toEqual(DEFAULT_TABLE);
  expect(priced({ exits: 1, flushes: 2 }, { exits: 3 })).toEqual({ ...DEFAULT_TABLE, exits: 3, flushes: 2 });
  expect(DEFAULT_TABLE.exits).toBe(2000);
});

test.each([0, 0.5, 12, MAX_PRICE])('%s is a price', (n) => expect(isPrice(n)).toBe(true));
test.each([-1, NaN, Infinity, MAX_PRICE + 1, '12', null, undefined])('%s is none', (n) =>
  expect(isPrice(n)).toBe(false),
);
