// A run under other patches, kept in the tree of histories: shown, gone back from, taken back, recorded and restored; with real workers.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios';
import { readScenario } from '../scenarios/base';
import { Client } from '../worker/client';
import { serve } from '../worker/server';
import { Desk } from './desk.svelte';
import { poolHere } from './explore/pool-testing';
import { Histories } from './histories.svelte';
import { partAt } from './history-list';
import { now } from './keep/now';
import { fromHistoryLines, historyLines, readKept } from './keep/record';
import { Questions } from './questions.svelte';
import { fileOf } from './session-file';
import { Session } from './session.svelte';
import { WhatIf } from './what-if.svelte';

const closing: (() => void)[] = [];
beforeEach(() => localStorage.clear());
afterEach(() => closing.splice(0).forEach((close) => close()));

async function made(name = 'read-modify-write') {
  const session = new Session(() => {
    const { port1, port2 } = new MessageChannel();
    closing.push(
      () => port1.close(),
      () => port2.close(),
    );
    serve(port2);
    return new Client(port1);
  });
  const desk = new Desk(session, SCENARIOS);
  const histories = new Histories(session);
  histories.turn = (run) => desk.turn(run);
  await desk.choose(name);
  const names = () => histories.all.map((one) => one.name);
  const shown = () => [session.info!.end.hash, session.info!.steps, session.step] as const;
  return { session, desk, histories, whatIf: new WhatIf(desk, histories, poolHere()), names, shown };
}

test('a flip is shown as a branch that parts where the two first differ; the trunk comes back to the hash', async () => {
  const { session, desk, histories, whatIf, names, shown } = await made();
  const trunk = shown();
  await whatIf.flip('rmwReads');
  expect([whatIf.name, whatIf.found!.differs!.step, whatIf.is.includes('rmwReads')]).toEqual([
    'without rmwReads',
    104,
    false,
  ]);
  const { is } = whatIf.found!.ends;
  expect(await whatIf.show()).toBe(true);
  expect(names()).toEqual(['without rmwReads', 'as recorded']);
  expect([...shown(), session.info!.patches.includes('rmwReads')]).toEqual([is.hash, 164, 104, false]);
  expect(desk.chosen!.overrides).toEqual({ patches: { off: ['rmwReads'] } });
  const [present, left] = histories.all;
  expect([present!.fork, partAt(present!, left!)]).toEqual([{ parts: 103, along: [] }, 103]);
  // Of another run nothing is known.
  expect(whatIf.found).toBeNull();
  await histories.back(left!.id);
  expect([session.info!.end.hash, session.info!.steps, desk.chosen!.overrides]).toEqual([trunk[0], trunk[1], {}]);
  expect(names()).toEqual(['as recorded', 'without rmwReads']);
  expect(histories.tried[0]!.end!.hash).toBe(is.hash);
});

test('showing it and keeping it are taken back, and done again', async () => {
  const { session, whatIf, names, shown } = await made();
  const [hash] = shown();
  await whatIf.flip('rmwReads');
  await whatIf.show();
  const branch = session.info!.end.hash;
  await session.undo();
  expect([session.info!.end.hash, names()]).toEqual([hash, ['as recorded', 'without rmwReads']]);
  await session.undo();
  expect(names()).toEqual(['as recorded']);
  await session.redo();
  await session.redo();
  expect([session.info!.end.hash, names()]).toEqual([branch, ['without rmwReads', 'as recorded']]);
});

test('what is done in a branch is another branch of its patches; asked from there, the trunk is found again', async () => {
  const { session, histories, whatIf, names, shown } = await made();
  const [hash] = shown();
  await whatIf.flip('rmwReads');
  await whatIf.show();
  await session.seek(120);
  await session.perform({ schedule: 'user' });
  expect(names()).toEqual(['yours from step 120', 'as recorded', 'without rmwReads']);
  const [mine, trunk] = histories.all;
  expect([mine!.fork!.parts, partAt(mine!, trunk!), partAt(mine!, histories.tried[1]!)]).toEqual([103, 103, 120]);
  await histories.back(histories.tried[1]!.id);
  await whatIf.ask();
  // Put back: the present run is without it.
  whatIf.picks = [];
  await whatIf.flip('rmwReads');
  expect([whatIf.name, whatIf.found!.ends.is.hash]).toEqual(['with rmwReads', hash]);
  whatIf.keep();
  // It is the one that was there; that which only went on to wait is all in the other.
  expect(names()).toEqual(['without rmwReads', 'as recorded']);
});

test('records outlive the session: in a file, in the library, and where a branch was shown', async () => {
  const { session, histories, whatIf, desk, shown } = await made('released-meanwhile');
  const [hash] = shown();
  await whatIf.flip('lockThroughEmulation');
  await whatIf.show();
  const lines = historyLines(histories.record(), 0);
  expect(lines.map(({ name, patches, fork }) => [name, patches, fork?.parts, fork?.along.length])).toEqual([
    ['as recorded', {}, undefined, undefined],
    ['without lockThroughEmulation', undefined, 6, 1],
  ]);
  const records = fromHistoryLines(JSON.parse(JSON.stringify(lines)) as typeof lines);
  const file = { ...(desk.chosen!.scenario as object), histories: lines };
  const read = await readScenario(file);
  expect(read.ok && read.scenario.carried.histories).toEqual(records);
  // Another page: the same run is opened, and what was left is put beside it.
  const other = await made('released-meanwhile');
  const run = { ...session.snapshot, overrides: { ...session.snapshot.overrides } };
  await other.desk.resume({ ...other.desk.chosen!, scenario: run.scenario, overrides: run.overrides }, run, null);
  other.histories.restore(records);
  const [present, trunk] = other.histories.all;
  expect([present!.name, present!.fork!.parts, trunk!.name, partAt(present!, trunk!)]).toEqual([
    'without lockThroughEmulation',
    6,
    'as recorded',
    6,
  ]);
  await other.histories.back(trunk!.id);
  expect([other.session.info!.end.hash, other.session.info!.patches.includes('lockThroughEmulation')]).toEqual([
    hash,
    true,
  ]);
  expect(other.names()).toEqual(['as recorded', 'without lockThroughEmulation']);
});

test('a file of a session whose branch is shown has both runs, each under its patches', async () => {
  const { session, histories, whatIf, desk, shown } = await made('sweep');
  const [hash] = shown();
  await whatIf.flip('claim');
  await whatIf.show();
  const [branch, steps, step] = shown();
  const screen = { now: () => null, show: () => undefined };
  const standing = now({ desk, questions: new Questions(session), histories, screen })!;
  const { record, chosen } = standing;
  const kept = { ...record, id: 'a', revision: 1, name: record.title, created: 0, changed: 0, bytes: 0 };
  const text = JSON.stringify(fileOf(kept, chosen.scenario));
  expect(readKept(JSON.parse(JSON.stringify(kept)))!.histories).toEqual(record.histories);
  const other = await made('first-light');
  other.desk.brought = ({ carried }) => (other.histories.left = carried.histories);
  expect(await other.desk.openText('sent', text)).toBe(true);
  expect(other.shown()).toEqual([branch, steps, step]);
  expect([other.names(), other.histories.present!.fork!.parts]).toEqual([['without claim', 'as recorded'], step - 1]);
  await other.histories.back(other.histories.tried[0]!.id);
  expect([other.session.info!.end.hash, other.session.info!.patches]).toEqual([
    hash,
    expect.arrayContaining(['claim', 'rmwReads', 'asyncReset', 'syncSweep', 'sweepResolves']),
  ]);
});

test('a branch in which nothing differs is kept and says so; a question that is open tells nothing', async () => {
  const { session, whatIf, histories } = await made('proof-lock');
  await whatIf.flip('lockThroughEmulation');
  expect(whatIf.found!.differs).toBeNull();
  whatIf.keep();
  expect(histories.tried.map(({ name, fork }) => [name, fork])).toEqual([
    ['without lockThroughEmulation', { along: [] }],
  ]);
  await session.seek(2);
  await session.ask();
  expect([whatIf.closed, whatIf.found]).toEqual([true, null]);
});
