/**
 * What get_entry answers, for many frames at once: the stored type, or the one that a mark on the way will make of it. Held
 * equal to `P2m.getEntry` by a test.
 */
import { CELL_COUNTS, CELL_FRAMES } from '../engine/census';
import { EPT_WL, eptTable } from '../engine/ept-walk';
import { newEntry } from '../engine/p2m-table';
import { P2M, P2M_TYPE_COUNT, type P2mType } from '../engine/p2m-type';
import { formatOf, type EntryFormat, type Mapped } from './p2m-walk';

const TYPES = Array.from({ length: P2M_TYPE_COUNT }, (_, type) => type as P2mType);
/** What a level-0 entry is not asked for: an invalid one, and a broken page's in AMD's format, which is not present. */
const UNTOLD = { ept: [P2M.invalid], pt: [P2M.invalid, P2M.ram_broken] } as const;

const entry = newEntry();

/** What get_entry answers by stored type. */
export class Answers {
  readonly #format: EntryFormat;
  /** For a 4 KiB entry as it is. */
  readonly plain: Uint8Array;
  /** Below a mark; null: it depends on the frame, for some are log-dirty and some are not. */
  readonly settled: Uint8Array | null;

  constructor(readonly of: Mapped) {
    const { p2m } = of;
    const untold: readonly number[] = UNTOLD[p2m.paging === 'ept' ? 'ept' : 'pt'];
    this.#format = formatOf(of);
    this.plain = Uint8Array.from(TYPES, (type) => (untold.includes(type) ? P2M.mmio_dm : type));
    this.settled = p2m.regs.globalLogdirty !== 0 || p2m.logdirty.count === 0 ? this.settledIn(0, 0) : null;
  }

  /** Answers below a mark for frames `first` to `last`; null: they are not the same for all. */
  settledIn(first: number, last: number): Uint8Array | null {
    const { p2m } = this.of;
    const settled = Uint8Array.from(this.plain);
    for (const type of TYPES) {
      if (this.plain[type] !== type || p2m.census.total(type) === 0) continue;
      const to = p2m.recalculated(type, first, last);
      if (to < 0) return null;
      settled[type] = to;
    }
    return settled;
  }

  /** The answer for one frame, whose entry is not empty. `recalc`: a mark on the way, or the entry's own, is for the type. */
  to(gfn: number, lo: number, hi: number, level: number, recalc: boolean): number {
    if (!this.#format.told(lo, hi, level)) return P2M.mmio_dm;
    const type = this.#format.type(lo, hi);
    if (!recalc) return this.plain[type]!;
    return this.settled ? this.settled[type]! : this.of.p2m.getEntry(gfn, entry).type;
  }
}

/** Makes of the stored counts of all cells (CELL_COUNTS each, as `Census.copy` gives them) those of get_entry's answers. */
export function makeEffective(of: Mapped, counts: Uint16Array): void {
  new Effective(of, counts).table(0, EPT_WL, 0, false);
}

class Effective {
  readonly #format: EntryFormat;
  readonly #answers: Answers;
  readonly #cells: number;
  /** Stored types that may have another answer. */
  readonly #moving: readonly P2mType[];

  constructor(
    readonly of: Mapped,
    readonly counts: Uint16Array,
  ) {
    this.#format = formatOf(of);
    this.#answers = new Answers(of);
    this.#cells = counts.length / CELL_COUNTS;
    const { plain, settled } = this.#answers;
    this.#moving = TYPES.filter(
      (type) => of.p2m.census.total(type) > 0 && (!settled || plain[type] !== type || settled[type] !== type),
    );
  }

  /** A table above level 0, its first frame; `recalc`: a mark above is for the type. */
  table(table: number, level: number, first: number, recalc: boolean): void {
    const { firstMfn } = this.of.p2m.pool;
    const format = this.#format;
    const page = this.of.store.tables.page(table);
    const size = 2 ** (level * 9);
    for (let at = 0, gfn = first; at < page.length; at += 2, gfn += size) {
      const lo = page[at]!;
      const hi = page[at + 1]!;
      if (format.empty(lo, hi)) continue;
      const pending = recalc || format.recalc(lo);
      if (!format.table(lo)) this.#large(lo, hi, level, gfn, pending);
      else if (level > 1) this.table(eptTable(lo, hi, firstMfn), level - 1, gfn, pending);
      else this.#cell(eptTable(lo, hi, firstMfn), gfn / CELL_FRAMES, pending);
    }
  }

  /** Frames from `gfn` on under one large entry. */
  #large(lo: number, hi: number, level: number, gfn: number, recalc: boolean): void {
    const type = this.#format.type(lo, hi);
    const told = this.#format.told(lo, hi, level);
    if (told && !recalc) return;
    const first = gfn / CELL_FRAMES;
    const end = Math.min(first + 2 ** (level * 9) / CELL_FRAMES, this.#cells);
    for (let cell = first; cell < end; cell++) {
      if (told) this.#settle(cell, null);
      else this.#move(cell * CELL_COUNTS, type, P2M.mmio_dm);
    }
  }

  /** The frames of one level-0 table. */
  #cell(table: number, cell: number, recalc: boolean): void {
    if (cell >= this.#cells || !this.#mayMove(cell)) return;
    const page = this.of.store.tables.page(table);
    if (recalc) return this.#settle(cell, page);
    const { plain } = this.#answers;
    for (const type of this.#moving) this.#move(cell * CELL_COUNTS, type, plain[type]!);
    if (this.of.p2m.pool.tally.marked(table) > 0) this.#settleMarked(cell, page);
  }

  /** Of a cell that counts its entries as they are, those that are marked. */
  #settleMarked(cell: number, page: Uint32Array): void {
    const { counts } = this;
    const { plain, settled } = this.#answers;
    const format = this.#format;
    const at = cell * CELL_COUNTS;
    for (let i = 0; i < page.length; i += 2) {
      const lo = page[i]!;
      if (!format.recalc(lo)) continue;
      const hi = page[i + 1]!;
      const type = format.type(lo, hi);
      const from = plain[type]!;
      const to = settled ? settled[type]! : this.#answers.to(cell * CELL_FRAMES + i / 2, lo, hi, 0, true);
      if (from === to) continue;
      counts[at + from]!--;
      counts[at + to]!++;
    }
  }

  #mayMove(cell: number): boolean {
    for (const type of this.#moving) if (this.counts[cell * CELL_COUNTS + type]! > 0) return true;
    return false;
  }

  /** All frames of a cell lie below a mark. `page`: its level-0 table; null: it has none. */
  #settle(cell: number, page: Uint32Array | null): void {
    const first = cell * CELL_FRAMES;
    const settled = this.#answers.settled ?? this.#answers.settledIn(first, first + CELL_FRAMES - 1);
    if (!settled) return this.#recount(cell, page);
    // What a type becomes is not changed once more.
    for (const type of this.#moving) this.#move(cell * CELL_COUNTS, type, settled[type]!);
  }

  /** Each frame of a cell by itself. */
  #recount(cell: number, page: Uint32Array | null): void {
    const at = cell * CELL_COUNTS;
    this.counts.fill(0, at, at + CELL_COUNTS);
    for (let i = 0; i < CELL_FRAMES; i++) {
      if (page && this.#format.empty(page[2 * i]!, page[2 * i + 1]!)) continue;
      this.counts[at + this.of.p2m.getEntry(cell * CELL_FRAMES + i, entry).type]!++;
    }
  }

  #move(at: number, from: number, to: number): void {
    if (from === to) return;
    this.counts[at + to]! += this.counts[at + from]!;
    this.counts[at + from] = 0;
  }
}
