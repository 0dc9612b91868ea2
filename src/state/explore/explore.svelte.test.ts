// Searches and lattices as the page runs them: what is shown on the way, what stays when they are stopped, what follows.
import { expect, test, vi } from 'vitest';
import { AUDIT_RULES } from '../../engine/audit';
import { ONE_FRAME } from '../../explore/lattice/testing';
import { TWO_FRAMES, TWO_FRAMES_FROM } from '../../explore/testing';
import { Desk } from '../desk.svelte';
import { session } from '../session-testing';
import { Explore } from './explore.svelte';
import { LatticeRun } from './lattice-run.svelte';
import { poolHere } from './pool-testing';
import { SearchRun } from './search-run.svelte';
import { ALL_RULES, Setup } from './setup.svelte';
import type { Target } from './target';
import { patchesOf, VERSIONS } from '../../engine/patches';

const target = (scenario: unknown, more: Partial<Target> = {}): Target => ({
  title: 't',
  scenario,
  changes: {},
  version: 'claim',
  patches: patchesOf(VERSIONS.claim),
  on: [],
  off: [],
  step: 4,
  from: 'plan',
  bounds: { depth: 100, states: 100_000 },
  rules: null,
  ...more,
});
const twoFrames = (bounds: Target['bounds']): Target =>
  target(TWO_FRAMES, { from: 'step', step: TWO_FRAMES_FROM, bounds });
const OFF = { changes: { patches: { off: ['lockThroughEmulation'] } } } as const;

test('the rules that can be chosen are those of the audit, in its order', () => {
  expect(ALL_RULES).toEqual(AUDIT_RULES);
});

test('bounds are whole numbers within what can be searched, however they are grouped', () => {
  const setup = new Setup();
  expect(setup.bounds).toEqual({ depth: 1000, states: 1_000_000 });
  setup.states = '20 000';
  expect(setup.bounds?.states).toBe(20_000);
  for (const wrong of ['', '0', '-1', '1e3', 'many', '70000']) {
    setup.depth = wrong;
    expect([setup.bounds, setup.ready]).toEqual([null, false]);
  }
  setup.depth = '5';
  for (const rule of ALL_RULES) setup.toggle(rule);
  expect(setup.ready).toBe(false);
});

test('a clean search goes on to what was exercised', async () => {
  const run = new SearchRun(poolHere());
  await run.start(target(ONE_FRAME));
  expect(run.found).toMatchObject({ end: 'complete', states: 53, violation: null });
  expect(run.tried?.patches.find(({ patch }) => patch === 'rmwReads')?.times).toBeGreaterThan(0);
  expect(run.tried?.patches.find(({ patch }) => patch === 'syncSweep')?.times).toBe(0);
  expect([run.phase, run.actors, run.stopped]).toEqual(['done', null, false]);
});

test("a search that finds something goes on to each actor's own way", async () => {
  const run = new SearchRun(poolHere());
  await run.start(target(ONE_FRAME, OFF));
  expect(run.found?.violation).toMatchObject({ rule: 'write.lost', steps: 7 });
  expect(run.actors?.actors.map(({ actor, way }) => [actor, way?.steps ?? null])).toEqual([
    ['vcpu0', 7],
    ['xengt', null],
    ['toolstack', null],
  ]);
  expect(run.tried).toBeNull();
});

test('a search that is stopped keeps how far it was, one that cannot begin says why', async () => {
  const run = new SearchRun(poolHere());
  const done = run.start(twoFrames({ depth: 1000, states: 1_000_000 }));
  await vi.waitFor(() => expect(run.facts?.states).toBeGreaterThan(1000), { timeout: 30_000 });
  expect(run.facts!.rate).toBeGreaterThan(0);
  run.pause();
  expect(run.paused).toBe(true);
  run.resume();
  run.stop();
  await done;
  expect([run.phase, run.stopped, run.found, run.busy]).toEqual(['done', true, null, false]);
  expect(run.facts!.states).toBeLessThan(13_503);
  await run.start(target({ ...ONE_FRAME, version: 'claym' }));
  expect(run.problems[0]).toMatchObject({ path: 'version' });
});

test('several workers make it together, and one that a bound has cut off goes on', async () => {
  const run = new SearchRun(poolHere(4));
  await run.start(twoFrames({ depth: 5, states: 100_000 }));
  expect([run.workers, run.found?.end, run.found?.depth, run.kept]).toEqual([3, 'depth', 5, true]);
  const few = run.found!.states;
  await run.goOn({ depth: 8, states: 100_000 });
  expect([run.found?.end, run.found?.depth, run.target?.bounds.depth, run.kept]).toEqual(['depth', 8, 8, true]);
  expect(run.found!.states).toBeGreaterThan(few);
});

test('what was cut off goes when somebody else needs its workers', async () => {
  const pool = poolHere();
  const run = new SearchRun(pool);
  await run.start(target(ONE_FRAME, { bounds: { depth: 3, states: 100 } }));
  expect([run.found?.end, run.kept]).toEqual(['depth', true]);
  const other = new SearchRun(pool);
  await other.start(target(ONE_FRAME));
  expect([other.found?.end, run.found?.end, run.kept]).toEqual(['complete', 'depth', false]);
  await run.goOn({ depth: 100, states: 100 });
  expect(run.found?.end).toBe('depth');
});

test('all sets are searched, those that ask for nothing else not twice', async () => {
  const run = new LatticeRun(poolHere());
  await run.start(target(ONE_FRAME), ['lockThroughEmulation', 'rmwReads', 'asyncReset', 'syncSweep']);
  expect([run.of!.sets.length, run.cells.size, run.running, [...run.minimal]]).toEqual([12, 12, false, [0b11]]);
  expect(run.copied).toBeGreaterThan(0);
  expect(run.cells.get(0)).toMatchObject({ broken: 'write.lost', steps: 7 });
});

test('a lattice that is stopped keeps the sets that were searched', async () => {
  const run = new LatticeRun(poolHere());
  const done = run.start(target(ONE_FRAME), ['lockThroughEmulation', 'rmwReads', 'asyncReset', 'syncSweep']);
  await vi.waitFor(() => expect(run.cells.size).toBeGreaterThan(0));
  run.stop();
  await done;
  expect([run.stopped, run.running]).toEqual([true, false]);
  expect(run.cells.size).toBeLessThan(12);
  expect([...run.minimal].filter((set) => set !== 0b11)).toEqual([]);
});

test('the latest of the patches that a scenario exercises are chosen for a lattice', async () => {
  const run = new LatticeRun(poolHere());
  await run.find(target(ONE_FRAME));
  expect(run.exercised?.exercised).toHaveLength(10);
  expect(run.chosen).toEqual(run.exercised!.exercised.slice(1));
});

test('what is open is planned once, with the bounds and switches that its file says', async () => {
  const { it } = session();
  const desk = new Desk(it, []);
  const explore = new Explore(desk, poolHere());
  expect(explore.target()).toBeNull();
  await desk.openText('x.json', JSON.stringify({ ...ONE_FRAME, search: { ...ONE_FRAME.search, depth: 40 } }));
  await explore.follow();
  expect([explore.setup.from, explore.setup.depth, explore.lattice.chosen.length]).toEqual(['plan', '40', 4]);
  expect(explore.target()).toMatchObject({
    version: 'claim',
    step: 4,
    from: 'plan',
    bounds: { depth: 40 },
    rules: null,
  });
  const { plan } = explore;
  await explore.follow();
  expect(explore.plan).toBe(plan);
  explore.setup.from = 'step';
  expect(explore.target()?.step).toBe(2);
});

test('what is typed stays, while a plan is on its way and under other patches; another scenario brings its own', async () => {
  const { it } = session();
  const desk = new Desk(it, []);
  const explore = new Explore(desk, poolHere());
  const file = (depth: number): string => JSON.stringify({ ...ONE_FRAME, search: { ...ONE_FRAME.search, depth } });
  await desk.openText('x.json', file(40));
  const following = explore.follow();
  explore.setup.states = '5000';
  await following;
  expect(explore.setup.bounds).toEqual({ depth: 40, states: 5000 });
  explore.setup.depth = '30';
  await desk.override({ patches: { off: ['rmwReads'] } });
  await explore.follow();
  expect([explore.plan?.patches.includes('rmwReads'), explore.setup.depth]).toEqual([false, '30']);
  await desk.openText('y.json', file(20));
  await explore.follow();
  expect(explore.setup.depth).toBe('20');
});
