/** A job that a game waits for: one at a time, each shown with how far it is, and given up when the user says so. */
import { JobError } from '../../explore/job-error';
import type { Found, JobName, Told } from '../../explore/jobs';
import type { Problem } from '../../scenarios/schema';
import { Stopped, type Pool, type Running } from '../pool';

export class Work<K extends string> {
  readonly #pool: Pool;
  /** What is being done; null: nothing. */
  doing = $state<K | null>(null);
  /** States that its searches have come to, and sets that were searched. */
  states = $state(0);
  sets = $state(0);
  paused = $state(false);
  stopped = $state(false);
  died = $state(false);
  problems = $state.raw<readonly Problem[]>([]);
  #running: Pick<Running<JobName>, 'pause' | 'resume' | 'stop'> | null = null;
  #turn = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** null: it was given up, or it could not be done, as `problems` say. What was under way before is given up. */
  async run<J extends JobName>(doing: K, job: J, told: Told<J>): Promise<Found<J> | null> {
    this.stop();
    const turn = ++this.#turn;
    Object.assign(this, { doing, states: 0, sets: 0, stopped: false, died: false, problems: [] });
    const running = this.#pool.run(job, told, ({ facts }) => {
      if (turn !== this.#turn) return;
      this.states = facts['states'] ?? 0;
      this.sets = facts['sets'] ?? 0;
    });
    this.#running = running;
    try {
      const found = await running.found;
      return turn === this.#turn ? found : null;
    } catch (error) {
      if (turn !== this.#turn) return null;
      if (error instanceof Stopped) this.stopped = true;
      else if (error instanceof JobError) this.problems = error.problems;
      else this.died = true;
      return null;
    } finally {
      if (turn === this.#turn) Object.assign(this, { doing: null, paused: false });
    }
  }

  pause(): void {
    this.paused = true;
    this.#running?.pause();
  }
  resume(): void {
    this.paused = false;
    this.#running?.resume();
  }
  stop(): void {
    this.#running?.stop();
    this.#running = null;
  }
}
