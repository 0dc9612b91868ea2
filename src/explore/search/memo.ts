/**
 * What a pure question about a world came to, by the values of the parts that it looked at, in the order in which it did: a
 * question that looks at the same values gets the same answer. A node names the next part to look at; an edge is a value of it.
 */
export const UNKNOWN = -1;

const LEAF = -2;
const UNSET = -1;

export class Memo {
  /** By node: the part that is looked at next, LEAF, or UNSET. */
  #part = new Int32Array(1024).fill(UNSET);
  #answer = new Int32Array(1024);
  #nodes = 0;
  /** Edges: node, value, node by threes, open addressing. */
  #edges = new Int32Array(3 * 4096).fill(-1);
  #mask = 4095;
  #used = 0;

  get bytes(): number {
    return this.#part.byteLength + this.#answer.byteLength + this.#edges.byteLength;
  }

  /** A new question: its number. */
  ask(): number {
    return this.#node();
  }

  /** The answer to a question in the state that `state` holds from `at` on, or UNKNOWN. */
  find(question: number, state: Uint32Array, at: number): number {
    let node = question;
    const parts = this.#part;
    for (;;) {
      const part = parts[node]!;
      if (part < 0) return part === LEAF ? this.#answer[node]! : UNKNOWN;
      node = this.#follow(node, state[at + part]!);
      if (node < 0) return UNKNOWN;
    }
  }

  /** Keeps an answer that was got by looking at `parts`, in this order. */
  keep(question: number, state: Uint32Array, at: number, parts: readonly number[], answer: number): void {
    let node = question;
    for (const part of parts) {
      if (this.#part[node] === UNSET) this.#part[node] = part;
      if (this.#part[node] !== part) throw new Error('a step looked at other parts than before, where nothing differs');
      const value = state[at + part]!;
      let next = this.#follow(node, value);
      if (next < 0) {
        next = this.#node();
        this.#link(node, value, next);
      }
      node = next;
    }
    this.#part[node] = LEAF;
    this.#answer[node] = answer;
  }

  #follow(node: number, value: number): number {
    const edges = this.#edges;
    for (let i = place(node, value) & this.#mask; ; i = (i + 1) & this.#mask) {
      const from = edges[i * 3]!;
      if (from === node && edges[i * 3 + 1] === value) return edges[i * 3 + 2]!;
      if (from < 0) return -1;
    }
  }

  #link(from: number, value: number, to: number): void {
    if (++this.#used * 2 > this.#mask) this.#grow();
    const edges = this.#edges;
    let i = place(from, value) & this.#mask;
    while (edges[i * 3]! >= 0) i = (i + 1) & this.#mask;
    edges[i * 3] = from;
    edges[i * 3 + 1] = value;
    edges[i * 3 + 2] = to;
  }

  #grow(): void {
    const old = this.#edges;
    this.#mask = this.#mask * 2 + 1;
    this.#edges = new Int32Array((this.#mask + 1) * 3).fill(-1);
    this.#used = 1;
    for (let i = 0; i < old.length; i += 3) if (old[i]! >= 0) this.#link(old[i]!, old[i + 1]!, old[i + 2]!);
  }

  #node(): number {
    if (this.#nodes === this.#part.length) {
      const part = new Int32Array(this.#nodes * 2).fill(UNSET);
      part.set(this.#part);
      this.#part = part;
      const answer = new Int32Array(this.#nodes * 2);
      answer.set(this.#answer);
      this.#answer = answer;
    }
    return this.#nodes++;
  }
}

function place(node: number, value: number): number {
  let h = Math.imul(node ^ 0x5bd1e995, 0x85ebca6b) ^ Math.imul(value, 0xc2b2ae35);
  h ^= h >>> 15;
  return h;
}
