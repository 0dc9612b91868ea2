/**
 * One share of a search that several workers make together, breadth first: they look at all states of a depth, each at its own,
 * hand the others theirs, and go on to the next depth when all have taken theirs in.
 */
import type { World } from '../engine/world';
import { Inbox, Outbox, type Batch } from './exchange';
import { Search, type SearchOptions, type Trail, type Violation } from './search';

/** How a share stands at the end of a depth. */
export interface Standing {
  readonly states: number;
  /** States of the next depth, and what was found in this one, so far. */
  readonly frontier: number;
  readonly transitions: number;
  readonly ends: number;
  readonly bytes: number;
  readonly violation: Violation | null;
  /** A run goes on at the depth that is the bound. */
  readonly cut: boolean;
}

export class Shard {
  readonly search: Search;
  readonly #out: readonly Outbox[];
  readonly #in: readonly Inbox[];

  constructor(first: World, options: Omit<SearchOptions, 'share'>, index: number, of: number) {
    const boxes: Outbox[] = [];
    const send = (to: number, ...row: Parameters<Outbox['add']>): void => boxes[to]!.add(...row);
    this.search = new Search(first, { ...options, share: { index, of, send } });
    for (let i = 0; i < of; i++) boxes.push(new Outbox(this.search.moves));
    this.#out = boxes;
    this.#in = boxes.map(() => new Inbox(this.search.moves));
  }

  /** Looks at some states of this depth; whether there are none left. `sent` gets what is others'. */
  look(states: number, sent: (to: number, batch: Batch) => void): boolean {
    const over = this.search.advance(states);
    this.#out.forEach((box, to) => {
      const batch = box.take();
      if (batch) sent(to, batch);
    });
    return over;
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
    return {
      states: search.states.length,
      frontier: search.frontier,
      transitions: search.transitions,
      ends: search.ended.size,
      bytes: search.bytes,
      violation: search.violations[0] ?? null,
      cut: search.end === 'depth',
    };
  }
}
