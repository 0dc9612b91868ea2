/** How the run that is open came to be: what was opened, what the user did in it since, and the steps that are marked. */
import type { Overrides, SessionInfo } from '../worker/protocol';
import type { Snapshot } from './asked';
import type { Undo } from './undo.svelte';

export class Made {
  #opened: { readonly scenario: unknown; readonly overrides: Overrides } = { scenario: null, overrides: {} };
  /** What was done in it, and at which step: the run is the scenario and these. */
  #acts: Snapshot['acts'] = [];
  marks = $state.raw<readonly number[]>([]);

  opens({ scenario, overrides, marks }: Omit<Snapshot, 'step' | 'acts'>): void {
    this.#opened = { scenario, overrides };
    this.marks = marks;
  }
  /** A run of it is shown. */
  shows({ acts }: SessionInfo): void {
    this.#acts = acts.map(({ step, act }) => ({ step, act }));
  }
  get acts(): Snapshot['acts'] {
    return this.#acts;
  }

  /** Marks a step; marked, it is so no more. */
  toggleMark(step: number, changes: Undo): void {
    const toggle = (): true => {
      const others = this.marks.filter((mark) => mark !== step);
      this.marks = others.length < this.marks.length ? others : [...others, step].sort((a, b) => a - b);
      return true;
    };
    toggle();
    changes.note({ what: 'mark', undo: toggle, redo: toggle });
  }

  at(step: number): Snapshot {
    return { ...this.#opened, acts: this.#acts, step, marks: this.marks };
  }
}
