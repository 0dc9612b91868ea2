// What is measured at a point: read from a run that anybody can open, and of the values that the shipped charts show.
import { describe, expect, test } from 'vitest';
import { GIB, MIB } from '../../engine/config';
import { History } from '../../engine/history';
import { World } from '../../engine/world';
import { Commands, Drive } from '../../scenarios/drive';
import { parseScenario } from '../../scenarios/schema';
import { JOBS } from '../jobs';
import { frameOf, isPage, pagesOf, runsOf, treeOf } from './frames';
import { fileOf } from './guest';
import { opened, running, type PointResult } from './point';
import type { MeasureName } from './names';
import { letterOf, pointOf, pointsOf, type Sweep } from './sweep';
import { measured, shipped, SMALL, sweepOf } from './testing';

function ended<T>(job: Generator<unknown, T>): T {
  for (;;) {
    const piece = job.next();
    if (piece.done) return piece.value;
  }
}

test.each([1, 2, 3, 4, 514, 515, 1024, 8192])('a tree of %i tables has as many, each led to once', (n) => {
  const links = treeOf(n);
  expect(new Set(links.map(({ child }) => child))).toEqual(new Set(Array.from({ length: n - 1 }, (_, i) => i + 1)));
  const slots = links.map(({ parent, slot }) => parent * 512 + slot);
  expect(new Set(slots).size).toBe(n - 1);
  expect(links.every(({ slot }) => slot < 511)).toBe(true);
});

test.each([
  [4_194_304, true, null],
  [8192, false, null],
  [64, false, 8 * GIB],
] as const)('%i pages lie in frames of their own, past no hole', (pages, byHand, memory) => {
  const all = pagesOf(pages, byHand, memory)!;
  expect(runsOf(all).reduce((sum, { frames }) => sum + frames, 0)).toBe(all.more);
  expect(runsOf(all).every(({ frames }) => frames <= 65_536)).toBe(true);
  let last = 0;
  for (let i = 0; i < pages; i += i < 10_000 ? 1 : 997) {
    const gfn = frameOf(all, i);
    expect(gfn > last && isPage(all, gfn) && (gfn < 0xf0000 || gfn >= 0x100000)).toBe(true);
    last = gfn;
  }
  expect([isPage(all, 0x300), isPage(all, frameOf(all, 0) + 1), isPage(all, last + 70_000_000)]).toEqual([
    false,
    false,
    false,
  ]);
});

const GUEST = { pages: 6, accesses: 40, rmwShare: 50, release: true, touches: 3, submitEvery: 9 };
const RUNS: [string, object][] = [
  ['one vCPU', GUEST],
  ['three vCPUs, whose tables are made before they begin', { ...GUEST, vcpus: 3, seed: 7 }],
  ['pages protected by hand', { ...GUEST, pages: 3000 }],
  ['three servers', { ...GUEST, servers: 3 }],
];
describe.each(RUNS)('of %s', (_, guest) => {
  const sweep = sweepOf({ ...SMALL, guest, parameters: [{ name: 'oosThreshold', values: [3] }] });
  test.each([0, 1])('what is opened of point %i is the run that was measured', (n) => {
    const run = ended(running(sweep, n, fileOf(sweep, n)!));
    const { file, step } = ended(opened(sweep, n))!;
    const parsed = parseScenario(JSON.parse(JSON.stringify(file)));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { config, schedule, acts, steps, start } = parsed.scenario;
    const commands = new Commands();
    const history = new History(new World({ ...config, commands: commands.list }));
    const drive = new Drive(history, { schedule, acts, lenient: false, most: steps }, commands, () => undefined);
    while (!drive.advance(1000));
    expect([drive.refused, drive.over, start]).toEqual([null, true, step]);
    expect([history.length, history.world.store.hash()]).toEqual([run.world.steps, run.world.store.hash()]);
  });
});

test('what is opened begins at the wall, or where the guest begins its work', async () => {
  const wall = measured(sweepOf(SMALL), 4).wall!;
  expect(wall).toMatchObject({ errno: 'ENOMEM', code: 'dm.mapRange', watched: 3 });
  const told = { sweep: SMALL, n: 4 };
  const job = JOBS.pointRun(told);
  let piece = await job.next();
  while (!piece.done) piece = await job.next();
  expect(piece.value!.step).toBe(wall.step);
  const point = JOBS.point(told);
  let found = await point.next();
  while (!found.done) found = await point.next();
  expect(found.value).toEqual(measured(sweepOf(SMALL), 4));
  await expect(JOBS.point({ sweep: SMALL, n: 6 }).next()).rejects.toThrow('there is no point 6: the sweep has 6');
  await expect(JOBS.point({ sweep: {}, n: 0 }).next()).rejects.toThrow('sweep: is missing');
});

/** Points of a design by their values of the first parameter; where a sweep has two, of those with this second one. */
function line(sweep: Sweep, letter: string, xs: readonly number[], second?: number): Map<number, PointResult> {
  const found = new Map<number, PointResult>();
  for (let n = 0; n < pointsOf(sweep); n++) {
    const { variant, at } = pointOf(sweep, n);
    if (letterOf(variant) !== letter || !xs.includes(at[0]!) || (second !== undefined && at[1] !== second)) continue;
    found.set(at[0]!, measured(sweep, n));
  }
  expect([...found.keys()]).toEqual(xs);
  return found;
}
const values = (of: Map<number, PointResult>, name: MeasureName): (number | null)[] =>
  [...of.values()].map(({ measures }) => measures[name]);
const errnos = (of: Map<number, PointResult>): (string | null)[] =>
  [...of.values()].map(({ wall }) => wall?.errno ?? null);

describe('the reference results of the shipped charts', () => {
  test('trapped-write: a list of ranges is walked, and full at 256; the claim costs the same for one page and for many', async () => {
    const sweep = await shipped('trapped-write');
    expect(sweep.parameters[0]!.values).toEqual([
      1, 4, 16, 64, 128, 255, 256, 257, 1024, 2048, 4095, 4096, 8192, 16384, 65536, 262144, 1048576, 4194304,
    ]);
    const a = line(sweep, 'A', [1, 4, 16, 64, 128, 255, 256, 257]);
    expect(values(a, 'comparisons').slice(0, 6)).toEqual([2, 3.5, 9.5, 33.5, 65.5, 128.95703125]);
    expect(values(a, 'cycles').slice(0, 6)).toEqual([19168, 19186, 19258, 19546, 19930, 20691.484375]);
    expect(values(a, 'lost')).toEqual([0, 0, 0, 0, 0, 0, 1, 2]);
    // The registers of the GPU take the first of the 256.
    expect([a.get(255)!.wall, a.get(256)!.wall]).toEqual([
      null,
      { errno: 'ENOMEM', code: 'dm.mapRange', step: 1299, watched: 255 },
    ]);
    const b = line(sweep, 'B', [256, 257]);
    expect([b.get(256)!.wall, b.get(257)!.wall]).toMatchObject([null, { errno: 'ENOMEM', watched: 256 }]);
    const c = line(sweep, 'C', [1, 256, 1024, 4096, 65_536]);
    expect(values(c, 'cycles')).toEqual(Array(5).fill(19144));
    expect([...c.values()].map(({ watched, at, wall }) => [watched - at[0]!, wall])).toEqual(Array(5).fill([0, null]));
    const d = line(sweep, 'D', [1, 256, 4096, 8192, 16_384]);
    expect(values(d, 'comparisons')).toEqual([1, 1.5, 16.4453125, 32.42578125, null]);
    expect(d.get(16_384)!.end).toBe('beyond');
    const e = line(sweep, 'E', [4095, 4096]);
    expect(e.get(4095)).toMatchObject({ wall: null, measures: { cycles: 43733.78125, heap: 48 } });
    expect(e.get(4096)!.wall).toMatchObject({ errno: 'ENOMEM', watched: 4095 });
  });

  test('release: the sweep grows with the guest, the mark alone does not, and later accesses pay', async () => {
    const sweep = await shipped('release');
    const at = [16 * MIB, 64 * MIB, 256 * MIB, GIB, 4 * GIB];
    const a = line(sweep, 'A', at);
    const b = line(sweep, 'B', at);
    expect(values(a, 'release')).toEqual([374112, 1554336, 4352148, 11328588, 41619084]);
    expect(values(b, 'release')).toEqual(Array(5).fill(12156));
    expect(values(line(sweep, 'C', [GIB, 4 * GIB]), 'release')).toEqual([465664, 465772]);
    expect([values(a, 'left'), values(b, 'left')]).toEqual([Array(5).fill(0), Array(5).fill(64)]);
    expect(values(a, 'later')).toEqual(Array(5).fill(3072));
    expect(values(b, 'later')).toEqual([175500, 815916, 1723916, 1728524, 1771964]);
  });

  test('rmw-share: a read half that goes to XenGT costs what the write does', async () => {
    const sweep = await shipped('rmw-share');
    expect(values(line(sweep, 'A', [0, 50]), 'cycles')).toEqual([19144, 27980.5]);
    expect(values(line(sweep, 'B', [0, 50, 100]), 'cycles')).toEqual([19144, 19192, 19240]);
    expect(values(line(sweep, 'D', [0, 100]), 'cycles')).toEqual([2144, 2144]);
  });

  test('servers: one owner of the merged type, four of numbered ones; lists grow by what each server has', async () => {
    const sweep = await shipped('servers');
    const of = (letter: string) => line(sweep, letter, [1, 2, 4, 5, 8], 16);
    expect(values(of('A'), 'comparisons')).toEqual([9.5, 11.5, 15.5, 17.5, 23.5]);
    expect(errnos(of('B'))).toEqual([null, 'EBUSY', 'EBUSY', 'EBUSY', 'EBUSY']);
    expect(errnos(of('C'))).toEqual([null, null, null, 'EINVAL', 'EINVAL']);
    expect(values(of('C'), 'refusals')).toEqual([0, 0, 0, 2, 8]);
  });

  test('oos-threshold: few tables that are written often gain by it, many do not', async () => {
    const sweep = await shipped('oos-threshold');
    expect(values(line(sweep, 'B', [1, 16, 256], 8), 'cycles')).toEqual([7898.671875, 13493.203125, 19248.65234375]);
    expect(values(line(sweep, 'B', [1, 4, 64], 64), 'cycles')).toEqual([8524.296875, 18218.43359375, 19218.359375]);
  });

  test('write-rate and vcpus: who runs in the hypervisor is cheap, and the more vCPUs the longer one device model takes', async () => {
    const rates = await shipped('write-rate');
    expect(values(line(rates, 'A', [1, 100]), 'access')).toEqual([227.08, 19144]);
    expect(values(line(rates, 'B', [1, 100]), 'access')).toEqual([57.08, 2144]);
    const lost = line(rates, 'E', [1, 50]);
    expect([values(lost, 'lost'), lost.get(1)!.broken]).toEqual([[10, 500], ['owner.sees']]);
    const vcpus = await shipped('vcpus');
    expect(values(line(vcpus, 'B', [1, 2, 8]), 'blocked')).toEqual([4, 8.89453125, 46.53515625]);
    expect(values(line(vcpus, 'C', [1, 8]), 'blocked')).toEqual([2, 33.02734375]);
  });
});
