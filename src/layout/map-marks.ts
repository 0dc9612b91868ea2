/**
 * What the p2m's tables say of each cell (2 MiB) of the map, a byte a cell: on which level the mark sits that makes its
 * frames wait for their recalculation, what maps it, and whether this step wrote an entry in it.
 */
import { CELL } from './map';

/** Bits of an entry's byte, as in the worker's protocol, which a test holds equal. */
export const ENTRY = { kind: 3, leaf: 1, table: 2, marked: 4, below: 8 } as const;

/** Bits of a cell's byte. `pending`: level + 1, 0 none. `block`: one of BLOCK. */
export const SIGN = { pending: 7, block: 24, touched: 32 } as const;
/** What maps a cell: an entry of 2 MiB, one of 1 GiB, a table of 512 entries, or nothing that is known. */
export const BLOCK = { none: 0, cell: 8, gib: 16, table: 24 } as const;

/** Cells that an entry of level 2 maps. */
export const GIB_CELLS = 512;
const ROOT_CELLS = GIB_CELLS * GIB_CELLS;
/** In place of a level: no mark. */
export const SETTLED = 255;

/** The entries of the levels 1, 2, 3 at that index, a byte each in address order. */
export type Entries = readonly ArrayLike<number>[];

/** A byte for each cell, into `into`, as many as it has room for. `touched`: numbers of cells. */
export function cellSigns(entries: Entries, touched: ArrayLike<number>, into: Uint8Array): void {
  const [, level1 = [], level2 = [], level3 = []] = entries;
  for (let cell = 0; cell < into.length; cell++) {
    const own = level1[cell] ?? 0;
    const gib = level2[Math.floor(cell / GIB_CELLS)] ?? 0;
    let sign = 0;
    if ((level3[Math.floor(cell / ROOT_CELLS)] ?? 0) & ENTRY.marked) sign = 4;
    else if (gib & ENTRY.marked) sign = 3;
    else if (own & ENTRY.marked) sign = 2;
    else if (own & ENTRY.below) sign = 1;
    if ((gib & ENTRY.kind) === ENTRY.leaf) sign |= BLOCK.gib;
    else if ((own & ENTRY.kind) === ENTRY.leaf) sign |= BLOCK.cell;
    else if ((own & ENTRY.kind) === ENTRY.table) sign |= BLOCK.table;
    into[cell] = sign;
  }
  for (let i = 0; i < touched.length; i++) if (touched[i]! < into.length) into[touched[i]!]! |= SIGN.touched;
}

/** Level of the mark that a cell waits for, SETTLED for none. Level 0: marks lie on single frames in it. */
export const pendingOf = (sign: number): number => ((sign & SIGN.pending) === 0 ? SETTLED : (sign & SIGN.pending) - 1);

/** Frames that one entry maps, where the entry is more than one frame's; 1 else. */
export function blockFrames(sign: number): number {
  if ((sign & SIGN.block) === BLOCK.gib) return GIB_CELLS * CELL;
  return (sign & SIGN.block) === BLOCK.cell ? CELL : 1;
}
