/** How the pane of the GPU page tables divides its room between the trees, the lists and the two walks. */

/** Height of a row that can be pressed, of the line of tabs or of a heading, and of the names of columns; pixels. */
export const ROW = 24;
export const HEADING = 26;
export const NAMES = 22;
/** From here on there is room between the trees for lists; from the first only where the pane is this much wider than high. */
const WIDE_LOW = 700;
const SHAPE = 1.7;
const WIDE = 900;
const WIDE_HEIGHT = 280;
/** Height of the walks below all, in columns and where two lines an entry are needed; what the trees need above them. */
const WALK = 206;
const WALK_NARROW = 268;
const LEAST_ABOVE = 300;
/** From here on the walks have a column for each thing. */
export const WALK_COLUMNS = 960;
/** From here on rows have room to say why. */
export const ROOMY = 580;
/** A pane that shows the trees and one row, no names. */
const TINY = 200;
const LEAST_TREE = 96;
/** Room for a walk and its sentences, where it is that which is shown. */
const WALK_COMPACT = 266;
const ROWS = 7;
const EDGE = 16;

/** `below`: trees above, one list below. `between`: one list between the trees. `all`: lists between, the walks below. */
export type Arrangement = 'below' | 'between' | 'all';
export type Mode = 'entries' | 'differences' | 'walk';

/** A list of rows, pixels from the top of the trees' drawing. */
export interface ListPlan {
  /** Of its first row. */
  readonly y: number;
  /** Rows that fit. */
  readonly rows: number;
}

export interface GttPlan {
  readonly arrangement: Arrangement;
  readonly tiny: boolean;
  readonly tree: { readonly w: number; readonly h: number };
  /** Left and right end of the room between the trees. */
  readonly middle: { readonly from: number; readonly to: number };
  /** What is left below the trees. */
  readonly below: number;
  readonly entries: ListPlan;
  readonly differences: ListPlan;
}

/** @param differing entries that differ, in the whole tree */
export function planGtt(w: number, h: number, mode: Mode, differing: number): GttPlan {
  if (w < (w > h * SHAPE ? WIDE_LOW : WIDE) || h < WIDE_HEIGHT) return planBelow(w, h, mode);
  const middle = Math.round(Math.max(330, Math.min(900, w * 0.48)));
  const side = (w - middle) / 2;
  const sides = { from: side, to: w - side };
  const below = w < WALK_COLUMNS ? WALK_NARROW : WALK;
  if (h - below < LEAST_ABOVE) {
    const list = { y: HEADING + NAMES, rows: Math.max(1, Math.floor((h - HEADING - NAMES - 4) / ROW)) };
    return plan('between', w, h, sides, 0, list, list);
  }
  const tree = h - below;
  const fit = Math.floor((tree - 2 * (HEADING + NAMES) - 12) / ROW);
  const shown = Math.max(1, Math.min(differing, Math.floor(fit / 2)));
  const differences = { y: HEADING + NAMES, rows: shown };
  const entries = { y: differences.y + shown * ROW + 12 + HEADING + NAMES, rows: Math.max(1, fit - shown) };
  return plan('all', w, tree, sides, below, entries, differences);
}

function planBelow(w: number, h: number, mode: Mode): GttPlan {
  const tiny = h < TINY;
  const names = tiny ? 0 : HEADING + NAMES + 6;
  const wanted = tiny ? ROW + 4 : mode === 'walk' ? HEADING + WALK_COMPACT : names + ROWS * ROW;
  const tree = Math.round(Math.max(tiny ? 60 : LEAST_TREE, Math.min(w * 0.55, h - wanted)));
  const rows = Math.max(1, Math.floor((h - tree - names) / ROW));
  const list = { y: 0, rows };
  const { guest, shadow } = columns(w);
  return plan('below', w, tree, { from: guest[0]! + 6, to: shadow[0]! - 6 }, Math.max(0, h - tree), list, list, tiny);
}

function plan(
  arrangement: Arrangement,
  w: number,
  h: number,
  middle: GttPlan['middle'],
  below: number,
  entries: ListPlan,
  differences: ListPlan,
  tiny = false,
): GttPlan {
  return { arrangement, tiny, tree: { w, h }, middle, below, entries, differences };
}

export interface Columns {
  /** Middle of the bars of levels 0 .. 3. */
  readonly guest: readonly number[];
  readonly shadow: readonly number[];
  /** Width of a bar; from one column to the next. */
  readonly bar: number;
  readonly apart: number;
}

/** @param side room of one tree where lists lie between the two, pixels; else the trees have it all */
export function columns(w: number, side: number | null = null): Columns {
  const edge = side === null ? EDGE : EDGE + 8;
  const gap = side === null ? 0 : Math.max(38, Math.min(104, side * 0.2));
  const apart = side === null ? (w / 2 - EDGE) * 0.218 : (side - edge - gap) / 3;
  const guest = [3, 2, 1, 0].map((fromLeft) => edge + apart * fromLeft);
  return { guest, shadow: guest.map((x) => w - x), bar: apart >= 80 ? 12 : 8, apart };
}

/** Rows to show when only `most` fit: those round the focus. */
export function rowsRound<R extends { readonly index: number }>(rows: readonly R[], slot: number, most: number): R[] {
  const at = Math.max(
    0,
    rows.findIndex((row) => row.index === slot),
  );
  const from = Math.max(0, Math.min(at - Math.floor(most / 2), rows.length - most));
  return rows.slice(from, from + most);
}

/** How far a list is to be scrolled so that row `at` is in sight, `seen` rows being seen at once; pixels. */
export const scrollFor = (at: number, top: number, seen: number): number =>
  Math.max(Math.min(top, at * ROW), (at + 1 - seen) * ROW);
