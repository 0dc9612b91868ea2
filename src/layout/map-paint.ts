/**
 * The map from afar, as pixels: cells of 2 MiB, or several of them as one mark, by the mix of their types, hatched where a
 * recalculation is pending, framed where one entry maps them. Row by row in three passes (ground, hatch, frames), so that
 * any stretch of a row can be painted again alone.
 */
import { addCells, bands } from './bands';
import { CELL, visible, type Grid } from './map';
import { BLOCK, GIB_CELLS, pendingOf, SETTLED, SIGN } from './map-marks';
import { fill, hatchIn, hatchOf, veil, type Hatch, type Raster } from './map-raster';
import type { MapScene, TypeInk } from './map-scene';
import { alongRow, PITCH } from './ept-hatch';
import { CELL_COUNTS } from './types';

/** CSS pixels: a cell smaller than the first gets no frame; a band lower than the second lies over the hatch. */
const LEAST_FRAME = 7;
const LEAST_HATCHED = 6;
/** Thickness of the lines of a hatch, CSS pixels. */
const LINE = { high: 0.8, low: 0.6 };
/** How much of a line there is on what has no type. */
const QUIET_LINE = 0.35;
/** CSS pixels that 1 GiB must be high to be parted from the next. */
const LEAST_GIB = 10;

/** A scene with what is worked out of it once: pixel edges of rows and columns, hatches by level. */
export interface Ready {
  readonly scene: MapScene;
  readonly xs: Int32Array;
  readonly ys: Int32Array;
  readonly group: number;
  readonly hatches: readonly Hatch[];
  readonly phase: number;
  /** Thickness of a line, device pixels. */
  readonly line: number;
  /** Pixels at the top of a row that part it from the GiB before. */
  readonly gap: (row: number) => number;
  readonly framed: boolean;
}

export function ready(scene: MapScene): Ready {
  const { grid, look, dpr, unit } = scene;
  const edges = (n: number, size: number, from: number): Int32Array =>
    Int32Array.from({ length: n + 1 }, (_, i) => Math.round((i * size * look.k + from) * dpr));
  const line = Math.max(1, Math.round(dpr));
  const gibHeight = (GIB_CELLS / grid.cols) * grid.h * look.k;
  const parted = grid.cols <= GIB_CELLS && gibHeight >= LEAST_GIB && grid.cells > GIB_CELLS;
  return {
    scene,
    xs: edges(grid.cols, grid.w, look.x),
    ys: edges(grid.rows, grid.h, look.y),
    group: Math.max(1, unit / CELL),
    hatches: PITCH.map((pitch, level) => hatchOf(alongRow(pitch) * dpr, (level < 2 ? LINE.low : LINE.high) * dpr)),
    phase: -(Math.round(look.x * dpr) + Math.round(look.y * dpr)),
    line,
    gap: (row) => (parted && row > 0 && (row * grid.cols) % GIB_CELLS === 0 ? line : 0),
    framed: Math.min(grid.w, grid.h) * look.k >= LEAST_FRAME,
  };
}

/** Everything that can be seen, onto paper. `skip`: cells that somebody else paints. */
export function paintMap(raster: Raster, at: Ready, skip: (cell: number) => boolean = () => false): void {
  const { scene, group } = at;
  raster.data.fill(scene.palette.paper);
  const { row0, row1, col0, col1 } = visible(scene.grid, scene.look);
  const from = Math.floor(col0 / group) * group;
  for (let row = row0; row < row1; row++) {
    const end = endOf(scene.grid, row, col1);
    for (let start = from; start < end;) {
      if (skip(row * scene.grid.cols + start)) {
        start++;
        continue;
      }
      let stop = start + group;
      while (stop < end && !skip(row * scene.grid.cols + stop)) stop += group;
      paintStretch(raster, at, row, start, Math.min(stop, end));
      start = stop;
    }
  }
}

const endOf = (grid: Grid, row: number, col1: number): number => Math.min(col1, grid.cells - row * grid.cols);

/** The cells of a row from column `c0` up to `c1`, of which both are ends of marks. */
export function paintStretch(raster: Raster, at: Ready, row: number, c0: number, c1: number): void {
  const { xs, ys, scene } = at;
  const gap = at.gap(row);
  fill(raster, xs[c0]!, ys[row]!, xs[c1]! - xs[c0]!, ys[row + 1]! - ys[row]!, scene.palette.paper);
  const y = ys[row]! + gap;
  const h = ys[row + 1]! - y;
  if (h <= 0) return;
  ground(raster, at, row, c0, c1, y, h);
  if (scene.hatched && scene.ground !== 'heat') hatching(raster, at, row, c0, c1, y, h);
  frames(raster, at, row, c0, c1, y, h);
}

const firstCell = ({ scene: { grid, first } }: Ready, row: number): number => first + row * grid.cols;
/** The end of a mark in the guest, which may end within it. */
const endCell = ({ scene: { grid, first } }: Ready, end: number): number => Math.min(end, first + grid.cells);

/** Type of a mark's frames: -1 mixed, -2 none. */
function typeOf(at: Ready, cell: number): number {
  const { pure } = at.scene;
  const type = pure[cell]!;
  const end = endCell(at, cell + at.group);
  for (let other = cell + 1; other < end; other++) if (pure[other] !== type) return -1;
  return type;
}

function touched(at: Ready, cell: number): boolean {
  const end = endCell(at, cell + at.group);
  for (let other = cell; other < end; other++) if (at.scene.signs[other]! & SIGN.touched) return true;
  return false;
}

const inkOf = (at: Ready, cell: number): readonly TypeInk[] =>
  at.scene.ground === 'changed' && !touched(at, cell) ? at.scene.palette.quiet : at.scene.palette.types;

/** Level on which the topmost mark of these cells sits, SETTLED for none. */
function levelOf(at: Ready, cell: number): number {
  let level = -1;
  const end = endCell(at, cell + at.group);
  for (let other = cell; other < end; other++) {
    const own = pendingOf(at.scene.signs[other]!);
    if (own !== SETTLED && own > level) level = own;
  }
  return level < 0 ? SETTLED : level;
}

const mix = new Float64Array(CELL_COUNTS);

function ground(raster: Raster, at: Ready, row: number, c0: number, c1: number, y: number, h: number): void {
  const { scene, xs, group } = at;
  const base = firstCell(at, row);
  for (let col = c0; col < c1;) {
    const cell = base + col;
    const x = xs[col]!;
    let end = Math.min(col + group, c1);
    if (scene.ground === 'heat' && scene.heat) {
      const bin = scene.heat.cells(cell, endCell(at, cell + group));
      fill(raster, x, y, xs[end]! - x, h, scene.palette.heat[bin]!);
      col = end;
      continue;
    }
    const type = typeOf(at, cell);
    const inks = inkOf(at, cell);
    const colour = type >= 0 ? inks[type]!.fill : null;
    if (colour !== null) {
      // Cells of one type in a row are one rectangle.
      while (end < c1 && typeOf(at, base + end) === type && inkOf(at, base + end) === inks)
        end = Math.min(end + group, c1);
      fill(raster, x, y, xs[end]! - x, h, colour);
    } else if (type >= 0) {
      hollow(raster, at, row, col, end, y, h, type, inks[type]!);
    } else if (type === -1) {
      addCells(scene.counts, cell, endCell(at, cell + group), mix);
      for (const band of bands(mix, h)) {
        const ink = inks[band.type]!;
        fill(raster, x, y + band.from, xs[end]! - x, band.to - band.from, ink.fill ?? ink.outline);
      }
    }
    col = end;
  }
}

/** A mark of a type that has no fill: its border, only where its neighbour is of another type. */
function hollow(
  raster: Raster,
  at: Ready,
  row: number,
  c0: number,
  c1: number,
  y: number,
  h: number,
  type: number,
  ink: TypeInk,
): void {
  const { grid } = at.scene;
  const same = (r: number, c: number): boolean =>
    c >= 0 && c < grid.cols && r >= 0 && r * grid.cols + c < grid.cells && typeOf(at, firstCell(at, r) + c) === type;
  outline(raster, at.xs[c0]!, y, at.xs[c1]! - at.xs[c0]!, h, ink, at.scene.dpr, {
    up: same(row - 1, c0),
    down: same(row + 1, c0),
    left: same(row, c0 - at.group),
    right: same(row, c1),
  });
}

export interface Sides {
  readonly up: boolean;
  readonly down: boolean;
  readonly left: boolean;
  readonly right: boolean;
}

/** The border of a rectangle, without the sides at which it goes on. */
export function outline(
  raster: Raster,
  x: number,
  y: number,
  w: number,
  h: number,
  ink: TypeInk,
  dpr: number,
  goesOn: Sides,
): void {
  const thick = Math.max(1, Math.round(Math.min(ink.width * 0.67 * dpr, h / 3, Math.max(w / 3, 1))));
  const dash = ink.dashed ? Math.round(3 * dpr) : Math.max(w, h, 1);
  for (let from = 0; from < w; from += 2 * dash) {
    const run = Math.min(dash, w - from);
    if (!goesOn.up) fill(raster, x + from, y, run, thick, ink.outline);
    if (!goesOn.down) fill(raster, x + from, y + h - thick, run, thick, ink.outline);
  }
  for (let from = 0; from < h; from += 2 * dash) {
    const run = Math.min(dash, h - from);
    if (!goesOn.left) fill(raster, x, y + from, thick, run, ink.outline);
    if (!goesOn.right) fill(raster, x + w - thick, y + from, thick, run, ink.outline);
  }
}

/** The hatch of one level over a type, null where none is drawn: there is no ground to draw on, or it is too low. */
export function hatchInk(
  { scene: { palette, dpr } }: Ready,
  type: number,
  level: number,
  h: number,
): { readonly colour: number; readonly alpha: number } | null {
  if (type === 0) return level >= 2 ? palette.high : palette.low;
  if ((palette.types[type]?.fill ?? null) === null || h < LEAST_HATCHED * dpr) return null;
  return { colour: palette.cut, alpha: 1 };
}

function hatching(raster: Raster, at: Ready, row: number, c0: number, c1: number, y: number, h: number): void {
  const { scene, xs, group, hatches, phase } = at;
  const base = firstCell(at, row);
  for (let col = c0; col < c1;) {
    const cell = base + col;
    let end = Math.min(col + group, c1);
    const level = levelOf(at, cell);
    if (level === SETTLED) {
      col = end;
      continue;
    }
    const type = typeOf(at, cell);
    const x = xs[col]!;
    const draw = (of: number, from: number, to: number): void => {
      const ink = hatchInk(at, of, level, to - from);
      if (ink) hatchIn(raster, x, y + from, xs[end]! - x, to - from, hatches[level]!, phase, ink.colour, ink.alpha);
    };
    if (type >= 0) {
      while (end < c1 && levelOf(at, base + end) === level && typeOf(at, base + end) === type)
        end = Math.min(end + group, c1);
      draw(type, 0, h);
    } else if (type === -1) {
      addCells(scene.counts, cell, endCell(at, cell + group), mix);
      for (const band of bands(mix, h)) draw(band.type, band.from, band.to);
    }
    col = end;
  }
}

/** Lines round what one entry maps: a cell, or 512 cells together. */
function frames(raster: Raster, at: Ready, row: number, c0: number, c1: number, y: number, h: number): void {
  const { scene, xs, ys, line, framed, group } = at;
  if (group > 1) return gibs(raster, at, row, c0, c1, y, h);
  const base = firstCell(at, row);
  const { cols } = scene.grid;
  const isBlock = (col: number): boolean => (scene.signs[base + col]! & SIGN.block) === BLOCK.cell;
  if (framed)
    for (let col = c0; col < c1; col++) {
      if (!isBlock(col)) continue;
      const colour = lineOver(at, scene.pure[base + col]!);
      if (colour === null) continue;
      const x = xs[col]!;
      const w = xs[col + 1]! - x;
      const draw = (left: number, top: number, wide: number, high: number): void =>
        veil(raster, left, top, wide, high, colour, scene.ground === 'heat' ? QUIET_LINE : 1);
      draw(x, y, w, line);
      draw(x, y, line, h);
      // The next block draws the line between the two.
      if (col + 1 >= cols || !isBlock(col + 1)) draw(x + w - line, y, line, h);
      const below = base + col + cols;
      if (below >= scene.first + scene.grid.cells || (scene.signs[below]! & SIGN.block) !== BLOCK.cell)
        draw(x, ys[row + 1]! - line, w, line);
    }
  gibs(raster, at, row, c0, c1, y, h);
}

/** Colour of a line on a type: on plain RAM its edge, on a filled one a cut; null: it has its own border. */
export function lineOver({ scene: { palette, ground } }: Ready, type: number): number | null {
  if (ground === 'heat' || type <= 0) return palette.edge;
  return palette.types[type]!.fill === null ? null : palette.cut;
}

function gibs(raster: Raster, at: Ready, row: number, c0: number, c1: number, y: number, h: number): void {
  const { scene, xs, ys, line } = at;
  const { cols } = scene.grid;
  const width = Math.min(cols, GIB_CELLS);
  if (scene.grid.cells < GIB_CELLS || width * scene.grid.w * scene.look.k < LEAST_FRAME) return;
  const inGib = (cell: number): boolean => (scene.signs[cell]! & SIGN.block) === BLOCK.gib;
  const base = firstCell(at, row);
  const rows = Math.max(1, GIB_CELLS / cols);
  const colour = scene.palette.edge;
  for (let from = Math.floor(c0 / width) * width; from < c1; from += width) {
    if (!inGib(base + Math.max(from, c0))) continue;
    const left = Math.max(from, c0);
    const right = Math.min(from + width, c1);
    const w = xs[right]! - xs[left]!;
    if (row % rows === 0) fill(raster, xs[left]!, y, w, line, colour);
    if (row % rows === rows - 1) fill(raster, xs[left]!, ys[row + 1]! - line, w, line, colour);
    if (left === from) fill(raster, xs[from]!, y, line, h, colour);
    if (right === from + width) fill(raster, xs[right]! - line, y, line, h, colour);
  }
}
