/** One cell of 2 MiB by itself: what maps it, and all that a drawing of it alone is made of. */
import { CELL, type Grid } from './map';
import { BLOCK, SETTLED } from './map-marks';
import type { CellFrames, MapScene } from './map-scene';
import { pureType } from './bands';
import { CELL_COUNTS, NO_ENTRY } from './types';

/** What a step made of a block: split it, joined it, or neither. */
export type Fate = 'split' | 'joined' | 'kept';

/** Order of the entry that maps a block: 18, 9, or 0 for 512 entries; -1: not known. */
export function orderOf(sign: number, held: CellFrames | null): number {
  const block = sign & 24;
  if (block === BLOCK.gib) return 18;
  if (block === BLOCK.cell) return 9;
  if (block === BLOCK.table) return 0;
  return held?.orders[0] ?? -1;
}

export function fateOf(before: CellFrames | null, now: number): Fate {
  const was = before?.orders[0];
  if (was === undefined || now < 0 || was === now) return 'kept';
  return was > now ? 'split' : 'joined';
}

/** A block of which all frames are alike, since one entry maps it. */
export function uniform(type: number, order: number, pending: number): CellFrames {
  const all = (value: number): Uint8Array => new Uint8Array(CELL).fill(value);
  const types = all(type < 0 ? NO_ENTRY : type);
  return { types, effective: types, orders: all(order), pending: all(pending), touched: null };
}

/** A grid of one cell with so many frames a row. */
export const blockGrid = (w: number, h: number, subCols: number): Grid => ({
  cells: 1,
  cols: 1,
  rows: 1,
  w,
  h,
  subCols,
  subRows: CELL / subCols,
});

/** A cell's frames as the numbers of a map that has no other cell. */
export function oneCell(held: CellFrames): Pick<MapScene, 'first' | 'counts' | 'pure' | 'signs'> {
  const counts = new Uint16Array(CELL_COUNTS);
  for (const type of held.types) if (type !== NO_ENTRY) counts[type]!++;
  const level = held.pending[0] ?? SETTLED;
  const sign = (level === SETTLED ? 0 : level + 1) | ((held.orders[0] ?? 0) >= 9 ? BLOCK.cell : BLOCK.table);
  return { first: 0, counts, pure: Int8Array.of(pureType(counts, 0)), signs: Uint8Array.of(sign) };
}
