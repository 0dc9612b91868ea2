/** What a user does in the midst of a run, and at which step: a run is a scenario and these. */
import type { Choice } from '../engine/choice';
import type { Command } from '../engine/command';

/**
 * A choice of the scheduler's; something by the user's hand (engine/command.ts); or who chooses from here on: `user`, and the
 * run ends here until a choice is made, or `seed`, and the scheduler goes on to the run's end.
 */
export type Act = { readonly choice: number } | { readonly command: Command } | { readonly schedule: 'user' | 'seed' };

export interface ActAt {
  /** Step after which it is done. */
  readonly step: number;
  readonly act: Act;
}

/** Frames of which one hypercall may change the types by hand: it is one step, and a longer one would take long. */
export const MOST_CHANGED = 65_536;

/** Who chooses: the scheduler by its seed, or the user. */
export type Chooser = 'seed' | 'user';

/** Who acts in a run, step by step: the script's choices as far as each can be made, and then whoever chooses. */
export interface Schedule {
  readonly script: readonly Choice[];
  readonly then: Chooser;
}
