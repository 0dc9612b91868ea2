// What leads to some states: as the plainest fixed point has it, alone and shared out.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Back } from './back';
import { Search } from './search';
import { Shard } from './shard';
import { beginOf } from './search-job';
import { BOUNDS, TWO_FRAMES, TWO_FRAMES_FROM } from '../testing';

const STATES = 12;
const state = fc.nat(STATES - 1);
const told = { scenario: TWO_FRAMES, from: TWO_FRAMES_FROM, bounds: BOUNDS };

test('a state leads to a target if it is one, or a step leads to one that does', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(state, state), { maxLength: 40 }), fc.array(state), (edges, targets) => {
      const back = new Back();
      for (const [from, to] of edges) back.add(to, 0, from);
      const reached = back.reach(STATES, targets);
      const want = new Set(targets);
      for (let n = -1; n < want.size;) {
        n = want.size;
        for (const [from, to] of edges) if (want.has(to)) want.add(from);
      }
      expect([...reached.keys()].filter((n) => reached[n] === 1)).toEqual([...want].sort((a, b) => a - b));
    }),
  );
});

test('edges that come from another share are told once, when their state is reached', () => {
  const back = new Back(1);
  back.add(2, 0, 7);
  back.add(1, 0, 7);
  back.add(2, 1, 0);
  const told: number[][] = [];
  back.reach(3, [2, 2], (...it) => told.push(it));
  const reached = back.reach(3, [2], (...it) => told.push(it));
  expect([told, [...reached]]).toEqual([[[0, 7]], [1, 0, 1]]);
});

test.each([2, 3])('%i shares reach back as far as one', async (of) => {
  const { world } = await beginOf(told);
  const search = new Search(world.fork(), { bounds: BOUNDS });
  while (!search.advance(10_000));
  const mine = [...search.ended].filter((n) => search.states.hash(n) % of === 0);
  expect(mine.length).toBeGreaterThan(5);
  const want = search.leadingTo(mine).reduce((sum, is) => sum + is, 0);
  expect(want).toBeLessThan(search.states.length);

  const shares = Array.from({ length: of }, (_, i) => new Shard(world.fork(), { bounds: BOUNDS }, i, of));
  for (; shares.some(({ standing }) => standing.frontier > 0); shares.forEach((share) => share.descend()))
    shares.forEach((share, from) => {
      while (!share.look(1000, (to, batch) => shares[to]!.take(from, batch)));
    });
  let next: (readonly number[] | null)[] = shares.map((_, i) => (i === 0 ? null : []));
  while (next.some((states) => states === null || states.length > 0)) {
    const answers = shares.map((share, i) => share.reach(next[i]!));
    next = shares.map((_, i) => answers.flatMap((answer) => answer[i]!));
  }
  expect(shares.reduce((sum, share) => sum + share.reached, 0)).toBe(want);
});
