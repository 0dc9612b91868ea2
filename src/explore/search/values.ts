/**
 * The values that one part has had: each is the words in which it differs from the first image, kept once and numbered from 0,
 * which is the first image itself.
 */

/** Where and what, by turns, by rising `where`. */
export type Words = Uint32Array;

const NOTHING: Words = new Uint32Array(0);

export class Values {
  readonly #key: (where: number) => number;
  readonly #words: Words[] = [NOTHING];
  readonly #marks: number[] = [0];
  readonly #known = new Map<number, number[]>([[0, [0]]]);
  bytes = 0;

  /** `key`: what a word is called in any world of the same beginning, where it is not `where` itself. */
  constructor(key: (where: number) => number = (where) => where) {
    this.#key = key;
  }

  get length(): number {
    return this.#words.length;
  }

  words(value: number): Words {
    return this.#words[value]!;
  }

  /** 32 well-mixed bits of the words of a value, 0 for the first image: the same wherever they were found. */
  mark(value: number): number {
    return this.#marks[value]!;
  }

  /** Number of the value of these words. They are not the caller's any more. */
  number(words: Words): number {
    const mark = this.#markOf(words);
    let alike = this.#known.get(mark);
    if (!alike) this.#known.set(mark, (alike = []));
    for (const value of alike) if (same(this.#words[value]!, words)) return value;
    const value = this.#words.push(words) - 1;
    this.#marks.push(mark);
    alike.push(value);
    this.bytes += words.byteLength + 64;
    return value;
  }

  /** Each word counts on its own, so that their order does not matter. */
  #markOf(words: Words): number {
    let mark = 0;
    for (let i = 0; i < words.length; i += 2) {
      let h = Math.imul(this.#key(words[i]!) ^ 0x5bd1e995, 0x85ebca6b);
      h = Math.imul(h ^ (h >>> 13) ^ words[i + 1]!, 0xc2b2ae35);
      mark ^= h ^ (h >>> 16);
    }
    return mark >>> 0;
  }
}

/** `words` with some of them changed; `first` tells what a word was in the first image: one that is so again is left out. */
export function changed(words: Words, changes: ReadonlyMap<number, number>, first: (where: number) => number): Words {
  const made = new Uint32Array(words.length + changes.size * 2);
  let n = 0;
  let i = 0;
  for (const where of Uint32Array.from(changes.keys()).sort()) {
    for (; i < words.length && words[i]! < where; i += 2) {
      made[n++] = words[i]!;
      made[n++] = words[i + 1]!;
    }
    if (words[i] === where) i += 2;
    const what = changes.get(where)!;
    if (what === first(where)) continue;
    made[n++] = where;
    made[n++] = what;
  }
  made.set(words.subarray(i), n);
  return made.slice(0, n + words.length - i);
}

/** Words by rising `where`. */
export function inOrder(all: ReadonlyMap<number, number>): Words {
  const keys = Uint32Array.from(all.keys()).sort();
  const made = new Uint32Array(keys.length * 2);
  keys.forEach((where, i) => {
    made[i * 2] = where;
    made[i * 2 + 1] = all.get(where)!;
  });
  return made;
}

function same(a: Words, b: Words): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
