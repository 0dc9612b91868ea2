/** One point of a sweep, measured. */
import type { AuditRule } from '../../engine/audit';
import { cycles, priced } from '../../engine/cost-table';
import type { CostCounts } from '../../engine/trace';
import { lineOfChoice } from '../../scenarios/lines';
import { parseScenario, type Scenario } from '../../scenarios/schema';
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import { fileOf, type Made } from './guest';
import type { Measures } from './names';
import { PointRun, type Wall } from './run';
import { letterOf, pointOf, type Sweep } from './sweep';

const PAGE = 4096;
/** Steps between two pauses. */
const PIECE = 500;

export interface PointResult {
  readonly n: number;
  /** Letter of its design. */
  readonly variant: string;
  /** In the order of the sweep's parameters. */
  readonly at: readonly number[];
  /**
   * `run`; `beyond`: there is no such run, since XenGT's shadow here has room for fewer tables; `cut`: it came to the most
   * steps that a run may have, and nothing is measured.
   */
  readonly end: 'run' | 'beyond' | 'cut';
  readonly wall: Wall | null;
  /** Pages that are watched when the guest's work begins. */
  readonly watched: number;
  /** Writes to protected pages that the guest made. */
  readonly writes: number;
  readonly steps: number;
  /** Of the guest's work. */
  readonly costs: CostCounts | null;
  readonly measures: Measures;
  /** Invariants that do not hold at the end. */
  readonly broken: readonly AuditRule[];
}

const NOTHING: Measures = {
  exits: null,
  comparisons: null,
  cycles: null,
  access: null,
  blocked: null,
  release: null,
  left: null,
  later: null,
  heap: null,
  refusals: null,
  lost: null,
};

/** Runs point `n`. */
export function* measure(sweep: Sweep, n: number): Generator<Progress, PointResult> {
  const { variant, at } = pointOf(sweep, n);
  const where = { n, variant: letterOf(variant), at };
  // The fields of each end stand in one order: results that were put together are the same text as those made at once.
  const none = { wall: null, watched: 0, writes: 0, steps: 0, costs: null, measures: NOTHING, broken: [] };
  const made = fileOf(sweep, n);
  if (!made) return { ...where, end: 'beyond', ...none };
  const run = yield* running(sweep, n, made);
  const { wall, watched } = run;
  const { steps } = run.world;
  if (run.cut) return { ...where, end: 'cut', ...none, wall, watched, writes: made.writes, steps };
  return {
    ...where,
    end: 'run',
    wall,
    watched,
    writes: made.writes,
    steps,
    costs: run.costs('work'),
    measures: measuresOf(sweep, run, made),
    broken: run.broken(),
  };
}

/** The run of point `n`, over. */
export function* running(sweep: Sweep, n: number, made: Made): Generator<Progress, PointRun> {
  const run = new PointRun(scenarioOf(made), made, pointOf(sweep, n));
  while (!run.advance(PIECE)) yield { done: run.world.steps, of: null, facts: {} };
  return run;
}

function scenarioOf({ file }: Made): Scenario {
  const parsed = parseScenario(file);
  if (!parsed.ok) throw new JobError(parsed.problems);
  return parsed.scenario;
}

function measuresOf({ costs: prices, ...sweep }: Sweep, run: PointRun, { writes }: Made): Measures {
  const table = priced(prices);
  const work = run.costs('work')!;
  const released = sweep.guest.release ? run.costs('release') : null;
  const later = run.costs('later');
  const each = (n: number): number | null => (writes === 0 ? null : n / writes);
  const total = (counts: CostCounts | null): number | null => counts && cycles(counts, table).total;
  return {
    exits: each(work.exits),
    comparisons: each(work.rangeComparisons),
    cycles: each(total(work)!),
    access: total(work)! / sweep.guest.accesses,
    blocked: each(work.blocked),
    release: total(released),
    left: released && run.left,
    later: total(later),
    heap: Math.ceil(run.heap / PAGE),
    refusals: run.refusals,
    lost: run.lost,
  };
}

/** The scenario file of point `n`, to be opened as any other; and the step at which to look at it. */
export function* opened(sweep: Sweep, n: number): Generator<Progress, { file: unknown; step: number } | null> {
  const made = fileOf(sweep, n);
  if (!made) return null;
  const run = yield* running(sweep, n, made);
  const { script, touches } = run;
  const acts = [...(made.file['acts'] as readonly unknown[]), ...touches];
  const start = run.wall?.step ?? run.begins;
  const scripted = script.length > 0 ? { schedule: { script: inRuns(script.map(lineOfChoice)), then: 'seed' } } : {};
  return { file: { ...made.file, ...scripted, acts, start }, step: start };
}

/** `vcpu0 x12` for twelve times the same in a row. */
function inRuns(lines: readonly string[]): string[] {
  const runs: { line: string; times: number }[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last?.line === line) last.times++;
    else runs.push({ line, times: 1 });
  }
  return runs.map(({ line, times }) => (times === 1 ? line : `${line} x${times}`));
}
