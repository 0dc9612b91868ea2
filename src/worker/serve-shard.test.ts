// A search that is shared out sees what a search alone sees, and finds as short a way.
import { expect, test } from 'vitest';
import { audit } from '../engine/audit';
import { step } from '../engine/step';
import { shardServer } from './serve-shard';
import { stateAt } from '../explore/begin';
import { searchJob } from '../explore/search-job';
import { BOUNDS, resultOf, TWO_FRAMES, TWO_FRAMES_FROM } from '../explore/testing';
import { searchTogether, type ShardPort } from '../explore/together';

const told = { scenario: TWO_FRAMES, from: TWO_FRAMES_FROM, bounds: BOUNDS };

/** Shares of this realm; what is sent is cloned as between threads. */
const shares = (n: number): ShardPort[] =>
  Array.from({ length: n }, () => {
    const port: ShardPort = { postMessage: (message) => hear(structuredClone(message)), onmessage: null };
    const hear = shardServer(
      (data) => queueMicrotask(() => port.onmessage?.({ data: structuredClone(data) } as never)),
      () => new Promise((resolve) => setImmediate(resolve)),
    );
    return port;
  });

test.each([1, 2, 3])('%i together see every state once', async (n) => {
  const alone = await resultOf(searchJob(told));
  const { states, transitions, ends, end, depth, violation } = await searchTogether(shares(n), told);
  expect({ states, transitions, ends, end, depth, violation }).toEqual({
    states: alone.states,
    transitions: alone.transitions,
    ends: alone.ends,
    end: 'complete',
    depth: alone.depth,
    violation: null,
  });
});

test('what they find has as few steps, and the way leads there', async () => {
  const changes = { patches: { off: ['lockThroughEmulation'] as const } };
  const { end, violation } = await searchTogether(shares(3), { ...told, changes });
  expect([end, violation?.rule, violation?.depth, violation?.choices.length]).toEqual([
    'violation',
    'write.lost',
    15,
    15,
  ]);
  const { world } = await stateAt(TWO_FRAMES, changes, TWO_FRAMES_FROM);
  for (const choice of violation!.choices) step(world, choice);
  expect(audit(world).filter(({ state }) => state === 'broken')).toEqual([{ rule: 'write.lost', state: 'broken' }]);
});

test('bounds hold for all of them together, and mistakes are told once', async () => {
  expect(await searchTogether(shares(2), { ...told, bounds: { depth: 10, states: 1e6 } })).toMatchObject({
    end: 'depth',
    depth: 10,
  });
  const { end, states } = await searchTogether(shares(2), { ...told, bounds: { depth: 1000, states: 500 } });
  expect(end).toBe('states');
  expect(states).toBeGreaterThanOrEqual(500);
  await expect(searchTogether(shares(2), { ...told, scenario: {} })).rejects.toThrow('version');
});
