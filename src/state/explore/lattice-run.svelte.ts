/** The search of all sets of some switches: set by set as workers are free, each drawn as soon as it is known. */
import type { PatchName } from '../../engine/patches';
import { safetyOf, sameFor, type Cell } from '../../explore/lattice/cells';
import { JobError } from '../../explore/job-error';
import { MOST_SWITCHES, minimalSafe, setsOf } from '../../explore/lattice/switches';
import type { SwitchesFound } from '../../explore/lattice/switches-job';
import type { Problem } from '../../scenarios/schema';
import { Stopped, type Pool, type Running } from '../pool';
import { Clock } from './clock';
import { mapOf, setOf, withEntries } from './sets';
import type { Target } from './target';

/** Sets that a worker is given at a time. */
const BATCH = 3;
/** States to find out in which patches make a difference. */
const FIND_STATES = 20_000;

export interface LatticeOf {
  readonly target: Target;
  readonly switches: readonly PatchName[];
  /** All that can be built, the smallest first. */
  readonly sets: readonly number[];
}

type Under = Pick<Running<'cells'>, 'pause' | 'resume' | 'stop'>;

export class LatticeRun {
  readonly pool: Pool;
  /** What is drawn; null: nothing was searched yet. */
  of = $state.raw<LatticeOf | null>(null);
  cells = $state.raw<ReadonlyMap<number, Cell>>(mapOf());
  /** Sets that asked nothing that another did not. */
  copied = $state(0);
  /** States of all searches together. */
  seen = $state(0);
  running = $state(false);
  paused = $state(false);
  stopped = $state(false);
  died = $state(false);
  problems = $state.raw<readonly Problem[]>([]);
  /** Seconds that it took, or has taken. */
  seconds = $state(0);
  readonly minimal: ReadonlySet<number> = $derived(
    setOf(minimalSafe(mapOf((this.of?.sets ?? []).map((set) => [set, this.#safety(set)] as const)))),
  );

  /** Switches that are chosen for the next one, in the order of the commits. */
  chosen = $state.raw<readonly PatchName[]>([]);
  exercised = $state.raw<SwitchesFound | null>(null);
  /** What it was asked of. */
  exercisedOf = $state.raw<Target | null>(null);
  finding = $state(false);

  #queue: number[] = [];
  #under: readonly Under[] = [];
  readonly #clock = new Clock();
  #turn = 0;
  #find: Pick<Running<'switches'>, 'stop'> | null = null;

  constructor(pool: Pool) {
    this.pool = pool;
  }

  /** Finds which patches the scenario exercises, and chooses the latest of them. */
  async find(target: Target): Promise<void> {
    this.#find?.stop();
    const { scenario, changes } = target;
    const bounds = { ...target.bounds, states: Math.min(target.bounds.states, FIND_STATES) };
    const from = target.from === 'plan' ? undefined : target.step;
    const running = this.pool.run('switches', { scenario, changes, from, bounds });
    this.#find = running;
    this.finding = true;
    this.problems = [];
    try {
      const found = await running.found;
      if (this.#find !== running) return;
      this.exercised = found;
      this.exercisedOf = target;
      // The oldest are those without which there is nothing to search.
      this.chosen = found.exercised.slice(-MOST_SWITCHES);
    } catch (error) {
      if (this.#find === running) this.#failed(error);
    } finally {
      if (this.#find === running) {
        this.finding = false;
        this.#find = null;
      }
    }
  }

  async start(target: Target, switches: readonly PatchName[]): Promise<void> {
    this.stop();
    const turn = ++this.#turn;
    const sets = setsOf(target.patches, switches);
    this.of = { target, switches, sets };
    this.cells = mapOf();
    this.#queue = [...sets];
    Object.assign(this, {
      copied: 0,
      seen: 0,
      running: true,
      paused: false,
      stopped: false,
      died: false,
      problems: [],
    });
    this.seconds = 0;
    this.#clock.reset();
    this.#clock.go();
    // One more than there are workers, so that none is let go between two.
    const lines = Array.from({ length: this.pool.size + 1 }, () => this.#line(turn));
    await Promise.all(lines);
    if (turn !== this.#turn) return;
    this.seconds = this.#clock.ms / 1000;
    this.running = false;
  }

  pause(): void {
    this.paused = true;
    this.#clock.stand();
    for (const it of this.#under) it.pause();
  }
  resume(): void {
    this.paused = false;
    this.#clock.go();
    for (const it of this.#under) it.resume();
  }
  /** What was found by then stays. */
  stop(): void {
    this.#find?.stop();
    if (!this.running) return;
    this.stopped = true;
    this.#queue = [];
    for (const it of this.#under) it.stop();
  }

  async #line(turn: number): Promise<void> {
    while (turn === this.#turn) {
      const sets = this.#take();
      if (sets.length === 0) return;
      const { target, switches } = this.of!;
      const { scenario, changes, patches: base, bounds, rules, from, step } = target;
      const running = this.pool.run(
        'cells',
        {
          scenario,
          changes,
          base,
          switches,
          sets,
          bounds,
          from: from === 'plan' ? undefined : step,
          rules: rules ?? undefined,
        },
        () => {
          if (turn === this.#turn) this.seconds = this.#clock.ms / 1000;
        },
      );
      this.#under = [...this.#under, running];
      try {
        this.#add(turn, await running.found);
      } catch (error) {
        if (turn !== this.#turn) return;
        this.#queue = [];
        this.#failed(error);
        return;
      } finally {
        this.#under = this.#under.filter((it) => it !== running);
      }
    }
  }

  /** The next sets to be searched; those that are known by another's search are put in their places. */
  #take(): number[] {
    const { target, switches } = this.of!;
    const told = { base: target.patches, switches };
    const sets: number[] = [];
    const known: (readonly [number, Cell])[] = [];
    while (sets.length < BATCH && this.#queue.length > 0) {
      const set = this.#queue.shift()!;
      let same: Cell | null = null;
      for (const cell of this.cells.values()) if ((same = sameFor(cell, set, told))) break;
      if (!same) sets.push(set);
      else {
        known.push([set, same]);
        this.copied++;
      }
    }
    if (known.length > 0) this.cells = withEntries(this.cells, known);
    return sets;
  }

  #add(turn: number, cells: readonly Cell[]): void {
    if (turn !== this.#turn) return;
    this.seen += cells.reduce((sum, { states }) => sum + states, 0);
    this.cells = withEntries(
      this.cells,
      cells.map((cell) => [cell.set, cell] as const),
    );
    this.seconds = this.#clock.ms / 1000;
  }

  #failed(error: unknown): void {
    if (error instanceof Stopped) return;
    if (error instanceof JobError) this.problems = error.problems;
    else this.died = true;
  }

  #safety(set: number): ReturnType<typeof safetyOf> {
    const cell = this.cells.get(set);
    return cell ? safetyOf(cell) : 'unknown';
  }
}
