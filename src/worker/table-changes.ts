/**
 * What a step wrote in the p2m: the tables before it against those after it. Worlds share the pages that neither has written
 * since they parted, so most of what is equal is known to be without a look.
 */
import { CELL_FRAMES } from '../engine/census';
import { EPT_WL, eptTable } from '../engine/ept-walk';
import { PAGE_WORDS } from '../engine/store';
import type { World } from '../engine/world';
import { formatOf, type EntryFormat, type Mapped } from './p2m-walk';

export interface TablePlace {
  readonly level: number;
  /** First gfn that it maps. */
  readonly first: number;
}

export interface TableChanges {
  /** Cells of 512 frames in which an entry that maps some was written, ascending. */
  readonly cells: readonly number[];
  /** Entries of tables of level 1, 2, 3 (at that index) that were written, by their place in address order, ascending. */
  readonly entries: readonly (readonly number[])[];
  readonly made: readonly TablePlace[];
  readonly freed: readonly TablePlace[];
}

/** Of a step that changed no entry. */
export const UNCHANGED: TableChanges = { cells: [], entries: [[], [], [], []], made: [], freed: [] };
/** In place of a table: there is none. */
const NONE = -1;
const NO_WORDS = new Uint32Array(PAGE_WORDS);

export function tableChanges(before: Mapped, now: Mapped): TableChanges {
  const { pages: old } = before.store.tables;
  const { pages } = now.store.tables;
  const written = new Uint8Array(pages.length);
  let any = false;
  for (let table = 0; table < pages.length; table++) {
    if (pages[table] === old[table] || equal(before, now, table)) continue;
    written[table] = 1;
    any = true;
  }
  return any ? new Comparison(before, now, written).all() : UNCHANGED;
}

function equal(before: Mapped, now: Mapped, table: number): boolean {
  const a = before.store.tables.page(table);
  const b = now.store.tables.page(table);
  return a.every((word, i) => word === b[i]);
}

class Comparison {
  readonly #format: EntryFormat;
  readonly #firstMfn: number;
  readonly #cells: number[] = [];
  readonly #entries: number[][] = [[], [], [], []];
  readonly #made: TablePlace[] = [];
  readonly #freed: TablePlace[] = [];

  constructor(
    readonly before: Mapped,
    readonly now: Mapped,
    /** 1 for tables whose words are not what they were. */
    readonly written: Uint8Array,
  ) {
    this.#format = formatOf(now);
    this.#firstMfn = now.p2m.pool.firstMfn;
  }

  all(): TableChanges {
    this.#tables(0, 0, EPT_WL, 0, false);
    return { cells: this.#cells, entries: this.#entries, made: this.#made, freed: this.#freed };
  }

  /**
   * A place at which a table was or is, or both. `covered`: where there is none, there is a large entry that maps all of its
   * frames, not an empty slot.
   */
  #tables(old: number, table: number, level: number, first: number, covered: boolean): void {
    if (old !== table) {
      if (old !== NONE) this.#freed.push({ level, first });
      if (table !== NONE) this.#made.push({ level, first });
    }
    const same = old === table && this.written[table] === 0;
    if (level === 0) {
      if (!same && (covered || this.#mapsAnew(old, table))) this.#cells.push(first / CELL_FRAMES);
      return;
    }
    const format = this.#format;
    const size = 2 ** (level * 9);
    const a = wordsOf(this.before, old);
    const b = wordsOf(this.now, table);
    for (let at = 0, gfn = first; at < PAGE_WORDS; at += 2, gfn += size) {
      const lo = b[at]!;
      const hi = b[at + 1]!;
      const oldLo = a[at]!;
      const oldHi = a[at + 1]!;
      const written = !same && (covered || this.#differ(oldLo, oldHi, lo, hi));
      if (written && table !== NONE) this.#entries[level]!.push(gfn / size);
      const next = format.table(lo) ? eptTable(lo, hi, this.#firstMfn) : NONE;
      const oldNext = format.table(oldLo) ? eptTable(oldLo, oldHi, this.#firstMfn) : NONE;
      if (level === 1 && next === oldNext && next !== NONE && this.written[next] === 0) continue;
      if (next === NONE && oldNext === NONE) {
        if (written) this.#touch(gfn, size);
      } else {
        // What stands in place of the table that is not there.
        const isCovered = next === NONE ? !format.empty(lo, hi) : oldNext === NONE && !format.empty(oldLo, oldHi);
        this.#tables(oldNext, next, level - 1, gfn, covered || isCovered);
      }
    }
  }

  /** They are not the same, nor two ways of being empty. */
  #differ(oldLo: number, oldHi: number, lo: number, hi: number): boolean {
    if (oldLo === lo && oldHi === hi) return false;
    return !this.#format.empty(oldLo, oldHi) || !this.#format.empty(lo, hi);
  }

  /** A level-0 table was or is there: some frame of it is mapped by an entry that was written. */
  #mapsAnew(old: number, table: number): boolean {
    const a = wordsOf(this.before, old);
    const b = wordsOf(this.now, table);
    for (let at = 0; at < PAGE_WORDS; at += 2) if (this.#differ(a[at]!, a[at + 1]!, b[at]!, b[at + 1]!)) return true;
    return false;
  }

  #touch(gfn: number, frames: number): void {
    const first = gfn / CELL_FRAMES;
    for (let cell = first; cell < first + frames / CELL_FRAMES; cell++) this.#cells.push(cell);
  }
}

const wordsOf = ({ store }: Mapped, table: number): Uint32Array =>
  table === NONE ? NO_WORDS : store.tables.page(table);

/** Knows of the worlds of one run whether the tables are as they were in the world before: so pictures of a run that plays on. */
export class Unmoved {
  #steps = -1;

  /** `changes`: what the last step of `w` changed. */
  since(w: World, changes: TableChanges): boolean {
    const last = this.#steps;
    this.#steps = w.steps;
    return w.steps === last || (w.steps === last + 1 && changes === UNCHANGED);
  }
}
