// A search of a whole small scenario: what it counts, the shortest way to break a rule, and what was tried.
import { expect, test } from 'vitest';
import { audit } from '../../engine/audit';
import type { PatchName } from '../../engine/patches';
import { isOver } from '../../engine/liveness';
import { apply, enabled, step } from '../../engine/step';
import { JobError } from '../job-error';
import { beginAt, stateAt } from '../begin';
import { exercise, refusals } from './exercised';
import { Search } from './search';
import { searchJob } from './search-job';
import { last } from '../last';
import { resultOf } from '../last';
import { BOUNDS, TWO_FRAMES, TWO_FRAMES_FROM } from '../testing';

const told = { scenario: TWO_FRAMES, from: TWO_FRAMES_FROM, bounds: BOUNDS };
const off = (patch: 'lockThroughEmulation') => ({ ...told, changes: { patches: { off: [patch] } } });

test('every state is seen once: as many as by trying every choice of every world', async () => {
  const { states, transitions, ends, end, violation, livelock, depth } = await resultOf(searchJob(told));
  expect({ states, transitions, ends, end, violation, livelock, depth }).toEqual({
    states: 13_503,
    transitions: 31_883,
    ends: 51,
    end: 'complete',
    violation: null,
    livelock: null,
    depth: 53,
  });

  const { world: w } = await stateAt(TWO_FRAMES, {}, TWO_FRAMES_FROM);
  const seen = new Set([w.store.hash()]);
  let moves = 0;
  let over = 0;
  w.trace.quiet = true;
  const visit = (): void => {
    const choices = enabled(w);
    if (isOver(w, choices)) {
      over++;
      return;
    }
    for (const choice of choices) {
      const mark = w.store.mark();
      apply(w, choice);
      moves++;
      const hash = w.store.hash();
      if (!seen.has(hash)) {
        seen.add(hash);
        visit();
      }
      w.store.rollback(mark);
    }
  };
  visit();
  expect([seen.size, moves, over]).toEqual([states, transitions, ends]);
});

test('without the lock the shortest way to lose a write has 15 steps, and leads there', async () => {
  const { end, violation, states } = await resultOf(searchJob(off('lockThroughEmulation')));
  expect([end, states, violation?.rule, violation?.steps, violation?.choices.length]).toEqual([
    'violation',
    210,
    'write.lost',
    15,
    TWO_FRAMES_FROM + 15,
  ]);
  const { world } = await stateAt(TWO_FRAMES, off('lockThroughEmulation').changes, TWO_FRAMES_FROM);
  const broken = violation!.choices.slice(TWO_FRAMES_FROM).map((choice) => {
    step(world, choice);
    return audit(world).filter(({ state }) => state === 'broken').length;
  });
  expect(broken).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});

test('a bound is an end of its own, and says nothing of what lies beyond', async () => {
  const few = await resultOf(searchJob({ ...told, bounds: { depth: 1000, states: 500 } }));
  const shallow = await resultOf(searchJob({ ...told, bounds: { depth: 10, states: 1_000_000 } }));
  expect([few.end, few.states, few.violation]).toEqual(['states', 500, null]);
  expect([shallow.end, shallow.depth, shallow.violation]).toEqual(['depth', 10, null]);
});

test('a patch says how often it made a difference, and how often that was a near miss', async () => {
  const { world } = await stateAt(TWO_FRAMES, {}, TWO_FRAMES_FROM);
  const search = new Search(world, { bounds: BOUNDS });
  while (!search.advance(1000));
  const of = (patch: PatchName) => last(exercise(search, world, patch, BOUNDS));
  expect([of('ownResult'), of('lockThroughEmulation'), of('rmwReads')]).toEqual([
    { patch: 'ownResult', times: 0, nearMisses: 0, atLeast: false },
    { patch: 'lockThroughEmulation', times: 671, nearMisses: 671, atLeast: false },
    { patch: 'rmwReads', times: 37, nearMisses: 37, atLeast: false },
  ]);
  expect(last(refusals(search))).toEqual([]);
});

test('a file with mistakes, and a step that the run does not have, are refused', async () => {
  await expect(resultOf(searchJob({ ...told, scenario: { ...TWO_FRAMES, version: 'claym' } }))).rejects.toThrow(
    'version',
  );
  const { scenario } = await stateAt(TWO_FRAMES);
  expect(() => beginAt(scenario, 5000)).toThrow(JobError);
  expect(() => beginAt(scenario, 5000)).toThrow(/^the run is over after \d+ steps, before step 5000$/);
});
