/** The instruction axis of a comparison: a stretch about the place that is looked at, a line a side, what is equal joined by rungs. */
import type { TwinWindow } from '../explore/twin/found';
import type { Row } from '../explore/twin/row';

export interface AxisRoom {
  readonly width: number;
  /** Px that the names of the sides take. */
  readonly left: number;
  /** Between two lines. */
  readonly lane: number;
}

export interface AxisMark {
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly row: Row;
  /** Trapped: a ring; else a tick. */
  readonly is: 'ring' | 'tick' | 'cross';
  readonly heavy: boolean;
}

export interface AxisPlan {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly height: number;
  /** Middle of each line. */
  readonly lanes: readonly number[];
  readonly marks: readonly AxisMark[];
  /** One path of all rungs. */
  readonly rungs: string;
  readonly ticks: readonly { readonly at: number; readonly x: number }[];
  /** Middle of a place; null: out of sight. */
  x(at: number): number | null;
  /** The place that lies at a point. */
  placeAt(x: number): number;
}

/** Px that an instruction takes. */
const SPACING = 44;
const TOP = 44;
const BELOW = 34;
/** The grid of numbers. */
const EVERY = 5;
/** Half the height of a mark, and air. */
const REACH = 11;

export function axisPlan(window: TwinWindow, length: number, at: number, room: AxisRoom): AxisPlan {
  const { width, left, lane } = room;
  const sides = window.rows.length;
  const across = Math.max(1, width - left);
  const count = Math.max(1, Math.min(length, Math.max(5, Math.floor(across / SPACING))));
  const from = Math.max(0, Math.min(length - count, at - Math.floor(count / 2)));
  const to = Math.min(length, from + count);
  const step = across / count;
  const x = (place: number): number | null => (place < from || place >= to ? null : left + (place - from + 0.5) * step);
  const lanes = Array.from({ length: sides }, (_, side) => TOP + side * lane);
  const marks: AxisMark[] = [];
  let rungs = '';
  for (let place = Math.max(from, window.from); place < Math.min(to, window.to); place++) {
    const i = place - window.from;
    const heavy = window.differs[i]! > 0;
    const mx = x(place)!;
    for (let side = 0; side < sides; side++) {
      const row = window.rows[side]![i];
      if (!row) continue;
      const bad = row.outcome === 'lost' || row.outcome === 'bypassed';
      marks.push({
        at: place,
        x: mx,
        y: lanes[side]!,
        row,
        is: bad ? 'cross' : row.exits > 0 ? 'ring' : 'tick',
        heavy,
      });
      const joined =
        side + 1 < sides && window.rows[side + 1]![i] && window.groups[side]![i] === window.groups[side + 1]![i];
      if (joined) rungs += `M${mx.toFixed(1)} ${lanes[side]! + REACH}V${lanes[side + 1]! - REACH}`;
    }
  }
  const every = step * EVERY >= 60 ? EVERY : EVERY * 2;
  const ticks = Array.from({ length: to - from }, (_, i) => from + i)
    .filter((place) => (place + 1) % every === 0)
    .map((place) => ({ at: place, x: x(place)! }));
  const placeAt = (px: number): number => Math.max(from, Math.min(to - 1, from + Math.floor((px - left) / step)));
  return { from, to, step, height: TOP + (sides - 1) * lane + BELOW + 16, lanes, marks, rungs, ticks, x, placeAt };
}

/** Where on the whole axis, drawn in `width`, a place lies; and the other way. */
export const wholeX = (at: number, length: number, width: number): number => ((at + 0.5) / Math.max(1, length)) * width;
export const wholeAt = (x: number, length: number, width: number): number =>
  Math.max(0, Math.min(length - 1, Math.floor((x / Math.max(1, width)) * length)));
