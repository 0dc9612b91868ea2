/** A point of a sweep as jobs: its measures; and its run as a scenario file, to be opened. */
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import { measure, opened, type PointResult } from './point';
import { parseSweep } from './schema';
import { pointsOf, type Sweep } from './sweep';

export interface PointTold {
  /** Parsed file. */
  readonly sweep: unknown;
  readonly n: number;
}

export async function* pointJob({ sweep, n }: PointTold): AsyncGenerator<Progress, PointResult> {
  return yield* measure(read(sweep, n), n);
}

/** null: there is no such run. */
export async function* pointRunJob({
  sweep,
  n,
}: PointTold): AsyncGenerator<Progress, { file: unknown; step: number } | null> {
  return yield* opened(read(sweep, n), n);
}

function read(input: unknown, n: number): Sweep {
  const parsed = parseSweep(input);
  if (!parsed.ok) throw new JobError(parsed.problems);
  const { sweep } = parsed;
  if (!Number.isInteger(n) || n < 0 || n >= pointsOf(sweep))
    throw new JobError([{ path: '', message: `there is no point ${n}: the sweep has ${pointsOf(sweep)}` }]);
  return sweep;
}
