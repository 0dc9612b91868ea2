/** Labels beside the map's rows: round addresses for the whole guest, the first gfn that can be seen when zoomed in. */
import { CELL, visible, type Grid, type Look } from './map';

export interface RowTick {
  /** Pixels from the top of the map. */
  readonly y: number;
  readonly gfn: number;
}

/**
 * At most one label every `apart` pixels, at rows whose first address is a multiple of a power of two. Nearer by, where a row is
 * high, also within it: of the rows of frames in its cells, in the middle where every one of them has a label.
 */
export function rowTicks(grid: Grid, look: Look, apart: number): RowTick[] {
  const { row0, row1, col0 } = visible(grid, look);
  const rowH = grid.h * look.k;
  const byFrames = (grid.h / grid.subRows) * look.k;
  const ticks: RowTick[] = [];
  if (look.k > 1 && rowH >= 2 * apart) {
    const every = powerOver(apart / byFrames);
    const left = Math.max(0, Math.floor(((-look.x / look.k / grid.w) % 1) * grid.subCols));
    for (let row = row0; row < row1; row++)
      for (let sub = 0; sub < grid.subRows; sub += every) {
        const gfn = (row * grid.cols + col0) * CELL + sub * grid.subCols + left;
        ticks.push({ y: (row + sub / grid.subRows) * rowH + look.y + (every === 1 ? byFrames / 2 : 0), gfn });
      }
  } else {
    const every = powerOver(apart / rowH);
    for (let row = Math.ceil(row0 / every) * every; row < row1; row += every)
      ticks.push({ y: row * rowH + look.y, gfn: (row * grid.cols + col0) * CELL });
  }
  return ticks.filter((tick) => tick.y > -0.5 && tick.y < look.height - 6 && tick.gfn < grid.cells * CELL);
}

const powerOver = (n: number): number => 2 ** Math.max(0, Math.ceil(Math.log2(n)));
