/**
 * What is asked of the model beside the one run that is shown: each job is data in, progress on the way, data out, so that it runs
 * the same in a worker of the page and on the command line. A job is a generator: who drives it may pause, stop or drop it
 * after any piece.
 */
import { cellsJob } from './lattice/cells-job';
import { beginJob, distanceJob } from './games/distance-job';
import { counterfactualJob } from './what-if/counterfactual';
import { equivalentsJob } from './search/equivalents-job';
import { planJob } from './search/plan-job';
import { repairJob } from './games/repair-job';
import { searchJob } from './search/search-job';
import { pointJob, pointRunJob } from './sweep/jobs';
import { switchesJob } from './lattice/switches-job';
import { twinJob } from './twin/job';
import type { Progress } from './progress';

/** Every job by its name: from what it is told to what it finds. Throws JobError for what the user can mend. */
export const JOBS = {
  search: searchJob,
  point: pointJob,
  pointRun: pointRunJob,
  plan: planJob,
  cells: cellsJob,
  switches: switchesJob,
  equivalents: equivalentsJob,
  twin: twinJob,
  counterfactual: counterfactualJob,
  begin: beginJob,
  distance: distanceJob,
  repair: repairJob,
} as const satisfies Record<string, (told: never) => AsyncGenerator<Progress, unknown>>;

export type JobName = keyof typeof JOBS;
export type Told<K extends JobName> = Parameters<(typeof JOBS)[K]>[0];
export type Found<K extends JobName> =
  ReturnType<(typeof JOBS)[K]> extends AsyncGenerator<Progress, infer Result> ? Result : never;
