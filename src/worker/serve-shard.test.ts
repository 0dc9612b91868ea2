// A search that is shared out sees what a search alone sees, finds as short a way, and has tried the same.
import { describe, expect, test } from 'vitest';
import { audit } from '../engine/audit';
import { step } from '../engine/step';
import { shardServer } from './serve-shard';
import { stateAt } from '../explore/begin';
import { ONE_FRAME } from '../explore/lattice/testing';
import { searchJob, type SearchTold } from '../explore/search/search-job';
import { resultOf } from '../explore/last';
import { BOUNDS, TWO_FRAMES, TWO_FRAMES_FROM } from '../explore/testing';
import type { ShardPort } from '../explore/search/shard-protocol';
import { Together } from '../explore/search/together';

const told = { scenario: TWO_FRAMES, from: TWO_FRAMES_FROM, bounds: BOUNDS };

/** Shares of this realm; what is sent is cloned as between threads. */
const shares = (n: number): ShardPort[] =>
  Array.from({ length: n }, () => {
    const port: ShardPort = { post: (message) => ask(structuredClone(message)), hear: null };
    let time = 0;
    // Every other look at the clock finds a second gone by: they answer in the midst of a depth.
    const ask = shardServer(
      (message) => queueMicrotask(() => port.hear?.(structuredClone(message))),
      () => (time += 500),
    );
    return port;
  });

/** Bytes are no part of what is found: each share has its own answers. */
async function together(n: number, of: SearchTold) {
  const search = new Together(shares(n), of);
  const { bytes, ...found } = await search.search();
  expect(bytes).toBeGreaterThan(0);
  return of.exercised ? { ...found, tried: await search.tried() } : found;
}
async function alone(of: SearchTold) {
  const { bytes, ...found } = await resultOf(searchJob(of));
  expect(bytes).toBeGreaterThan(0);
  return found;
}

describe.each([1, 2, 3])('%i together', (n) => {
  test('see every state once', async () => {
    expect(await together(n, told)).toEqual(await alone(told));
  });

  test('have tried the same', async () => {
    const of: SearchTold = { scenario: ONE_FRAME, bounds: BOUNDS, exercised: true };
    expect(await together(n, of)).toEqual(await alone(of));
  });
});

test('one share finds exactly what a search alone finds', async () => {
  const of = { ...told, changes: { patches: { off: ['lockThroughEmulation'] as const } } };
  expect(await together(1, of)).toEqual(await alone(of));
});

test('what several find has as few steps, and the way leads there', async () => {
  const changes = { patches: { off: ['lockThroughEmulation'] as const } };
  const { end, violation } = await together(3, { ...told, changes });
  expect([end, violation?.rule, violation?.steps, violation?.choices.length]).toEqual([
    'violation',
    'write.lost',
    15,
    15 + TWO_FRAMES_FROM,
  ]);
  const { world } = await stateAt(TWO_FRAMES, changes, TWO_FRAMES_FROM);
  for (const choice of violation!.choices.slice(TWO_FRAMES_FROM)) step(world, choice);
  expect(audit(world).filter(({ state }) => state === 'broken')).toEqual([{ rule: 'write.lost', state: 'broken' }]);
});

test('bounds hold for all of them together, and mistakes are told once', async () => {
  expect(await together(2, { ...told, bounds: { depth: 10, states: 1e6 } })).toMatchObject({ end: 'depth', depth: 10 });
  const { end, states } = await together(2, { ...told, bounds: { depth: 1000, states: 500 } });
  expect(end).toBe('states');
  expect(states).toBeGreaterThanOrEqual(500);
  await expect(together(2, { ...told, scenario: {} })).rejects.toThrow('version');
});

test.each([1, 2])('what a bound has cut off goes on to the same end: %i together', async (n) => {
  const search = new Together(shares(n), { ...told, bounds: { depth: 9, states: 1e6 } });
  expect((await search.search()).end).toBe('depth');
  expect((await search.resume({ depth: 1000, states: 3000 })).end).toBe('states');
  const { bytes, ...found } = await search.resume(BOUNDS);
  expect(bytes).toBeGreaterThan(0);
  expect(found).toEqual(await alone(told));
});
