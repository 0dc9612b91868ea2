// A lattice cell by cell; which patches a scenario exercises; each actor's own way to break a rule.
import { expect, test } from 'vitest';
import { stateAt } from '../begin';
import { sameFor, safetyOf } from './cells';
import { cellsJob } from './cells-job';
import { equivalentsJob } from '../search/equivalents-job';
import { ONE_FRAME } from './testing';
import { planJob } from '../search/plan-job';
import { changesTo, minimalSafe, namesOf, patchesWith, setsOf } from './switches';
import { switchesJob } from './switches-job';
import { audit } from '../../engine/audit';
import { step } from '../../engine/step';
import { resultOf } from '../last';

const bounds = { depth: 100, states: 10_000 };
const plan = await resultOf(planJob({ scenario: ONE_FRAME }));
const switches = plan.search!.switches!;
const told = { scenario: ONE_FRAME, base: plan.patches, switches, bounds };
const cells = await resultOf(cellsJob({ ...told, sets: setsOf(plan.patches, switches) }));

test('the plan says what the file has a search of', () => {
  expect(plan).toMatchObject({ title: 'One frame', version: 'claim', vcpus: 1, frames: 4096 });
  expect(plan.search).toEqual({ step: 4, depth: null, states: null, switches: ONE_FRAME.search.patches });
});

test('each set that can be built has its verdict', () => {
  const rows = cells.map(({ set, end, broken, steps, states, depth }) => {
    const on = namesOf(switches, set).map((name) => name[0]);
    return [on.join(''), end, broken, steps, states, depth].join(' ');
  });
  const [lost, held, safe] = ['violation write.lost 7 31 6', 'violation write.lost 12 46 11', 'complete  0 53 14'];
  expect(rows).toEqual([
    ` ${lost}`,
    `l ${held}`,
    `r ${lost}`,
    `a ${lost}`,
    `lr ${safe}`,
    `la ${held}`,
    `ra ${lost}`,
    `as ${lost}`,
    `lra ${safe}`,
    `las ${held}`,
    `ras ${lost}`,
    `lras ${safe}`,
  ]);
  const least = minimalSafe(new Map(cells.map((cell) => [cell.set, safetyOf(cell)])));
  expect(least.map((set) => namesOf(switches, set))).toEqual([['lockThroughEmulation', 'rmwReads']]);
});

test('the way that a cell tells breaks its rule with its last step, and not before', async () => {
  for (const { set, broken, choices, steps } of cells.filter((cell) => cell.broken)) {
    const changes = changesTo({}, plan.patches, patchesWith(plan.patches, switches, set)!);
    const { world } = await stateAt(ONE_FRAME, changes);
    const isBroken = (): boolean =>
      audit(world, false).some(({ rule, state }) => rule === broken && state === 'broken');
    const seen = choices.map((choice) => (step(world, choice), isBroken()));
    expect(seen.indexOf(true)).toBe(choices.length - 1);
    expect(choices.length).toBe(4 + steps);
  }
});

test('a set that asks for nothing else has the very cell that its own search finds', () => {
  let same = 0;
  for (const cell of cells)
    for (const other of cells) {
      const copy = cell === other ? null : sameFor(cell, other.set, told);
      if (!copy) continue;
      same++;
      expect(copy).toEqual(other);
    }
  expect(same).toBeGreaterThan(3);
});

test('bounds leave a set undecided, and a run that does not come to where a search begins is refused', async () => {
  const full = setsOf(plan.patches, switches).at(-1)!;
  const [cut] = await resultOf(cellsJob({ ...told, sets: [full], bounds: { depth: 100, states: 20 } }));
  expect([cut!.end, safetyOf(cut!)]).toEqual(['states', 'unknown']);
  const [refused] = await resultOf(cellsJob({ ...told, sets: [full], from: 900 }));
  expect([refused!.end, safetyOf(refused!)]).toEqual(['refused', 'unknown']);
  const never = { ...told, scenario: { ...ONE_FRAME, search: { from: 'dm.sweep#9' } } };
  expect((await resultOf(cellsJob({ ...never, sets: [full] })))[0]!.end).toBe('refused');
  await expect(resultOf(cellsJob({ ...told, scenario: { format: 2 }, sets: [] }))).rejects.toThrow('title');
});

test('a patch is exercised if the search comes to something else without it', async () => {
  const { exercised, not, complete } = await resultOf(switchesJob({ scenario: ONE_FRAME, bounds }));
  expect(exercised).toEqual([
    ...['writeDm', 'ramRangeset', 'typeWithdrawn', 'typeRenamed', 'lockThroughEmulation', 'claim', 'rmwReads'],
    ...['asyncReset', 'countHelper', 'countLevel'],
  ]);
  expect(not).toContain('directionFlag');
  expect(complete).toBe(true);
});

test("each actor's own way ends with a step of its own, and none is shorter", async () => {
  const changes = { patches: { off: ['lockThroughEmulation'] } } as const;
  const found = await resultOf(equivalentsJob({ scenario: ONE_FRAME, changes, bounds, rule: 'write.lost' }));
  expect(found).toEqual({
    actors: [
      { actor: 'vcpu0', way: { steps: 7, choices: [64, 64, 64, 64, 65, 0, 65, 0, 0, 65, 0] } },
      { actor: 'xengt', way: null },
      { actor: 'toolstack', way: null },
    ],
    complete: true,
    states: 64,
  });
});
