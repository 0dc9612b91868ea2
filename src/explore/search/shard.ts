/**
 * One share of a search that several workers make together, breadth first: they look at all states of a depth, each at its own,
 * hand the others theirs, and go on to the next depth when all have taken theirs in. What is asked of a search that is over
 * (graph.ts, exercised.ts) each then answers for its own states.
 */
import type { PatchName } from '../../engine/patches';
import type { World } from '../../engine/world';
import { Inbox, Outbox, type Batch } from './exchange';
import { exercise, refusals, type Exercised, type Refused } from './exercised';
import { firstAstray, Search, type Bounds, type SearchOptions, type Trail, type Violation } from './search';

/** How a share stands. */
export interface Standing {
  readonly states: number;
  /** States that it has yet to look at, those of the next depth with them. */
  readonly frontier: number;
  readonly transitions: number;
  readonly ends: number;
  readonly bytes: number;
  /** What was found in this depth, so far. */
  readonly violation: Violation | null;
  /** A bound has cut it off. */
  readonly cut: 'depth' | 'states' | null;
}

type Sent = (to: number, batch: Batch) => void;

export class Shard {
  readonly search: Search;
  readonly #first: World;
  #bounds: Bounds;
  readonly #out: readonly Outbox[];
  readonly #in: readonly Inbox[];

  constructor(first: World, options: Omit<SearchOptions, 'share'>, index: number, of: number) {
    const boxes: Outbox[] = [];
    const send = (to: number, ...row: Parameters<Outbox['add']>): void => boxes[to]!.add(...row);
    this.#first = first;
    this.#bounds = options.bounds;
    this.search = new Search(first, { ...options, share: { index, of, send } });
    for (let i = 0; i < of; i++) boxes.push(new Outbox(this.search.moves));
    this.#out = boxes;
    this.#in = boxes.map(() => new Inbox(this.search.moves));
  }

  /** Looks at some states of this depth; whether there are none left. `sent` gets what is others'. */
  look(states: number, sent: Sent): boolean {
    const over = this.search.advance(states);
    this.#post(sent);
    return over;
  }

  /** Goes on where a bound has cut it off. */
  resume(bounds: Bounds): void {
    this.#bounds = bounds;
    this.search.resume(bounds);
  }

  take(from: number, batch: Batch): void {
    this.#in[from]!.open(batch, (state, hash, parent, choice) => this.search.arrive(state, hash, from, parent, choice));
  }

  descend(): void {
    this.search.descend();
  }

  trail(state: number): Trail {
    return this.search.trail(state);
  }

  get standing(): Standing {
    const { search } = this;
    const { end } = search;
    return {
      states: search.states.length,
      frontier: search.frontier,
      transitions: search.transitions,
      ends: search.ended.size,
      bytes: search.bytes,
      violation: search.violations[0] ?? null,
      cut: end === 'depth' || end === 'states' ? end : null,
    };
  }

  /** Reaches back from states of this share, null: from where a run is over; answers what to reach back from in each other share. */
  reach(states: Iterable<number> | null): number[][] {
    const others = this.#out.map((): number[] => []);
    this.search.leadingTo(states ?? this.search.ended, (share, state) => others[share]!.push(state));
    return others;
  }
  /** States from which what was reached back from can be reached. */
  get reached(): number {
    return this.search.leadingTo([]).reduce((sum, is) => sum + is, 0);
  }
  /** The first state from which no end can be reached; null: there is none. */
  get endless(): number | null {
    return firstAstray(this.search, this.search.leadingTo([]));
  }

  refusals(): Generator<number, Refused[]> {
    return refusals(this.search);
  }
  exercise(patch: PatchName): Generator<number, Exercised> {
    return exercise(this.search, this.#first, patch, this.#bounds);
  }

  #post(sent: Sent): void {
    this.#out.forEach((box, to) => {
      const batch = box.take();
      if (batch) sent(to, batch);
    });
  }
}
