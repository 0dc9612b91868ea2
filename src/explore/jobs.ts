/**
 * What is asked of the model beside the one run that is shown: each job is data in, progress on the way, data out, so that it runs
 * the same in a worker of the page and on the command line. A job is a generator: who drives it may pause, stop or drop it
 * after any piece.
 */
import { cellsJob } from './cells-job';
import { beginJob, distanceJob } from './distance-job';
import { counterfactualJob } from './counterfactual';
import { equivalentsJob } from './equivalents-job';
import { planJob } from './plan-job';
import { repairJob } from './repair-job';
import { searchJob } from './search-job';
import { pointJob, pointRunJob } from './sweep/jobs';
import { switchesJob } from './switches-job';
import { twinJob } from './twin/job';

/** How far a job is. `of`: all there is to do; null: nobody knows. Facts: numbers to be shown beside, by name. */
export interface Progress {
  readonly done: number;
  readonly of: number | null;
  readonly facts: Readonly<Record<string, number>>;
}

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
