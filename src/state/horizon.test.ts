/** Short of its end a run is told as if it had not come further: what comes after the horizon changes nothing of it. */
import { expect, test } from 'vitest';
import type { Act } from '../scenarios/acts';
import { FOLLOW, type Picture, type SessionInfo } from '../worker/protocol';
import { shipped } from '../worker/questions/testing';
import { infoTo, pictureTo, toldTo } from './horizon';

const VIEW = { ...FOLLOW, charts: true, next: true };

/** Of the length of the run and where it asks something more is known. */
const without = ({ steps: _, prompts: __, undoable: ___, marks: ____, kinds, ...info }: SessionInfo) => ({
  ...info,
  kinds: [...kinds.subarray(0, toldTo(info))],
});
const drawn = ({ of: _, ...picture }: Picture) => picture;

const OTHERS: readonly [string, Act][] = [
  ['released-meanwhile', { command: { op: 'log_dirty', on: true } }],
  ['read-modify-write', { command: { op: 'log_dirty', on: true } }],
  ['sweep-nothing', { command: { op: 'create_ioreq_server' } }],
  ['device-model-died', { command: { op: 'create_ioreq_server' } }],
];

test.each(OTHERS)('in %s two runs that part at a question are told alike until then', async (name, act) => {
  const one = await shipped(name);
  for (const prompt of one.info().prompts) {
    const other = await shipped(name);
    const horizon = prompt!.step - 1;
    const run = other.perform(horizon, act);
    if (typeof run === 'string') continue;
    while (!run.advance(2000));
    other.keep(run);
    const [a, b] = [one.info(), other.info()];
    const [told, same] = [infoTo(a, horizon), infoTo(b, horizon)];
    expect(without(told)).toEqual(without(same));
    expect(told.kinds).toHaveLength(a.kinds.length);
    expect(told.kinds.subarray(horizon).every((kind) => kind === 0)).toBe(true);
    expect(told.writes.from.every((step) => step <= horizon)).toBe(true);
    expect(told.writes.to.every((step) => step <= horizon)).toBe(true);
    for (const step of [horizon, Math.max(0, horizon - 3)]) {
      const [x, y] = [one, other].map((session) => pictureTo(session.picture(step, VIEW), horizon)!);
      // What the map tells is what changed since the picture before.
      expect({ ...drawn(x!), map: null }).toEqual({ ...drawn(y!), map: null });
      expect([x!.next, x!.operations, x!.charts!.offers]).toEqual([null, [], []]);
    }
    expect(pictureTo(one.picture(horizon + 1, VIEW), horizon)).toBeNull();
    expect(infoTo(a, a.steps)).toBe(a);
  }
});

test('a write under way has no end yet, nor what it comes to', async () => {
  const session = await shipped('read-modify-write');
  const { writes } = session.info();
  const i = [...writes.from.keys()].find((row) => writes.to[row]! > writes.from[row]! + 2)!;
  const horizon = writes.from[i]! + 1;
  const told = infoTo(session.info(), horizon).writes;
  expect([told.length, told.to[i], told.outcome[i], told.server[i]]).toEqual([i + 1, 0, 0, 0]);
  expect([writes.outcome[i], writes.server[i]! > 0]).toEqual([1, true]);
  expect([...told.new.subarray(2 * i)]).toEqual([...told.old.subarray(2 * i)]);
  const before = infoTo(session.info(), writes.from[i]! - 1).writes;
  expect(before.length).toBe(i);
});
