/** What a step wrote, on the map: neighbours in a row as one rectangle, rows of equal rectangles as one. */
import { CELL, unitRect, type Grid, type Look, type Rect } from './map';

/**
 * Rectangles of marks of `unit` frames. `cells`: ascending numbers of cells with something written; where single frames are
 * drawn `frames` tells which of a cell's are (null: not known, the whole cell).
 */
export function touchedRects(
  grid: Grid,
  look: Look,
  unit: number,
  cells: ArrayLike<number>,
  frames: (cell: number) => ArrayLike<number> | null,
): Rect[] {
  const rects: Rect[] = [];
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (cell >= grid.cells) break;
    const at = unitRect(grid, look, cell * CELL, Math.max(unit, CELL));
    if (at.x > look.width || at.y > look.height || at.x + at.w < 0 || at.y + at.h < 0) continue;
    const own = unit === 1 ? frames(cell) : null;
    if (own) inCell(rects, grid, look, cell, own);
    else add(rects, at);
  }
  return merged(rects);
}

function inCell(rects: Rect[], grid: Grid, look: Look, cell: number, own: ArrayLike<number>): void {
  if (Array.prototype.every.call(own, (one: number) => one === 1)) {
    add(rects, unitRect(grid, look, cell * CELL, CELL));
    return;
  }
  for (let frame = 0; frame < CELL; frame++)
    if (own[frame] === 1) add(rects, unitRect(grid, look, cell * CELL + frame, 1));
}

/** A mark right of the last one makes it wider; the same mark again changes nothing. */
function add(rects: Rect[], at: Rect): void {
  const last = rects.at(-1);
  if (last && near(last.y, at.y) && near(last.h, at.h) && (near(last.x + last.w, at.x) || near(last.x, at.x)))
    rects[rects.length - 1] = { ...last, w: at.x + at.w - last.x };
  else rects.push(at);
}

function merged(rects: readonly Rect[]): Rect[] {
  const made: Rect[] = [];
  /** The last one of these columns, by place. */
  const columns = new Map<string, number>();
  for (const at of rects) {
    const key = `${Math.round(at.x * 4)} ${Math.round(at.w * 4)}`;
    const above = columns.get(key);
    const on = above === undefined ? undefined : made[above];
    if (above !== undefined && on && near(on.y + on.h, at.y)) made[above] = { ...on, h: at.y + at.h - on.y };
    else columns.set(key, made.push(at) - 1);
  }
  return made;
}

const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.01;
