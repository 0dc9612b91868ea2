/** What the command line says of a run beside its events. */
import { count } from './format';

export const SIM = {
  /** `line` is an act. */
  cannot: (line: string, step: number, why: string) => `${line} cannot be done after step ${count(step)}: ${why}`,
  ended: (step: number) => `the run ends with step ${count(step)}`,
  same: (step: number) => `Step ${count(step)} is as it was kept.`,
  other: (step: number, hash: string, found: string | null) =>
    found === null
      ? `The run does not come to step ${count(step)}, which was kept with hash ${hash}.`
      : `Step ${count(step)} was kept with hash ${hash}, and has ${found} here.`,
} as const;
