// The games' jobs: how far it is to what breaks, and the cheapest patches that mend it, in numbers.
import { describe, expect, test } from 'vitest';
import { PATCHES, patchesOf, VERSIONS, type PatchName, type Version } from '../../engine/patches';
import { SCENARIOS } from '../../scenarios';
import { switched, type Switches } from '../../scenarios/xen-set';
import { cellsJob } from '../lattice/cells-job';
import { safetyOf } from '../lattice/cells';
import { beginJob, distanceJob, type DistanceFound } from './distance-job';
import { LEVELS } from './levels';
import { linesOf, PATCH_LINES, priceOf, withDependents, withNeeds } from './patch-lines';
import { PROOFS } from '../proofs';
import { repairJob, type RepairFound } from './repair-job';
import { namesOf, setsOf } from '../lattice/switches';
import { resultOf } from '../last';

const BOUNDS = { depth: 10_000, states: 1_000_000 };

const load = async (name: string): Promise<unknown> => SCENARIOS.find((shipped) => shipped.name === name)!.load();
const distance = async (name: string, patches: Switches, way: readonly number[] = []): Promise<DistanceFound> =>
  resultOf(distanceJob({ scenario: await load(name), changes: { patches }, bounds: BOUNDS, way }));

test('levels are the proofs, and one more; the shortest first', () => {
  expect(LEVELS.map(({ id }) => id).sort()).toEqual([...PROOFS.map(({ patch }) => patch), 'much'].sort());
  expect(LEVELS.slice(0, 3).map(({ id }) => id)).toEqual(['rangeCheck', 'countHelper', 'countLevel']);
});

describe.each(LEVELS)('$id', ({ id, scenario, broken, sound, par: told }) => {
  test('par is what the search proves, and without a defect it cannot be done', async () => {
    const par = await distance(scenario, broken);
    const proof = PROOFS.find(({ patch }) => patch === id);
    expect([par.distance, par.broken]).toEqual([told, proof?.rule ?? 'write.lost']);
    expect(par.ahead).toHaveLength(par.distance!);
    const none = await distance(scenario, sound);
    expect([none.distance, none.broken, none.end, none.ahead]).toEqual([null, null, 'complete', []]);
    if (proof) expect([none.states, none.depth]).toEqual([proof.clean.states, proof.clean.depth]);
  });
});

test('the distance falls by one along the shortest way, and to nothing at its end', async () => {
  const { ahead, choices } = await distance('proof-lock', { off: ['lockThroughEmulation'] });
  const found = [];
  for (let n = 0; n <= ahead.length; n++)
    found.push(await distance('proof-lock', { off: ['lockThroughEmulation'] }, ahead.slice(0, n)));
  expect(found.map((one) => one.distance)).toEqual([6, 5, 4, 3, 2, 1, 0]);
  for (const one of found) expect(one.choices).toEqual(choices);
  expect(found.map((one) => one.broken)).toEqual(Array(7).fill('write.lost'));
  const { before, patches, title } = await resultOf(
    beginJob({ scenario: await load('proof-lock'), changes: { patches: { off: ['lockThroughEmulation'] } } }),
  );
  expect([title, [...before, ...ahead], patches.includes('lockThroughEmulation')]).toEqual([
    'Proof: the lock through emulation',
    choices,
    false,
  ]);
});

test('past the last chance nothing can be broken any more, and that is proven', async () => {
  // Both frames are made plain RAM before anybody writes: nothing is trapped.
  const done = await distance('proof-lock', { off: ['lockThroughEmulation'] }, Array(4).fill(0x41));
  expect([done.distance, done.end]).toEqual([null, 'complete']);
  expect(done.states).toBeGreaterThan(1);
});

test('a bound that is met is said, and proves nothing', async () => {
  const found = await resultOf(
    distanceJob({ scenario: await load('proof-lock'), bounds: { depth: 10_000, states: 100 }, way: [] }),
  );
  expect([found.end, found.distance, found.states]).toEqual(['states', null, 100]);
});

test('who cannot act is no way', async () => {
  await expect(distance('proof-lock', {}, [0x81])).rejects.toMatchObject({ problems: [{ path: '' }] });
});

test('a patch has its price, and what it needs is paid too', () => {
  expect(PATCHES.every(({ name }) => PATCH_LINES[name] > 0)).toBe(true);
  expect(withNeeds('syncSweep')).toEqual([
    'writeDm',
    'typeWithdrawn',
    'typeRenamed',
    'claim',
    'asyncReset',
    'syncSweep',
  ]);
  expect(withDependents('syncSweep')).toEqual(['syncSweep', 'sweepResolves', 'sweepAnswersZero']);
  const base = patchesOf(VERSIONS['claim-async']);
  expect([priceOf('sweepResolves', base), priceOf('lockThroughEmulation', [])]).toEqual([76 + 51, 7 + 21]);
  expect(linesOf(['countLevel', 'markLevel'])).toBe(7);
});

async function repaired(name: string, patches: Switches): Promise<RepairFound & { readonly base: PatchName[] }> {
  const scenario = (await load(name)) as { readonly version: Version };
  const base = patchesOf(switched(scenario.version, patches).xen);
  return { base, ...(await resultOf(repairJob({ scenario, changes: { patches }, base, bounds: BOUNDS }))) };
}

/** What mends a level for least: lines, and sets that were searched until then. Not here: those of the sweep, which take 5 s each. */
const MENDED: readonly {
  readonly id: string;
  readonly lines: number;
  readonly searched: number;
  readonly by: PatchName;
}[] = [
  { id: 'rangeCheck', lines: 6, searched: 2, by: 'rangeCheck' },
  // It is not taken back: what it got wrong is put right.
  { id: 'countHelper', lines: 3, searched: 2, by: 'countLevel' },
  { id: 'countLevel', lines: 3, searched: 2, by: 'countLevel' },
  { id: 'lockThroughEmulation', lines: 7, searched: 3, by: 'lockThroughEmulation' },
  { id: 'markLevel', lines: 4, searched: 2, by: 'markLevel' },
  { id: 'deadServerReset', lines: 14, searched: 2, by: 'deadServerReset' },
  { id: 'rmwReads', lines: 34, searched: 9, by: 'rmwReads' },
  { id: 'asyncReset', lines: 191, searched: 9, by: 'asyncReset' },
  { id: 'writeDm', lines: 21, searched: 6, by: 'writeDm' },
  { id: 'typeRenamed', lines: 24, searched: 11, by: 'typeRenamed' },
  { id: 'ramRangeset', lines: 30, searched: 20, by: 'ramRangeset' },
  // A rangeset of their own would have kept these tables apart for a tenth of the claim's lines.
  { id: 'claim', lines: 30, searched: 8, by: 'ramRangeset' },
  { id: 'copyHonours', lines: 6, searched: 2, by: 'copyHonours' },
  { id: 'directionFlag', lines: 15, searched: 3, by: 'directionFlag' },
];

test.each(MENDED)('$id is mended by $by for $lines lines', async ({ id, lines, searched, by }) => {
  const { scenario, broken } = LEVELS.find((level) => level.id === id)!;
  const found = await repaired(scenario, broken);
  expect([found.best?.added, found.best?.lines, found.searched, found.open]).toEqual([[by], lines, searched, 0]);
  const off = broken.off?.filter((name) => name !== by);
  const sound = await distance(scenario, { on: [by], off });
  expect([sound.end, sound.broken, sound.states]).toEqual(['complete', null, found.best?.states]);
});

test('what lacks much is mended for 168 lines, which no set of all that there is does for less', async () => {
  const { scenario, broken } = LEVELS.find(({ id }) => id === 'much')!;
  const { base, best, open } = await repaired(scenario, broken);
  expect([best?.added, best?.lines, open]).toEqual([
    ['lockThroughEmulation', 'rmwReads', 'syncSweep', 'sweepResolves'],
    7 + 34 + 76 + 51,
    0,
  ]);
  // All sets of all patches that are off, each searched: what is safe costs as much, or more.
  const all = [...patchesOf(VERSIONS.today)];
  const switches = broken.off!;
  const sets = setsOf(all, switches);
  const cells = await resultOf(cellsJob({ scenario: await load(scenario), base: all, switches, sets, bounds: BOUNDS }));
  const safe = cells.filter((cell) => safetyOf(cell) === 'safe');
  expect(base).toEqual(all.filter((name) => !switches.includes(name)));
  expect(Math.min(...safe.map(({ set }) => linesOf(namesOf(switches, set))))).toBe(168);
  expect([cells.length, safe.length]).toEqual([48, 4]);
});

test('what is sound is mended by nothing, and bounds that are too small mend nothing', async () => {
  const { best, searched } = await repaired('proof-lock', {});
  expect([best?.added, best?.lines, searched]).toEqual([[], 0, 1]);
  const base = patchesOf(VERSIONS['4.14']);
  const told = { scenario: await load('proof-dead-server'), base, bounds: { depth: 10_000, states: 10 } };
  const open = await resultOf(repairJob(told));
  expect([open.best, open.open > 0]).toEqual([null, true]);
});
