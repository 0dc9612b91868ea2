/** Where the chart of the player is, and what it answers to an event. */
import { untrack } from 'svelte';
import { advance, knows, leavesOf, START } from './player';
import type { PlayerEffect, PlayerEvent, PlayerFact, PlayerMode, PlayerState } from './player';

/** `opening`: the worker computes a run, be it another one or the same one anew. */
export type Status = 'empty' | 'opening' | 'ready' | 'broken';

export class Course {
  /** Read by what acts; the page reads the other, which in a teardown of Svelte's is the one of before. */
  #at: PlayerState = START;
  #shown = $state.raw<PlayerState>(START);
  readonly #facts: () => readonly PlayerFact[];

  /** `facts`: those that hold now. */
  constructor(facts: () => readonly PlayerFact[]) {
    this.#facts = facts;
  }

  /** Leaves of the chart: of the run, and of the stage. */
  readonly modes = $derived.by(() => leavesOf(this.#shown));

  /** Whether the player is in a state, or in one of its parts. */
  is(mode: PlayerMode): boolean {
    return this.modes.some((leaf) => leaf === mode || leaf.startsWith(`${mode}.`));
  }

  readonly status: Status = $derived.by(() => {
    if (this.is('run.empty')) return 'empty';
    if (this.is('run.broken')) return 'broken';
    return this.is('run.opening') || this.is('run.performing') || this.is('run.recovering') ? 'opening' : 'ready';
  });

  /** Whether an event would do anything now. */
  can(event: PlayerEvent): boolean {
    return knows(this.#shown, event, this.#facts());
  }

  /** Goes where an event leads; answers what is to be done and where the chart is then, null: it does not know the event. */
  take(event: PlayerEvent): { readonly effects: readonly PlayerEffect[]; readonly leaves: readonly string[] } | null {
    return untrack(() => {
      const { to, effects, known } = advance(this.#at, event, this.#facts());
      if (!known) return null;
      this.#at = this.#shown = to;
      return { effects, leaves: leavesOf(to) };
    });
  }
}
