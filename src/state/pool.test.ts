// Jobs over a port, as the page's pool asks for them: both ends of it in one realm.
import { expect, test } from 'vitest';
import { BOUNDS, TWO_FRAMES, TWO_FRAMES_FROM } from '../explore/testing';
import { JobError } from '../explore/job-error';
import type { Progress } from '../explore/progress';
import { Pool, Stopped, type PoolWorker } from './pool';
import type { FromExplorer } from '../worker/job-protocol';
import { serveJobs } from '../worker/serve-jobs';

const SEARCH = { scenario: TWO_FRAMES, from: TWO_FRAMES_FROM, bounds: BOUNDS };

// Node looks into one port a thousand times before it looks into another.
const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Workers of this realm; how many there are now, and were started. */
function realm() {
  const workers = { alive: 0, started: 0 };
  let time = 0;
  const start = (): PoolWorker => {
    workers.alive++;
    workers.started++;
    const { port1, port2 } = new MessageChannel();
    // Every look at the clock finds a second gone by: each piece is told.
    serveJobs(port2, () => (time += 1000), breath);
    const worker: PoolWorker = {
      postMessage: (message) => port1.postMessage(message),
      terminate: () => {
        workers.alive--;
        port1.close();
      },
      onmessage: null,
      onerror: null,
    };
    port1.onmessage = (event: MessageEvent<FromExplorer>) => worker.onmessage?.(event);
    return worker;
  };
  return { workers, start };
}

test('a search tells how far it is and what it found, and its worker goes when nothing is left to do', async () => {
  const { workers, start } = realm();
  const told: Progress[] = [];
  const { found } = new Pool(start, 2).run('search', SEARCH, (progress) => told.push(progress));
  expect(await found).toMatchObject({ end: 'complete', states: 13_503, violation: null });
  const states = told.map(({ facts }) => facts.states!);
  expect(states.length).toBeGreaterThan(3);
  expect(states).toEqual([...states].sort((a, b) => a - b));
  expect(workers).toEqual({ alive: 0, started: 1 });
});

test('as many jobs are under way as there are cores but one; the others wait in line', async () => {
  const { workers, start } = realm();
  const pool = new Pool(start, 3);
  const few = { ...SEARCH, bounds: { depth: 1000, states: 100 } };
  const ends = await Promise.all([few, few, few, few].map((told) => pool.run('search', told).found));
  expect([pool.size, ends.map(({ end, states }) => [end, states])]).toEqual([2, Array(4).fill(['states', 100])]);
  expect(workers).toEqual({ alive: 0, started: 2 });
});

test('a job that is paused stands still until it is resumed, and comes to the same', async () => {
  const { start } = realm();
  const held: number[] = [];
  let resume = (): void => undefined;
  const paused = new Promise<void>((resolve) => (resume = resolve));
  const job = new Pool(start).run('search', SEARCH, ({ facts }, isPaused) => {
    if (isPaused) resume();
    held.push(facts.states!);
    if (held.length === 1) job.pause();
  });
  await paused;
  const states = held.at(-1)!;
  expect(states).toBeLessThan(13_503);
  job.resume();
  expect(await job.found).toMatchObject({ end: 'complete', states: 13_503 });
});

test('a job that is stopped ends with its worker, and one in line never begins', async () => {
  const { workers, start } = realm();
  const pool = new Pool(start);
  const first = pool.run('search', SEARCH);
  const second = pool.run('search', SEARCH);
  second.stop();
  first.stop();
  await expect(second.found).rejects.toBeInstanceOf(Stopped);
  await expect(first.found).rejects.toBeInstanceOf(Stopped);
  expect(workers).toEqual({ alive: 0, started: 1 });
  expect(await pool.run('search', { ...SEARCH, bounds: { depth: 3, states: 1000 } }).found).toMatchObject({
    end: 'depth',
  });
});

test('what the user can mend comes back as problems, and the worker goes on', async () => {
  const { start } = realm();
  const pool = new Pool(start);
  const bad = pool.run('search', { ...SEARCH, scenario: { ...TWO_FRAMES, vcpus: [] } });
  const error = await bad.found.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(JobError);
  expect((error as JobError).problems.map(({ path }) => path)).toEqual(['vcpus']);
});

test('a worker that dies takes its job with it, and no other', async () => {
  const { start } = realm();
  let broken: PoolWorker | null = null;
  const pool = new Pool(() => {
    const worker = start();
    broken ??= worker;
    return worker;
  });
  const dies = pool.run('search', SEARCH);
  const lives = pool.run('search', { ...SEARCH, bounds: { depth: 3, states: 1000 } });
  broken!.onerror!({ message: 'out of memory' } as ErrorEvent);
  await expect(dies.found).rejects.toThrow('out of memory');
  expect(await lives.found).toMatchObject({ end: 'depth' });
});
