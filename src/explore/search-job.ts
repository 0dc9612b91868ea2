/** A search as a job: of a scenario under some set of patches, from one of its steps on. */
import type { AuditRule } from '../engine/audit';
import type { Choice } from '../engine/choice';
import { patchesOf, type PatchName } from '../engine/patches';
import type { Changes } from '../scenarios/schema';
import { stateAt } from './begin';
import type { Progress } from './jobs';
import { Search, type Bounds, type SearchEnd } from './search';

export interface SearchTold {
  /** Parsed file, or its text. */
  readonly scenario: unknown;
  readonly changes?: Changes;
  /** Step of the scenario's run to begin at; 0 the first image. */
  readonly from?: number;
  readonly bounds: Bounds;
  readonly rules?: readonly AuditRule[];
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
}

/** States that are looked at between two pauses. */
const PIECE = 2000;

export async function* searchJob(told: SearchTold): AsyncGenerator<Progress, SearchFound> {
  const { world, before } = await stateAt(told.scenario, told.changes, told.from);
  const { bounds } = told;
  const search = new Search(world, { bounds, ...(told.rules ? { rules: told.rules } : {}) });
  while (!search.advance(PIECE)) {
    const { depth, frontier, bytes, states } = search;
    yield { done: states.length, of: null, facts: { states: states.length, frontier, depth, bytes } };
  }
  const broken = search.violations[0];
  return {
    end: search.end!,
    bounds,
    patches: patchesOf(world.xen),
    states: search.states.length,
    transitions: search.transitions,
    ends: search.ends,
    depth: search.depth,
    bytes: search.bytes,
    violation: broken
      ? { rule: broken.rule, steps: broken.depth, choices: [...before, ...search.path(broken.state)] }
      : null,
  };
}
