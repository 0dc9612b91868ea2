// Results of a sweep: parts put together are the whole, whoever ran them; what does not belong together is refused.
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { csvOf, front, isWhole, merge, parseResult, resultOf, verdictOf, type Part } from './result';
import { pointsOf, shardOf } from './sweep';
import { measured, SMALL, sweepOf } from './testing';

const sweep = sweepOf(SMALL);
const points = Array.from({ length: pointsOf(sweep) }, (_, n) => measured(sweep, n));
const whole = resultOf(sweep, points);
const shard = (i: number, of: number) =>
  resultOf(
    sweep,
    shardOf(sweep, i, of).map((n) => points[n]!),
  );

property.prop([fc.integer({ min: 1, max: 8 }), fc.infiniteStream(fc.nat())])(
  'shards, however many, put together in any order are the whole, also by way of files',
  (of, order) => {
    const parts = Array.from({ length: of }, (_, i): Part => {
      const read = parseResult(JSON.parse(JSON.stringify(shard(i + 1, of))));
      if (!read.ok) throw new Error(JSON.stringify(read.problems));
      return { name: `${i + 1}`, result: read.result };
    }).sort(() => (order.next().value % 2) - 0.5);
    expect(merge(parts)).toEqual({ ok: true, result: whole });
  },
);

test('parts of other sweeps and points that are there twice are refused, with their names', () => {
  const other = resultOf(sweepOf({ ...SMALL, title: 'Other', guest: { accesses: 13 } }), []);
  const parts = [
    { name: 'a.json', result: shard(1, 2) },
    { name: 'b.json', result: other },
  ];
  expect(merge(parts)).toEqual({
    ok: false,
    problems: [
      { path: 'b.json', message: 'is another sweep than a.json: its title differs' },
      { path: 'b.json', message: 'is another sweep than a.json: its guest differs' },
    ],
  });
  expect(merge([parts[0]!, { name: 'c.json', result: shard(1, 3) }])).toEqual({
    ok: false,
    problems: [{ path: 'c.json', message: 'has point 0, which a.json has, too' }],
  });
  expect(merge([])).toMatchObject({ ok: false });
});

test('a result that is not what it says is refused', () => {
  const wrong = (change: object) => {
    const read = parseResult({ ...JSON.parse(JSON.stringify(whole)), ...change });
    return read.ok ? [] : read.problems.map(({ path, message }) => `${path}: ${message}`);
  };
  expect(wrong({})).toEqual([]);
  expect(wrong({ sweep: { ...SMALL, title: 7 } })).toEqual(['sweep.title: must be a text']);
  expect(wrong({ points: [points[0]!, { ...points[1]!, variant: 'A' }] })).toEqual([
    'points[1]: is not point 1 of this sweep',
  ]);
  expect(wrong({ points: [{ ...points[0]!, n: 6 }] })).toEqual(['points[0].n: is above 5']);
  expect(wrong({ points: 'all' })).toEqual(['points: must be a list of points']);
});

test('the verdict: a lost write before bounds that were reached, and those before nothing', () => {
  expect([isWhole(whole), verdictOf(whole)]).toEqual([true, 1]);
  expect(points.map((one) => verdictOf({ points: [one] }))).toEqual([0, 0, 0, 0, 1, 0]);
  expect(verdictOf({ points: [{ ...points[0]!, end: 'beyond' }] })).toBe(3);
});

test('as a table it has a row a point, with the wall and all measures; text that a spreadsheet would reckon with is kept text', () => {
  const rows = csvOf(
    resultOf(sweepOf({ ...SMALL, variants: [{ ...SMALL.variants[0], name: '=1+"1"' }, SMALL.variants[1]] }), points),
  ).split('\r\n');
  expect(rows).toHaveLength(8);
  expect(rows[0]).toBe(
    'point,design,name,pages,end,errno,refused,refusedAtStep,watched,writes,steps,exits,comparisons,cycles,access,blocked,release,left,later,heap,refusals,lost,broken',
  );
  expect(rows[5]).toMatch(/^4,A,"'=1\+""1""",4,run,ENOMEM,dm\.mapRange,\d+,3,12,\d+,/);
  expect(rows[6]).toMatch(/^5,B,claim,4,run,,,,4,12,\d+,1,0,19144,19144,4,,,,1,0,0,$/);
});

test('the front is what nothing beats in both measures, before any wall', () => {
  const at = (n: number, heap: number, cycles: number, wall: unknown = null) =>
    ({ n, wall, measures: { ...points[0]!.measures, heap, cycles } }) as never;
  expect([
    ...front([at(0, 1, 9), at(1, 2, 5), at(2, 2, 6), at(3, 3, 5), at(4, 9, 1), at(5, 0, 0, {})], ['heap', 'cycles']),
  ]).toEqual([0, 1, 4]);
});
