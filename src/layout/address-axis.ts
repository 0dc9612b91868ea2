/**
 * An address axis that leaves out where there is nothing: page tables low in RAM and registers near 4 GiB are on one axis
 * without one of them shrinking to a line. What is left out is cut, and the axis is drawn with a gap there; each piece keeps a
 * linear scale of its own.
 */
import { scaleLinear } from 'd3';

/** Addresses from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Piece extends Span {
  /** Pixels of start and end; on an axis that rises `from` is the larger. */
  readonly from: number;
  readonly to: number;
}

export interface AddressAxis {
  readonly pieces: readonly Piece[];
  /** Place of an address; one that is cut out lies at the end of the piece before. */
  readonly at: (address: number) => number;
  /** The address at a place. */
  readonly address: (px: number) => number;
}

/** Pixels that a cut takes. */
export const CUT = 12;

/**
 * An axis from pixel `from` to pixel `to` for spans in ascending order. Cut are the gaps that are longer than all that the
 * spans hold together, the longest first, until there are `most` pieces.
 */
export function addressAxis(spans: readonly Span[], from: number, to: number, most: number): AddressAxis {
  const pieces = piecesOf(spans, most);
  const sign = to < from ? -1 : 1;
  const room = Math.max(1, Math.abs(to - from) - CUT * (pieces.length - 1));
  const all = pieces.reduce((sum, { start, end }) => sum + end - start, 0);
  let at = from;
  // Half of the room in equal shares, so that a piece of one page can be seen; half by length.
  const placed = pieces.map(({ start, end }): Piece => {
    const share = room * (0.5 / pieces.length + (0.5 * (end - start)) / all);
    const piece = { start, end, from: at, to: at + sign * share };
    at = piece.to + sign * CUT;
    return piece;
  });
  const scale = scaleLinear(
    placed.flatMap(({ start, end }) => [start, end]),
    placed.flatMap((piece) => [piece.from, piece.to]),
  ).clamp(true);
  // Asked for each of as many writes as a run has: no closure and no search by halves.
  const within = (address: number): number => {
    let i = placed.length - 1;
    while (i > 0 && placed[i]!.start > address) i--;
    const { start, end, from: near, to: far } = placed[i]!;
    return near + ((Math.min(Math.max(address, start), end) - start) / (end - start)) * (far - near);
  };
  return { pieces: placed, at: within, address: (px) => scale.invert(px) };
}

function piecesOf(spans: readonly Span[], most: number): Span[] {
  if (spans.length === 0) return [{ start: 0, end: 4096 }];
  const held = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  const gaps = spans
    .slice(1)
    .map(({ start }, i) => ({ after: i, length: start - spans[i]!.end }))
    .filter(({ length }) => length > held)
    .sort((a, b) => b.length - a.length)
    .slice(0, Math.max(0, most - 1));
  const cuts = new Set(gaps.map(({ after }) => after));
  const pieces: Span[] = [];
  let start = spans[0]!.start;
  for (const [i, { end }] of spans.entries()) {
    if (i < spans.length - 1 && !cuts.has(i)) continue;
    pieces.push({ start, end });
    start = spans[i + 1]?.start ?? 0;
  }
  return pieces;
}

/** Pages of 4 KiB that hold any of these addresses, ascending, neighbours as one span. */
export function pagesOf(addresses: Iterable<number>): Span[] {
  const pages = new Set<number>();
  for (const address of addresses) pages.add(Math.floor(address / 4096));
  return joined([...pages].sort((a, b) => a - b).map((page) => ({ start: page * 4096, end: (page + 1) * 4096 })));
}

/** Spans in ascending order with those that touch or overlap made one. */
export function joined(spans: readonly Span[]): Span[] {
  const made: { start: number; end: number }[] = [];
  for (const { start, end } of spans) {
    const last = made.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else made.push({ start, end });
  }
  return made;
}

export interface Tick {
  readonly at: number;
  readonly address: number;
}

/**
 * Ticks between the pixels `low` and `high`, at least `apart` pixels from each other: the start of each piece, multiples of
 * a power of two inside it, or the address at the edge where neither is in sight. `look` is what a zoom makes of a place.
 */
export function addressTicks(
  { pieces }: AddressAxis,
  apart: number,
  low: number,
  high: number,
  look: { readonly k: number; readonly by: number } = { k: 1, by: 0 },
): Tick[] {
  const ticks: Tick[] = [];
  const add = (at: number, address: number): void => {
    if (at < low - 0.5 || at > high + 0.5) return;
    if (ticks.every((tick) => Math.abs(tick.at - at) >= apart)) ticks.push({ at, address });
  };
  const seen = pieces.map(({ start, end, from, to }) => {
    const place = scaleLinear([start, end], [from * look.k + look.by, to * look.k + look.by]);
    const [a, b] = [place.invert(low), place.invert(high)];
    return { place, start, first: Math.max(start, Math.min(a, b)), last: Math.min(end - 1, Math.max(a, b)) };
  });
  for (const { place, start } of seen) add(place(start), start);
  for (const { place, first, last } of seen) {
    const step = 2 ** Math.ceil(Math.log2(Math.max(1, apart / Math.abs(place(1) - place(0)))));
    const before = ticks.length;
    for (let address = Math.ceil(first / step) * step; address <= last; address += step) add(place(address), address);
    if (ticks.length === before && first <= last) add(place(Math.ceil(first)), Math.ceil(first));
  }
  return ticks.sort((a, b) => a.address - b.address);
}
