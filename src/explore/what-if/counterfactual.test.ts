// A switch flipped from the first image on: where shipped runs first differ then, how they end, and that it is the run one would make of it.
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { History } from '../../engine/history';
import { PATCHES } from '../../engine/patches';
import { World } from '../../engine/world';
import { SCENARIOS } from '../../scenarios';
import type { ActAt } from '../../scenarios/acts';
import { readScenario } from '../../scenarios/base';
import { Commands, Drive } from '../../scenarios/drive';
import { lineOfAct } from '../../scenarios/lines';
import type { Changes } from '../../scenarios/schema';
import { counterfactualJob, type CounterfactualFound, type CounterfactualTold } from './counterfactual';
import type { JobError } from '../job-error';
import { ONE_FRAME } from '../lattice/testing';
import { resultOf } from '../last';
import { TWO_FRAMES } from '../testing';
import type { Switch } from '../twin/decide';

const whatIf = (told: CounterfactualTold): Promise<CounterfactualFound> => resultOf(counterfactualJob(told));
const shipped = (name: string): unknown => SCENARIOS.find((one) => one.name === name)!.load();
async function flip(name: string, patch: Switch['patch'], on: boolean): Promise<CounterfactualFound> {
  return whatIf({ scenario: await shipped(name), switches: [{ patch, on }] });
}
const codes = ({ differs }: CounterfactualFound) =>
  differs && [differs.step, ...[differs.events.was, differs.events.is].map((events) => events.at(-1)?.code)];
const broken = ({ ends }: CounterfactualFound) =>
  [ends.was, ends.is].map(({ broken: rules }) => rules.map(({ rule, step }) => `${rule} ${step}`));

/** The run of a scenario as the page makes it: its hash, and how many steps it has. */
async function runOf(scenario: unknown, changes: Changes, acts?: readonly ActAt[]) {
  const read = await readScenario(scenario, changes);
  if (!read.ok) throw new Error(read.problems[0]!.message);
  const { config, schedule, steps: most } = read.scenario;
  const commands = new Commands();
  const history = new History(new World({ ...config, commands: commands.list }));
  const plan = { schedule, acts: acts ?? read.scenario.acts, lenient: acts === undefined, most };
  const drive = new Drive(history, plan, commands, () => undefined);
  while (!drive.advance(1000));
  return { hash: history.world.store.hash(), steps: history.length, refused: drive.refused };
}
const made = ({ hash, steps }: { readonly hash: string; readonly steps: number }) => ({ hash, steps, refused: null });

test('without rmwReads the read half goes to the device model: the vCPU waits where it went on', async () => {
  const found = await flip('read-modify-write', 'rmwReads', false);
  expect(codes(found)).toEqual([104, 'io.readHalf', 'io.select']);
  expect(found.parted).toEqual({
    step: 105,
    choice: 0,
    line: 'vcpu0',
    why: 'vCPU 0 waits for the device model to answer',
  });
  expect([found.parts, found.ends.was.steps, found.ends.is.steps, found.switches]).toEqual([
    103,
    154,
    164,
    { off: ['rmwReads'] },
  ]);
  expect(found.ends.is.costs.switches).toBeGreaterThan(found.ends.was.costs.switches);
});

test('a sweep that sweeps nothing: what it breaks and where, and that the fix would have prevented it', async () => {
  const without = await flip('sweep', 'sweepResolves', false);
  expect(codes(without)).toEqual([91, 'dm.sweep', 'dm.sweep']);
  expect(broken(without)).toEqual([[], ['release.clean 102', 'shadow.equals 130', 'claim.free 131']]);
  const fixed = await flip('sweep-nothing', 'sweepResolves', true);
  expect([fixed.differs!.step, fixed.parted!.line]).toEqual([91, 'xengt']);
  expect(broken(fixed)).toEqual([['release.clean 102', 'shadow.equals 132', 'claim.free 133'], []]);
});

test('what ends one run is gone through by the other: a BUG, and a guest that waits for ever', async () => {
  const bug = await flip('bug-2019', 'markLevel', true);
  expect([codes(bug), bug.parted, bug.ends.was.steps, bug.ends.is.steps]).toEqual([
    [91, 'xen.bug', 'dm.sweep'],
    null,
    91,
    94,
  ]);
  const dead = await flip('device-model-died', 'deadServerReset', true);
  expect([broken(dead), dead.ends.was.end, dead.ends.is.end]).toEqual([[['vcpu.waits 34'], []], 'over', 'over']);
});

test('choices that can all be made are made, where the scheduler would have chosen otherwise too', async () => {
  const found = await flip('released-meanwhile', 'lockThroughEmulation', false);
  expect([found.parted, found.differs!.step, found.acts.length, found.along.length]).toEqual([null, 7, 1, 1]);
  expect(found.ends.is.hash).toBe(found.ends.was.hash);
  expect(found.ends.is.lost).toBe(0);
});

test('what goes with a switch is told; a switch that nothing asks for makes no difference', async () => {
  const found = await flip('first-light', 'claim', false);
  expect(found.switched.map(({ patch, along }) => [patch, along])).toEqual([
    ['claim', false],
    ['rmwReads', true],
    ['asyncReset', true],
    ['syncSweep', true],
    ['sweepResolves', true],
  ]);
  const lock = await flip('proof-lock', 'lockThroughEmulation', false);
  expect([lock.differs, lock.parted, lock.parts, lock.ends.is]).toEqual([null, null, null, lock.ends.was]);
});

test('what cannot be built under the other set is refused, and why is said', async () => {
  const scenario = { ...TWO_FRAMES, acts: [], numbered: { types: 2 } };
  const refused = whatIf({ scenario, switches: [{ patch: 'claim', on: false }] });
  const error = (await refused.catch((thrown: unknown) => thrown)) as JobError;
  expect(error.problems.map(({ path }) => path)).toEqual(['numbered']);
});

test('who plays by hand: choices are made again as far as they can, then the other run waits as well', async () => {
  const file = (await shipped('read-modify-write')) as object;
  const own = await readScenario(file);
  if (!own.ok) return expect.fail('it is shipped');
  const commands = new Commands();
  const history = new History(new World({ ...own.scenario.config, commands: commands.list }));
  history.run(110);
  const choices = [...history.choices(110)];
  const acts = [
    { step: 0, do: 'schedule user' },
    ...choices.map((choice, step) => ({ step, do: lineOfAct({ choice }) })),
  ];
  const found = await whatIf({ scenario: { ...file, acts }, switches: [{ patch: 'rmwReads', on: false }] });
  expect([found.ends.was.steps, found.ends.was.end, found.ends.is.end]).toEqual([110, 'waits', 'waits']);
  expect([found.parted!.step, found.ends.is.steps, found.acts.length]).toEqual([105, 105, 106]);
  // The same up to where the run is cut off.
  const cut = await whatIf({ scenario: file, switches: [{ patch: 'rmwReads', on: false }], steps: 100 });
  expect([cut.differs, cut.ends.was.end, cut.ends.is.end, cut.ends.is.steps]).toEqual([null, 'cut', 'cut', 100]);
});

test('a hand in the run is a hand in the other: the call is made again', async () => {
  const file = (await shipped('read-modify-write')) as object;
  const acts = [{ step: 60, do: 'set_mem_type first_pfn=0x700 nr=1 type=HVMMEM_ioreq_server' }];
  const found = await whatIf({ scenario: { ...file, acts }, switches: [{ patch: 'rmwReads', on: false }] });
  expect([found.acts.map(({ step }) => step), found.along]).toEqual([[60], []]);
  const again = await runOf({ ...file, acts }, { patches: found.switches }, found.acts);
  expect(again).toEqual(made(found.ends.is));
});

test('a found counterexample: the patch that stops it, and where its script can be followed no further', async () => {
  const script = ['xengt x4', 'toolstack', 'vcpu0', 'toolstack', 'vcpu0 x2', 'toolstack', 'vcpu0'];
  const scenario = {
    ...ONE_FRAME,
    patches: { off: ['lockThroughEmulation'] },
    search: undefined,
    schedule: { script, then: 'user' },
  };
  const found = await whatIf({ scenario, switches: [{ patch: 'lockThroughEmulation', on: true }] });
  expect([broken(found), found.ends.was.lost, found.ends.is.lost]).toEqual([[['write.lost 11'], []], 1, 0]);
  expect([found.differs!.step, found.parted!.step, found.parted!.line, found.ends.is.end]).toEqual([
    9,
    9,
    'toolstack',
    'waits',
  ]);
});

test('a long run goes in pieces, and is told how far it is', async () => {
  const body = [{ op: 'write', gpa: '0x20_0000', value: 5 }];
  const scenario = {
    ...{ format: 2, title: 'Long', version: 'claim', guest: { memory: '16 MiB', tables: 'contiguous' } },
    vcpus: [[{ op: 'ppgtt_create' }], [{ op: 'loop', times: 5000, stride: 8, body }]],
  };
  let pieces = 0;
  let most = 0;
  const job = counterfactualJob({ scenario, switches: [{ patch: 'rmwReads', on: false }] });
  let next = await job.next();
  for (; !next.done; next = await job.next()) {
    pieces++;
    most = Math.max(most, next.value.done);
  }
  const { ends, differs } = next.value;
  expect([differs, ends.was.steps === ends.is.steps, most]).toEqual([null, true, ends.was.steps * 2]);
  expect(pieces).toBeGreaterThan(5);
});

const names = SCENARIOS.map(({ name }) => name);
const patch = fc.constantFrom(...PATCHES.map(({ name }) => name));
property.prop([fc.constantFrom(...names), patch, fc.boolean()], { numRuns: 15 })(
  'any shipped scenario, any switch: both ends are those of runs one would make, and flipped back it is the run',
  async (name, flippedPatch, on) => {
    const scenario = await shipped(name);
    const found = await whatIf({ scenario, switches: [{ patch: flippedPatch, on }] }).catch(() => null);
    if (!found) return;
    expect(await runOf(scenario, {})).toEqual(made(found.ends.was));
    expect(await runOf(scenario, { patches: found.switches }, found.acts)).toEqual(made(found.ends.is));
    if (found.switched.length === 0) expect([found.differs, found.parted, found.along]).toEqual([null, null, []]);
    const back = found.switched.map((one) => ({ patch: one.patch, on: !one.on }));
    const same = await whatIf({ scenario, changes: { patches: found.switches }, switches: back });
    expect(same.patches.is).toEqual(found.patches.was);
    const nothing = await whatIf({ scenario, switches: [...found.switched, ...back.reverse()] });
    expect([nothing.differs, nothing.parted, nothing.ends.is]).toEqual([null, null, nothing.ends.was]);
  },
);
