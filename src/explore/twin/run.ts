/** One side of a comparison: the guest under its own version, patches or design, run once from its first image. */
import type { Choice } from '../../engine/choice';
import type { Config } from '../../engine/config';
import { World } from '../../engine/world';
import type { Xen } from '../../engine/patches';
import type { ActAt } from '../../scenarios/acts';
import { Commands, Drive } from '../../scenarios/drive';
import { Once } from '../../scenarios/once';
import { readScenario } from '../../scenarios/base';
import type { Changes, Scenario } from '../../scenarios/schema';
import { JobError } from '../job-error';
import { Follow, type Follower } from './follow';

/** A guest as one side has it. */
export interface Side {
  readonly scenario: Scenario;
  readonly acts: readonly ActAt[];
}

/** Throws JobError for mistakes in the file, or a change that it does not bear. */
export async function sideOf(file: unknown, changes: Changes, acts?: readonly ActAt[]): Promise<Side> {
  const read = await readScenario(file, changes);
  if (!read.ok) throw new JobError(read.problems);
  return { scenario: read.scenario, acts: acts ?? read.scenario.acts };
}

export class TwinRun {
  readonly world: World;
  readonly #once: Once;
  readonly #drive: Drive<Once>;
  readonly #follow: Follow;
  #over = false;

  /** `xen`: other patches than the scenario's. `stepped` hears of each step. */
  constructor(side: Side, to: Follower, stepped: (run: TwinRun) => void = () => undefined, xen?: Xen) {
    const { scenario, acts } = side;
    const commands = new Commands();
    const config: Config = { ...scenario.config, commands: commands.list, ...(xen ? { xen } : {}) };
    const world = (this.world = imageOf(config));
    const once = (this.#once = new Once(world));
    const follow = (this.#follow = new Follow(world, to));
    const plan = { schedule: scenario.schedule, acts, lenient: true, most: scenario.steps };
    this.#drive = new Drive(once, plan, commands, (events, w) => {
      follow.see(once.choice, events, w);
      stepped(this);
    });
  }

  /** Instructions that have begun. */
  get begun(): number {
    return this.#follow.begun;
  }
  /** How far a vCPU has come, as Follow says it. */
  place(vcpu: number): number {
    return this.#follow.place(vcpu);
  }
  /** That made the last step. */
  get choice(): Choice {
    return this.#once.choice;
  }
  /** It has ended by itself; else it was cut off, or waits for its user. */
  get over(): boolean {
    return this.#drive.over;
  }
  /** Acts of the user's that could not be done there. */
  left(acts: number): number {
    return acts - this.#drive.done.length;
  }

  /** Takes about so many steps more; whether the run is at its end. */
  advance(steps: number): boolean {
    if (!this.#over && this.#drive.advance(steps)) {
      this.#over = true;
      this.#follow.end();
    }
    return this.#over;
  }
}

/** Throws JobError for a guest that its pool cannot hold. */
export function imageOf(config: Config): World {
  try {
    return new World(config);
  } catch (error) {
    throw new JobError([{ path: 'guest.pool', message: (error as Error).message }]);
  }
}
