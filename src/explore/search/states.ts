/** The states of a search, each once: a number for each part, found again by hash and compared whole. */

const CHUNK = 1 << 14;
const LAST = CHUNK - 1;

export class States {
  /** Numbers a state has. */
  readonly width: number;
  readonly #chunks: Uint32Array[] = [];
  readonly #hashes: Uint32Array[] = [];
  #slots = new Int32Array(1 << 12).fill(-1);
  #mask = (1 << 12) - 1;
  length = 0;

  constructor(width: number) {
    this.width = width;
  }

  get bytes(): number {
    return this.#chunks.length * CHUNK * 4 * (this.width + 1) + this.#slots.byteLength;
  }

  /** The array that holds state `n`, which begins in it at `at(n)`. */
  chunk(n: number): Uint32Array {
    return this.#chunks[n >>> 14]!;
  }
  at(n: number): number {
    return (n & LAST) * this.width;
  }
  hash(n: number): number {
    return this.#hashes[n >>> 14]![n & LAST]!;
  }

  /** Number of the state in `state`, -1 if there is none. */
  find(state: Uint32Array, hash: number): number {
    const slots = this.#slots;
    for (let i = spread(hash) & this.#mask; ; i = (i + 1) & this.#mask) {
      const n = slots[i]!;
      if (n < 0) return -1;
      if (this.hash(n) === hash && this.#is(n, state)) return n;
    }
  }

  /** Keeps a state that is not there yet; its number. */
  add(state: Uint32Array, hash: number): number {
    const n = this.length++;
    if ((n & LAST) === 0) {
      this.#chunks.push(new Uint32Array(CHUNK * this.width));
      this.#hashes.push(new Uint32Array(CHUNK));
    }
    this.#chunks[n >>> 14]!.set(state, this.at(n));
    this.#hashes[n >>> 14]![n & LAST] = hash;
    if (this.length * 2 > this.#mask) this.#grow();
    else this.#enter(n, hash);
    return n;
  }

  #is(n: number, state: Uint32Array): boolean {
    const chunk = this.chunk(n);
    const at = this.at(n);
    for (let i = 0; i < state.length; i++) if (chunk[at + i] !== state[i]) return false;
    return true;
  }

  #enter(n: number, hash: number): void {
    let i = spread(hash) & this.#mask;
    while (this.#slots[i]! >= 0) i = (i + 1) & this.#mask;
    this.#slots[i] = n;
  }

  #grow(): void {
    this.#mask = this.#mask * 2 + 1;
    this.#slots = new Int32Array(this.#mask + 1).fill(-1);
    for (let n = 0; n < this.length; n++) this.#enter(n, this.hash(n));
  }
}

function spread(hash: number): number {
  const h = Math.imul(hash, 0x9e3779b1);
  return h ^ (h >>> 15);
}
