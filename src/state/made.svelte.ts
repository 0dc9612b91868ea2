/** How the run that is open came to be: what was opened, what the user did in it since, and the steps that are marked. */
import type { Act, Overrides } from '../worker/protocol';
import type { Snapshot } from './asked';
import type { Undo } from './undo.svelte';

export class Made {
  #opened: { readonly scenario: unknown; readonly overrides: Overrides } = { scenario: null, overrides: {} };
  /** What the user did, and at which step: the run is the scenario and these. */
  #acts: Snapshot['acts'] = [];
  marks = $state.raw<readonly number[]>([]);

  opens({ scenario, overrides, acts, marks }: Omit<Snapshot, 'step'>): void {
    this.#opened = { scenario, overrides };
    this.#acts = acts;
    this.marks = marks;
  }
  did(step: number, act: Act): void {
    this.#acts = [...this.#acts, { step, act }];
  }
  tookBack(): void {
    this.#acts = this.#acts.slice(0, -1);
  }
  /** Step of what was done last; 0: nothing was. */
  get last(): number {
    return this.#acts.at(-1)?.step ?? 0;
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
