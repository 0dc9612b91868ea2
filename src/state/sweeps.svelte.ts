/**
 * The sweep that is shown: what is asked, and the points measured so far, by the workers of the pool. It stays while other screens
 * are looked at.
 */
import { SWEEPS, FIRST_SWEEP } from '../explore/sweep';
import { JobError } from '../explore/job-error';
import type { PointResult } from '../explore/sweep/point';
import { resultOf, type SweepResult } from '../explore/sweep/result';
import { parseSweep } from '../explore/sweep/schema';
import { pointsOf, type Sweep } from '../explore/sweep/sweep';
import { weightOf } from '../explore/sweep/weight';
import type { Problem } from '../scenarios/schema';
import { Stopped, type Pool, type Running } from './pool';

/** How far it is. */
export interface SweepProgress {
  readonly done: number;
  readonly of: number;
  readonly seconds: number;
  /** Seconds that are left, about; null: nothing to go by yet. */
  readonly left: number | null;
}

export type SweepStatus = 'empty' | 'running' | 'stopped' | 'done' | 'failed';

/** Milliseconds between two looks at the clock. */
const TICK = 200;

export class Sweeps {
  /** What is asked, and what the points are of. */
  sweep = $state.raw<Sweep | null>(null);
  /** Name of the shipped sweep that it is; null: of the user's own. */
  name = $state<string | null>(null);
  points = $state.raw<readonly PointResult[]>([]);
  status = $state<SweepStatus>('empty');
  progress = $state.raw<SweepProgress | null>(null);
  /** What was asked last and is wrong. */
  problems = $state.raw<readonly Problem[]>([]);
  /** Why it came to no end. */
  failure = $state<string | null>(null);
  /** Number of the run that is being opened. */
  opening = $state<number | null>(null);

  readonly #pool: Pool;
  readonly #now: () => number;
  #jobs: Running<'point'>[] = [];
  #began = 0;
  #clock: ReturnType<typeof setInterval> | undefined;

  constructor(pool: Pool, now: () => number = () => performance.now()) {
    this.#pool = pool;
    this.#now = now;
  }

  get result(): SweepResult | null {
    return this.sweep && resultOf(this.sweep, this.points);
  }
  /** Not all points are there. */
  get partial(): boolean {
    return this.sweep !== null && this.points.length < pointsOf(this.sweep);
  }

  /** Takes a shipped sweep, without running it. */
  async choose(name = FIRST_SWEEP): Promise<void> {
    const shipped = SWEEPS.find((one) => one.name === name);
    if (shipped) this.take(await shipped.load(), name);
  }

  /** Takes a sweep, parsed JSON; false: it is refused, as `problems` says, and what is shown stays. */
  take(input: unknown, name: string | null = null): boolean {
    const parsed = parseSweep(input);
    this.problems = parsed.ok ? [] : parsed.problems;
    if (!parsed.ok) return false;
    this.stop();
    this.sweep = parsed.sweep;
    this.name = name;
    this.points = [];
    this.status = 'empty';
    this.progress = null;
    this.failure = null;
    return true;
  }

  /** Measures all points that are not there yet. */
  run(): void {
    const { sweep } = this;
    if (!sweep || this.status === 'running') return;
    const have = this.points.map(({ n }) => n);
    const missing = Array.from({ length: pointsOf(sweep) }, (_, n) => n).filter((n) => !have.includes(n));
    if (missing.length === 0) return;
    const told = $state.snapshot(sweep);
    this.status = 'running';
    this.failure = null;
    this.#began = this.#now();
    const all = missing.reduce((sum, n) => sum + weightOf(sweep, n), 0);
    let done = 0;
    const tell = (): void => {
      const seconds = (this.#now() - this.#began) / 1000;
      const left = done > 0 ? (seconds * (all - done)) / done : null;
      this.progress = { done: this.points.length, of: pointsOf(sweep), seconds, left };
    };
    tell();
    this.#clock = setInterval(tell, TICK);
    this.#jobs = missing.map((n) => {
      const job = this.#pool.run('point', { sweep: told, n });
      job.found.then(
        (point) => {
          if (this.sweep !== sweep) return;
          this.points = [...this.points, point];
          done += weightOf(sweep, n);
          tell();
          if (this.points.length === pointsOf(sweep)) this.#end('done');
        },
        (error: unknown) => {
          if (error instanceof Stopped || this.sweep !== sweep || this.status !== 'running') return;
          this.stop();
          this.status = 'failed';
          this.failure = (error as Error).message;
        },
      );
      return job;
    });
  }

  /** Keeps what there is. */
  stop(): void {
    if (this.status !== 'running') return;
    const jobs = this.#jobs;
    this.#end('stopped');
    // The last first: none of those in line is begun by the end of another.
    for (const job of jobs.reverse()) job.stop();
  }

  /** The scenario file of a point's run, and its title; null: there is none, or it cannot be had. */
  async fileOf(n: number): Promise<{ readonly title: string; readonly file: unknown } | null> {
    const { sweep } = this;
    if (!sweep || this.opening !== null) return null;
    this.opening = n;
    try {
      const found = await this.#pool.run('pointRun', { sweep: $state.snapshot(sweep), n }).found;
      return found && { title: (found.file as { title: string }).title, file: found.file };
    } catch (error) {
      if (!(error instanceof Stopped) && !(error instanceof JobError)) this.failure = (error as Error).message;
      return null;
    } finally {
      this.opening = null;
    }
  }

  #end(status: SweepStatus): void {
    clearInterval(this.#clock);
    this.status = status;
    this.#jobs = [];
  }
}

const KEPT = new WeakMap<Pool, Sweeps>();

/** The sweeps of a page: one, whose workers are the pool's. */
export function sweepsOf(pool: Pool): Sweeps {
  const known = KEPT.get(pool) ?? new Sweeps(pool);
  KEPT.set(pool, known);
  return known;
}
