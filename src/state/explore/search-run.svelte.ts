/** A search that the user has asked for: how far it is, what it found, and what follows from that. */
import type { Equivalents } from '../../explore/equivalents-job';
import { JobError } from '../../explore/job-error';
import type { Found, JobName, Progress, Told } from '../../explore/jobs';
import type { SearchFound } from '../../explore/search-job';
import type { Problem } from '../../scenarios/schema';
import { Stopped, type Pool, type Running } from '../pool';
import { Clock } from './clock';
import type { Target } from './target';

/** `search`, and after it `tried`: what a clean one has exercised; or `actors`: each actor's own way. */
export type Phase = 'idle' | 'search' | 'tried' | 'actors' | 'done';

export interface Facts {
  readonly states: number;
  readonly frontier: number | null;
  readonly depth: number;
  readonly bytes: number;
  /** States a second. */
  readonly rate: number;
  /** Of what comes after the search itself. */
  readonly phase: 'search' | 'endings' | 'refusals' | 'patches' | 'actors';
  readonly patches: number;
}

/** Each actor's own way is looked for in no more states than this. */
const ACTOR_STATES = 400_000;

export class SearchRun {
  readonly #pool: Pool;
  phase = $state<Phase>('idle');
  paused = $state(false);
  /** The user has stopped it before its end. */
  stopped = $state(false);
  facts = $state.raw<Facts | null>(null);
  target = $state.raw<Target | null>(null);
  found = $state.raw<SearchFound | null>(null);
  tried = $state.raw<SearchFound['tried']>(null);
  actors = $state.raw<Equivalents | null>(null);
  problems = $state.raw<readonly Problem[]>([]);
  /** The worker has died. */
  died = $state(false);
  #running: Pick<Running<JobName>, 'pause' | 'resume' | 'stop'> | null = null;
  readonly #clock = new Clock();
  #turn = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  get busy(): boolean {
    return this.phase !== 'idle' && this.phase !== 'done';
  }

  async start(target: Target): Promise<void> {
    this.stop();
    const turn = ++this.#turn;
    Object.assign(this, { paused: false, stopped: false, died: false, problems: [], facts: null, target });
    Object.assign(this, { found: null, tried: null, actors: null });
    const { scenario, changes, step: from, bounds } = target;
    const told = { scenario, changes, from };
    const rules = target.rules ? { rules: target.rules } : {};
    try {
      const found = await this.#do(turn, 'search', { ...told, ...rules, bounds });
      this.found = found;
      if (found.violation) {
        const within = { depth: bounds.depth, states: Math.min(bounds.states, ACTOR_STATES) };
        const { rule } = found.violation;
        this.actors = await this.#do(turn, 'equivalents', { ...told, bounds: within, rule }, 'actors');
      } else if (!found.livelock)
        this.tried = (await this.#do(turn, 'search', { ...told, ...rules, bounds, exercised: true }, 'tried')).tried;
      this.phase = 'done';
    } catch (error) {
      if (turn !== this.#turn) return;
      this.phase = 'done';
      if (error instanceof Stopped) this.stopped = true;
      else if (error instanceof JobError) this.problems = error.problems;
      else this.died = true;
    }
  }

  pause(): void {
    this.#running?.pause();
    this.#clock.stand();
    this.paused = true;
  }
  resume(): void {
    this.#running?.resume();
    this.#clock.go();
    this.paused = false;
  }
  /** What was found by then stays. */
  stop(): void {
    this.#running?.stop();
    this.#running = null;
    this.paused = false;
  }

  async #do<K extends JobName>(turn: number, job: K, told: Told<K>, phase: Phase = 'search'): Promise<Found<K>> {
    this.phase = phase;
    this.#clock.reset();
    this.#clock.go();
    const running = this.#pool.run(job, told, (progress) => {
      if (turn === this.#turn) this.facts = this.#factsOf(progress);
    });
    this.#running = running;
    const found = await running.found;
    // Another search has taken its place.
    if (turn !== this.#turn) throw new Stopped('stopped');
    this.#running = null;
    return found;
  }

  #factsOf({ facts }: Progress): Facts {
    const { states = 0, frontier = null, depth = 0, bytes = 0, patches, endings, refusals } = facts;
    const seconds = this.#clock.ms / 1000;
    return {
      states,
      frontier,
      depth,
      bytes,
      rate: seconds > 0 ? Math.round(states / seconds) : 0,
      phase:
        this.phase === 'actors'
          ? 'actors'
          : patches !== undefined
            ? 'patches'
            : refusals !== undefined
              ? 'refusals'
              : endings !== undefined
                ? 'endings'
                : 'search',
      patches: patches ?? 0,
    };
  }
}
