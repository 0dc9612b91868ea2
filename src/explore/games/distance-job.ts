/**
 * Where a game begins, and how far it is from where a player has come to: a search from there, within bounds. What is not broken in
 * any order from there on is proven to be so where the search saw every state.
 */
import type { Choice } from '../../engine/choice';
import { patchesOf, type PatchName } from '../../engine/patches';
import { isEnabled, step } from '../../engine/step';
import type { World } from '../../engine/world';
import type { Changes } from '../../scenarios/schema';
import { stateAt, type Begun } from '../begin';
import type { Broken } from '../lattice/cells';
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import type { Bounds, SearchEnd } from '../search/search';
import { searchFrom } from '../search/search-from';
import { searching } from '../search/search-job';

export interface BeginTold {
  /** Parsed file, or its text. */
  readonly scenario: unknown;
  readonly changes?: Changes | undefined;
  /** Step of its run; where its file says if not said. */
  readonly from?: number | undefined;
}

export interface BeginFound {
  readonly title: string;
  /** Who acts until it begins. */
  readonly before: readonly Choice[];
  readonly patches: readonly PatchName[];
}

// eslint-disable-next-line require-yield -- it is done in one piece
export async function* beginJob(told: BeginTold): AsyncGenerator<Progress, BeginFound> {
  const { scenario, before, world } = await beginOf(told);
  return { title: scenario.title, before, patches: patchesOf(world.xen) };
}

export interface DistanceTold extends BeginTold {
  readonly bounds: Bounds;
  /** Who has acted since it began. */
  readonly way: readonly Choice[];
}

export interface DistanceFound {
  readonly end: SearchEnd;
  readonly bounds: Bounds;
  readonly states: number;
  readonly depth: number;
  /** What breaks soonest; null: nothing that was found. */
  readonly broken: Broken | null;
  /** Steps from here until then, and no fewer; 0: it is broken. null: nothing was found, proven where `end` is complete. */
  readonly distance: number | null;
  /** Who acts in these steps. */
  readonly ahead: readonly Choice[];
  /** The same from the first image on: what came before, the player's way, and those. */
  readonly choices: readonly Choice[];
}

const beginOf = ({ scenario, changes, from }: BeginTold): Promise<Begun> =>
  from === undefined ? searchFrom(scenario, changes) : stateAt(scenario, changes, from);

export async function* distanceJob(told: DistanceTold): AsyncGenerator<Progress, DistanceFound> {
  const begun = await beginOf(told);
  const before = [...begun.before, ...told.way];
  go(begun.world, told.way);
  const found = yield* searching({ world: begun.world, before }, { bounds: told.bounds });
  const way = found.violation ?? found.livelock;
  const { end, bounds, states, depth } = found;
  return {
    end,
    bounds,
    states,
    depth,
    broken: found.violation?.rule ?? (found.livelock ? 'livelock' : null),
    distance: way?.steps ?? null,
    ahead: way?.choices.slice(before.length) ?? [],
    choices: way?.choices ?? [],
  };
}

/** Throws JobError where one of them cannot act. */
export function go(world: World, way: readonly Choice[]): void {
  for (const [n, choice] of way.entries()) {
    if (!isEnabled(world, choice))
      throw new JobError([{ path: '', message: `step ${n + 1} of the way cannot be made` }]);
    step(world, choice);
  }
}
