/** The map on a canvas, in device pixels: bands of 2 MiB cells from afar, frames with their glyphs from near by. */
import { addCells, bands, pureType } from '../../layout/bands';
import { CELL, unitRect, visible, type Grid, type Look } from '../../layout/map';
import { CELL_COUNTS, TYPE_LOOKS } from '../../layout/types';
import { paintFrames } from './paint-frames';
import type { CellFrames } from './frames.svelte';

export interface Scene {
  readonly grid: Grid;
  readonly look: Look;
  /** Frames a mark. */
  readonly unit: number;
  readonly dpr: number;
  readonly counts: Uint16Array;
  readonly colour: (name: string) => string;
  readonly frames: (cell: number) => CellFrames | null;
}

export interface Pixels {
  x: number;
  y: number;
  w: number;
  h: number;
}

const mix = new Float64Array(CELL_COUNTS);

/** Snapped to device pixels, so that neighbours share an edge. */
export function pixels(scene: Scene, gfn: number, unit: number): Pixels {
  const at = unitRect(scene.grid, scene.look, gfn, unit);
  const x = Math.round(at.x * scene.dpr);
  const y = Math.round(at.y * scene.dpr);
  return { x, y, w: Math.round((at.x + at.w) * scene.dpr) - x, h: Math.round((at.y + at.h) * scene.dpr) - y };
}

/** Type of a mark's frames: -1 mixed, -2 none. */
function groupType(scene: Scene, first: number): number {
  const group = Math.max(1, scene.unit / CELL);
  const type = pureType(scene.counts, first);
  for (let cell = first + 1; cell < Math.min(first + group, scene.grid.cells); cell++)
    if (pureType(scene.counts, cell) !== type) return -1;
  return type;
}

/** Draws everything that can be seen. */
export function paintAll(ctx: CanvasRenderingContext2D, scene: Scene): void {
  const { grid, look, unit, dpr } = scene;
  ctx.fillStyle = scene.colour('--paper');
  ctx.fillRect(0, 0, Math.ceil(look.width * dpr), Math.ceil(look.height * dpr));
  const { row0, row1, col0, col1 } = visible(grid, look);
  const group = Math.max(1, unit / CELL);
  const from = Math.floor(col0 / group) * group;
  for (let row = row0; row < row1; row++) {
    for (let col = from; col < col1;) {
      const cell = row * grid.cols + col;
      if (cell >= grid.cells) break;
      const held = unit === 1 ? scene.frames(cell) : null;
      if (held) {
        paintFrames(ctx, scene, cell, held);
        col++;
        continue;
      }
      // Cells of one type in a row are one rectangle.
      const type = groupType(scene, cell);
      let next = col + group;
      if (type >= 0 && TYPE_LOOKS[type]!.fill)
        while (
          next < col1 &&
          row * grid.cols + next < grid.cells &&
          !(unit === 1 && scene.frames(row * grid.cols + next)) &&
          groupType(scene, row * grid.cols + next) === type
        )
          next += group;
      paintMark(ctx, scene, cell, type, next - col);
      col = next;
    }
  }
}

/** Draws only these cells again, and their neighbours, whose outlines may have changed. */
export function paintCells(ctx: CanvasRenderingContext2D, scene: Scene, cells: readonly number[]): void {
  const group = Math.max(1, scene.unit / CELL);
  const again = new Set<number>();
  for (const cell of cells)
    for (const near of [cell, cell - group, cell + group, cell - scene.grid.cols, cell + scene.grid.cols])
      if (near >= 0 && near < scene.grid.cells) again.add(Math.floor(near / group) * group);
  for (const cell of again) paintMark(ctx, scene, cell, groupType(scene, cell), group);
}

/** `cells` cells of a row that are of one type, or one mixed mark. */
function paintMark(ctx: CanvasRenderingContext2D, scene: Scene, cell: number, type: number, cells: number): void {
  const mark = Math.max(scene.unit, CELL);
  const first = pixels(scene, cell * CELL, mark);
  const last = cells * CELL > mark ? pixels(scene, (cell + cells - 1) * CELL, mark) : first;
  const at = { ...first, w: last.x + last.w - first.x };
  ctx.fillStyle = scene.colour('--paper');
  ctx.fillRect(at.x, at.y, at.w, at.h);
  if (type === -2) return;
  if (type >= 0) {
    const look = TYPE_LOOKS[type]!;
    if (look.fill) {
      ctx.fillStyle = scene.colour(look.fill);
      ctx.fillRect(at.x, at.y, at.w, at.h);
    } else {
      const same = (other: number): boolean =>
        other >= 0 && other < scene.grid.cells && groupType(scene, other) === type;
      const col = cell % scene.grid.cols;
      outline(ctx, scene, at, type, {
        up: same(cell - scene.grid.cols),
        down: same(cell + scene.grid.cols),
        left: col > 0 && same(cell - cells),
        right: col + cells < scene.grid.cols && same(cell + cells),
      });
    }
    return;
  }
  addCells(scene.counts, cell, Math.min(cell + cells, scene.grid.cells), mix);
  for (const band of bands(mix, at.h)) {
    const look = TYPE_LOOKS[band.type]!;
    ctx.fillStyle = scene.colour(look.fill ?? look.outline ?? '--edge');
    ctx.fillRect(at.x, at.y + band.from, at.w, band.to - band.from);
  }
}

/** The border of a hollow type, only where its neighbour is of another type. */
export function outline(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  at: Pixels,
  type: number,
  same: { up: boolean; down: boolean; left: boolean; right: boolean },
): void {
  const look = TYPE_LOOKS[type]!;
  const thick = Math.max(1, Math.round(Math.min(look.width * 0.67 * scene.dpr, at.h / 3, Math.max(at.w / 3, 1))));
  const dash = look.dashed ? 3 * scene.dpr : Infinity;
  ctx.fillStyle = scene.colour(look.outline ?? '--edge');
  for (let x = 0; x < at.w; x += 2 * dash) {
    const w = Math.min(dash, at.w - x);
    if (!same.up) ctx.fillRect(at.x + x, at.y, w, thick);
    if (!same.down) ctx.fillRect(at.x + x, at.y + at.h - thick, w, thick);
  }
  for (let y = 0; y < at.h; y += 2 * dash) {
    const h = Math.min(dash, at.h - y);
    if (!same.left) ctx.fillRect(at.x, at.y + y, thick, h);
    if (!same.right) ctx.fillRect(at.x + at.w - thick, at.y + y, thick, h);
  }
}
