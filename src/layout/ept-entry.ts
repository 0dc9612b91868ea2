/** One entry of the icicle: which maps a frame, where it is drawn, which is beside it, and what a sinking mark leaves. */
import { ENTRY_BITS, entryFrames, FANOUT, LEVELS, ROOT, type Icicle, type Mark, type Tables, type Window } from './ept';
import type { Rect } from './map';

export interface EntryAt {
  readonly level: number;
  readonly first: number;
  /** Frames that it maps. */
  readonly frames: number;
  /** Its place among the 512 of its table. */
  readonly index: number;
  /** `unread`: of level 0, in a table whose frames are not at hand. */
  readonly kind: 'empty' | 'leaf' | 'table' | 'unread';
  /** null: not known. */
  readonly marked: boolean | null;
  readonly below: boolean;
  readonly touched: boolean;
  readonly type: number | null;
}

/** The entry of `level` on the way to a frame, or, where the way ends above, the one at which it ends. */
export function entryOf(tables: Tables, gfn: number, level: number): EntryAt {
  for (let l = ROOT; l > 0; l--) {
    const size = entryFrames(l);
    const byte = tables.entries[l]?.[Math.floor(gfn / size)] ?? 0;
    const table = (byte & ENTRY_BITS.kind) === ENTRY_BITS.table;
    if (table && l > level) continue;
    return {
      ...placeOf(gfn, l),
      kind: table ? 'table' : (byte & ENTRY_BITS.kind) === 0 ? 'empty' : 'leaf',
      marked: (byte & ENTRY_BITS.marked) !== 0,
      below: (byte & ENTRY_BITS.below) !== 0,
      touched: (byte & ENTRY_BITS.touched) !== 0,
      type: null,
    };
  }
  const seen = tables.seen(Math.floor(gfn / FANOUT) * FANOUT);
  if (!seen) return { ...placeOf(gfn, 0), kind: 'unread', marked: null, below: false, touched: false, type: null };
  const i = gfn - seen.first;
  const type = seen.types[i] ?? 255;
  return {
    ...placeOf(gfn, 0),
    kind: type === 255 ? 'empty' : 'leaf',
    marked: seen.pending[i] === 0,
    below: false,
    touched: seen.touched[i] === 1,
    type: type === 255 ? null : type,
  };
}

function placeOf(gfn: number, level: number): Pick<EntryAt, 'level' | 'first' | 'frames' | 'index'> {
  const frames = entryFrames(level);
  const at = Math.floor(gfn / frames);
  return { level, first: at * frames, frames, index: at % FANOUT };
}

/** The frame at a place of the window. */
export const frameAtX = ({ from, to, width }: Window, x: number): number =>
  Math.max(0, Math.floor(Math.min(to - 1, Math.max(from, from + (x / width) * (to - from)))));

/** Where a frame begins, also out of view. */
export const xOf = ({ from, to, width }: Window, gfn: number): number => ((gfn - from) / (to - from)) * width;

export interface RowBox {
  readonly y: number;
  readonly h: number;
}

/** Where frames are drawn in a row, cut at the window's borders; null: out of view. */
export function spanRect(window: Window, row: RowBox, first: number, frames: number): Rect | null {
  const x0 = Math.max(0, xOf(window, first));
  const x1 = Math.min(window.width, xOf(window, first + frames));
  return x1 > x0 ? { x: x0, y: row.y, w: x1 - x0, h: row.h } : null;
}

/** Pixels from which keys go from entry to entry; below, from mark to mark. */
const BY_ENTRY = 4;

/** The frame at which the neighbour of an entry begins, to the right (1) or left (-1); the same when there is none. */
export function neighbour({ window, rows }: Icicle, at: EntryAt, direction: 1 | -1, frames: number): number {
  const step = (first: number): number => (first >= 0 && first < frames ? first : at.first);
  if ((at.frames * window.width) / (window.to - window.from) >= BY_ENTRY)
    return step(direction > 0 ? at.first + at.frames : at.first - at.frames);
  const row: readonly Mark[] = rows[at.level] ?? [];
  const here = row.findIndex((mark) => at.first >= mark.first && at.first < mark.first + mark.frames);
  const next = here < 0 ? undefined : row[here + direction];
  return next ? next.first : step(direction > 0 ? at.first + at.frames : at.first - at.frames);
}

export interface Sunk {
  readonly level: number;
  readonly first: number;
  readonly frames: number;
  /** Lowest level on which this step left marks under the entry; level below where it left none, all being settled. */
  readonly to: number;
}

/** Entries that were marked and with this step passed their mark down: they point to a table, and are marked no more. */
export function sunk(before: readonly Uint8Array[], now: readonly Uint8Array[]): readonly Sunk[] {
  const { marked, touched, kind, table } = ENTRY_BITS;
  const found: Sunk[] = [];
  for (const level of LEVELS) {
    const was = before[level];
    const is = now[level];
    if (level === 0 || !was || !is) continue;
    const frames = entryFrames(level);
    for (let i = 0; i < is.length; i++) {
      const byte = is[i]!;
      const passed = (byte & touched) !== 0 && (byte & marked) === 0 && (byte & kind) === table;
      if (!passed || ((was[i] ?? 0) & marked) === 0) continue;
      const first = i * frames;
      found.push({ level, first, frames, to: landed(now, level, first, frames) });
    }
  }
  return found;
}

function landed(now: readonly Uint8Array[], level: number, first: number, frames: number): number {
  const fresh = ENTRY_BITS.marked | ENTRY_BITS.touched;
  for (let l = 1; l < level; l++) {
    const size = entryFrames(l);
    const under = now[l]?.subarray(first / size, (first + frames) / size);
    if (under?.some((byte) => (byte & fresh) === fresh)) return l;
  }
  return level - 1;
}

/** The first run of entries that this step wrote, on the highest level where it wrote one; null: it wrote none. */
export function written(
  entries: readonly Uint8Array[],
): { readonly level: number; readonly first: number; readonly frames: number } | null {
  for (const level of LEVELS) {
    const bytes = level > 0 ? entries[level] : undefined;
    const from = bytes?.findIndex((byte) => (byte & ENTRY_BITS.touched) !== 0) ?? -1;
    if (!bytes || from < 0) continue;
    let to = from + 1;
    while (to < bytes.length && (bytes[to]! & ENTRY_BITS.touched) !== 0) to++;
    const size = entryFrames(level);
    return { level, first: from * size, frames: (to - from) * size };
  }
  return null;
}
