/** A search that the user has asked for: how far it is, what it found, and what follows from that. */
import type { Equivalents } from '../../explore/search/equivalents-job';
import { JobError } from '../../explore/job-error';
import type { AuditRule } from '../../engine/audit';
import type { Progress } from '../../explore/progress';
import type { Bounds } from '../../explore/search/search';
import type { SearchFound } from '../../explore/search/search-job';
import { Together } from '../../explore/search/together';
import type { Problem } from '../../scenarios/schema';
import { Stopped, type Lent, type Pool, type Running } from '../pool';
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
  /** Workers that make it together. */
  workers = $state(0);
  /** A bound has cut it off, and all that it has seen is there to go on from. */
  kept = $state(false);
  #lent: Lent | null = null;
  #together: Together | null = null;
  #running: Running<'equivalents'> | null = null;
  /** Gives up what is under way. */
  #giveUp: () => void = () => undefined;
  /** What a search that stands still waits for. */
  #pause: { readonly over: Promise<void>; readonly end: () => void } | null = null;
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
    this.#release();
    this.#clock.reset();
    this.facts = null;
    this.workers = 0;
    const turn = this.#begin(target);
    try {
      const asked = this.#pool.lend();
      this.#giveUp = asked.stop;
      const lent = (this.#lent = await asked.lent);
      this.workers = lent.ports.length;
      const rules = target.rules ? { rules: target.rules } : {};
      this.#together = new Together(
        lent.ports,
        { ...toldOf(target), ...rules, bounds: target.bounds },
        {
          onProgress: (progress) => this.#hear(turn, progress),
          gate: () => this.#pause?.over,
        },
      );
      await this.#follow(lent, this.#together, (together) => together.search());
    } catch (error) {
      this.#failed(turn, error);
    }
  }

  /** Goes on with what a bound has cut off, within other bounds. */
  async goOn(bounds: Bounds): Promise<void> {
    const [lent, together] = [this.#lent, this.#together];
    if (!this.kept || !lent || !together) return;
    lent.rest(false);
    this.facts = this.facts && { ...this.facts, phase: 'search', patches: 0 };
    const turn = this.#begin({ ...this.target!, bounds });
    try {
      await this.#follow(lent, together, () => together.resume(bounds));
    } catch (error) {
      this.#failed(turn, error);
    }
  }

  pause(): void {
    let end: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    this.#pause = { over, end };
    this.#running?.pause();
    this.#clock.stand();
    this.paused = true;
  }
  resume(): void {
    this.#pause?.end();
    this.#pause = null;
    this.#running?.resume();
    this.#clock.go();
    this.paused = false;
  }
  /** What was found by then stays. */
  stop(): void {
    if (this.busy) this.#giveUp();
    this.#pause = null;
    this.paused = false;
  }

  #begin(target: Target): number {
    Object.assign(this, { stopped: false, died: false, kept: false, problems: [], phase: 'search', target });
    Object.assign(this, { found: null, tried: null, actors: null });
    this.#clock.go();
    return ++this.#turn;
  }

  /** A search, and what follows from what it finds. */
  async #follow(lent: Lent, together: Together, search: (of: Together) => Promise<SearchFound>): Promise<void> {
    this.#giveUp = lent.stop;
    const found = (this.found = await Promise.race([search(together), lent.gone]));
    this.#clock.stand();
    if (found.violation) {
      this.#release();
      this.actors = await this.#waysOf(found.violation.rule);
    } else if (!found.livelock) {
      this.phase = 'tried';
      this.tried = await Promise.race([together.tried(), lent.gone]);
    }
    this.phase = 'done';
    if (found.end !== 'depth' && found.end !== 'states') return this.#release();
    this.kept = true;
    // Somebody else has the workers now.
    lent.gone.catch(() => {
      if (this.#lent === lent) this.kept = false;
    });
    lent.rest(true);
  }

  async #waysOf(rule: AuditRule): Promise<Equivalents> {
    const target = this.target!;
    const { depth, states } = target.bounds;
    const turn = this.#turn;
    this.phase = 'actors';
    const told = { ...toldOf(target), bounds: { depth, states: Math.min(states, ACTOR_STATES) }, rule };
    const running = this.#pool.run('equivalents', told, (progress) => this.#hear(turn, progress));
    this.#running = running;
    this.#giveUp = running.stop;
    try {
      return await running.found;
    } finally {
      this.#running = null;
    }
  }

  /** The workers do other jobs. */
  #release(): void {
    this.#together?.leave();
    this.#lent?.giveBack();
    this.#together = this.#lent = null;
  }

  #failed(turn: number, error: unknown): void {
    // Another search has taken its place.
    if (turn !== this.#turn) return;
    this.phase = 'done';
    this.#release();
    if (error instanceof Stopped) this.stopped = true;
    else if (error instanceof JobError) this.problems = error.problems;
    else this.died = true;
  }

  #hear(turn: number, progress: Progress): void {
    if (turn === this.#turn) this.facts = this.#factsOf(progress);
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

/** Where a search of it begins; where its file says, whatever step that is under other patches. */
const toldOf = ({ scenario, changes, from, step }: Target) => ({
  scenario,
  changes,
  ...(from === 'plan' ? {} : { from: step }),
});
