/**
 * The events of steps of a run that was made before: those of the last few thousand that anybody asked for are kept, others come
 * of running the steps from the checkpoint before them once more.
 */
import { CHECKPOINT_STEPS, type History } from '../engine/history';
import { finish } from '../engine/slices';
import type { AnyEvent } from '../engine/trace';

/** Steps whose events are kept, about two megabytes. */
const MOST_STEPS = 4096;

/** Steps that are run again between two pauses. */
export const SLICE = 50;

export class Recall {
  readonly #steps = new Map<number, readonly AnyEvent[]>();
  /** The run from some checkpoint on, and the step that it has come to. */
  #reader: ReturnType<History['replay']> | null = null;
  #at = 0;

  constructor(readonly history: History) {}

  /** Keeps the events of a step that was run for other reasons. */
  note(step: number, events: readonly AnyEvent[]): void {
    this.#steps.set(step, events);
    if (this.#steps.size > MOST_STEPS) this.#steps.delete(this.#steps.keys().next().value!);
  }

  /** Makes sure that the events of a step (1..length) are at hand, with pauses. */
  *reach(step: number): Generator<undefined, readonly AnyEvent[]> {
    const known = this.#steps.get(step);
    if (known) return known;
    const begin = step - 1 - ((step - 1) % CHECKPOINT_STEPS);
    if (this.#reader === null || this.#at < begin || this.#at >= step) {
      this.#reader = this.history.replay(begin + 1, this.history.length);
      this.#at = begin;
    }
    for (let n = 1; ; n++) {
      const { events } = this.#reader.next().value as { events: readonly AnyEvent[] };
      this.note(++this.#at, events);
      if (this.#at === step) return events;
      if (n % SLICE === 0) yield;
    }
  }

  /** Events of a step (1..length). */
  of(step: number): readonly AnyEvent[] {
    return finish(this.reach(step));
  }
}
