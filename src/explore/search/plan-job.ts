/** What there is to search in a scenario, as a job: its patches, where its file has a search begin and how far that goes. */
import { patchesOf, type PatchName, type Version } from '../../engine/patches';
import { readScenario } from '../../scenarios/base';
import type { Changes } from '../../scenarios/schema';
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import { stepOf } from './search-from';

export interface PlanTold {
  /** Parsed file, or its text. */
  readonly scenario: unknown;
  readonly changes?: Changes | undefined;
}

export interface Plan {
  readonly title: string;
  readonly version: Version;
  readonly patches: readonly PatchName[];
  readonly vcpus: number;
  /** Frames of the guest. */
  readonly frames: number;
  /** What the file says of a search; null: nothing. Its step is that of its own run. */
  readonly search: {
    readonly step: number;
    readonly depth: number | null;
    readonly states: number | null;
    readonly switches: readonly PatchName[] | null;
  } | null;
}

// eslint-disable-next-line require-yield -- it is done in one piece
export async function* planJob({ scenario: input, changes }: PlanTold): AsyncGenerator<Progress, Plan> {
  const read = await readScenario(input, changes);
  if (!read.ok) throw new JobError(read.problems);
  const { title, version, config, search } = read.scenario;
  const step = search ? stepOf(read.scenario, search.from) : null;
  return {
    title,
    version,
    patches: patchesOf(config.xen),
    vcpus: config.programs.length,
    frames: config.memory / 4096,
    search:
      search && step !== null ? { step, depth: search.depth, states: search.states, switches: search.patches } : null,
  };
}
