// The file of a sweep: what it comes to, and what is said of one that is wrong.
import { expect, test } from 'vitest';
import { GIB, MIB } from '../../engine/config';
import { SWEEPS } from '.';
import { parseSweep, parseSweepText } from './schema';
import { pointOf, pointsOf, shardOf } from './sweep';
import { shipped, SMALL, sweepOf } from './testing';

const problems = (input: unknown): string[] => {
  const parsed = typeof input === 'string' ? parseSweepText(input) : parseSweep(input);
  return parsed.ok ? [] : parsed.problems.map(({ path, message, hint }) => [path, message, hint ?? ''].join('|'));
};

test('values may be a list or a row by powers or steps, with others beside; they come ascending, once each', () => {
  const values = (parameter: object) => sweepOf({ ...SMALL, parameters: [parameter] }).parameters[0]!.values;
  expect(values({ name: 'pages', values: [9, 3, 9] })).toEqual([3, 9]);
  expect(values({ name: 'pages', from: 1, to: 1000, times: 4, also: [255, 257] })).toEqual([
    1, 4, 16, 64, 255, 256, 257,
  ]);
  expect(values({ name: 'pages', from: 1, to: 4194304 })).toHaveLength(23);
  expect(values({ name: 'rmwShare', from: 0, to: 100, by: 25 })).toEqual([0, 25, 50, 75, 100]);
  expect(values({ name: 'memory', from: '16 MiB', to: '1 GiB', times: 8 })).toEqual([16 * MIB, 128 * MIB, GIB]);
});

test('a parsed sweep is a sweep file, and parses to itself', async () => {
  for (const { name } of SWEEPS) {
    const sweep = await shipped(name);
    expect(sweepOf(JSON.parse(JSON.stringify(sweep)))).toEqual(sweep);
  }
});

test('the shipped sweeps are titled as their list says', async () => {
  for (const { name, title } of SWEEPS) expect((await shipped(name)).title).toBe(title);
});

test('points are numbered with the designs of one place side by side, the second parameter before the first', () => {
  const sweep = sweepOf({ ...SMALL, parameters: [SMALL.parameters[0], { name: 'vcpus', values: [1, 2] }] });
  expect(pointsOf(sweep)).toBe(12);
  expect([0, 1, 2, 4, 11].map((n) => [pointOf(sweep, n).variant, ...pointOf(sweep, n).at])).toEqual([
    [0, 1, 1],
    [1, 1, 1],
    [0, 1, 2],
    [0, 3, 1],
    [1, 4, 2],
  ]);
  expect(pointOf(sweep, 11).guest).toMatchObject({ pages: 4, vcpus: 2, accesses: 12 });
  expect([shardOf(sweep, 1, 5), shardOf(sweep, 5, 5)]).toEqual([
    [0, 5, 10],
    [4, 9],
  ]);
});

test('all mistakes are told at once, each with its place and how it can be mended', () => {
  const wrong = {
    sweep: 1,
    title: '',
    variants: [{ name: 'a', version: 'clam' }],
    parameters: [{ name: 'page', values: [1] }],
    measures: ['cycle'],
    guests: {},
  };
  expect(problems(wrong)).toEqual([
    'title|is empty|',
    expect.stringMatching(/^variants\[0\]\.version\|must be one of .*\|Perhaps "claim" is meant\.$/),
    expect.stringMatching(/^parameters\[0\]\.name\|must be one of .*\|Perhaps "pages" is meant\.$/),
    expect.stringMatching(/^measures\[0\]\|must be one of .*\|Perhaps "cycles" is meant\.$/),
    'guests|is no field of a sweep|Perhaps "guest" is meant.',
  ]);
});

test.each([
  [{ variants: [] }, 'variants|is empty|'],
  [{ parameters: [{ name: 'pages' }] }, /^parameters\[0\]\|needs its values\|Write "values"/],
  [{ parameters: [{ name: 'pages', values: [1], from: 1 }] }, /has "values" and a row/],
  [{ parameters: [{ name: 'pages', from: 9, to: 1 }] }, /ends before it begins/],
  [{ parameters: [{ name: 'writeRate', from: 0, to: 9 }] }, /cannot go from 0 by powers\|Write "by": 10/],
  [{ parameters: [{ name: 'pages', values: [0] }] }, /has the value 0: pages must be from 1 to 4194304, whole numbers/],
  [{ parameters: [{ name: 'memory', values: ['1 KiB'] }] }, /memory must be from 16 MiB to 64 GiB, whole MiB/],
  [{ parameters: [SMALL.parameters[0], SMALL.parameters[0]] }, /parameters\[1\]\.name\|is "pages" again/],
  [{ parameters: [{ name: 'pages', from: 1, to: 100, by: 1 }] }, /has more than 64 values/],
  [{ measures: ['lost', 'lost'] }, 'measures|has a measure twice|'],
  [{ measures: ['release'] }, /has "release", but nothing is released\|Write "release": true/],
  [{ measures: ['later'] }, /has "later", but nothing is touched/],
  [{ guest: { pages: 9, memory: '1 TiB' } }, /guest\.memory\|must be from 16 MiB to 64 GiB/],
  [
    { guest: { memory: '16 MiB' }, parameters: [{ name: 'pages', values: [4096] }] },
    /too small for 4096 protected pages\|They need 36 MiB/,
  ],
  [
    { variants: [{ name: 'a', version: 'v7', patches: { on: ['asyncReset'] } }] },
    /variants\[0\]\.patches\|asyncReset needs claim/,
  ],
  [{ variants: [{ name: 'a', version: 'v7', numbered: 2 }] }, /numbered\|needs a version of Xen with the patch claim/],
  [{ variants: [{ name: 'a', version: 'v7', design: 'paravirtual' }] }, /design\|has no protected pages/],
  [{ variants: [SMALL.variants[0], SMALL.variants[0]] }, /variants\[1\]\.name\|"ranges" is the name of another/],
  [{ costs: { exit: 1 } }, /costs/],
])('%o is refused', (part, message) => {
  const said = problems({ ...SMALL, ...part });
  expect(said[0]).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
});

test('a sweep of too many runs is refused, and text that is no JSON', () => {
  const many = {
    ...SMALL,
    parameters: [
      { name: 'pages', from: 1, to: 64, by: 1 },
      { name: 'rmwShare', from: 0, to: 9, by: 1 },
    ],
  };
  expect(problems(many)[0]).toMatch(/^parameters\|come to 1280 runs with all designs: a sweep has at most 1000/);
  expect(problems('{')[0]).toMatch(/is not JSON/);
  expect(problems([])[0]).toMatch(/must be an object/);
});
