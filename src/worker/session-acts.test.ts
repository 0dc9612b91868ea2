// What the user does makes the run: the list of acts, a run that goes on only by choices, what may happen next.
import { describe, expect, test } from 'vitest';
import { TOOLSTACK } from '../engine/choice';
import type { Command } from '../engine/command';
import { PT } from '../engine/testing';
import { parseScenario, type Scenario } from '../scenarios/schema';
import type { RefusedError } from './client';
import { Client } from './client';
import { FOLLOW, type Act, type NextPicture, type SessionInfo } from './protocol';
import { serve } from './server';
import { Session, type Asked } from './session';

const FILE = {
  format: 2,
  title: 'One page',
  version: 'claim',
  guest: { memory: '16 MiB', tables: 'contiguous' },
  vcpus: [
    [{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '4 KiB', gpa: '0x90_0000' }],
    Array.from({ length: 4 }, () => ({ op: 'write', gpa: '0x30_0000', value: '0x1' })),
  ],
};
const create: Command = { op: 'create_ioreq_server' };
const user: Act = { schedule: 'user' };
const seed: Act = { schedule: 'seed' };

function opened(changes: object = {}, asked: Asked = {}): Session {
  const parsed = parseScenario({ ...FILE, ...changes });
  if (!parsed.ok) return expect.fail(JSON.stringify(parsed.problems));
  const session = new Session((parsed as { scenario: Scenario }).scenario, asked);
  while (!session.run(1000));
  return session;
}
/** Does it, and answers how it came about. */
function perform(session: Session, step: number, act: Act): string {
  const begun = session.perform(step, act);
  if (begun === 'refused') return expect.fail(`refused at step ${step}`);
  if (typeof begun === 'string') return begun;
  while (!begun.advance(50));
  session.keep(begun);
  return 'anew';
}
const next = (session: Session, step: number): NextPicture => session.picture(step, { ...FOLLOW, next: true }).next!;
const choicesOf = (session: Session): number[] => [...session.history.choices()];
const lines = ({ acts }: SessionInfo) => acts.map(({ step, line }) => [step, line]);

describe('a run that the user goes on with', () => {
  test('ends where it is taken over, and grows by a step a choice, without being run anew', () => {
    const session = opened();
    const before = choicesOf(session);
    expect(perform(session, 6, user)).toBe('anew');
    expect(session.info()).toMatchObject({ steps: 6, free: true, complete: false, undoable: 1 });
    const { history } = session;
    for (const choice of before.slice(6, 10)) expect(perform(session, session.history.length, { choice })).toBe('done');
    expect(session.history).toBe(history);
    expect(choicesOf(session)).toEqual(before.slice(0, 10));
    const info = session.info();
    expect([info.kinds.length, info.past.actors.length, info.samples.at.at(-1), info.undoable]).toEqual([
      10, 10, 10, 5,
    ]);
    expect(lines(info)[0]).toEqual([6, 'schedule user']);
    // As if the seed had gone on.
    const { hash } = opened().picture(10, FOLLOW);
    expect([session.picture(10, FOLLOW).hash, info.end.hash]).toEqual([hash, hash]);
  });

  test('takes a hypercall at its end, and is cut by another choice in its middle', () => {
    const session = opened({ schedule: 'user' });
    const taken = choicesOf(opened()).slice(0, 8);
    expect(session.info()).toMatchObject({ steps: 0, free: true });
    for (const choice of taken) perform(session, session.history.length, { choice });
    expect(perform(session, 5, { choice: taken[5]! })).toBe('same');
    expect(perform(session, 5, { command: create })).toBe('anew');
    expect(session.info()).toMatchObject({ steps: 6, free: true, undoable: 6 });
    const { choices } = next(session, 6);
    expect(perform(session, 6, { choice: choices[0]!.choice })).toBe('done');
    expect(lines(session.info()).at(-2)).toEqual([5, 'create_ioreq_server']);
  });

  test('is given back to the seed, which ends it as it would have been', () => {
    const session = opened();
    const before = { info: session.info(), choices: choicesOf(session) };
    perform(session, 6, user);
    perform(session, 6, { choice: before.choices[6]! });
    expect(perform(session, 7, seed)).toBe('anew');
    expect(choicesOf(session)).toEqual(before.choices);
    expect(perform(session, 3, seed)).toBe('same');
    expect(session.info().end).toEqual(before.info.end);
    perform(session, 6, seed);
    expect(session.info().acts).toEqual([]);
  });

  test('loses its last step to undo, and the taking over with the first', () => {
    const session = opened();
    const whole = choicesOf(session);
    perform(session, 6, user);
    perform(session, 6, { choice: whole[6]! });
    const steps = [];
    for (let run = session.undo(); run; run = session.undo()) {
      while (!run.advance(10));
      session.keep(run);
      steps.push(session.history.length);
    }
    expect([steps, choicesOf(session)]).toEqual([[6, whole.length], whole]);
  });
});

describe('acts', () => {
  const acts = [
    { step: 40, do: 'create_ioreq_server' },
    { step: 41, do: 'log_dirty off' },
  ];

  test('of a file are done, and are not the user’s to take back', () => {
    const session = opened({ acts });
    expect(lines(session.info())).toEqual(acts.map(({ step, do: line }) => [step, line]));
    expect([session.info().undoable, session.undo()]).toEqual([0, null]);
    perform(session, 60, { command: { op: 'remove_from_physmap', gfn: 0x300 } });
    expect(session.info().undoable).toBe(1);
    // Before them: they are done no more, and what is done in their place can be taken back.
    perform(session, 5, { command: create });
    expect([lines(session.info()), session.info().undoable]).toEqual([[[5, 'create_ioreq_server']], 1]);
  });

  test('that are given take the place of the file’s', () => {
    expect(opened({ acts }, { acts: [] }).info().acts).toEqual([]);
    expect(choicesOf(opened({ acts }, { acts: [] }))).toEqual(choicesOf(opened()));
  });

  test('bring the same run back as doing them did', () => {
    const session = opened();
    perform(session, 5, { command: create });
    perform(session, 30, user);
    const { choices } = next(session, 30);
    perform(session, 30, { choice: choices.at(-1)!.choice });
    const made = session.info();
    const again = opened({}, { acts: made.acts }).info();
    expect(again).toEqual(made);
  });
});

describe('what may happen next', () => {
  test('is every choice that is enabled, with what it would bring; looking does nothing', () => {
    const session = opened();
    const { length } = session.history;
    for (let step = 0; step <= length; step += 3) {
      const { hash } = session.picture(step, FOLLOW);
      const { choices, free } = next(session, step);
      expect([free, session.picture(step, FOLLOW).hash]).toEqual([false, hash]);
      expect(choices.filter(({ taken }) => taken).map(({ choice }) => choice)).toEqual(
        step < length ? [session.history.choice(step + 1)] : [],
      );
      if (step === length) continue;
      const { events } = choices.find(({ taken }) => taken)!;
      expect(session.picture(step + 1, FOLLOW).events).toEqual(events);
    }
    expect(session.picture(3, FOLLOW).next).toBe(null);
  });

  test('says which frames would have another type, who acts for whom, and the line', () => {
    const session = opened();
    let step = 0;
    while (next(session, step).choices.every(({ types }) => types.length === 0)) step++;
    const [choice] = next(session, step).choices.filter(({ types }) => types.length > 0);
    expect(choice).toMatchObject({ line: 'xengt', actor: 'xengt', vcpu: null, changed: 1, errno: null });
    expect(choice!.types).toMatchObject([{ from: 0, to: 15 }]);
    const names = new Set<string>();
    const acts = new Set<string>();
    for (let n = 0; n <= session.history.length; n++) {
      for (const { line, vcpu, actor } of next(session, n).choices) {
        names.add(line);
        acts.add(`${line}: ${actor} ${vcpu}`);
      }
    }
    expect([...names].sort()).toEqual(['toolstack', 'vcpu0', 'vcpu1', 'xengt', 'xengt take vcpu0']);
    expect([...acts]).toEqual(expect.arrayContaining(['xengt take vcpu0: xengt 0', 'vcpu0: xen 0', 'vcpu0: vcpu0 0']));
  });

  test('of many frames names eight and counts all', () => {
    const session = opened({ toolstack: [{ op: 'balloon', gpa: '0x80_0000', size: '1 MiB' }] });
    const balloon = (step: number) => next(session, step).choices.find(({ changed }) => changed > 1);
    let step = 0;
    while (!balloon(step)) step++;
    const { line, types, changed } = balloon(step)!;
    expect([line, types.length, changed]).toEqual(['toolstack', 8, 256]);
    expect(types[7]).toEqual({ gfn: 0x807, from: 0, to: 4 });
  });
});

describe('over the wire', () => {
  const wired = (): Client => {
    const { port1, port2 } = new MessageChannel();
    serve(port2);
    return new Client(port1);
  };

  test('acts that cannot be done refuse the opening by their place; in what was made of the file they are left out', async () => {
    const client = wired();
    const file = {
      ...FILE,
      acts: [
        { step: 0, do: 'xengt' },
        { step: 1, do: 'toolstack' },
      ],
    };
    const error = (await client.open(file).catch((e: unknown) => e)) as RefusedError;
    expect(error.problems).toEqual([{ path: 'acts[1]', message: 'cannot be done at its step' }]);
    const info = await client.open(file, { version: 'today' });
    expect(lines(info)).toEqual([[0, 'xengt']]);
    await expect(client.open(file, {}, undefined, [{ step: 9999, act: { choice: TOOLSTACK } }])).rejects.toThrow(
      'acts[0]',
    );
    client.close();
  });

  test('another run of the guest is asked for by its acts, and cut off where it was', async () => {
    const client = wired();
    const info = await client.open(FILE);
    const made = await client.perform(5, { command: create });
    const back = await client.undo(undefined, { acts: [], steps: 33 });
    expect([back.steps, back.complete, (await client.undo(undefined, { acts: made.acts })).end]).toEqual([
      33,
      false,
      made.end,
    ]);
    expect((await client.undo()).end).toEqual(info.end);
    expect((await client.seek(info.steps, { ...FOLLOW, gfn: PT }))!.hash).toBe(info.end.hash);
    client.close();
  });
});
