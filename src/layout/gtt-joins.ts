/** The lines that join entries that differ: from the guest's entry to the row that tells of it, and on to the shadow's. */
import { bend, entryY, type Slab } from './gtt';
import type { Columns } from './gtt-plan';

/** Of lines straight across that lie closer to each other than this the first is drawn, pixels. */
const APART = 10;
/** A line that leads nowhere ends so far on. */
const STUB = 26;
/** A broken line stops so far before the entry, where its cross stands. */
const SHORT = 9;

export interface Joined {
  readonly level: number;
  /** Index of its table among those that are drawn; -1: it is not. */
  readonly at: number;
  readonly index: number;
  readonly state: string;
  readonly why: string | null;
  readonly wrong: boolean;
}

export interface Join {
  readonly key: string;
  /** Guest's side, '' where the guest's entry is not present; and the shadow's. */
  readonly guest: string;
  readonly shadow: string;
  /** Where the shadow's side ends: in a ring there is nothing to lead to, in a cross it does not lead where it should. */
  readonly end: { readonly x: number; readonly y: number; readonly mark: 'ring' | 'cross' | 'none' };
  readonly state: string;
  readonly wrong: boolean;
}

export interface Between {
  readonly from: number;
  readonly to: number;
}

/**
 * @param rowY height of the row that tells of a difference, null: out of sight; without it lines run straight across
 */
export function joins(
  differences: readonly Joined[],
  slabs: readonly Slab[],
  cols: Columns,
  between: Between,
  rowY?: (n: number) => number | null,
  /** Lines straight across that are there already. */
  there: readonly { readonly level: number; readonly y: number }[] = [],
): Join[] {
  const found: Join[] = [];
  const taken = [...there];
  for (const [n, difference] of differences.entries()) {
    const slab = slabs[difference.at];
    if (!slab) continue;
    const y = entryY(slab, difference.index);
    const row = rowY ? rowY(n) : y;
    if (row === null) continue;
    if (!rowY) {
      if (taken.some((t) => t.level === difference.level && Math.abs(t.y - y) < APART)) continue;
      taken.push({ level: difference.level, y });
    }
    found.push(joinOf(difference, y, row, cols, rowY ? between : middleOf(between)));
  }
  return found;
}

/** Without rows the two sides of a line meet in the middle. */
const middleOf = ({ from, to }: Between): Between => ({ from: (from + to) / 2, to: (from + to) / 2 });

/** The line of one entry: `y` is the height of its mark, `row` of the row that tells of it. */
export function joinOf(
  { level, at, index, state, why, wrong }: Joined,
  y: number,
  row: number,
  cols: Columns,
  between: Between,
): Join {
  const guestX = cols.guest[level]! + cols.bar / 2;
  const shadowX = cols.shadow[level]! - cols.bar / 2;
  const mark = state === 'untranslated' ? 'ring' : state === 'stale' ? 'cross' : 'none';
  const end = mark === 'ring' ? { x: between.to + STUB, y: row } : { x: shadowX - (mark === 'cross' ? SHORT : 0), y };
  return {
    key: `${at}:${index}`,
    guest: why === 'left' ? '' : bend(guestX, y, between.from, row),
    shadow: state === 'unfollowed' ? '' : bend(between.to, row, end.x - (mark === 'ring' ? 3 : 0), end.y),
    end: { ...end, mark },
    state,
    wrong,
  };
}

/** Two lines from the part of a bar that the rows show to the corners of the rows' block, each side. */
export function lens(
  slab: Slab,
  level: number,
  rows: { readonly first: number; readonly last: number; readonly top: number; readonly bottom: number },
  cols: Columns,
  between: Between,
): string[] {
  const top = entryY(slab, rows.first - 0.5);
  const bottom = entryY(slab, rows.last + 0.5);
  const left = cols.guest[level]! + cols.bar / 2;
  const right = cols.shadow[level]! - cols.bar / 2;
  return [
    bend(left, top, between.from, rows.top),
    bend(left, bottom, between.from, rows.bottom),
    bend(right, top, between.to, rows.top),
    bend(right, bottom, between.to, rows.bottom),
  ];
}
