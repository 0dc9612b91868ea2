/**
 * A search made by several workers together, as the one who asks sees it: depth by depth, states on their way handed on, the way to
 * what was found put together from what each knows of it. A share answers what it is asked in the order in which it is asked.
 */
import type { Choice } from '../engine/choice';
import type { Problem } from '../scenarios/schema';
import type { Batch } from './exchange';
import { JobError } from './job-error';
import type { Progress } from './jobs';
import type { Bounds, SearchEnd, Trail, Violation } from './search';
import type { SearchTold } from './search-job';
import type { Standing } from './shard';

export type ToShard =
  | { readonly type: 'share'; readonly told: SearchTold; readonly index: number; readonly of: number }
  | { readonly type: 'look' | 'descend' | 'stand' }
  | { readonly type: 'take'; readonly from: number; readonly batch: Batch }
  | { readonly type: 'trail'; readonly state: number };

/** `batch` is none of the answers: it comes in the midst of a look. */
export type FromShard =
  | { readonly type: 'batch'; readonly to: number; readonly batch: Batch }
  | { readonly type: 'done' }
  | { readonly type: 'standing'; readonly standing: Standing }
  | { readonly type: 'trail'; readonly trail: Trail }
  | { readonly type: 'refused'; readonly problems: readonly Problem[] };

export interface ShardPort {
  postMessage(message: ToShard): void;
  onmessage: ((event: MessageEvent<FromShard>) => void) | null;
}

export interface FoundTogether {
  readonly end: SearchEnd;
  readonly states: number;
  readonly transitions: number;
  readonly ends: number;
  readonly depth: number;
  readonly bytes: number;
  /** `choices`: from where the search began. */
  readonly violation: (Pick<Violation, 'rule' | 'depth'> & { readonly choices: readonly Choice[] }) | null;
}

/** One share, asked and answering. */
class Asked {
  readonly #waiting: { resolve: (answer: FromShard) => void; reject: (error: Error) => void }[] = [];

  constructor(
    readonly port: ShardPort,
    onBatch: (to: number, batch: Batch) => void,
  ) {
    port.onmessage = ({ data }) => {
      if (data.type === 'batch') return onBatch(data.to, data.batch);
      const { resolve, reject } = this.#waiting.shift()!;
      if (data.type === 'refused') reject(new JobError(data.problems));
      else resolve(data);
    };
  }

  ask(message: ToShard): Promise<FromShard> {
    this.port.postMessage(message);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async standing(): Promise<Standing> {
    const answer = await this.ask({ type: 'stand' });
    if (answer.type !== 'standing') throw new Error(`a share answered ${answer.type} to stand`);
    return answer.standing;
  }

  async trail(state: number): Promise<Trail> {
    const answer = await this.ask({ type: 'trail', state });
    if (answer.type !== 'trail') throw new Error(`a share answered ${answer.type} to trail`);
    return answer.trail;
  }
}

/** Throws JobError as the search alone would. The ports are the search's until it is over. */
export async function searchTogether(
  ports: readonly ShardPort[],
  told: SearchTold,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<FoundTogether> {
  let taking: Promise<unknown>[] = [];
  const shares: Asked[] = ports.map(
    (port, from) => new Asked(port, (to, batch) => void taking.push(shares[to]!.ask({ type: 'take', from, batch }))),
  );
  const all = <T>(ask: (share: Asked) => Promise<T>): Promise<T[]> => Promise.all(shares.map(ask));
  const of = shares.length;
  await Promise.all(shares.map((share, index) => share.ask({ type: 'share', told, index, of })));
  for (let depth = 0; ; depth++) {
    taking = [];
    await all((share) => share.ask({ type: 'look' }));
    await Promise.all(taking);
    const standings = await all((share) => share.standing());
    const sum = (of: (standing: Standing) => number): number => standings.reduce((n, it) => n + of(it), 0);
    const counts = {
      states: sum(({ states }) => states),
      transitions: sum(({ transitions }) => transitions),
      ends: sum(({ ends }) => ends),
      bytes: sum(({ bytes }) => bytes),
      depth,
    };
    const frontier = sum((it) => it.frontier);
    const { states, bytes } = counts;
    onProgress({ done: states, of: null, facts: { states, frontier, depth, bytes } });
    const end = endOf(standings, frontier, states, told.bounds);
    if (end === 'violation') return { ...counts, end, violation: await shortest(shares, standings) };
    if (end) return { ...counts, end, violation: null };
    await all((share) => share.ask({ type: 'descend' }));
  }
}

function endOf(standings: readonly Standing[], frontier: number, states: number, bounds: Bounds): SearchEnd | null {
  if (standings.some(({ violation }) => violation)) return 'violation';
  if (standings.some(({ cut }) => cut)) return 'depth';
  if (frontier === 0) return 'complete';
  return states >= bounds.states ? 'states' : null;
}

/** Of what the shares have found what has the fewest steps, and the way there. */
async function shortest(
  shares: readonly Asked[],
  standings: readonly Standing[],
): Promise<NonNullable<FoundTogether['violation']>> {
  const found = standings.flatMap(({ violation }, share) => (violation ? [{ ...violation, share }] : []));
  const { rule, depth, share, state } = found.sort((a, b) => a.depth - b.depth)[0]!;
  const choices: Choice[] = [];
  for (let at: { share: number; state: number } | null = { share, state }; at;) {
    const trail: Trail = await shares[at.share]!.trail(at.state);
    choices.unshift(...trail.choices);
    at = trail.before;
  }
  return { rule, depth, choices };
}
