// The search agrees with the plainest one there could be: a queue of whole worlds, `enabled` and `step`, and a set of their hashes.
import { expect, test } from 'vitest';
import { audit } from '../../engine/audit';
import { isOver } from '../../engine/liveness';
import { apply, enabled, step } from '../../engine/step';
import type { World } from '../../engine/world';
import { SCENARIOS } from '../../scenarios';
import type { Changes } from '../../scenarios/schema';
import { Search } from './search';
import { searchFrom } from './search-from';

interface Came {
  readonly states: number;
  readonly transitions: number;
  readonly ends: number;
  /** Rules that were found broken, each as often as there is a state. */
  readonly broken: readonly string[];
}

function plainly(first: World): Came {
  const seen = new Set([first.store.hash()]);
  const queue = [first];
  const broken: string[] = [];
  let transitions = 0;
  let ends = 0;
  for (let w = queue.shift(); w !== undefined; w = queue.shift()) {
    const choices = enabled(w);
    const over = isOver(w, choices);
    const rule = audit(w, false).find(({ state }) => state === 'broken')?.rule;
    if (rule === undefined && over) ends++;
    const found = rule ?? (over ? audit(w, true).find(({ state }) => state === 'broken')?.rule : undefined);
    if (found !== undefined) broken.push(found);
    if (found !== undefined || over) continue;
    for (const choice of choices) {
      const mark = w.store.mark();
      apply(w, choice);
      transitions++;
      const hash = w.store.hash();
      w.store.rollback(mark);
      if (seen.has(hash)) continue;
      seen.add(hash);
      const next = w.fork();
      step(next, choice);
      queue.push(next);
    }
  }
  return { states: seen.size, transitions, ends, broken: broken.sort() };
}

function bySearch(first: World): Came {
  const search = new Search(first, { bounds: { depth: 10_000, states: 100_000 }, all: true });
  while (!search.advance(10_000));
  const broken = search.violations.map(({ rule }) => rule).sort();
  return { states: search.states.length, transitions: search.transitions, ends: search.ended.size, broken };
}

const CASES: readonly (readonly [string, string, object, Changes])[] = [
  ['a PPGTT that is shadowed', 'proof-type', {}, {}],
  ['two frames, with rules that break', 'two-frames-quick', {}, { patches: { off: ['lockThroughEmulation'] } }],
  ['two frames on NPT', 'two-frames-quick', { guest: { memory: '16 MiB', paging: 'NPT' } }, {}],
  ['a PPGTT under page_track', 'proof-type', { design: 'page_track', trackers: 2 }, {}],
  ['vCPUs that try in vain', 'proof-reset', {}, { patches: { off: ['asyncReset'] } }],
];

test.each(CASES)('%s: as many states, transitions, ends, and broken rules', async (_, name, more, changes) => {
  const file = (await SCENARIOS.find((shipped) => shipped.name === name)!.load()) as object;
  const { world } = await searchFrom({ ...file, ...more }, changes);
  const plain = plainly(world);
  expect(plain.states).toBeGreaterThan(70);
  expect(bySearch(world.fork())).toEqual(plain);
});
