/**
 * A run as a journal of choices with checkpoints: any step can be reached again, forwards or backwards, by forking the
 * nearest checkpoint before it and letting the same choices act once more.
 */
import { Checkpoints, Tape } from './checkpoints';
import { isOver } from './liveness';
import { schedule } from './prng';
import { apply, enabled, step, type Choice } from './step';
import type { AnyEvent } from './trace';
import type { World } from './world';

/** A run is cut off here; no shipped scenario comes near it. */
export const MOST_STEPS = 2_000_000;

/** Steps between checkpoints: what a seek may have to replay at most, less one. */
export const CHECKPOINT_STEPS = 500;

export class History {
  #journal = new Uint16Array(1024);
  #length = 0;
  readonly #checkpoints: Checkpoints;
  /** From the last checkpoint to the journal's end. */
  #tape = new Tape(0);
  #world: World;

  /** Begins at the first image of `first`, which must not be used by anyone else. */
  constructor(first: World) {
    this.#checkpoints = new Checkpoints(first);
    this.#world = first.fork();
  }

  /** Steps in the journal. */
  get length(): number {
    return this.#length;
  }

  /** The world at the present step. Read it; only `run`, `choose` and `seek` may move it. */
  get world(): World {
    return this.#world;
  }

  /** The choice that made step `n` (1..length). */
  choice(n: number): Choice {
    return this.#journal[n - 1]!;
  }

  /** The choices of the first `n` steps; 0 for one that was not taken yet. */
  choices(n = this.#length): Uint16Array {
    const choices = new Uint16Array(n);
    choices.set(this.#journal.subarray(0, Math.min(n, this.#length)));
    return choices;
  }

  /** Takes the next step by `choice`; what lay ahead in the journal is forgotten unless it is the same. */
  choose(choice: Choice): readonly AnyEvent[] {
    const at = this.#world.steps;
    const ahead = at < this.#length && this.#journal[at] === choice;
    apply(this.#world, choice);
    if (!ahead) {
      if (this.#tape.to !== at) this.#tape = this.#tapeTo(at);
      this.#tape.add(this.#world.store);
      this.#write(at, choice);
    }
    this.#world.store.settle();
    if (!ahead && this.#length % CHECKPOINT_STEPS === 0) {
      this.#checkpoints.add(this.#world, this.#tape);
      this.#tape = new Tape(this.#length);
    }
    return this.#world.trace.events;
  }

  /**
   * Lets the seeded scheduler choose, from the end of the journal, at most `steps` times; `see` gets each step's events.
   * Answers whether the run is over: nothing is enabled any more, or nothing that leads anywhere.
   */
  run(steps: number, see?: (events: readonly AnyEvent[], world: World) => void): boolean {
    this.seek(this.#length);
    for (let n = 0; n < steps; n++) {
      const choices = enabled(this.#world);
      if (isOver(this.#world, choices)) return true;
      const choice = schedule(choices, this.#world.config.seed, this.#world.steps)!;
      const events = this.choose(choice);
      see?.(events, this.#world);
    }
    return isOver(this.#world);
  }

  /** Goes to the state after step `n` (0 the first image). `see` gets the events of the steps replayed on the way. */
  seek(n: number, see?: (events: readonly AnyEvent[], world: World) => void): void {
    if (!Number.isInteger(n) || n < 0 || n > this.#length) throw new RangeError(`no step ${n} in 0..${this.#length}`);
    const from = this.from(n);
    if (from !== this.#world.steps) this.#world = this.#nearest(from / CHECKPOINT_STEPS).fork();
    while (this.#world.steps < n) {
      const events = step(this.#world, this.#journal[this.#world.steps]!);
      see?.(events, this.#world);
    }
  }

  /** The step from which `seek(n)` would run on: the present one, or a checkpoint. */
  from(n: number): number {
    const checkpoint = n - (n % CHECKPOINT_STEPS);
    const here = this.#world.steps;
    return here > n || here < checkpoint ? checkpoint : here;
  }

  /** A world of its own at step `n`, without moving this one. */
  at(n: number): World {
    const world = this.#nearest(Math.floor(n / CHECKPOINT_STEPS)).fork();
    while (world.steps < n) step(world, this.#journal[world.steps]!);
    return world;
  }

  /** Runs steps `from` to `to` once more, without moving this world: the events of each and the world after it. */
  *replay(from: number, to: number): Generator<{ readonly events: readonly AnyEvent[]; readonly world: World }> {
    const world = this.at(from - 1);
    while (world.steps < to) yield { events: step(world, this.#journal[world.steps]!), world };
  }

  #nearest(checkpoint: number): World {
    return this.#checkpoints.reach(checkpoint);
  }

  /** What changed from the checkpoint before step `n` to that step. */
  #tapeTo(n: number): Tape {
    const from = n - (n % CHECKPOINT_STEPS);
    const tape = new Tape(from);
    const world = this.at(from);
    while (world.steps < n) {
      apply(world, this.#journal[world.steps]!);
      tape.add(world.store);
      world.store.settle();
    }
    return tape;
  }

  #write(at: number, choice: Choice): void {
    this.#checkpoints.cut(Math.floor(at / CHECKPOINT_STEPS) + 1);
    if (at === this.#journal.length) {
      const more = new Uint16Array(at * 2);
      more.set(this.#journal);
      this.#journal = more;
    }
    this.#journal[at] = choice;
    this.#length = at + 1;
  }
}
