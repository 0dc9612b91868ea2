/** The world at a step of a scenario's own run, and the choices that led there. */
import type { Choice } from '../engine/choice';
import { History } from '../engine/history';
import { World } from '../engine/world';
import { Commands, Drive } from '../scenarios/drive';
import { readScenario } from '../scenarios/base';
import type { Changes, Scenario } from '../scenarios/schema';
import { JobError } from './job-error';

export interface Begun {
  readonly scenario: Scenario;
  /** Its caller's own. */
  readonly world: World;
  readonly before: readonly Choice[];
}

/** Throws JobError for a file with mistakes in it, an act that cannot be done, or a run that does not come to `step`. */
export async function stateAt(input: unknown, changes: Changes = {}, step = 0): Promise<Begun> {
  const read = await readScenario(input, changes);
  if (!read.ok) throw new JobError(read.problems);
  return beginAt(read.scenario, step);
}

/** The same of a scenario that was read already. */
export function beginAt(scenario: Scenario, step = 0): Begun {
  const commands = new Commands();
  const history = new History(firstOf(scenario, commands));
  const { schedule } = scenario;
  const acts = scenario.acts.filter((act) => act.step < step);
  const drive = new Drive(history, { schedule, acts, lenient: false, most: step }, commands, () => undefined);
  while (!drive.advance(2000));
  if (drive.refused !== null)
    throw new JobError([{ path: `acts[${drive.refused}]`, message: 'cannot be done where it stands' }]);
  if (history.length < step)
    throw new JobError([{ path: '', message: `the run is over after ${history.length} steps, before step ${step}` }]);
  return { scenario, world: history.at(step), before: [...history.choices(step)] };
}

function firstOf(scenario: Scenario, commands: Commands): World {
  try {
    return new World({ ...scenario.config, commands: commands.list });
  } catch (error) {
    throw new JobError([{ path: 'guest.pool', message: (error as Error).message }]);
  }
}
