/**
 * The list of intercepted writes: which rows are in sight, which is the current one, and what a Gen8 GTT entry says.
 */

/** Height of a row, px: a finger hits it. How many rows are kept ready outside the view. */
export const ROW = 24;
const SPARE = 6;

export interface Columns {
  readonly length: number;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

/** Rows to draw, end excluded. */
export function rowsInSight(
  length: number,
  top: number,
  height: number,
): { readonly first: number; readonly end: number } {
  const first = Math.max(0, Math.min(length, Math.floor(top / ROW)) - SPARE);
  return { first, end: Math.min(length, Math.ceil((top + height) / ROW) + SPARE) };
}

/** How far to scroll so that a row is in sight; the same `top` when it is already. */
export function scrollTo(row: number, top: number, height: number): number {
  if (row * ROW < top) return row * ROW;
  return (row + 1) * ROW > top + height ? (row + 1) * ROW - height : top;
}

/** The last write that began at or before a step; -1: none yet. */
export function writeAt(columns: Columns, step: number): number {
  let low = 0;
  let high = columns.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (columns.from[mid]! <= step) low = mid + 1;
    else high = mid;
  }
  return low - 1;
}

export type WriteTime = 'past' | 'now' | 'future';

/** Whether a write is over, under way, or still to come at a step. */
export function timeOf(columns: Columns, row: number, step: number): WriteTime {
  if (columns.from[row]! > step) return 'future';
  const to = columns.to[row]!;
  return to === 0 || to >= step ? 'now' : 'past';
}

/** Number of the 8-byte entry that an address lies in. */
export const entryIndex = (gpa: number): number => Math.floor((gpa % 4096) / 8);

export interface GttEntry {
  readonly present: boolean;
  /** Guest frame in the entry. */
  readonly gfn: number;
  /** The entry maps 2 MiB or 1 GiB itself, instead of pointing to a table. */
  readonly large: boolean;
}

/** A Gen8 entry of this level (0 PT .. 3 PML4): present bit 0, page size bit 7, frame in bits 45:12. */
export function decodeGtt(low: number, high: number, level: number): GttEntry {
  return {
    present: (low & 1) === 1,
    gfn: (high & 0x3fff) * 0x10_0000 + (low >>> 12),
    large: (level === 1 || level === 2) && (low & 0x80) !== 0,
  };
}
