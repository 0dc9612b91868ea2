// The sweep that is shown: points come as they are measured, can be stopped, and go on where they were.
import { expect, test } from 'vitest';
import { measured, SMALL, sweepOf } from '../explore/sweep/testing';
import type { PointResult } from '../explore/sweep/point';
import { Stopped, type Pool } from './pool';
import { Sweeps } from './sweeps.svelte';

/** A pool whose jobs the test ends. */
function pool() {
  const asked = new Map<number, { resolve: (point: PointResult) => void; reject: (error: Error) => void }>();
  const run = (_: string, { n }: { n: number }) => {
    const found = new Promise((resolve, reject) => asked.set(n, { resolve, reject }));
    found.catch(() => undefined);
    return { found, stop: () => asked.get(n)!.reject(new Stopped('stopped')) };
  };
  const end = async (...numbers: number[]): Promise<void> => {
    for (const n of numbers) asked.get(n)!.resolve(measured(sweepOf(SMALL), n));
    await Promise.resolve();
  };
  return { pool: { run } as unknown as Pool, asked, end };
}

test('points are there as they come, with how far it is and what is left, about', async () => {
  const { pool: workers, asked, end } = pool();
  let time = 0;
  const sweeps = new Sweeps(workers, () => time);
  expect(sweeps.take(SMALL)).toBe(true);
  expect([sweeps.status, sweeps.partial, sweeps.progress]).toEqual(['empty', true, null]);
  sweeps.run();
  expect([sweeps.status, [...asked.keys()]]).toEqual(['running', [0, 1, 2, 3, 4, 5]]);
  expect(sweeps.progress).toEqual({ done: 0, of: 6, seconds: 0, left: null });
  time = 2000;
  await end(3, 0);
  expect(sweeps.result!.points.map(({ n }) => n)).toEqual([0, 3]);
  expect(sweeps.progress).toMatchObject({ done: 2, of: 6, seconds: 2 });
  expect(sweeps.progress!.left).toBeCloseTo(4, 1);
  await end(1, 2, 4, 5);
  expect([sweeps.status, sweeps.partial, sweeps.points.length]).toEqual(['done', false, 6]);
});

test('what is stopped keeps its points, and goes on with those that are missing', async () => {
  const { pool: workers, asked, end } = pool();
  const sweeps = new Sweeps(workers);
  sweeps.take(SMALL);
  sweeps.run();
  await end(0, 1);
  sweeps.stop();
  await Promise.resolve();
  expect([sweeps.status, sweeps.points.length, sweeps.failure]).toEqual(['stopped', 2, null]);
  asked.clear();
  sweeps.run();
  expect([...asked.keys()]).toEqual([2, 3, 4, 5]);
  await end(2, 3, 4, 5);
  expect(sweeps.status).toBe('done');
});

test('a sweep that is wrong is refused with what is right, and what is shown stays', async () => {
  const { pool: workers, end } = pool();
  const sweeps = new Sweeps(workers);
  sweeps.take(SMALL);
  sweeps.run();
  await end(0);
  expect(sweeps.take({ ...SMALL, measures: ['cycle'] })).toBe(false);
  expect(sweeps.problems[0]).toMatchObject({ path: 'measures[0]', hint: 'Perhaps "cycles" is meant.' });
  expect([sweeps.status, sweeps.points.length]).toEqual(['running', 1]);
  // Another one begins with nothing, whatever the first one's runs come to.
  expect(sweeps.take({ ...SMALL, title: 'Other' })).toBe(true);
  await end(1);
  expect([sweeps.status, sweeps.points, sweeps.problems]).toEqual(['empty', [], []]);
});

test('a run whose worker dies ends the sweep, and says so', async () => {
  const { pool: workers, asked } = pool();
  const sweeps = new Sweeps(workers);
  sweeps.take(SMALL);
  sweeps.run();
  asked.get(2)!.reject(new Error('the worker died'));
  await new Promise((resolve) => setTimeout(resolve));
  expect([sweeps.status, sweeps.failure]).toEqual(['failed', 'the worker died']);
});

test('a shipped sweep is taken by its name', async () => {
  const sweeps = new Sweeps(pool().pool);
  await sweeps.choose();
  expect([sweeps.name, sweeps.sweep!.title]).toEqual(['trapped-write', 'The cost of one trapped write']);
  await sweeps.choose('release');
  expect(sweeps.name).toBe('release');
});
