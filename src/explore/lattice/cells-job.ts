/**
 * The sets of a lattice as a job: each searched for the shortest way to break a rule. A search is the same for two sets that agree in
 * all patches that it asks for; which these are is told with what was found, so that nobody searches twice.
 */
import type { AuditRule } from '../../engine/audit';
import { xenWith, type PatchName, type Xen } from '../../engine/patches';
import { readScenario } from '../../scenarios/base';
import type { Changes, Scenario } from '../../scenarios/schema';
import { beginAt } from '../begin';
import type { Cell } from './cells';
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import { neverEnds, Search, type Bounds } from '../search/search';
import { stepOf } from '../search/search-from';
import { patchesWith } from './switches';

export interface CellsTold {
  /** Parsed file, or its text. */
  readonly scenario: unknown;
  readonly changes?: Changes | undefined;
  /** All patches of the scenario with its changes. */
  readonly base: readonly PatchName[];
  readonly switches: readonly PatchName[];
  /** Sets that are to be searched; they can be built. */
  readonly sets: readonly number[];
  /** Step of each run to begin at; as the file says if not said. */
  readonly from?: number | undefined;
  readonly bounds: Bounds;
  readonly rules?: readonly AuditRule[] | undefined;
}

/** States that are looked at between two pauses. */
const PIECE = 2000;

export async function* cellsJob(told: CellsTold): AsyncGenerator<Progress, readonly Cell[]> {
  const read = await readScenario(told.scenario, told.changes);
  if (!read.ok) throw new JobError(read.problems);
  const found: Cell[] = [];
  for (const set of told.sets) found.push(yield* cell(read.scenario, set, told, found));
  return found;
}

/** The same Xen, which notes what it is asked. */
export function asking(names: Iterable<PatchName>): { readonly xen: Xen; readonly asked: ReadonlySet<PatchName> } {
  const asked = new Set<PatchName>();
  const get = (of: Xen, name: PatchName): boolean => {
    asked.add(name);
    return of[name];
  };
  return { xen: new Proxy(xenWith(names), { get: (of, name) => get(of, name as PatchName) }), asked };
}

/** The scenario on another Xen, at the step at which its search begins. Throws JobError if it does not come there. */
export function begunOn(scenario: Scenario, xen: Xen, from?: number): ReturnType<typeof beginAt> {
  const other = { ...scenario, config: { ...scenario.config, xen } };
  const step = from ?? stepOf(other, scenario.search?.from ?? { step: 0 });
  if (step === null) throw new JobError([{ path: 'search.from', message: 'is nowhere in the run' }]);
  return beginAt(other, step);
}

function* cell(
  scenario: Scenario,
  set: number,
  { base, switches, from, bounds, rules }: CellsTold,
  before: readonly Cell[],
): Generator<Progress, Cell> {
  const { xen, asked } = asking(patchesWith(base, switches, set) ?? []);
  let begun: ReturnType<typeof beginAt>;
  try {
    begun = begunOn(scenario, xen, from);
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    return { set, end: 'refused', broken: null, steps: 0, choices: [], states: 0, depth: 0, asked: [...asked] };
  }
  const search = new Search(begun.world, { bounds, ...(rules ? { rules } : {}) });
  const progress = (): Progress => ({
    done: before.length,
    of: null,
    facts: { states: before.reduce((sum, { states }) => sum + states, 0) + search.states.length, bytes: search.bytes },
  });
  while (!search.advance(PIECE)) yield progress();
  const [violation] = search.violations;
  const endless = search.end === 'complete' ? neverEnds(search) : null;
  const way = violation ? search.path(violation.state) : endless === null ? null : search.path(endless);
  return {
    set,
    end: search.end!,
    broken: violation?.rule ?? (way ? 'livelock' : null),
    steps: way?.length ?? 0,
    choices: way ? [...begun.before, ...way] : [],
    states: search.states.length,
    depth: search.depth,
    asked: [...asked],
  };
}
