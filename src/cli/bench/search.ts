/**
 * Searches on one core: states a second of every order of a scenario, how many fit in a gibibyte, and all sets of its lattice; beside them the
 * same states by a plain search, which forks a world for each and keeps its hash.
 */
import { patchesOf } from '../../engine/patches';
import { isOver } from '../../engine/liveness';
import { apply, enabled } from '../../engine/step';
import type { World } from '../../engine/world';
import { sameFor, type Cell } from '../../explore/lattice/cells';
import { cellsJob } from '../../explore/lattice/cells-job';
import { searchFrom } from '../../explore/search/search-from';
import { resultOf } from '../../explore/last';
import { Search } from '../../explore/search/search';
import { setsOf } from '../../explore/lattice/switches';
import { SCENARIOS } from '../../scenarios';
import { count } from '../../words/format';
import { median, ms, perSecond, row } from './measure';

const GIBIBYTE = 2 ** 30;
const BOUNDS = { depth: 1000, states: 3_000_000 };
/** Turns of a search that takes seconds. */
const TURNS = 3;

async function load(name: string) {
  const scenario: unknown = await SCENARIOS.find((it) => it.name === name)!.load();
  const begun = await searchFrom(scenario);
  const { search, config } = begun.scenario;
  return { scenario, world: begun.world, patches: patchesOf(config.xen), switches: search?.patches ?? [] };
}

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

/** All sets of the switches that a file names, as the page has them searched, by one worker: those that ask for nothing else not twice. */
async function lattice(name: string): Promise<{ sets: number; searched: number; states: number }> {
  const file = await load(name);
  const told = { scenario: file.scenario, base: file.patches, switches: file.switches, bounds: BOUNDS };
  const cells: Cell[] = [];
  let searched = 0;
  let states = 0;
  for (const set of setsOf(told.base, told.switches)) {
    const known = cells.map((cell) => sameFor(cell, set, told)).find((same) => same !== null);
    if (known) {
      cells.push(known);
      continue;
    }
    const [cell] = await resultOf(cellsJob({ ...told, sets: [set] }));
    cells.push(cell!);
    searched++;
    states += cell!.states;
  }
  return { sets: cells.length, searched, states };
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
  const start = performance.now();
  const { sets, searched, states: seen } = await lattice('two-frames-two-vcpus');
  row(
    'lattice of it, nine switches, one worker',
    ms(performance.now() - start),
    `${count(sets)} sets that can be, ${count(searched)} searched, ${count(seen)} states`,
  );
}
