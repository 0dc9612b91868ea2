/**
 * A world cut into parts: an actor's registers, a server list, the tables, a few groups of frames. Most steps look at few of
 * them and change fewer, and each takes few values; so a state is kept as a number for each part, and the words behind a number
 * once (the collapse of Holzmann's Spin). Two states are the same if and only if their numbers are.
 */
import { ADDRESS, PAGE_WORDS, SPACE_SHIFT, type Store } from '../../engine/store';
import type { Region, World } from '../../engine/world';
import { inOrder, type Words } from './values';

/** Groups that frames with contents are dealt to, by their machine frame. */
const FRAME_GROUPS = 6;
/** What is no part of the state: step numbers, causes, costs. */
export const NO_PART = -1;

const STATE = 0;
const TABLES = 1;
const FRAMES = 2;

interface Range {
  readonly end: number;
  readonly part: number;
}

/** Which part a word belongs to. */
export class Parts {
  readonly names: readonly string[];
  readonly #state: readonly Range[];
  readonly #notes: readonly Range[];
  readonly #tables: number;
  readonly #frames: number;
  readonly #store: Store;

  constructor(w: World) {
    const names = [...new Set(w.regions.map(({ part }) => part))];
    this.#tables = names.indexOf('tables');
    this.#frames = names.length;
    for (let i = 0; i < FRAME_GROUPS; i++) names.push(`frames${i}`);
    this.names = names;
    const ranges = (of: readonly Region[]): Range[] => {
      const bounds = [...new Set([0, ...of.flatMap(({ base, words }) => [base, base + words])])].sort((a, b) => a - b);
      return bounds.slice(1).map((end, i) => {
        const over = of.filter(({ base, words }) => base <= bounds[i]! && base + words >= end);
        const least = over.sort((a, b) => a.words - b.words)[0];
        return { end, part: least ? names.indexOf(least.part) : NO_PART };
      });
    };
    this.#state = ranges(w.regions.filter(({ space }) => space === STATE));
    this.#notes = ranges(w.regions.filter(({ space }) => space !== STATE));
    this.#store = w.store;
  }

  get length(): number {
    return this.names.length;
  }

  /** What a word is called whatever the order in which frames got their places. */
  key(where: number): number {
    if (where >>> SPACE_SHIFT !== FRAMES) return where;
    const address = where & ADDRESS;
    return Math.imul(this.#store.frameAt(address) + 1, 0x9e3779b1) ^ (address % PAGE_WORDS);
  }

  /** Names frames by their place in the list that it answers, and no more by where they lie. */
  toFrames(words: Words): number[] {
    const frames: number[] = [];
    for (let i = 0; i < words.length; i += 2) {
      const where = words[i]!;
      if (where >>> SPACE_SHIFT !== FRAMES) continue;
      const mfn = this.#store.frameAt(where & ADDRESS);
      let n = frames.indexOf(mfn);
      if (n < 0) n = frames.push(mfn) - 1;
      words[i] = this.#store.where(FRAMES, n * PAGE_WORDS + (where % PAGE_WORDS));
    }
    return frames;
  }

  /** The way back, by rising `where`. */
  fromFrames(words: Words, frames: readonly number[]): Words {
    if (frames.length === 0) return words;
    const all = new Map<number, number>();
    for (let i = 0; i < words.length; i += 2) {
      const where = words[i]!;
      const mfn = frames[Math.floor((where & ADDRESS) / PAGE_WORDS)]!;
      all.set(this.#store.where(FRAMES, this.#store.frameAddress(mfn) + (where % PAGE_WORDS)), words[i + 1]!);
    }
    return inOrder(all);
  }

  /** Part of a word of a space; NO_PART. Address -1, any word, comes from walks of the tables alone. */
  of(space: number, address: number): number {
    if (space === TABLES) return this.#tables;
    if (space === FRAMES) return this.#frames + (this.#store.frameAt(address) % FRAME_GROUPS);
    return partAt(space === STATE ? this.#state : this.#notes, address);
  }
}

function partAt(ranges: readonly Range[], address: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.end <= address) low = middle + 1;
    else high = middle;
  }
  return ranges[low]?.part ?? NO_PART;
}
