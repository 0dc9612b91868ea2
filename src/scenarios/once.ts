/** A run that is gone through once: nothing of it is kept to come back to, which is what most of a history costs. */
import type { Choice } from '../engine/choice';
import { isOver } from '../engine/liveness';
import { schedule } from '../engine/prng';
import { enabled, step } from '../engine/step';
import type { AnyEvent } from '../engine/trace';
import type { World } from '../engine/world';
import type { Trail } from './drive';

export class Once implements Trail {
  /** That made the last step. */
  choice: Choice = 0;

  /** `world`: nobody else may use it. */
  constructor(readonly world: World) {}

  get length(): number {
    return this.world.steps;
  }

  choose(choice: Choice): readonly AnyEvent[] {
    this.choice = choice;
    return step(this.world, choice);
  }

  /** It is always at its end. */
  seek(): void {}

  /** As History.run. */
  run(steps: number, see?: (events: readonly AnyEvent[], world: World) => void): boolean {
    const { world } = this;
    for (let n = 0; n < steps; n++) {
      const choices = enabled(world);
      if (isOver(world, choices)) return true;
      const events = this.choose(schedule(choices, world.config.seed, world.steps)!);
      see?.(events, world);
    }
    return isOver(world);
  }
}
