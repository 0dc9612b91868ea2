/** A graph of states walked backwards: which of them lead to some others. Of one that is shared out, one share's states. */
export class Back {
  /** Of each state, 1 if it leads to a target, or is one. */
  readonly reached: Uint8Array;
  readonly #own: number;
  /** Edges: state, and the one that leads to it with its share. */
  #to = new Int32Array(1 << 14);
  #from = new Int32Array(1 << 14);
  #shares = new Uint8Array(1 << 14);
  #used = 0;
  /** Edges by the state that they lead to: those of state n are `#order` from `#first[n]` to `#first[n + 1]`. */
  #first: Int32Array | null = null;
  #order = new Int32Array(0);

  /** `own`: number of this share. */
  constructor(states: number, own = 0) {
    this.reached = new Uint8Array(states);
    this.#own = own;
  }

  /** State `from` of a share leads to state `to` of this one. */
  add(to: number, share: number, from: number): void {
    const n = this.#used++;
    if (n === this.#to.length) this.#grow();
    this.#to[n] = to;
    this.#from[n] = from;
    this.#shares[n] = share;
  }

  /** All edges are there: finds what leads to these states; `others` is told of states of other shares that do, each to be reached there. */
  reach(targets: Iterable<number>, others: (share: number, state: number) => void = () => undefined): void {
    const first = this.#first ?? this.#sort();
    const { reached } = this;
    const line: number[] = [];
    for (const n of targets) if (reached[n] === 0) reached[line[line.push(n) - 1]!] = 1;
    while (line.length > 0) {
      const n = line.pop()!;
      for (let i = first[n]!; i < first[n + 1]!; i++) {
        const edge = this.#order[i]!;
        const before = this.#from[edge]!;
        const share = this.#shares[edge]!;
        if (share !== this.#own) others(share, before);
        else if (reached[before] === 0) reached[line[line.push(before) - 1]!] = 1;
      }
    }
  }

  #sort(): Int32Array {
    const { length } = this.reached;
    const first = new Int32Array(length + 1);
    for (let i = 0; i < this.#used; i++) first[this.#to[i]! + 1]! += 1;
    for (let n = 0; n < length; n++) first[n + 1]! += first[n]!;
    this.#order = new Int32Array(this.#used);
    const filled = first.slice();
    for (let i = 0; i < this.#used; i++) this.#order[filled[this.#to[i]!]!++] = i;
    return (this.#first = first);
  }

  #grow(): void {
    const more = <T extends Int32Array | Uint8Array>(old: T, now: T): T => (now.set(old), now);
    const length = this.#used * 2;
    this.#to = more(this.#to, new Int32Array(length));
    this.#from = more(this.#from, new Int32Array(length));
    this.#shares = more(this.#shares, new Uint8Array(length));
  }
}
