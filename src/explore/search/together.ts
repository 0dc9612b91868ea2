/**
 * A search made by several workers together, as the one who asks sees it: depth by depth, states on their way handed on, the way to
 * what was found put together from what each knows of it. A share answers what it is asked in the order in which it is asked.
 */
import type { Choice } from '../../engine/choice';
import type { Batch } from './exchange';
import type { Exercised } from './exercised';
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import type { Bounds, SearchEnd, Trail } from './search';
import type { SearchFound, SearchTold } from './search-job';
import type { Standing } from './shard';
import type { Answers, Asking, Asks, ShardPort, ToShard } from './shard-protocol';
import { exercisedOf, refusedOf, sumOf } from './sums';

/** One share, asked and answering. */
class Asked {
  readonly #waiting: { resolve: (answer: never) => void; reject: (error: Error) => void }[] = [];

  constructor(
    readonly port: ShardPort,
    onBatch: (to: number, batch: Batch) => void,
  ) {
    port.hear = (message) => {
      if (message.type === 'batch') return onBatch(message.to, message.batch);
      const { resolve, reject } = this.#waiting.shift()!;
      if (message.type === 'refused') reject(new JobError(message.problems));
      else resolve(message.answer as never);
    };
  }

  ask<K extends Asking>(type: K, more: Asks[K]): Promise<Answers[K]> {
    this.port.post({ type, ...more } as ToShard);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }
}

export type Tried = NonNullable<SearchFound['tried']>;

export interface Watch {
  readonly onProgress?: (progress: Progress) => void;
  /** Waited for before more is asked of a share: a pause. */
  readonly gate?: () => Promise<void> | void;
}

export class Together {
  readonly #told: SearchTold;
  readonly #shares: readonly Asked[];
  #standings: Standing[] = [];
  readonly #watch: Watch;
  #depth = 0;
  #bounds: Bounds;
  #begun: Answers['share'] = { before: [], patches: [] };
  /** Batches that are on their way. */
  #handed: Promise<unknown>[] = [];

  /** The ports are the search's until `leave`. */
  constructor(ports: readonly ShardPort[], told: SearchTold, watch: Watch = {}) {
    this.#told = told;
    this.#bounds = told.bounds;
    this.#watch = watch;
    this.#shares = ports.map(
      (port, from) =>
        new Asked(port, (to, batch) => {
          this.#handed.push(this.#shares[to]!.ask('take', { from, batch }));
        }),
    );
  }

  /** Throws JobError as the search alone would. `tried` is null: it is asked for after a search that found nothing. */
  async search(): Promise<SearchFound> {
    const told = this.#told;
    const of = this.#shares.length;
    const [begun] = await Promise.all(this.#shares.map((share, index) => share.ask('share', { told, index, of })));
    this.#begun = begun!;
    this.#standings = await this.#all('stand', {});
    return this.#goes();
  }
  /** Goes on with a search that a bound has cut off. */
  async resume(bounds: Bounds): Promise<SearchFound> {
    this.#bounds = bounds;
    await this.#all('resume', { bounds });
    return this.#goes();
  }

  /** What a search that found nothing has tried: as exercised.ts. */
  async tried(): Promise<Tried> {
    const refused = refusedOf(await this.#all('refusals', {}));
    const patches: Exercised[] = [];
    for (const patch of this.#begun.patches) {
      this.#say({ patches: patches.length });
      await this.#watch.gate?.();
      patches.push(exercisedOf(await this.#all('exercise', { patch })));
    }
    return { refused, patches };
  }

  leave(): void {
    for (const { port } of this.#shares) port.post({ type: 'leave' });
  }

  async #goes(): Promise<SearchFound> {
    const { before, patches } = this.#begun;
    for (; ; this.#depth++) {
      await this.#look();
      this.#standings = await this.#all('stand', {});
      const end = endOf(this.#standings, this.#bounds);
      if (end) {
        const violation = end === 'violation' ? await this.#shortest(before) : null;
        const livelock = end === 'complete' ? await this.#livelock(before) : null;
        const { states, transitions, ends, bytes } = sumOf(this.#standings);
        const counts = { states, transitions, ends, depth: this.#depth, bytes };
        return { end, bounds: this.#bounds, patches, ...counts, violation, livelock, tried: null };
      }
      await this.#all('descend', {});
    }
  }

  /** Has every share look through its states of this depth, and take what the others have come to. */
  async #look(): Promise<void> {
    this.#handed = [];
    const looks = async (share: Asked, i: number): Promise<void> => {
      for (let over = false; !over && sumOf(this.#standings).states <= this.#bounds.states;) {
        await this.#watch.gate?.();
        const answer = await share.ask('look', {});
        over = answer.over;
        this.#standings[i] = answer.standing;
        this.#say({});
      }
    };
    await Promise.all(this.#shares.map(looks));
    await Promise.all(this.#handed);
  }

  /** Of what the shares have found what has the fewest steps, and the way there. */
  async #shortest(before: readonly Choice[]): Promise<SearchFound['violation']> {
    const found = this.#standings.flatMap(({ violation }, share) => (violation ? [{ ...violation, share }] : []));
    const { rule, share, state } = found.sort((a, b) => a.depth - b.depth)[0]!;
    const way = await this.#way(share, state);
    return { rule, steps: way.length, choices: [...before, ...way] };
  }

  /** The shortest way to where the run can go on for ever and never come to its end. */
  async #livelock(before: readonly Choice[]): Promise<SearchFound['livelock']> {
    this.#say({ endings: 0 });
    let next: readonly (readonly number[] | null)[] = this.#shares.map(() => null);
    while (next.some((states) => states === null || states.length > 0)) {
      const answers = await Promise.all(this.#shares.map((share, i) => share.ask('reach', { states: next[i]! })));
      next = this.#shares.map((_, i) => answers.flatMap((answer) => answer[i]!));
    }
    const states = await this.#all('endless', {});
    const found = states.flatMap((state, share) => (state === null ? [] : [{ share, state }]));
    const ways = await Promise.all(found.map(({ share, state }) => this.#way(share, state)));
    const [way] = ways.sort((a, b) => a.length - b.length);
    return way ? { steps: way.length, choices: [...before, ...way] } : null;
  }

  async #way(share: number, state: number): Promise<Choice[]> {
    const choices: Choice[] = [];
    for (let at: { share: number; state: number } | null = { share, state }; at;) {
      const trail: Trail = await this.#shares[at.share]!.ask('trail', { state: at.state });
      choices.unshift(...trail.choices);
      at = trail.before;
    }
    return choices;
  }

  #all<K extends Asking>(type: K, more: Asks[K]): Promise<Answers[K][]> {
    return Promise.all(this.#shares.map((share) => share.ask(type, more)));
  }

  /** `more`: facts of what comes after the search itself. */
  #say(more: Readonly<Record<string, number>>): void {
    const { states, frontier, bytes } = sumOf(this.#standings);
    this.#watch.onProgress?.({
      done: states,
      of: null,
      facts: { states, frontier, depth: this.#depth, bytes, ...more },
    });
  }
}

function endOf(standings: readonly Standing[], bounds: Bounds): SearchEnd | null {
  const { states, frontier } = sumOf(standings);
  if (standings.some(({ violation }) => violation)) return 'violation';
  const cut = standings.find((standing) => standing.cut)?.cut;
  if (cut) return cut;
  if (states > bounds.states) return 'states';
  return frontier === 0 ? 'complete' : null;
}
