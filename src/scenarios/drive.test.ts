// How a run goes on: scripts, acts, and who chooses otherwise.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TOOLSTACK, XENGT } from '../engine/choice';
import type { Command } from '../engine/command';
import { History } from '../engine/history';
import { enabled } from '../engine/step';
import { World } from '../engine/world';
import type { Act, ActAt, Schedule } from './acts';
import { Commands, Drive, withAct, type Plan } from './drive';
import { parseScenario, type Scenario } from './schema';

const FILE = {
  format: 1,
  title: 'Two vCPUs',
  version: 'claim',
  guest: { memory: '16 MiB', tables: 'contiguous' },
  vcpus: [
    [{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '4 KiB', gpa: '0x90_0000' }],
    Array.from({ length: 6 }, () => ({ op: 'write', gpa: '0x30_0000', value: '0x1' })),
  ],
};
const scenario = (parseScenario(FILE) as { scenario: Scenario }).scenario;
const SEED: Schedule = { script: [], then: 'seed' };
const USER: Schedule = { script: [], then: 'user' };
const create: Command = { op: 'create_ioreq_server' };

/** The first image is built once; each drive begins at a fork of it. */
const commands = new Commands();
const first = new World({ ...scenario.config, commands: commands.list });

function drive(plan: Partial<Plan>, slice = 1000): Drive {
  const steps: number[] = [];
  const it = new Drive(
    new History(first.fork()),
    { schedule: SEED, acts: [], lenient: false, most: 10_000, ...plan },
    commands,
    (_, w) => steps.push(w.steps),
  );
  while (!it.advance(slice));
  // Each step is told of once, in order.
  expect(steps).toEqual(Array.from({ length: it.history.length }, (_, i) => i + 1));
  return it;
}
const told = ({ history, over, refused, free }: Drive) => ({
  choices: [...history.choices()],
  hash: history.world.store.hash(),
  over,
  refused,
  free,
});
const seeded = told(drive({}));

describe('who chooses', () => {
  test('the seed does to the end, however the run is sliced', () => {
    expect(seeded).toMatchObject({ over: true, free: false, refused: null });
    expect(told(drive({}, 1))).toEqual(seeded);
    expect(told(drive({}, 7))).toEqual(seeded);
  });

  test('nobody does where it is the user: the run ends at once, and is not over', () => {
    expect(told(drive({ schedule: USER }))).toMatchObject({ choices: [], over: false, free: true });
  });

  test('a script is followed as far as each of its choices can be made', () => {
    const script = seeded.choices.slice(0, 9);
    const user = drive({ schedule: { script, then: 'user' } });
    expect([[...user.history.choices()], user.free, user.chooser(8), user.chooser(9)]).toEqual([
      script,
      true,
      'script',
      'user',
    ]);
    expect(told(drive({ schedule: { script, then: 'seed' } }))).toEqual(seeded);
    // vCPU 5 is not there: the script ends before it.
    const odd = drive({ schedule: { script: [...script.slice(0, 4), 5, ...script], then: 'user' } });
    expect([...odd.history.choices()]).toEqual(script.slice(0, 4));
  });

  test('turns where an act says so: the user cuts the run, the seed goes on with it', () => {
    const free: ActAt = { step: 12, act: { schedule: 'user' } };
    const cut = drive({ acts: [free] });
    expect([[...cut.history.choices()], cut.free, cut.over]).toEqual([seeded.choices.slice(0, 12), true, false]);
    expect(told(drive({ acts: [free, { step: 12, act: { schedule: 'seed' } }] }))).toEqual(seeded);
  });
});

describe('acts', () => {
  test('of the scheduler’s own choosing change nothing; a command is one step more', () => {
    const acts = seeded.choices.slice(0, 5).map((choice, step): ActAt => ({ step, act: { choice } }));
    expect(told(drive({ acts }))).toEqual(seeded);
    const made = drive({ acts: [{ step: 20, act: { command: create } }] });
    expect([...made.history.choices(20)]).toEqual(seeded.choices.slice(0, 20));
    expect([made.history.choice(21), made.over]).toEqual([commands.choice(create), true]);
  });

  test('that go along with a script leave it as it is, others end it', () => {
    const script = seeded.choices.slice(0, 20);
    const along = drive({ schedule: { script, then: 'user' }, acts: [{ step: 7, act: { choice: script[7]! } }] });
    expect([...along.history.choices()]).toEqual(script);
    const w = new History(first.fork());
    for (const choice of script.slice(0, 7)) w.choose(choice);
    const other = enabled(w.world).find((choice) => choice !== script[7])!;
    const left = drive({ schedule: { script, then: 'user' }, acts: [{ step: 7, act: { choice: other } }] });
    expect([...left.history.choices()]).toEqual([...script.slice(0, 7), other]);
    const between = drive({ schedule: { script, then: 'user' }, acts: [{ step: 5, act: { command: create } }] });
    expect([...between.history.choices()].filter((choice) => choice < 0x100).slice(0, 8)).toEqual(script.slice(0, 8));
  });

  test.each<[string, ActAt]>([
    ['one that is not enabled there', { step: 0, act: { choice: TOOLSTACK } }],
    ['one behind the end of the run', { step: 9999, act: { choice: XENGT } }],
    ['a command as a choice', { step: 3, act: { choice: 0x100 } }],
  ])('%s is told by its place, or left out', (_, wrong) => {
    const acts: ActAt[] = [{ step: 0, act: { choice: XENGT } }, wrong];
    expect(drive({ acts }).refused).toBe(1);
    const lenient = drive({ acts, lenient: true });
    expect([told(lenient), lenient.done]).toEqual([seeded, acts.slice(0, 1)]);
  });

  test('a run that is cut off takes the act at its end, and none behind', () => {
    const acts = (step: number): ActAt[] => [{ step, act: { command: create } }];
    expect(drive({ most: 20, acts: acts(20) }).history.length).toBe(21);
    expect(drive({ most: 20, acts: acts(21) }).refused).toBe(0);
  });
});

/** Does one thing after the other, as a user does: each is an act of the run before it. */
function stepwise(
  schedule: Schedule,
  picks: readonly { at: number; what: number }[],
): { acts: readonly ActAt[]; last: Drive } {
  let last = drive({ schedule });
  let acts: readonly ActAt[] = [];
  for (const { at, what } of picks) {
    const step = last.free
      ? last.history.length - (at % 3 === 0 ? Math.min(1, last.history.length) : 0)
      : at % (last.history.length + 1);
    const choices = enabled(last.history.at(step));
    const all: Act[] = [...choices.map((choice): Act => ({ choice })), { schedule: 'user' }, { schedule: 'seed' }];
    const act = all[what % all.length]!;
    if ('choice' in act && last.free && step === last.history.length) {
      expect(last.append(act)).toBe(true);
      acts = last.done;
    } else {
      acts = withAct(acts, { step, act }, schedule);
      last = drive({ schedule, acts });
    }
    expect(last.refused).toBe(null);
  }
  return { acts, last };
}

test('acts applied as the run comes to them are the run that doing them one by one made', () => {
  const script = seeded.choices.slice(0, 10);
  fc.assert(
    fc.property(
      fc.constantFrom(SEED, USER, { script, then: 'seed' } as const, { script, then: 'user' } as const),
      fc.array(fc.record({ at: fc.nat(200), what: fc.nat(20) }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 40 }),
      (schedule, picks, slice) => {
        const { acts, last } = stepwise(schedule, picks);
        expect(told(drive({ schedule, acts }, slice))).toEqual(told(last));
        // Their steps ascend: so a file has them.
        expect(acts.map(({ step }) => step)).toEqual([...acts.map(({ step }) => step)].sort((a, b) => a - b));
      },
    ),
    { numRuns: 40 },
  );
});

test('what is done at a step puts an end to all that was done after it, but not to who chooses there', () => {
  const at = (step: number, act: Act): ActAt => ({ step, act });
  const acts = [at(3, { schedule: 'user' }), at(3, { choice: 0 }), at(4, { choice: 1 })];
  expect(withAct(acts, at(3, { choice: 1 }), SEED)).toEqual([acts[0], at(3, { choice: 1 })]);
  expect(withAct(acts, at(4, { schedule: 'seed' }), SEED)).toEqual([...acts.slice(0, 2), at(4, { schedule: 'seed' })]);
  // To where it began: nothing is done any more.
  expect(withAct(acts, at(3, { schedule: 'seed' }), SEED)).toEqual([]);
  expect(withAct([], at(3, { schedule: 'seed' }), { script: [0], then: 'seed' })).toHaveLength(1);
});
