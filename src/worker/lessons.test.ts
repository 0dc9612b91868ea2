// The lessons against the model: each run comes to its end, its notes follow each other, and what each question's answers are.
import { describe, expect, test } from 'vitest';
import { finish } from '../engine/slices';
import { SCENARIOS } from '../scenarios';
import { COURSE } from '../scenarios/course';
import { HASHES } from '../scenarios/hashes';
import type { Answer } from '../scenarios/lesson';
import { parseScenario } from '../scenarios/schema';
import { ask } from './questions/ask';
import { Session } from './session';

async function open(name: string): Promise<Session> {
  const parsed = parseScenario(await SCENARIOS.find((shipped) => shipped.name === name)!.load());
  if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
  const session = new Session(parsed.scenario);
  while (!session.run(10_000));
  return session;
}

/** An answer in one word. */
function brief(answer: Answer): string | number {
  switch (answer.ask) {
    case 'outcome':
      return answer.outcome;
    case 'type':
      return answer.type;
    case 'errno':
      return answer.errno ?? 0;
    case 'sees':
      return answer.who;
    case 'value':
      return answer.low;
    case 'cost':
      return answer.count;
    case 'xen':
      return answer.does;
    case 'never':
      return `never: ${answer.why}`;
  }
}

/** By lesson: the right answer of each question, and some of those that are right under other sets of patches. */
const ANSWERS: Readonly<
  Record<string, readonly (readonly [right: string | number, ...others: (string | number)[]])[]>
> = {
  'what-is-a-p2m': [
    ['ioreq_server', 'mmio_write_dm', 'ram_rw'],
    ['forwarded', 'plain'],
  ],
  shatter: [
    [513, 0],
    [11, 0],
  ],
  'discard-forward': [
    ['EINVAL', 0],
    ['forwarded', 'discarded'],
  ],
  'ioreq-life': [
    ['xengt', 'nobody'],
    [2, 0],
  ],
  'first-light': [
    ['ioreq_server', 'mmio_write_dm', 'ram_rw'],
    ['xengt', 'nobody'],
    [0, 22],
  ],
  'range-wall': [
    [41, 0, 28],
    ['plain', 'forwarded'],
    [561, 0, 699],
  ],
  'fourth-rangeset': [
    ['forwarded', 'plain'],
    [1, 4],
    ['plain', 'forwarded'],
  ],
  numbered: [['retried', 'never: retries'], ['forwarded']],
  'claim-ebusy': [
    ['xengt', 'nobody'],
    [0, 'EBUSY'],
    ['plain', 'forwarded', 'retried'],
  ],
  'released-meanwhile': [
    ['retried', 'lost', 'forwarded', 'never: retries', 'stopped'],
    [0x801083, 0],
  ],
  'read-modify-write': [
    [0x801083, 0xffffffff],
    [2, 0, 4],
  ],
  'asynchronous-reset': [
    ['EBUSY', 0],
    ['retried', 'forwarded', 'plain'],
    [0, 'EBUSY'],
  ],
  'sweep-nothing': [
    ['EBUSY', 0],
    ['EINVAL', 0],
  ],
  sweep: [
    [0, 'EBUSY'],
    [0, 'EINVAL'],
  ],
  refactoring: [
    [0, 'EBUSY'],
    ['forwarded', 'plain', 'retried'],
  ],
  'migration-refused': [
    ['EBUSY', 0],
    [0, 'EBUSY', 'EINVAL'],
    ['retried', 'plain'],
  ],
  'xsa-238': [
    [0, 'EINVAL'],
    ['qemu', 'xengt'],
  ],
  'backward-string': [
    ['qemu', 'xengt'],
    ['qemu', 'xengt'],
  ],
  'behind-the-back': [
    ['bypassed', 'refused', 'copied'],
    ['bypassed', 'forwarded', 'plain'],
    [0x900083, 0],
  ],
  'device-model-died': [
    ['stopped', 'orphaned'],
    ['never: crashed', 1],
  ],
  'out-of-sync': [
    ['ioreq_server', 'mmio_write_dm', 'ram_rw'],
    ['xengt', 'nobody'],
  ],
};
/** Milliseconds that the runs under all other sets may take, so that none is left out. */
const AMPLE = 60_000;

test('every lesson has its answers here', () => {
  expect(Object.keys(ANSWERS)).toEqual(COURSE.map(({ name }) => name));
});

describe.each(COURSE.map(({ name }) => name))('%s', (name) => {
  test('comes to its end, and all that is told and asked on the way has its place', async () => {
    const session = await open(name);
    const { complete, steps, end, notes, prompts } = session.info();
    expect({ complete, steps, hash: end.hash }).toEqual({ complete: true, ...HASHES[name] });
    expect(notes.map(({ text }) => text)).toEqual(session.scenario.narration.map(({ text }) => text));
    // Each note is seen, if only for a step.
    expect(new Set(notes.map(({ step }) => step)).size).toBe(notes.length);
    expect(prompts.map((prompt) => prompt !== null)).toEqual(session.scenario.prompts.map(() => true));
    const asked = prompts.map((prompt) => prompt!.step);
    expect(asked).toEqual([...asked].sort((a, b) => a - b));
  });

  test('asks what other sets of patches answer otherwise', async () => {
    const session = await open(name);
    const told = session.scenario.prompts.map((_, prompt) => {
      const question = finish(ask(session.questioned, { prompt }, () => performance.now(), AMPLE))!;
      const measured = question.options.filter(({ sets }, i) => i !== question.right && sets.length > 0);
      return [brief(question.options[question.right]!.answer), ...measured.map(({ answer }) => brief(answer))];
    });
    const sorted = (all: readonly (readonly (string | number)[])[]) =>
      all.map(([right, ...others]) => [right, ...others.map(String).sort()]);
    expect(sorted(told)).toEqual(sorted(ANSWERS[name]!));
  }, 120_000);
});
