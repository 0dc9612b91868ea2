/** What leads to what in a search, to be walked backwards: of one that is shared out, to one share's states. */
export class Back {
  readonly #own: number;
  /** Edges: state, and the one that leads to it with its share. */
  #to = new Int32Array(1 << 12);
  #from = new Int32Array(1 << 12);
  #shares = new Uint8Array(1 << 12);
  #used = 0;
  /** Edges by the state that they lead to: those of state n are `#order` from `#first[n]` to `#first[n + 1]`. */
  #first = new Int32Array(0);
  #order = new Int32Array(0);
  #reached = new Uint8Array(0);

  /** `own`: number of this share. */
  constructor(own = 0) {
    this.#own = own;
  }

  get bytes(): number {
    return this.#to.byteLength + this.#from.byteLength + this.#shares.byteLength;
  }

  /** State `from` of a share leads to state `to` of this one. */
  add(to: number, share: number, from: number): void {
    if (this.#used === this.#to.length) this.#grow();
    const n = this.#used++;
    this.#to[n] = to;
    this.#from[n] = from;
    this.#shares[n] = share;
  }

  /**
   * Of each of so many states, 1 if it leads to one of `targets`, here or of the calls before, or is one. `others` is told of states of
   * other shares that do, each to be reached there.
   */
  reach(
    states: number,
    targets: Iterable<number>,
    others: (share: number, state: number) => void = () => undefined,
  ): Uint8Array {
    if (this.#reached.length !== states) this.#sort(states);
    const reached = this.#reached;
    const first = this.#first;
    const line: number[] = [];
    const reach = (n: number): void => {
      if (reached[n] === 1) return;
      reached[n] = 1;
      line.push(n);
    };
    for (const n of targets) reach(n);
    for (let n = line.pop(); n !== undefined; n = line.pop())
      for (let i = first[n]!; i < first[n + 1]!; i++) {
        const edge = this.#order[i]!;
        const share = this.#shares[edge]!;
        if (share === this.#own) reach(this.#from[edge]!);
        else others(share, this.#from[edge]!);
      }
    return reached;
  }

  #sort(states: number): void {
    const first = new Int32Array(states + 1);
    for (let i = 0; i < this.#used; i++) first[this.#to[i]! + 1]! += 1;
    for (let n = 0; n < states; n++) first[n + 1]! += first[n]!;
    this.#order = new Int32Array(this.#used);
    const filled = first.slice();
    for (let i = 0; i < this.#used; i++) this.#order[filled[this.#to[i]!]!++] = i;
    this.#first = first;
    this.#reached = new Uint8Array(states);
  }

  #grow(): void {
    const more = <T extends Int32Array | Uint8Array>(old: T, now: T): T => (now.set(old), now);
    const length = this.#used * 2;
    this.#to = more(this.#to, new Int32Array(length));
    this.#from = more(this.#from, new Int32Array(length));
    this.#shares = more(this.#shares, new Uint8Array(length));
  }
}
