/** What a chart looks like once it is laid out, and the ends of arrows along the sides of boxes: for both ways of laying out. */
import type { Drawn } from './chart-arrows';
import type { Box } from './labels';

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Size {
  readonly w: number;
  readonly h: number;
}
export interface StateSize extends Size {
  readonly id: string;
  /** States that are drawn round it, the nearest first. */
  readonly within: readonly string[];
}

export interface DrawnPath {
  readonly drawn: Drawn;
  readonly d: string;
  readonly start: Point;
  /** It comes out of nowhere, or from anywhere in a state that is drawn round it. */
  readonly dot: boolean;
  readonly tip: Point;
  /** Which way the arrow points at its tip: degrees, 0 to the right, 90 down. */
  readonly angle: number;
  /** Room of its label. */
  readonly label: Box;
}

export interface ChartPlan extends Size {
  readonly boxes: ReadonlyMap<string, Box>;
  /** States with parts, drawn round them. */
  readonly rounds: ReadonlyMap<string, Box>;
  readonly paths: readonly DrawnPath[];
}

/** What is laid out as one: an arrow, or two between the same states that go opposite ways. */
export interface Tie {
  readonly id: string;
  readonly from: string | null;
  readonly to: string;
  /** The arrow from `from` to `to`; and the one back. */
  readonly there: Drawn;
  readonly back: Drawn | null;
}

export function tied(arrows: readonly Drawn[]): Tie[] {
  const ties = new Map<string, Tie>();
  for (const drawn of arrows) {
    const { from, to, id } = drawn;
    const other = from === null ? undefined : ties.get(`${to}>${from}`);
    if (other) ties.set(other.id, { ...other, back: drawn });
    else ties.set(id, { id, from, to, there: drawn, back: null });
  }
  return [...ties.values()];
}

/** Free edge of a drawing; side of the dot where an arrow comes out of nowhere. */
export const EDGE = 6;
export const DOT = 8;
/** Between the two lines of a pair; least px between two arrows at one side of a box, and between an arrow and a corner. */
export const TWIN = 12;
const APART = 14;
const CORNER = 14;

export interface End {
  /** Where the arrow comes from or goes to, along the side. */
  readonly towards: number;
  /** There are two lines. */
  readonly twin: boolean;
}

/** Places along a side from `low` to `high` for arrows sorted by `towards`, near there, and apart as far as there is room. */
export function spread(ends: readonly End[], low: number, high: number): number[] {
  if (ends.length === 0) return [];
  const inset = Math.min(CORNER, (high - low) / 2);
  const from = low + inset;
  const to = high - inset;
  const wide = (i: number): number => APART + (ends[i]!.twin ? TWIN : 0);
  const all = ends.reduce((sum, _, i) => sum + wide(i), 0) - APART;
  const squeeze = Math.min(1, (to - from) / Math.max(1, all));
  const half = (i: number): number => ((wide(i) - APART) / 2) * squeeze;
  const gap = (i: number): number => ((wide(i) + wide(i - 1)) / 2) * squeeze;
  const places = ends.map(({ towards }, i) => Math.min(to - half(i), Math.max(from + half(i), towards)));
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i]!, places[i - 1]! + gap(i));
  const last = places.length - 1;
  places[last] = Math.min(places[last]!, to - half(last));
  for (let i = last - 1; i >= 0; i--) places[i] = Math.min(places[i]!, places[i + 1]! - gap(i + 1));
  return places;
}
