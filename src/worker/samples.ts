/**
 * What each actor has spent by some steps of a run, and how many pages were out then. As the run grows the samples are thinned:
 * they lie on a grid of steps, and where there is no room for one more every other goes.
 */
import { COSTS, type Actor, type AnyEvent } from '../engine/trace';
import type { World } from '../engine/world';
import { doubles, words } from './columns';
import { MOST_SAMPLES, type SampleColumns } from './protocol';

export class Samples {
  readonly #lanes: ReadonlyMap<Actor, number>;
  /** Numbers a sample. */
  readonly #row: number;
  /** Running totals, and entries outstanding, after the last step. */
  readonly #now: Float64Array;
  #outstanding = 0;
  #step = 0;
  /** Steps from one sample to the next. */
  #stride = 1;
  #length = 0;
  readonly #at = words();
  readonly #costs = doubles();
  readonly #pages = words();

  constructor(lanes: readonly Actor[]) {
    this.#lanes = new Map(lanes.map((actor, i) => [actor, i]));
    this.#row = lanes.length * COSTS.length;
    this.#now = new Float64Array(this.#row);
    this.#put();
  }

  /** Takes in the step that `world` has just made. */
  add(events: readonly AnyEvent[], { steps, p2m, trace }: World): void {
    for (const event of events) this.#spend(event.actor, event.costs);
    // What was spent after the last event is in none.
    const last = events.at(-1)?.actor ?? 'xen';
    COSTS.forEach((cost, i) => {
      let rest = trace.spent[cost];
      if (rest === 0) return;
      for (const { costs } of events) rest -= costs[cost] ?? 0;
      this.#now[this.#lanes.get(last)! * COSTS.length + i]! += rest;
    });
    this.#outstanding = p2m.serverTypes.reduce<number>((sum, type) => sum + p2m.outstanding(type), 0);
    this.#step = steps;
    if (steps % this.#stride === 0) this.#put();
  }

  columns(): SampleColumns {
    const ends = this.#length > 0 && this.#at.at(this.#length - 1) === this.#step;
    const n = this.#length + (ends ? 0 : 1);
    const at = new Uint32Array(n);
    at.set(this.#at.first(this.#length));
    const costs = new Float64Array(n * this.#row);
    costs.set(this.#costs.first(this.#length * this.#row));
    const outstanding = new Uint32Array(n);
    outstanding.set(this.#pages.first(this.#length));
    if (!ends) {
      at[n - 1] = this.#step;
      costs.set(this.#now, (n - 1) * this.#row);
      outstanding[n - 1] = this.#outstanding;
    }
    return { at, costs, outstanding };
  }

  #spend(actor: Actor, costs: AnyEvent['costs']): void {
    const lane = this.#lanes.get(actor)! * COSTS.length;
    COSTS.forEach((cost, i) => (this.#now[lane + i]! += costs[cost] ?? 0));
  }

  #put(): void {
    // One place is kept for the end of the run.
    if (this.#length === MOST_SAMPLES - 1) {
      this.#thin();
      if (this.#step % this.#stride !== 0) return;
    }
    const i = this.#length++;
    this.#at.put(i, this.#step);
    this.#now.forEach((value, k) => this.#costs.put(i * this.#row + k, value));
    this.#pages.put(i, this.#outstanding);
  }

  #thin(): void {
    this.#stride *= 2;
    let kept = 0;
    for (let i = 0; i < this.#length; i++) {
      if (this.#at.at(i) % this.#stride !== 0) continue;
      this.#at.put(kept, this.#at.at(i));
      for (let k = 0; k < this.#row; k++) this.#costs.put(kept * this.#row + k, this.#costs.at(i * this.#row + k));
      this.#pages.put(kept, this.#pages.at(i));
      kept++;
    }
    this.#length = kept;
  }
}
