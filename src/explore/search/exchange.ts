/**
 * States on their way from one share of a search to another: rows of numbers as the sender has them, and the values that the
 * receiver has not met yet. A share numbers values in the order in which it meets them, so the receiver keeps a list of what each
 * number of a sender's is with it.
 */
import type { Moves, Packed } from './moves';

export interface Batch {
  readonly values: readonly Packed[];
  /** By rows: the state's numbers, its hash, the sender's state that led to it, and the place of the choice. */
  readonly rows: Uint32Array<ArrayBuffer>;
}

const BESIDE = 3;

export class Outbox {
  readonly #moves: Moves;
  readonly #width: number;
  /** By part, 1 for each value that the receiver knows. */
  readonly #sent: Uint8Array[];
  #values: Packed[] = [];
  #rows: Uint32Array<ArrayBuffer>;
  #used = 0;

  constructor(moves: Moves) {
    this.#moves = moves;
    this.#width = moves.parts.length;
    this.#sent = moves.values.map(() => Uint8Array.of(1));
    this.#rows = new Uint32Array((this.#width + BESIDE) * 256);
  }

  add(state: Uint32Array, hash: number, parent: number, choice: number): void {
    const width = this.#width;
    for (let part = 0; part < width; part++) if (this.#sent[part]![state[part]!] !== 1) this.#tell(part, state[part]!);
    if (this.#used + width + BESIDE > this.#rows.length) {
      const more = new Uint32Array(this.#rows.length * 2);
      more.set(this.#rows);
      this.#rows = more;
    }
    this.#rows.set(state, this.#used);
    this.#rows[this.#used + width] = hash;
    this.#rows[this.#used + width + 1] = parent;
    this.#rows[this.#used + width + 2] = choice;
    this.#used += width + BESIDE;
  }

  /** What has gathered; null: nothing. */
  take(): Batch | null {
    if (this.#used === 0) return null;
    const batch = { values: this.#values, rows: this.#rows.slice(0, this.#used) };
    this.#values = [];
    this.#used = 0;
    return batch;
  }

  #tell(part: number, value: number): void {
    let sent = this.#sent[part]!;
    if (value >= sent.length) {
      const more = new Uint8Array(Math.max(value + 1, sent.length * 2));
      more.set(sent);
      this.#sent[part] = sent = more;
    }
    sent[value] = 1;
    this.#values.push(this.#moves.pack(part, value));
  }
}

/** The receiver's end, one for each sender. */
export class Inbox {
  readonly #moves: Moves;
  /** By part and the sender's number of a value, the number that it has here. */
  readonly #own: Uint32Array[];
  readonly #state: Uint32Array;

  constructor(moves: Moves) {
    this.#moves = moves;
    this.#own = moves.values.map(() => new Uint32Array(16));
    this.#state = new Uint32Array(moves.parts.length);
  }

  /** Calls `see` for each state; it is given the same array each time. */
  open({ values, rows }: Batch, see: (state: Uint32Array, hash: number, parent: number, choice: number) => void): void {
    for (const packed of values) this.#note(packed.part, packed.value, this.#moves.unpack(packed));
    const own = this.#own;
    const width = own.length;
    const state = this.#state;
    for (let at = 0; at < rows.length; at += width + BESIDE) {
      for (let part = 0; part < width; part++) state[part] = own[part]![rows[at + part]!]!;
      see(state, rows[at + width]!, rows[at + width + 1]!, rows[at + width + 2]!);
    }
  }

  #note(part: number, its: number, mine: number): void {
    let own = this.#own[part]!;
    if (its >= own.length) {
      const more = new Uint32Array(Math.max(its + 1, own.length * 2));
      more.set(own);
      this.#own[part] = own = more;
    }
    own[its] = mine;
  }
}
