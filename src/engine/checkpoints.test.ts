// Worlds that are kept as words give the same states as running straight, whatever is forgotten and run anew.
import { fc, test as prop } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { Checkpoints, Tape } from './checkpoints';
import type { Op } from './config';
import { CHECKPOINT_STEPS, History } from './history';
import { chance } from './prng';
import { apply, enabled, step } from './step';
import { configOf } from './testing';
import { World } from './world';

const STEPS = 5 * CHECKPOINT_STEPS + 123;

/** Writes all over 12 MiB: next to each dirties a page of its own. */
const far = (seed: number): Op[] =>
  Array.from({ length: 4000 }, (_, n) => ({
    op: 'write',
    gpa: 0x300000 + (chance(seed, n) % 3000) * 4096,
    size: 8,
    low: n,
    high: 0,
  }));
/** Writes to one page. */
const near: Op[] = Array.from({ length: 5000 }, (_, n) => ({
  op: 'write',
  gpa: 0x300000 + (n % 4) * 8,
  size: 8,
  low: n,
  high: 0,
}));

const config = (ops: Op[]) => configOf('claim', [ops, far(7)]);

/** Hash and costs after each step. */
function states(history: History): string[] {
  const world = history.at(0);
  const all = [state(world)];
  while (world.steps < history.length) {
    step(world, history.choice(world.steps + 1));
    all.push(state(world));
  }
  return all;
}
const state = ({ store, costs, steps }: World): string => `${steps} ${store.hash()} ${JSON.stringify(costs)}`;

const wild = new History(new World(config(far(1))));
wild.run(STEPS);
const expected = states(wild);

prop.prop([fc.array(fc.nat({ max: STEPS }), { minLength: 1, maxLength: 8 })], { numRuns: 15 })(
  'any step is reached from any other',
  (places) => {
    for (const n of places) {
      expect(state(wild.at(n))).toBe(expected[n]);
      wild.seek(n);
      expect(state(wild.world)).toBe(expected[n]);
    }
  },
);

prop.prop([fc.integer({ min: 1, max: STEPS - 1 }), fc.nat({ max: STEPS })], { numRuns: 10 })(
  'what was run anew from the midst of a run is reached as well',
  (at, n) => {
    const history = new History(wild.at(0));
    history.run(STEPS);
    history.seek(at);
    const other = enabled(history.world).find((choice) => choice !== history.choice(at + 1));
    if (other === undefined) return;
    history.choose(other);
    history.run(STEPS - history.length);
    const anew = states(history);
    expect(anew.slice(0, at + 1)).toEqual(expected.slice(0, at + 1));
    for (const place of [n, at, at + 1, history.length]) {
      history.seek(Math.min(place, history.length));
      expect(state(history.world)).toBe(anew[Math.min(place, history.length)]);
    }
  },
);

test('few worlds are kept where writes lie far apart, and more where the words would take more than pages', () => {
  const kept = (ops: Op[], steps: number): number => {
    const world = new World(configOf('claim', [ops]));
    const checkpoints = new Checkpoints(world.fork());
    let tape = new Tape(0);
    const of = new Set<object>();
    for (let n = 1; n <= steps; n++) {
      apply(world, enabled(world)[0]!);
      tape.add(world.store);
      world.store.settle();
      if (n % 20 > 0) continue;
      checkpoints.add(world, tape);
      tape = new Tape(n);
      const before = state(world);
      const reached = checkpoints.reach(n / 20);
      expect(state(reached)).toBe(before);
      // What is made again is another world after one before it was reached; the first image always is.
      if (n > 20 && checkpoints.reach(n / 20 - 1) !== reached && checkpoints.reach(n / 20) === reached) of.add(reached);
    }
    return of.size;
  };
  expect(kept(far(3), 3000)).toBe(0);
  expect(kept(near, 5000)).toBeGreaterThan(0);
});
