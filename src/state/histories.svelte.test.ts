// Histories that are left, kept and gone back to, with a real worker.
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from '../worker/client';
import type { Act } from '../worker/protocol';
import { serve } from '../worker/server';
import { Desk } from './desk.svelte';
import { Histories, MOST_HISTORIES } from './histories.svelte';
import { Session } from './session.svelte';

const closing: (() => void)[] = [];
beforeEach(() => localStorage.clear());
afterEach(() => closing.splice(0).forEach((close) => close()));

const FILE = {
  format: 2,
  title: 'One page',
  version: 'claim',
  guest: { memory: '16 MiB', tables: 'contiguous' },
  vcpus: [
    [{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '4 KiB', gpa: '0x90_0000' }],
    Array.from({ length: 6 }, () => ({ op: 'write', gpa: '0x30_0000', value: '0x1' })),
  ],
};
const user: Act = { schedule: 'user' };

function made() {
  const session = new Session(() => {
    const { port1, port2 } = new MessageChannel();
    closing.push(
      () => port1.close(),
      () => port2.close(),
    );
    serve(port2);
    return new Client(port1);
  });
  const histories = new Histories(session);
  const names = () => histories.all.map(({ name }) => name);
  /** Goes to a step and does a choice there that the run does not do. */
  const elsewhere = async (from: number): Promise<number> => {
    await session.look({ next: true });
    for (let step = from; step < session.of; step++) {
      await session.seek(step);
      const other = session.picture!.next!.choices.find(({ taken }) => !taken);
      if (!other) continue;
      await session.perform({ choice: other.choice });
      return step;
    }
    return expect.fail('nobody else could act');
  };
  return { session, histories, names, elsewhere };
}

test('what is left for another branch is kept, with its end; going back to it leaves that one', async () => {
  const { session, histories, names, elsewhere } = made();
  await session.open(FILE);
  const recorded = session.info!;
  expect([names(), histories.left]).toEqual([['as recorded'], []]);
  const at = await elsewhere(7);
  expect(names()).toEqual([expect.stringMatching(`^vcpu\\d at step ${at}$`), 'as recorded']);
  expect(histories.tried[0]).toMatchObject({
    acts: [],
    step: at,
    end: { steps: recorded.steps, complete: true, ...recorded.end },
  });
  const branch = session.info!;
  await session.seek(at + 3);
  expect(await histories.back(histories.tried[0]!.id)).toBe(true);
  expect([session.step, session.info!.end, session.info!.acts]).toEqual([at, recorded.end, []]);
  // The branch is kept in its place: no duplicate is made.
  expect([names()[0], histories.tried.map(({ step, end }) => [step, end!.hash])]).toEqual([
    'as recorded',
    [[at + 3, branch.end.hash]],
  ]);
  expect([histories.left[0]!.acts.length, await histories.back(99)]).toEqual([1, false]);
});

test('undo brings back the run and the step that was left; doing it again makes no other history', async () => {
  const { session, names, elsewhere, histories } = made();
  await session.open(FILE);
  const at = await elsewhere(7);
  const branch = session.info!.end.hash;
  expect(await session.undo()).toBe(true);
  expect([session.step, session.info!.acts, names().length]).toEqual([at, [], 2]);
  await session.redo();
  expect([session.info!.end.hash, names().length, histories.tried[0]!.name]).toEqual([branch, 2, 'as recorded']);
});

test('a run that goes on by choices is one history however long it gets', async () => {
  const { session, names } = made();
  await session.open(FILE);
  await session.look({ next: true });
  await session.seek(6);
  await session.perform(user);
  expect([session.step, session.of, names()]).toEqual([6, 6, ['yours from step 6', 'as recorded']]);
  for (let n = 0; n < 4; n++) await session.perform({ choice: session.picture!.next!.choices[0]!.choice });
  expect([session.step, session.of, names().length]).toEqual([10, 10, 2]);
  // Taken back step by step it is kept once, as far as it went.
  await session.undo();
  await session.undo();
  expect([session.of, names().length]).toEqual([8, 2 + 0 + 1]);
  await session.redo();
  await session.redo();
  expect([session.of, names()]).toEqual([10, ['yours from step 6', 'as recorded']]);
});

test('names and deletions are taken back like anything else', async () => {
  const { session, histories, names, elsewhere } = made();
  await session.open(FILE);
  await elsewhere(7);
  const [present, left] = histories.all;
  histories.rename(present!.id, '  vCPU 1 first ');
  histories.rename(left!.id, '');
  histories.drop(left!.id);
  expect([names(), session.changes.next]).toEqual([['vCPU 1 first'], 'history']);
  await session.undo();
  expect(names()).toEqual(['vCPU 1 first', 'as recorded']);
  await session.undo();
  expect(names()).toEqual([present!.name, 'as recorded']);
  await session.redo();
  // The one that is shown is recorded once it has a name of its own.
  expect(histories.record().map(({ name, acts }) => [name, acts.length])).toEqual([
    ['as recorded', 0],
    ['vCPU 1 first', 1],
  ]);
});

test('what was recorded is restored: not yet run, and the one that is shown by its name', async () => {
  const { session, histories, names, elsewhere } = made();
  await session.open(FILE);
  await elsewhere(7);
  histories.rename(histories.present!.id, 'mine');
  const records = JSON.parse(JSON.stringify(histories.record())) as typeof histories.left;
  const snapshot = session.snapshot;
  await session.open({ ...FILE, title: 'Another' });
  expect(names()).toEqual(['as recorded']);
  await session.reopen({ ...snapshot, scenario: FILE, overrides: {} });
  histories.left = records;
  flushSync();
  expect([names(), histories.tried[0]!.end]).toEqual([['mine', 'as recorded'], null]);
  await histories.back(histories.tried[0]!.id);
  expect([session.info!.acts, names(), histories.tried[0]!.end !== null]).toEqual([[], ['as recorded', 'mine'], true]);
});

test('another scenario has none of them; undoing the opening brings them back', async () => {
  const { session, histories, names, elsewhere } = made();
  const desk = new Desk(session, [
    { name: 'a', title: 'A', load: () => FILE },
    { name: 'b', title: 'B', load: () => ({ ...FILE, title: 'Another' }) },
  ]);
  await desk.choose('a');
  await elsewhere(7);
  histories.rename(histories.present!.id, 'mine');
  await desk.choose('b');
  expect(names()).toEqual(['as recorded']);
  await session.undo();
  expect([names(), session.info!.acts.length]).toEqual([['mine', 'as recorded'], 1]);
});

test('at most a hundred are kept, and those with names longest', async () => {
  const { session, histories } = made();
  await session.open(FILE);
  histories.left = Array.from({ length: 130 }, (_, i) => ({ name: `${i}`, acts: [{ step: i, act: user }], step: i }));
  expect([histories.tried.length, histories.tried[0]!.name]).toEqual([MOST_HISTORIES, '30']);
});
