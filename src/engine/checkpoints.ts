/**
 * The worlds of a run at every so many steps. Few of them are kept as worlds: a run whose writes lie far apart dirties more
 * pages than memory holds. The others are the words in which each differs from the one before.
 */
import type { Store } from './store';
import type { World } from './world';

/** Most words by which a checkpoint may differ from the world that it is made of again: a tenth of a second at worst. */
const MOST_WORDS = 500_000;
/** Bytes that a changed word takes here: where, and what; and of a page of a world. */
const WORD_BYTES = 8;
const PAGE_BYTES = 4096;

/** The words that changed since a checkpoint, each with its last value; not of so many that they would not be kept as words. */
export class Tape {
  readonly #words = new Map<number, number>();
  #full = false;

  /** `to`: step that the tape has come to. */
  constructor(public to: number) {}

  /** Takes in what changed since the store was last settled: the next step. */
  add(store: Store): void {
    this.to++;
    if (this.#full) return;
    store.changes(0, (space, address, _, value) => {
      if (this.#words.size < MOST_WORDS) this.#words.set(store.where(space, address), value);
      else this.#full = true;
    });
    if (this.#full) this.#words.clear();
  }

  /** Where and what, by turns; null: there are too many. */
  words(): Uint32Array | null {
    if (this.#full) return null;
    const words = new Uint32Array(this.#words.size * 2);
    let i = 0;
    for (const [where, value] of this.#words) {
      words[i++] = where;
      words[i++] = value;
    }
    return words;
  }
}

interface Kept {
  readonly at: number;
  readonly world: World;
}

export class Checkpoints {
  /** In order; the first is the first image. */
  readonly #kept: Kept[];
  /** By checkpoint, how it differs from the one before; none of one that is kept as a world. */
  readonly #changes: (Uint32Array | null)[] = [null];
  /** The one that was last made again. */
  #made: Kept | null = null;
  /** What changed since the last that is kept: words, and pages, by their addresses without the last ten bits. */
  #words = 0;
  #pages = new Set<number>();

  constructor(first: World) {
    this.#kept = [{ at: 0, world: first }];
  }

  get length(): number {
    return this.#changes.length;
  }

  /** The world at checkpoint `n`. Fork it: it is not the caller's. */
  reach(n: number): World {
    const kept = this.#kept.findLast(({ at }) => at <= n)!;
    if (kept.at === n) return kept.world;
    const near = this.#made && this.#made.at >= kept.at && this.#made.at <= n ? this.#made : null;
    const world = near?.world ?? kept.world.fork();
    for (let at = (near ?? kept).at + 1; at <= n; at++) world.store.take(this.#changes[at]!);
    this.#made = { at: n, world };
    return world;
  }

  /** The next checkpoint: `world`, which the tape has led to. */
  add(world: World, tape: Tape): void {
    const words = tape.words();
    const at = this.length;
    if (words) this.#count(words);
    // As a world it costs the pages that differ: no more than the words do by now.
    if (words && this.#words < MOST_WORDS && this.#words * WORD_BYTES < this.#pages.size * PAGE_BYTES) {
      this.#changes.push(words);
      return;
    }
    this.#changes.push(null);
    this.#kept.push({ at, world: world.fork() });
    this.#forget();
  }

  /** Forgets checkpoint `n` and all that come after it; `n` is not 0. */
  cut(n: number): void {
    if (n >= this.length) return;
    this.#changes.length = n;
    while (this.#kept.at(-1)!.at >= n) this.#kept.pop();
    this.#made = null;
    this.#forget();
    for (let at = this.#kept.at(-1)!.at + 1; at < n; at++) this.#count(this.#changes[at]!);
  }

  #count(words: Uint32Array): void {
    this.#words += words.length / 2;
    for (let i = 0; i < words.length; i += 2) this.#pages.add(words[i]! >>> 10);
  }

  #forget(): void {
    this.#words = 0;
    this.#pages = new Set();
  }
}
