import { expect, test } from 'vitest';
import { priced } from '../engine/cost-table';
import { parseCosts } from './costs';
import { parseScenario } from './schema';

const SMALL = { format: 1, title: 'Small', version: 'claim', guest: { memory: '16 MiB' }, vcpus: [[]] };

test('a file names some prices, the others keep their default', () => {
  const parsed = parseCosts('{ "exits": 1500, "rangeComparisons": 0.5 }');
  expect(parsed).toEqual({ ok: true, costs: { exits: 1500, rangeComparisons: 0.5 } });
  expect(parsed.ok && priced(parsed.costs)).toEqual(priced({ exits: 1500, rangeComparisons: 0.5 }));
  expect(parseCosts('{}')).toEqual({ ok: true, costs: {} });
});

test.each([
  ['{', '', 'is not JSON: '],
  ['7', '', 'must be an object of cycles by cost'],
  ['{ "exit": 1 }', 'exit', 'is no cost: must be one of exits, rangeComparisons, '],
  ['{ "exits": -1 }', 'exits', 'must be from 0 to 1000000000'],
  ['{ "exits": 1e10 }', 'exits', 'must be from 0 to 1000000000'],
  ['{ "flushes": "12" }', 'flushes', 'must be a number of cycles'],
  ['{ "flushes": null }', 'flushes', 'must be a number of cycles'],
])('%s is refused with its place', (text, path, message) => {
  const parsed = parseCosts(text);
  expect(parsed).toMatchObject({
    ok: false,
    problems: [{ path, message: expect.stringContaining(message) as string }],
  });
});

test('every mistake of a file is told', () => {
  const parsed = parseCosts('{ "exits": -1, "exit": 1, "frames": [] }');
  expect(!parsed.ok && parsed.problems.map(({ path }) => path)).toEqual(['exits', 'exit', 'frames']);
});

test('a scenario brings prices of its own, or none', () => {
  const parsed = parseScenario({ ...SMALL, costs: { switches: 20000 } });
  expect(parsed.ok && parsed.scenario.costs).toEqual({ switches: 20000 });
  const plain = parseScenario(SMALL);
  expect(plain.ok && plain.scenario.costs).toEqual({});
});

test("a scenario's mistakes in prices are told with their place", () => {
  const parsed = parseScenario({ ...SMALL, costs: { exits: -1, what: 2 } });
  expect(!parsed.ok && parsed.problems).toMatchObject([{ path: 'costs.exits' }, { path: 'costs.what' }]);
});
