/**
 * What led to each step of a run, so that the causes of an event are found without running anything again: within a step each
 * event follows from the one before it, so that the cause of the first is all there is to know (engine/trace.ts).
 */
import type { AnyEvent, EventId } from '../engine/trace';
import { words } from './columns';

export class Causes {
  /** Step and number of the event that each step's first event followed from; step 0: it began by itself. */
  readonly #steps = words();
  readonly #indices = words();

  add(n: number, events: readonly AnyEvent[]): void {
    const cause = events[0]?.cause;
    this.#steps.put(n, cause?.step ?? 0);
    this.#indices.put(n, cause?.index ?? 0);
  }

  /** An event with what led to it, the first cause first; of a chain longer than `most` the first and the last `most` - 1. */
  of(id: EventId, most: number): EventId[] {
    const chain: EventId[] = [];
    let { step, index } = id;
    for (;;) {
      if (chain.length === most) chain.pop();
      chain.push({ step, index });
      if (index > 0) index--;
      else {
        const to = this.#steps.at(step);
        if (to === 0) return chain.reverse();
        index = this.#indices.at(step);
        step = to;
      }
    }
  }
}
