/**
 * The cheapest way to mend a scenario by taking patches over, as a job: sets are looked at in the order of their price until the search
 * of one finds nothing.
 *
 * A broken set is left as soon as it may be. The run that breaks it asks for some patches only: any set that answers these alike has
 * the same run, and is broken. So from a broken set only those are added that this run has asked for, with what they need; whatever
 * set is safe is come to in this way, since it answers one of them otherwise. A set of which the bounds leave open whether it is safe
 * is passed by as if it were broken, and that is said.
 */
import { audit } from '../../engine/audit';
import { isOver } from '../../engine/liveness';
import type { Choice } from '../../engine/choice';
import { PATCHES, type PatchName } from '../../engine/patches';
import { readScenario } from '../../scenarios/base';
import type { Changes, Scenario } from '../../scenarios/schema';
import { asking, begunOn } from '../lattice/cells-job';
import type { Broken } from '../lattice/cells';
import { go } from './distance-job';
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import { linesOf, withNeeds } from './patch-lines';
import { neverEnds, Search, type Bounds, type SearchEnd } from '../search/search';

export interface RepairTold {
  /** Parsed file, or its text. */
  readonly scenario: unknown;
  readonly changes?: Changes | undefined;
  /** All patches of the set that is to be mended. */
  readonly base: readonly PatchName[];
  /** Step of each run to begin at; as the file says if not said. */
  readonly from?: number | undefined;
  readonly bounds: Bounds;
}

export interface RepairFound {
  /** null: no set of patches mends it. */
  readonly best: {
    readonly added: readonly PatchName[];
    readonly lines: number;
    readonly states: number;
    readonly depth: number;
  } | null;
  /** Sets that were searched; sets that were passed by because they would have come to the same. */
  readonly searched: number;
  readonly same: number;
  /** Sets of a lower price that the bounds left open. */
  readonly open: number;
  /** States of all searches together. */
  readonly states: number;
}

/** What the search of one set came to. */
interface Looked {
  readonly set: ReadonlySet<PatchName>;
  readonly end: SearchEnd | 'refused';
  readonly broken: Broken | null;
  readonly states: number;
  readonly depth: number;
  /** Patches on which this hangs: a set that answers these alike comes to the same. */
  readonly asked: ReadonlySet<PatchName>;
}

const PIECE = 2000;

export async function* repairJob(told: RepairTold): AsyncGenerator<Progress, RepairFound> {
  const read = await readScenario(told.scenario, told.changes);
  if (!read.ok) throw new JobError(read.problems);
  const base = new Set(told.base);
  const line: { readonly set: ReadonlySet<PatchName>; readonly lines: number }[] = [{ set: base, lines: 0 }];
  const known = new Set([keyOf(base)]);
  const looked: Looked[] = [];
  const count = { same: 0, open: 0, states: 0 };
  const progress = (more = 0): Progress => ({
    done: looked.length,
    of: null,
    facts: { sets: looked.length, states: count.states + more },
  });
  for (let next = line.shift(); next; next = line.shift()) {
    const { set, lines } = next;
    let it = looked.find((before) => isSame(before, set));
    if (it) count.same++;
    else {
      it = yield* look(read.scenario, set, told, progress);
      looked.push(it);
      count.states += it.states;
      yield progress();
    }
    if (it.broken === null && it.end === 'complete') {
      const { states, depth } = it;
      const added = PATCHES.flatMap(({ name }) => (set.has(name) && !base.has(name) ? [name] : []));
      return { best: { added, lines, states, depth }, searched: looked.length, ...count };
    }
    if (it.broken === null && it.end !== 'refused') count.open++;
    for (const name of it.asked) {
      if (set.has(name)) continue;
      const more = new Set([...set, ...withNeeds(name)]);
      if (known.has(keyOf(more))) continue;
      known.add(keyOf(more));
      line.push({ set: more, lines: linesOf([...more].filter((one) => !base.has(one))) });
    }
    line.sort((a, b) => a.lines - b.lines);
  }
  return { best: null, searched: looked.length, ...count };
}

const keyOf = (set: ReadonlySet<PatchName>): string => [...set].sort().join();
const isSame = ({ set, asked }: Looked, other: ReadonlySet<PatchName>): boolean =>
  [...asked].every((name) => set.has(name) === other.has(name));

function* look(
  scenario: Scenario,
  set: ReadonlySet<PatchName>,
  { from, bounds }: RepairTold,
  progress: (states: number) => Progress,
): Generator<Progress, Looked> {
  const { xen, asked } = asking(set);
  let begun: ReturnType<typeof begunOn>;
  try {
    begun = begunOn(scenario, xen, from);
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    return { set, end: 'refused', broken: null, states: 0, depth: 0, asked };
  }
  const search = new Search(begun.world, { bounds });
  while (!search.advance(PIECE)) yield progress(search.states.length);
  const { end, depth } = search;
  const states = search.states.length;
  const [violation] = search.violations;
  if (violation) {
    const hangsOn = askedBy(scenario, set, begun.before.length, search.path(violation.state));
    return { set, end: end!, broken: violation.rule, states, depth, asked: hangsOn };
  }
  const endless = end === 'complete' ? neverEnds(search) : null;
  return { set, end: end!, broken: endless === null ? null : 'livelock', states, depth, asked };
}

/** What a run that breaks a rule asks for: from the first image by `step`, where its search begins, to the look that finds it broken. */
function askedBy(
  scenario: Scenario,
  set: ReadonlySet<PatchName>,
  step: number,
  way: readonly Choice[],
): ReadonlySet<PatchName> {
  const { xen, asked } = asking(set);
  // That it begins there may hang on what comes next in the scenario's own run.
  if (!('step' in (scenario.search?.from ?? { step }))) begunOn(scenario, xen, step + 1);
  const { world } = begunOn(scenario, xen, step);
  go(world, way);
  audit(world, isOver(world));
  return asked;
}
