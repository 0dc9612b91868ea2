/**
 * A server's ranges on an address axis. One that is narrower than a pixel is not drawn by itself: such ranges lie in a strip
 * whose height says how many of them begin in each pixel.
 */
import { addressAxis, joined, type AddressAxis, type Span } from './address-axis';

/** Both ends inclusive, as Xen keeps them. */
export interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

/** A range that can be seen, or some that lie side by side in a strip: from `first` to `last` in the list. */
export interface RangeMark {
  readonly x: number;
  readonly w: number;
  readonly first: number;
  readonly last: number;
  readonly strip: boolean;
}

export interface RangeLane {
  readonly marks: readonly RangeMark[];
  /** How many narrow ranges begin in a pixel, where any does. */
  readonly density: readonly { readonly x: number; readonly ranges: number }[];
  /** Ranges in the fullest pixel. */
  readonly most: number;
}

/** Narrow ranges that are no further apart, px, are one strip. */
const NEAR = 4;

const spanOf = ({ start, end }: Range, unit: number): Span => ({
  start: Number(start) * unit,
  end: (Number(end) + 1) * unit,
});

/** One axis for what several servers have of a kind; `whole`: where there is none at all. */
export function rangeAxis(sets: readonly (readonly Range[])[], unit: number, width: number, whole: Span): AddressAxis {
  const spans = sets.flatMap((ranges) => ranges.map((range) => spanOf(range, unit)));
  spans.sort((a, b) => a.start - b.start);
  const most = Math.max(1, Math.floor(width / 120));
  return addressAxis(spans.length === 0 ? [whole] : joined(spans), 0, width, most);
}

/** `unit`: addresses a number of the range stands for, 4096 where it is a frame number. */
export function rangeLane(ranges: readonly Range[], axis: AddressAxis, unit: number): RangeLane {
  const marks: { x: number; w: number; first: number; last: number; strip: boolean }[] = [];
  const density: { x: number; ranges: number }[] = [];
  for (const [i, range] of ranges.entries()) {
    const span = spanOf(range, unit);
    const x = axis.at(span.start);
    const w = axis.at(span.end) - x;
    if (w >= 1) {
      marks.push({ x, w, first: i, last: i, strip: false });
      continue;
    }
    const pixel = Math.floor(x);
    const last = marks.at(-1);
    if (last?.strip && pixel - (last.x + last.w) <= NEAR) {
      last.w = Math.max(last.w, pixel + 1 - last.x);
      last.last = i;
    } else marks.push({ x: pixel, w: 1, first: i, last: i, strip: true });
    const bin = density.at(-1);
    if (bin?.x === pixel) bin.ranges++;
    else density.push({ x: pixel, ranges: 1 });
  }
  return { marks, density, most: density.reduce((most, bin) => Math.max(most, bin.ranges), 0) };
}

/** Path of the strips of a lane of this height: a bar a pixel, a third as high as the lane at least. */
export const densityPath = ({ density, most }: RangeLane, height: number): string =>
  density
    .map(({ x, ranges }) => {
      const h = Math.round(height * (most > 1 ? 0.34 + (0.66 * (ranges - 1)) / (most - 1) : 1));
      return `M${x} ${height}h1v${-h}h-1z`;
    })
    .join('');

/** Where the range lies that holds an address, be it in a strip; null: there is none. */
export function spotOf(
  ranges: readonly Range[],
  axis: AddressAxis,
  unit: number,
  address: number,
): { readonly x: number; readonly w: number } | null {
  for (const range of ranges) {
    const { start, end } = spanOf(range, unit);
    if (address >= start && address < end) return { x: axis.at(start), w: axis.at(end) - axis.at(start) };
  }
  return null;
}
