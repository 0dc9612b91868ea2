/** A search as a job: of a scenario under some set of patches, from one of its steps on. */
import type { AuditRule } from '../../engine/audit';
import type { Choice } from '../../engine/choice';
import { patchesOf, type PatchName } from '../../engine/patches';
import type { Changes } from '../../scenarios/schema';
import { stateAt, type Begun } from '../begin';
import type { Progress } from '../progress';
import type { World } from '../../engine/world';
import { exercise, refusals, type Exercised, type Refused } from './exercised';
import { searchFrom } from './search-from';
import { neverEnds, Search, type Bounds, type SearchEnd } from './search';

export interface SearchTold {
  /** Parsed file, or its text. */
  readonly scenario: unknown;
  readonly changes?: Changes;
  /** Step of the scenario's run to begin at, 0 the first image; where its file says if not said. */
  readonly from?: number;
  readonly bounds: Bounds;
  readonly rules?: readonly AuditRule[];
  /** Also what a search that found nothing has tried (exercised.ts): takes several times as long. */
  readonly exercised?: boolean;
}

export interface SearchFound {
  readonly end: SearchEnd;
  readonly bounds: Bounds;
  readonly patches: readonly PatchName[];
  readonly states: number;
  readonly transitions: number;
  /** States at which a run is over. */
  readonly ends: number;
  readonly depth: number;
  readonly bytes: number;
  /** The shortest way to break a rule: from the first image on, the steps before `from` included. */
  readonly violation: {
    readonly rule: AuditRule;
    readonly steps: number;
    readonly choices: readonly Choice[];
  } | null;
  /** Of a search of every state: the shortest way to where the run can go on for ever and never come to an end; null: none. */
  readonly livelock: { readonly steps: number; readonly choices: readonly Choice[] } | null;
  /** What was tried; null: not asked for, or something was found. */
  readonly tried: { readonly refused: readonly Refused[]; readonly patches: readonly Exercised[] } | null;
}

/** States that are looked at between two pauses. */
const PIECE = 2000;

export async function* searchJob(told: SearchTold): AsyncGenerator<Progress, SearchFound> {
  return yield* searching(await beginOf(told), told);
}

/** Where a search is told to begin. Throws JobError as `stateAt` does. */
export const beginOf = ({
  scenario,
  changes,
  from,
}: Pick<SearchTold, 'scenario' | 'changes' | 'from'>): Promise<Begun> =>
  from === undefined ? searchFrom(scenario, changes) : stateAt(scenario, changes, from);

/** The search from somewhere that has been found already. */
export function* searching(
  { world, before }: Pick<Begun, 'world' | 'before'>,
  told: Omit<SearchTold, 'scenario' | 'changes' | 'from'>,
): Generator<Progress, SearchFound> {
  const { bounds } = told;
  const search = new Search(world, { bounds, ...(told.rules ? { rules: told.rules } : {}) });
  while (!search.advance(PIECE)) {
    const { depth, frontier, bytes, states } = search;
    yield { done: states.length, of: null, facts: { states: states.length, frontier, depth, bytes } };
  }
  const broken = search.violations[0];
  const path = (state: number): Choice[] => [...before, ...search.path(state)];
  const complete = search.end === 'complete';
  const endless = complete ? neverEnds(search) : null;
  return {
    end: search.end!,
    bounds,
    patches: patchesOf(world.xen),
    states: search.states.length,
    transitions: search.transitions,
    ends: search.ended.size,
    depth: search.depth,
    bytes: search.bytes,
    violation: broken ? { rule: broken.rule, steps: broken.depth, choices: path(broken.state) } : null,
    livelock: endless === null ? null : { steps: search.path(endless).length, choices: path(endless) },
    tried: told.exercised && !broken ? yield* tried(search, world, bounds) : null,
  };
}

function* tried(search: Search, world: World, bounds: Bounds): Generator<Progress, NonNullable<SearchFound['tried']>> {
  const refused = yield* telling(refusals(search), 'refusals', search);
  const patches: Exercised[] = [];
  for (const patch of patchesOf(world.xen))
    patches.push(yield* telling(exercise(search, world, patch, bounds), 'patches', search, patches.length));
  return { refused, patches };
}

/** A part of the work after the search itself as progress: `fact` is how many of it are done. */
function* telling<T>(work: Generator<number, T>, fact: string, search: Search, n = 0): Generator<Progress, T> {
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value;
    const { length: states } = search.states;
    yield { done: piece.value, of: null, facts: { states, depth: search.depth, bytes: search.bytes, [fact]: n } };
  }
}
