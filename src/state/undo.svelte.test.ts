import { expect, test, vi } from 'vitest';
import { Desk } from './desk.svelte';
import { session } from './session-testing';
import { Undo, type Change } from './undo.svelte';

function list() {
  const has: string[] = [];
  const undo = new Undo(() => true);
  const add = (name: string, what: Change['what'] = 'mark'): void => {
    const redo = (): true => (has.push(name), true);
    redo();
    undo.note({ what, redo, undo: () => has.pop() === name });
  };
  return { has, undo, add };
}

test('changes are taken back last first, and done again in their order; a new one ends what was undone', async () => {
  const { has, undo, add } = list();
  for (const name of ['a', 'b', 'c']) add(name);
  await undo.undo();
  await undo.undo();
  expect([has, undo.next, undo.again]).toEqual([['a'], 'mark', 'mark']);
  await undo.redo();
  expect(has).toEqual(['a', 'b']);
  add('d', 'price');
  expect([undo.next, undo.again, await undo.redo()]).toEqual(['price', null, false]);
  expect(has).toEqual(['a', 'b', 'd']);
});

test('a change that cannot be taken back stays, and what happens while one is taken back is no change', async () => {
  const undo = new Undo(() => true);
  let go = false;
  undo.note({
    what: 'act',
    redo: () => true,
    undo: () => {
      undo.note({ what: 'open', undo: () => true, redo: () => true });
      return go;
    },
  });
  expect([await undo.undo(), undo.next, undo.again]).toEqual([false, 'act', null]);
  go = true;
  expect([await undo.undo(), undo.next, undo.again]).toEqual([true, null, 'act']);
});

test('nothing is taken back while the session is busy, and at most a hundred changes are kept', async () => {
  let free = false;
  const undo = new Undo(() => free);
  let left = 0;
  for (let n = 0; n < 120; n++) undo.note({ what: 'mark', undo: () => (left++, true), redo: () => true });
  expect([undo.next, await undo.undo(), left]).toEqual([null, false, 0]);
  free = true;
  while (await undo.undo());
  expect(left).toBe(100);
});

test('an act, a price and a mark are taken back one by one, each to what was before, and done again', async () => {
  const { it, server } = session();
  await it.open({});
  await it.perform({ choice: 3 });
  it.prices.set('exits', 7);
  const dear = it.prices.table.exits;
  it.toggleMark(4);
  expect([it.marks, dear, it.of, it.changes.next]).toEqual([[4], 7, 7, 'mark']);
  await it.undo();
  await it.undo();
  expect([it.marks, it.prices.table.exits === 7, it.changes.next]).toEqual([[], false, 'act']);
  await it.undo();
  expect([it.of, it.step, server.undo.mock.calls.length, it.changes.next]).toEqual([10, 2, 1, null]);
  await it.redo();
  await it.redo();
  await it.redo();
  expect([it.of, it.prices.table.exits, it.marks]).toEqual([7, 7, [4]]);
  expect(server.perform.mock.calls.map(([step, act]) => [step, act])).toEqual([
    [2, { choice: 3 }],
    [2, { choice: 3 }],
  ]);
  it.prices.reset();
});

test('another scenario is taken back to the one before, with what was done in it, at the step that was shown', async () => {
  const { it, server } = session();
  const desk = new Desk(it, [
    { name: 'a', title: 'A', load: () => 'first' },
    { name: 'b', title: 'B', load: () => 'second' },
  ]);
  await desk.choose('a');
  await it.perform({ choice: 5 });
  await it.seek(1);
  expect(it.changes.next).toBe('act');
  await desk.choose('b');
  expect([desk.chosen?.name, it.step, it.changes.next]).toEqual(['b', 2, 'open']);
  await it.undo();
  expect([desk.chosen?.name, it.step, it.changes.next, it.changes.again]).toEqual(['a', 1, 'act', 'open']);
  expect(server.open.mock.calls.map(([scenario]: unknown[]) => scenario)).toEqual(['first', 'second', 'first']);
  expect(server.open.mock.calls.map((call) => call[3])).toEqual([
    undefined,
    undefined,
    [{ step: 2, act: { choice: 5 } }],
  ]);
  await it.redo();
  expect([desk.chosen?.name, it.step, it.changes.next]).toEqual(['b', 2, 'open']);
});

test('playing stops before a marked step, and goes on from there', async () => {
  vi.useFakeTimers();
  const { it } = session();
  await it.open({});
  it.pace.set(60);
  it.toggleMark(6);
  it.play();
  await vi.advanceTimersByTimeAsync(1000);
  expect([it.step, it.playing]).toEqual([5, false]);
  it.play();
  await vi.advanceTimersByTimeAsync(1000);
  expect([it.step, it.playing]).toEqual([10, false]);
  await it.seek(3);
  expect([await it.nextTrapped(), it.step]).toEqual([true, 5]);
  expect([await it.nextTrapped(), it.step]).toEqual([true, 7]);
  expect([await it.prevTrapped(), it.step]).toEqual([true, 3]);
  it.toggleMark(0);
  it.toggleMark(11);
  expect(it.marks).toEqual([6]);
  vi.useRealTimers();
});
