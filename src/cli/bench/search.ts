/**
 * Searches: states a second of every order of a scenario, how many fit in a gibibyte, and all sets of its lattice; beside them the
 * same states by a plain search, which forks a world for each and keeps its hash.
 */
import { isOver } from '../../engine/liveness';
import { apply, enabled } from '../../engine/step';
import type { World } from '../../engine/world';
import { searchFrom } from '../../explore/search-from';
import { Search } from '../../explore/search';
import { SCENARIOS } from '../../scenarios';
import { count } from '../../words/format';
import { median, ms, perSecond, row } from './measure';

const GIBIBYTE = 2 ** 30;
const BOUNDS = { depth: 1000, states: 3_000_000 };
/** Turns of a search that takes seconds. */
const TURNS = 3;

const load = async (name: string) => searchFrom(await SCENARIOS.find((it) => it.name === name)!.load());

function whole(world: World): Search {
  const search = new Search(world, { bounds: BOUNDS });
  while (!search.advance(10_000));
  return search;
}

/** States of a plain depth-first search. */
function plainly(w: World): number {
  const seen = new Set([w.store.hash()]);
  w.trace.quiet = true;
  const visit = (): void => {
    const choices = enabled(w);
    if (isOver(w, choices)) return;
    for (const choice of choices) {
      const mark = w.store.mark();
      apply(w, choice);
      const hash = w.store.hash();
      if (!seen.has(hash)) {
        seen.add(hash);
        visit();
      }
      w.store.rollback(mark);
    }
  };
  visit();
  return seen.size;
}

export async function searches(): Promise<void> {
  const { world } = await load('two-frames-two-vcpus');
  let search!: Search;
  const time = median(() => (search = whole(world)), TURNS);
  const { states, bytes } = search;
  row(
    'search, two frames, two vCPUs, all rules',
    perSecond(states.length, time),
    `${count(states.length)} states in ${ms(time)}`,
  );
  row(
    'states of it in 1 GiB',
    count(Math.floor((GIBIBYTE / bytes) * states.length)),
    `${(bytes / states.length).toFixed(0)} bytes a state`,
  );
  const small = (await load('two-frames-quick')).world;
  let n = 0;
  const plain = median(() => (n = plainly(small.fork())), TURNS);
  const ours = median(() => whole(small), TURNS);
  row(
    'search, the short one',
    perSecond(n, ours),
    `a plain search ${perSecond(n, plain)}: x${(plain / ours).toFixed(1)}`,
  );
}
