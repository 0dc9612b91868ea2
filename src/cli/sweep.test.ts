// `npm run sweep`: the same results as the page's, in parts or whole, and the exit codes that a job scheduler goes by.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SWEEPS } from '../explore/sweep';
import { parseResult, type SweepResult } from '../explore/sweep/result';
import { measured, SMALL, sweepOf } from '../explore/sweep/testing';
import { main } from './sweep';

let out: string[] = [];
let err: string[] = [];
let dir = '';
beforeEach(() => {
  [out, err] = [[], []];
  dir = mkdtempSync(join(tmpdir(), 'sweep-'));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(dir, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const CLEAN = { ...SMALL, parameters: [{ name: 'pages', values: [1, 3] }] };

test('--list prints the names of the shipped sweeps, one a line', async () => {
  expect([await main(['--list']), err]).toEqual([0, []]);
  expect(out).toEqual(SWEEPS.map(({ name }) => name));
});

test('a run is a table a measure, then the walls and what is broken, and that these are model costs', async () => {
  expect([await main([file('small.json', SMALL)]), err]).toEqual([1, []]);
  expect(out).toEqual([
    'Small',
    'A  ranges',
    'B  claim',
    '\nCost of one write, model cycles',
    'protected pages       A       B',
    '              1  19\u202f168  19\u202f144',
    '              3  19\u202f180  19\u202f144',
    '              4  ENOMEM  19\u202f144',
    '\nWrites lost, writes nobody was told of',
    'protected pages  A  B',
    '              1  0  0',
    '              3  0  0',
    '              4  3  0',
    '\nWalls',
    'A  protected pages 4: ENOMEM: 4 ranges, 3 pages watched by then (step 39 of that run)',
    '\n6 runs',
    'Model costs from the cost table, not a measured machine.',
  ]);
});

test('--json has what the page has; shards that are merged are the whole, in whatever order', async () => {
  const path = file('small.json', SMALL);
  expect(await main([path, '--json'])).toBe(1);
  const whole = out.pop()!;
  const sweep = sweepOf(SMALL);
  expect((JSON.parse(whole) as SweepResult).points).toEqual(Array.from({ length: 6 }, (_, n) => measured(sweep, n)));
  const codes: number[] = [];
  const parts: string[] = [];
  for (const i of [1, 2, 3]) {
    codes.push(await main([path, '--shard', `${i}/3`, '--json']));
    parts.push(file(`${i}.json`, out.pop()!));
  }
  // The first and the fifth run are in different shards: the wall is hit in the fifth.
  expect(codes).toEqual([0, 1, 0]);
  expect(await main(['--merge', parts[2]!, parts[0]!, parts[1]!, '--json'])).toBe(1);
  expect(out).toEqual([whole]);
  expect(parseResult(JSON.parse(whole))).toMatchObject({ ok: true });
});

test('exit codes: 0 clean, 1 a write is lost, 2 bad input, 3 bounds reached or points missing', async () => {
  const clean = file('clean.json', CLEAN);
  expect(await main([clean])).toBe(0);
  expect(await main([clean, '--shard', '2/2', '--json'])).toBe(0);
  const part = file('part.json', out.pop()!);
  expect(await main(['--merge', part])).toBe(3);
  expect(out.at(-2)).toBe('\n2 of 4 runs');
  const beyond = { ...CLEAN, variants: [{ name: 'hash', version: 'v7', design: 'hash_table' }], guest: { pages: 1 } };
  expect(await main([file('b.json', { ...beyond, parameters: [{ name: 'pages', values: [1, 8193] }] })])).toBe(3);
  expect(out.at(-3)).toBe('          8\u202f193  -');
  // What has no run is the same text, whether it was put together or not.
  expect(await main([join(dir, 'b.json'), '--json'])).toBe(3);
  const whole = out.pop()!;
  expect(await main(['--merge', file('whole.json', whole), '--json'])).toBe(3);
  expect(out.pop()).toBe(whole);
  expect(await main([file('bad.json', { ...CLEAN, measures: ['cycle'] })])).toBe(2);
  expect(err.at(-1)).toMatch(/bad\.json: measures\[0\]: must be one of .* \(Perhaps "cycles" is meant\.\)$/);
});

test.each([
  [[], /^usage: npm run sweep/],
  [['no-such-sweep'], /^no-such-sweep: no such file, and no shipped sweep of that name/],
  [['release', '--shard', '5/4'], /^--shard 5\/4: must be as in 1\/4/],
  [['release', '--json', '--csv'], /^--json and --csv: say one of them/],
  [['release', 'servers'], /^usage/],
  [['--merge'], /^usage/],
  [['--merge', 'nowhere.json'], /^nowhere\.json: no such file/],
  [['--depth', '4'], /Unknown option '--depth'/],
])('%o is refused, and says why', async (argv, message) => {
  expect([await main(argv), out]).toEqual([2, []]);
  expect(err.join('\n')).toMatch(message);
});

test('--merge refuses the same shard twice and what is no result, with their names', async () => {
  expect(await main([file('clean.json', CLEAN), '--json'])).toBe(0);
  const part = file('part.json', out.pop()!);
  expect(await main(['--merge', part, part])).toBe(2);
  expect(err.pop()).toBe(`${part}: has points 0, 1, 2, 3, which ${part} has, too`);
  expect(await main(['--merge', file('x.json', CLEAN)])).toBe(2);
  expect(err.pop()).toMatch(/x\.json: result: is missing/);
});

test('--csv is a row a point', async () => {
  expect(await main([file('clean.json', CLEAN), '--csv'])).toBe(0);
  expect(out[0]!.split('\r\n').map((row) => row.split(',').slice(0, 5).join())).toEqual([
    'point,design,name,pages,end',
    '0,A,ranges,1,run',
    '1,B,claim,1,run',
    '2,A,ranges,3,run',
    '3,B,claim,3,run',
  ]);
});
