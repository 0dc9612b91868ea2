import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { searchJob } from '../explore/search/search-job';
import { resultOf } from '../explore/last';
import { TWO_FRAMES } from '../explore/testing';
import { SCENARIOS } from '../scenarios';
import { main } from './explore';

let out: string[] = [];
let err: string[] = [];
let dir = '';
beforeEach(() => {
  [out, err] = [[], []];
  dir = mkdtempSync(join(tmpdir(), 'explore-'));
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

function file(content: unknown): string {
  const path = join(dir, 'two.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}

test('--list prints the names of the shipped scenarios, one a line', async () => {
  expect(await main(['--list'])).toBe(0);
  expect(out).toEqual(SCENARIOS.map(({ name }) => name));
});

test('0: every state was seen, and the verdict begins with the bounds', async () => {
  expect(await main([file(TWO_FRAMES), '--from', '6', '--bare'])).toBe(0);
  expect(out).toEqual([
    'Depth 53, all 13\u202f503 states; bounds 1\u202f000 steps, 2\u202f000\u202f000 states.',
    'No order of the actors breaks an invariant.',
  ]);
});

test('a clean verdict says what was met and what each patch has done, if it is not asked to be bare', async () => {
  expect(await main(['proof-lock', '--depth', '9'])).toBe(3);
  expect(out.slice(0, 4)).toEqual([
    'Stopped at depth 9, its bound, after 724 states of at most 2\u202f000\u202f000.',
    'Nothing was found within these bounds; what lies beyond was not looked at.',
    '\nNo call was refused.',
    '\nPatches:',
  ]);
  expect(out).toContain('  syncSweep (A release sweeps before it returns): not exercised');
});

test('--json is what a worker of the page finds', async () => {
  const scenario = await SCENARIOS.find(({ name }) => name === 'proof-lock')!.load();
  const bounds = { depth: 1000, states: 100_000 };
  const told = { scenario, bounds, exercised: true };
  const { title } = scenario as { title: string };
  expect(await main(['proof-lock', '--states', '100000', '--json'])).toBe(0);
  expect(JSON.parse(out.pop()!)).toEqual({ scenario: title, ...(await resultOf(searchJob(told))) });
  const off = { patches: { off: ['lockThroughEmulation'] } } as const;
  expect(await main(['proof-lock', '--states', '100000', '--json', '--patches', '-lockThroughEmulation'])).toBe(1);
  expect(JSON.parse(out.pop()!)).toEqual({
    scenario: title,
    ...(await resultOf(searchJob({ ...told, changes: off }))),
  });
});

test('1: a violation, with the shortest way to it', async () => {
  expect(await main([file(TWO_FRAMES), '--from', '6', '--patches=-lockThroughEmulation'])).toBe(1);
  expect(out.slice(0, 4)).toEqual([
    'Depth 14, 210 states until then; bounds 1\u202f000 steps, 2\u202f000\u202f000 states.',
    'Broken in 15 steps, and in no fewer: no trapped write lost.',
    '\nThe shortest way to it:',
    '     7  vcpu0      vCPU 0 writes 8 bytes at 0x200000: an EPT violation, it leaves the guest.',
  ]);
  expect(out.at(-1)).toBe('    21  xen        The write to frame 0x201 (ram_rw) is discarded.');
});

test('3: a bound was reached', async () => {
  expect(await main([file(TWO_FRAMES), '--from', '6', '--states', '500', '--bare'])).toBe(3);
  expect(out).toEqual([
    'Stopped at 500 states, its bound, in depth 17 of at most 1\u202f000.',
    'Nothing was found within these bounds; what lies beyond was not looked at.',
  ]);
});

test('--json is one object', async () => {
  expect(await main([file(TWO_FRAMES), '--from', '6', '--depth', '10', '--json'])).toBe(3);
  expect(out).toHaveLength(1);
  expect(JSON.parse(out[0]!)).toMatchObject({
    scenario: 'Two frames, two vCPUs',
    end: 'depth',
    depth: 10,
    bounds: { depth: 10, states: 2_000_000 },
    violation: null,
  });
});

test.each([
  [['nowhere.json'], /^nowhere\.json: no such file, and no shipped scenario/],
  [[], /^usage: npm run explore/],
  [['a', 'b'], /^usage: npm run explore/],
  [['first-light', '--depth', '-1'], /ambiguous|--depth/],
  [['first-light', '--states', '1e3'], /^--states 1e3: must be a whole number up to 100000000$/],
  [['first-light', '--patches', 'claym'], /there is no patch "claym"/],
  [['first-light', '--from', '60000'], /^first-light: the run is over after \d+ steps, before step 60000$/],
  [['first-light', '--deep'], /Unknown option/],
])('2: %j', async (argv, message) => {
  expect(await main(argv)).toBe(2);
  expect(err.join('\n')).toMatch(message);
});
