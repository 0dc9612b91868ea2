/**
 * What lies where in the pane of the tables: rows with their labels and counts, and whether the curve stands below them or
 * beside them. A pane too low for both scrolls. Pixels.
 */
import type { RowBox } from './ept-entry';

export interface EptPlan {
  /** Counts stand in a table below the rows, not in columns beside them. */
  readonly stacked: boolean;
  /** The curve stands beside the rows. */
  readonly side: boolean;
  /** Width of the part with the rows, and its height with axis and rows. */
  readonly width: number;
  readonly height: number;
  /** The rows' own left edge and width. */
  readonly x: number;
  readonly w: number;
  /** By level, 0 first. */
  readonly rows: readonly RowBox[];
  /** Right edges of the columns of counts. */
  readonly columns: readonly number[];
  /** Size of the curve, and the height there is for it and what stands below it together. */
  readonly curve: { readonly w: number; readonly h: number; readonly room: number };
}

export const AXIS = 20;
const LABEL = 54;
/** Room for a digit that names the level. */
const SHORT_LABEL = 14;
/** At the right, so that the ring of the focus is not cut. */
const EDGE = 3;
/** Below the rows, two lines. */
const LEGEND = 44;
/** Head of the curve's part, with the space above it. */
const CURVE_HEAD = 44;
const LEAST_CURVE = 84;
const MOST_CURVE = 340;
/** Below this width counts have no columns. */
const NARROW = 400;
const GAP = 13;
/** Of the list: its head, and an item. Beside the curve it has to have some width. */
const LIST = { head: 32, item: 36, least: 420 };
/** The table of counts below the rows, which takes two lines of the legend more as well. */
const TABLE = 5 * 17 + 36;
/** Least and greatest distance of two rows. */
const LEAST_ROW = 26;
const MOST_ROW = 120;

/**
 * `needed`: width of the longest text in each column of counts, its head among them. `list`: height of what stands below
 * the curve; for it the curve gives way, never the rows.
 */
export function eptPlan(width: number, height: number, needed: readonly number[], list = 0): EptPlan {
  const stacked = width < NARROW;
  const low = height < AXIS + 4 * LEAST_ROW + LEGEND + CURVE_HEAD + LEAST_CURVE;
  const side = low && width >= 640;
  const own = side ? Math.round(width * 0.64) : width;
  const widths = stacked ? [] : needed.map((n) => Math.ceil(n) + GAP);
  const beside = widths.reduce((a, b) => a + b, 0);
  const x = stacked ? SHORT_LABEL : LABEL;
  const w = Math.max(60, own - x - beside - EDGE);
  const below = LEGEND + (stacked ? TABLE : 0);
  const curve = side ? 0 : CURVE_HEAD + clamp(height * 0.3, LEAST_CURVE, MOST_CURVE);
  const pitch = clamp(Math.floor((height - AXIS - below - curve) / 4), LEAST_ROW, MOST_ROW);
  const between = Math.max(7, Math.round(pitch * 0.26));
  const rows = [3, 2, 1, 0].map((fromTop) => ({ y: AXIS + fromTop * pitch, h: pitch - between }));
  const rowsHeight = AXIS + 4 * pitch - between;
  const room = side ? height - CURVE_HEAD : height - rowsHeight - below - CURVE_HEAD;
  let right = x + w;
  return {
    stacked,
    side,
    width: own,
    height: rowsHeight,
    x,
    w,
    rows,
    columns: widths.map((width) => (right += width)),
    curve: {
      w: side ? width - own - 32 : width,
      h: side ? Math.max(72, room - list) : clamp(room - list, LEAST_CURVE, MOST_CURVE),
      room,
    },
  };
}

/** Whether a list of so many items stands beside the curve, since both have no room below each other. */
export const listBeside = ({ w, room }: EptPlan['curve'], items: number): boolean =>
  items > 0 && w >= LIST.least && room < LEAST_CURVE + LIST.head + LIST.item * items;

const clamp = (n: number, least: number, most: number): number => Math.max(least, Math.min(most, n));
