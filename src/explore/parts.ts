/**
 * A world cut into parts: an actor's registers, a server list, the tables, a few groups of frames. Most steps look at few of
 * them and change fewer, and each takes few values; so a state is kept as a number for each part, and the words behind a number
 * once (the collapse of Holzmann's Spin). Two states are the same if and only if their numbers are.
 */
import type { Region, World } from '../engine/world';

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
  readonly #frameAt: (address: number) => number;

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
    this.#frameAt = (address) => w.store.frameAt(address);
  }

  get length(): number {
    return this.names.length;
  }

  /** Part of a word of a space; NO_PART. Address -1, any word, comes from walks of the tables alone. */
  of(space: number, address: number): number {
    if (space === TABLES) return this.#tables;
    if (space === FRAMES) return this.#frames + (this.#frameAt(address) % FRAME_GROUPS);
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
