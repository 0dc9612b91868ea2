/**
 * The part of the map that is seen, as a list: runs of frames of which all the same is true. Made of what the picture is
 * made of; what the picture does not tell apart the list does not either.
 */
import { CELL } from './map';
import { BLOCK, blockFrames, pendingOf, SETTLED, SIGN } from './map-marks';
import type { CellFrames, MapScene } from './map-scene';
import { NO_ENTRY } from './types';

/** In place of a type: frames of several types; none of them has an entry; nobody asked. */
export const MIXED = -1;
export const NONE = -2;
export const UNKNOWN = -3;

export interface Run {
  readonly first: number;
  readonly last: number;
  readonly stored: number;
  readonly effective: number;
  /** Order of the entries that map it; -1: none does. */
  readonly order: number;
  /** Level of the mark that it waits for, SETTLED for none. */
  readonly pending: number;
}

type Told = Pick<MapScene, 'ground' | 'pure' | 'signs' | 'unit'> & { readonly frames: MapScene['frames'] };

/** The first `most` runs of some stretches of cells, which ascend, and whether there are more. */
export function runsOf(scene: Told, stretches: readonly Stretch[], most: number): { runs: Run[]; more: boolean } {
  const { pure, signs, unit } = scene;
  const runs: Run[] = [];
  for (const { from, to } of stretches)
    for (let cell = from; cell < to;) {
      if (runs.length > most) return { runs: runs.slice(0, most), more: true };
      const held = unit === 1 ? scene.frames(cell) : null;
      if (held) {
        byFrame(runs, held, cell * CELL);
        cell++;
        continue;
      }
      let end = cell + 1;
      const alike = (other: number): boolean =>
        pure[other] === pure[cell] && ((signs[other]! ^ signs[cell]!) & ~SIGN.touched) === 0;
      // There are thousands of them, most of them alike.
      if (unit !== 1 && pure[cell] !== MIXED) while (end < to && alike(end)) end++;
      add(runs, wholeCells(scene, cell, end));
      cell = end;
    }
  return runs.length > most ? { runs: runs.slice(0, most), more: true } : { runs, more: false };
}

/** A run goes on with the next where all the same is true of both; cells of many types are not the same. */
function add(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  const same =
    last?.last === run.first - 1 &&
    last.stored === run.stored &&
    last.effective === run.effective &&
    last.order === run.order &&
    last.pending === run.pending &&
    run.stored !== MIXED &&
    run.effective !== MIXED;
  if (same) runs[runs.length - 1] = { ...last, last: run.last };
  else runs.push(run);
}

/** Cells from `cell` up to `end`, of which all the same is true. */
function wholeCells({ ground, pure, signs }: Told, cell: number, end: number): Run {
  const sign = signs[cell] ?? 0;
  const pending = pendingOf(sign);
  const type = pure[cell] ?? NONE;
  // With no mark on the way get_entry answers what the entry says.
  const other = pending === SETTLED ? type : UNKNOWN;
  const block = blockFrames(sign);
  return {
    first: cell * CELL,
    last: end * CELL - 1,
    stored: ground === 'effective' ? other : type,
    effective: ground === 'effective' ? type : other,
    order: block === CELL ? 9 : block > CELL ? 18 : (sign & SIGN.block) === BLOCK.table ? 0 : -1,
    pending,
  };
}

function byFrame(runs: Run[], held: CellFrames, first: number): void {
  const typeOf = (type: number | undefined): number => (type === undefined || type === NO_ENTRY ? NONE : type);
  for (let from = 0; from < CELL;) {
    let to = from + 1;
    const same = (frame: number): boolean =>
      held.types[frame] === held.types[from] &&
      held.effective[frame] === held.effective[from] &&
      held.orders[frame] === held.orders[from] &&
      held.pending[frame] === held.pending[from];
    while (to < CELL && same(to)) to++;
    add(runs, {
      first: first + from,
      last: first + to - 1,
      stored: typeOf(held.types[from]),
      effective: typeOf(held.effective[from]),
      order: held.orders[from] ?? 0,
      pending: held.pending[from] ?? SETTLED,
    });
    from = to;
  }
}

/** Cells from `from` up to `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The cells in rows `row0` up to `row1` and columns `col0` up to `col1`, in order of address. */
export function stretchesIn(
  cols: number,
  cells: number,
  seen: { readonly row0: number; readonly row1: number; readonly col0: number; readonly col1: number },
): Stretch[] {
  const { row0, row1, col0, col1 } = seen;
  const rows = col0 === 0 && col1 === cols ? [row0] : Array.from({ length: row1 - row0 }, (_, i) => row0 + i);
  const end = (row: number): number => (rows.length === 1 ? (row1 - 1) * cols : row * cols) + col1;
  return rows
    .map((row) => ({ from: row * cols + col0, to: Math.min(cells, end(row)) }))
    .filter(({ from, to }) => to > from);
}
