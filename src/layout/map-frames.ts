/**
 * The map from near by, as pixels: the 512 frames of a cell, runs of one type joined and cut by thin lines, hatched frame by
 * frame; a cell that one entry maps is one block without cuts. What pixels cannot draw, glyphs and numbers, comes as a list.
 */
import { CELL } from './map';
import { BLOCK, SETTLED, SIGN } from './map-marks';
import { hatchInk, lineOver, outline, paintStretch, type Ready } from './map-paint';
import { fill, hatchIn, veil, type Raster } from './map-raster';
import type { CellFrames } from './map-scene';
import { NO_ENTRY, TYPE_LOOKS } from './types';

/** CSS pixels from which a frame shows cuts, its glyph, lines round plain RAM, its number. */
const CUTS = 4;
const GLYPH = 5;
const GROUND_CUTS = 8;
const NUMBER = { w: 58, h: 34 };
const LARGEST_GLYPH = { frame: 28, block: 32 };

/** A glyph to be drawn in a square, device pixels. */
export interface Glyph {
  readonly type: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** The number of a frame, in the middle of a strip of paper at the foot of the frame: device pixels. */
export interface FrameNumber {
  readonly gfn: number;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Extras {
  readonly glyphs: Glyph[];
  readonly numbers: FrameNumber[];
}

/** Whether a cell is one block: one entry of 2 MiB or more maps it. */
export const isBlock = (sign: number, held: CellFrames | null): boolean =>
  (held !== null && (held.orders[0] ?? 0) >= 9) ||
  (sign & SIGN.block) === BLOCK.cell ||
  (sign & SIGN.block) === BLOCK.gib;

/** One row of a cell's frames: `y` and `h` are its pixels, `xs` the edges of its frames, `start` the first of them. */
interface FrameRow {
  readonly raster: Raster;
  readonly at: Ready;
  readonly held: CellFrames;
  readonly cell: number;
  readonly types: Uint8Array;
  readonly start: number;
  readonly xs: Int32Array;
  readonly y: number;
  readonly h: number;
}

/** The frames of a cell: `row` and `col` are its place in the grid. Adds to `extras` what is to be drawn on top. */
export function paintFrames(
  raster: Raster,
  at: Ready,
  row: number,
  col: number,
  held: CellFrames,
  extras: Extras,
): void {
  const { scene, xs, ys, line } = at;
  const { grid, look, dpr } = scene;
  const cell = scene.first + row * grid.cols + col;
  const types = scene.ground === 'effective' ? held.effective : held.types;
  if (isBlock(scene.signs[cell] ?? 0, held)) {
    paintStretch(raster, at, row, col, col + 1);
    blockGlyph(at, row, col, types[0] ?? NO_ENTRY, extras);
    return;
  }
  const w = (grid.w / grid.subCols) * look.k;
  const h = (grid.h / grid.subRows) * look.k;
  fill(raster, xs[col]!, ys[row]!, xs[col + 1]! - xs[col]!, ys[row + 1]! - ys[row]!, scene.palette.paper);
  const subXs = edges(grid.subCols, (col * grid.w * look.k + look.x) * dpr, w * dpr);
  const subYs = edges(grid.subRows, (row * grid.h * look.k + look.y) * dpr, h * dpr);
  for (let sub = 0; sub < grid.subRows; sub++) {
    const y = subYs[sub]!;
    const high = subYs[sub + 1]! - y;
    const start = sub * grid.subCols;
    if (y + high > 0 && y < raster.height)
      paintRow({ raster, at, held, cell, types, start, xs: subXs, y, h: high }, Math.min(w, h), extras);
  }
  if (w >= NUMBER.w && h >= NUMBER.h) numbers(raster, cell, subXs, subYs, line * 16, extras);
}

const edges = (n: number, from: number, size: number): Int32Array =>
  Int32Array.from({ length: n + 1 }, (_, i) => Math.round(from + i * size));

/** `least`: the shorter side of a frame, CSS pixels. */
function paintRow(line: FrameRow, least: number, extras: Extras): void {
  const { at, types, start, xs, raster } = line;
  const { ground, hatched } = at.scene;
  const end = start + xs.length - 1;
  for (let from = start; from < end;) {
    const type = types[from] ?? NO_ENTRY;
    const key = keyOf(line, from);
    let to = from + 1;
    while (to < end && (types[to] ?? NO_ENTRY) === type && keyOf(line, to) === key) to++;
    const x = xs[from - start]!;
    if (xs[to - start]! > 0 && x < raster.width) {
      paintRun(line, from, to, type);
      if (least >= (type === 0 || ground === 'heat' ? GROUND_CUTS : CUTS) && type !== NO_ENTRY)
        cuts(line, from, to, type);
      if (least >= GLYPH && ground !== 'heat') glyph(line, from, type, extras);
    }
    from = to;
  }
  if (hatched && ground !== 'heat') hatching(line, end);
}

/** Frames of one key are painted alike: that of the heat its bin, that of a change whether it is one. */
function keyOf({ at: { scene }, held, cell }: FrameRow, frame: number): number {
  if (scene.ground === 'heat') return scene.heat?.frame(cell * CELL + frame) ?? 0;
  return scene.ground === 'changed' ? (held.touched?.[frame] ?? 0) : 0;
}

function paintRun(line: FrameRow, from: number, to: number, type: number): void {
  const { raster, at, types, start, xs, y, h } = line;
  const { ground, palette, dpr, grid } = at.scene;
  const x = xs[from - start]!;
  const w = xs[to - start]! - x;
  if (ground === 'heat') {
    fill(raster, x, y, w, h, palette.heat[keyOf(line, from)] ?? palette.paper);
    return;
  }
  const inks = ground === 'changed' && keyOf(line, from) === 0 ? palette.quiet : palette.types;
  const ink = inks[type];
  if (!ink) return;
  if (ink.fill !== null) {
    fill(raster, x, y, w, h, ink.fill);
    return;
  }
  const same = (frame: number): boolean => frame >= 0 && frame < CELL && types[frame] === type;
  // Above and below, frame by frame: a run seldom ends where the row above does.
  for (let frame = from; frame < to; frame++) {
    const left = xs[frame - start]!;
    outline(raster, left, y, xs[frame - start + 1]! - left, h, ink, dpr, {
      up: same(frame - grid.subCols),
      down: same(frame + grid.subCols),
      left: frame > start && same(frame - 1),
      right: frame < start + grid.subCols - 1 && same(frame + 1),
    });
  }
}

function cuts({ raster, at, start, xs, y, h }: FrameRow, from: number, to: number, type: number): void {
  const colour = lineOver(at, type);
  if (colour === null) return;
  const plain = type === 0 || at.scene.ground === 'heat';
  const alpha = plain ? 0.35 : 0.8;
  for (let col = from - start; col < to - start; col++)
    if (plain || col > from - start) veil(raster, xs[col]!, y, at.line, h, colour, alpha);
  veil(raster, xs[from - start]!, y, xs[to - start]! - xs[from - start]!, at.line, colour, alpha);
}

function hatching({ raster, at, held, types, start, xs, y, h }: FrameRow, end: number): void {
  for (let from = start; from < end;) {
    const level = held.pending[from] ?? SETTLED;
    const type = types[from] ?? NO_ENTRY;
    let to = from + 1;
    while (to < end && (held.pending[to] ?? SETTLED) === level && (types[to] ?? NO_ENTRY) === type) to++;
    const ink = level < at.hatches.length ? hatchInk(at, type, level, h) : null;
    if (ink) {
      const x = xs[from - start]!;
      hatchIn(raster, x, y, xs[to - start]! - x, h, at.hatches[level]!, at.phase, ink.colour, ink.alpha);
    }
    from = to;
  }
}

/** On the first frame of a run, as large as the frame allows. */
function glyph({ at, start, xs, y, h }: FrameRow, frame: number, type: number, { glyphs }: Extras): void {
  if (!TYPE_LOOKS[type]?.glyph) return;
  const x = xs[frame - start]!;
  const w = xs[frame - start + 1]! - x;
  const size = Math.min(w, h, LARGEST_GLYPH.frame * at.scene.dpr);
  glyphs.push({ type, x: x + (w - size) / 2, y: y + (h - size) / 2, size });
}

function blockGlyph({ scene, xs, ys }: Ready, row: number, col: number, type: number, { glyphs }: Extras): void {
  if (!TYPE_LOOKS[type]?.glyph || scene.ground === 'heat') return;
  const size = Math.min(xs[col + 1]! - xs[col]!, ys[row + 1]! - ys[row]!, LARGEST_GLYPH.block * scene.dpr);
  if (size >= GLYPH * scene.dpr) glyphs.push({ type, x: xs[col]!, y: ys[row]!, size });
}

function numbers(
  raster: Raster,
  cell: number,
  xs: Int32Array,
  ys: Int32Array,
  strip: number,
  { numbers: list }: Extras,
): void {
  const cols = xs.length - 1;
  for (let frame = 0; frame < CELL; frame++) {
    const x = xs[frame % cols]!;
    const w = xs[(frame % cols) + 1]! - x;
    const bottom = ys[Math.floor(frame / cols) + 1]!;
    if (x + w <= 0 || x >= raster.width || bottom <= 0 || bottom - strip >= raster.height) continue;
    list.push({ gfn: cell * CELL + frame, x, y: bottom - strip, w, h: strip });
  }
}
