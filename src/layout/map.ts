/**
 * Geometry of the map of guest memory: cells of 512 frames (2 MiB) in address order, row by row; within a cell its frames,
 * row by row again, so that zooming never moves anything past its neighbours. Lengths are CSS pixels, `dpr` device pixels
 * for one of them. A guest of few frames gets one cell a row: its frames then simply run on from row to row.
 */

export const CELL = 512;

export interface Grid {
  readonly cells: number;
  readonly cols: number;
  readonly rows: number;
  /** Size of a cell and, within it, frames a row and rows. */
  readonly w: number;
  readonly h: number;
  readonly subCols: number;
  readonly subRows: number;
}

/** d3-zoom's transform, and the window that it looks through. */
export interface Look {
  readonly k: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const powers = (from: number, to: number): number[] => {
  const list: number[] = [];
  for (let p = from; p <= to; p *= 2) list.push(p);
  return list;
};
/** The power of two for which `shape` is nearest to a square. */
const squarest = (list: readonly number[], shape: (p: number) => number): number =>
  list.reduce((a, b) => (Math.abs(Math.log(shape(b))) < Math.abs(Math.log(shape(a))) ? b : a));

/** Rows lower than this cannot be told apart on a projector. */
const LOWEST_ROW = 3;

export function mapGrid(cells: number, width: number, height: number): Grid {
  const fit = powers(1, 4096).filter((c) => Math.ceil(cells / c) * LOWEST_ROW <= height);
  const candidates = fit.length > 0 ? fit : [4096];
  const cols =
    cells * CELL <= 8192
      ? 1
      : squarest(candidates, (c) => width / c / (height / Math.ceil(cells / Math.min(c, cells))));
  const rows = Math.max(1, Math.ceil(cells / cols));
  const w = width / cols;
  const h = height / rows;
  const subCols = squarest(powers(4, 128), (c) => w / c / (h / (CELL / c)));
  return { cells, cols, rows, w, h, subCols, subRows: CELL / subCols };
}

/** Cells of which single frames are drawn, at most: they come from the worker, 16 in a row at a time. */
const MOST_SEEN = 144;

/** Frames that one mark stands for: a group of cells in a row, a cell, or one frame. */
export function unitOf(grid: Grid, k: number, dpr: number): number {
  const seen = (grid.cols * grid.rows) / (k * k);
  if (seen <= MOST_SEEN && (grid.w / grid.subCols) * k >= 2.5 && (grid.h / grid.subRows) * k >= 2.5) return 1;
  let group = 1;
  while (group < grid.cols && grid.w * k * dpr * group < 2) group *= 2;
  return group * CELL;
}

/** Largest useful zoom: one frame with its number in it. */
export const deepest = (grid: Grid): number => Math.max(96 / (grid.w / grid.subCols), 56 / (grid.h / grid.subRows), 1);

/** Where the mark of `unit` frames that holds `gfn` lies, in the window's pixels. */
export function unitRect(grid: Grid, look: Look, gfn: number, unit: number): Rect {
  const cell = Math.floor(gfn / CELL);
  const row = Math.floor(cell / grid.cols);
  const col = cell % grid.cols;
  if (unit >= CELL) {
    const group = unit / CELL;
    const first = Math.floor(col / group) * group;
    return rect(look, first * grid.w, row * grid.h, Math.min(group, grid.cols) * grid.w, grid.h);
  }
  const frame = gfn % CELL;
  const w = grid.w / grid.subCols;
  const h = grid.h / grid.subRows;
  return rect(
    look,
    col * grid.w + (frame % grid.subCols) * w,
    row * grid.h + Math.floor(frame / grid.subCols) * h,
    w,
    h,
  );
}

const rect = (look: Look, x: number, y: number, w: number, h: number): Rect => ({
  x: x * look.k + look.x,
  y: y * look.k + look.y,
  w: w * look.k,
  h: h * look.k,
});

/** First frame of the mark under a point, null past the end of memory. */
export function frameAt(grid: Grid, look: Look, px: number, py: number, unit: number): number | null {
  const x = (px - look.x) / look.k / grid.w;
  const y = (py - look.y) / look.k / grid.h;
  if (x < 0 || y < 0 || x >= grid.cols || y >= grid.rows) return null;
  const cell = Math.floor(y) * grid.cols + Math.floor(x);
  if (cell >= grid.cells) return null;
  if (unit >= CELL) return Math.floor(cell / (unit / CELL)) * unit;
  return cell * CELL + Math.floor((y % 1) * grid.subRows) * grid.subCols + Math.floor((x % 1) * grid.subCols);
}

/** The mark beside the one that holds `gfn`: to the right or left in address order, up or down on the map. */
export function neighbour(grid: Grid, gfn: number, unit: number, dx: number, dy: number): number {
  const first = Math.floor(gfn / unit) * unit;
  const frames = grid.cells * CELL;
  if (dx !== 0) return Math.min(Math.max(first + dx * unit, 0), Math.floor((frames - 1) / unit) * unit);
  const still: Look = { k: 1, x: 0, y: 0, width: 0, height: 0 };
  const at = unitRect(grid, still, first, unit);
  return frameAt(grid, still, at.x + at.w / 2, at.y + (dy + 0.5) * at.h, unit) ?? first;
}

/** Rows and columns of cells that can be seen, ends exclusive. */
export function visible(grid: Grid, look: Look): { row0: number; row1: number; col0: number; col1: number } {
  const clamp = (n: number, most: number): number => Math.min(Math.max(n, 0), most);
  return {
    row0: clamp(Math.floor(-look.y / look.k / grid.h), grid.rows),
    row1: clamp(Math.ceil((look.height - look.y) / look.k / grid.h), grid.rows),
    col0: clamp(Math.floor(-look.x / look.k / grid.w), grid.cols),
    col1: clamp(Math.ceil((look.width - look.x) / look.k / grid.w), grid.cols),
  };
}

/** The transform that puts `gfn` in the middle at zoom `k`, without showing what is beyond the map. */
export function centred(grid: Grid, look: Look, gfn: number, k: number): { k: number; x: number; y: number } {
  const at = unitRect(grid, { ...look, k: 1, x: 0, y: 0 }, gfn, 1);
  const clamp = (n: number, room: number): number => Math.min(0, Math.max(n, room - room * k));
  return {
    k,
    x: clamp(look.width / 2 - (at.x + at.w / 2) * k, look.width),
    y: clamp(look.height / 2 - (at.y + at.h / 2) * k, look.height),
  };
}
