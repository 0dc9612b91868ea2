/**
 * A canvas that holds one drawing of the map. It is written as pixels; where nothing but some cells changed only those are
 * written again. Glyphs and numbers are drawn on top.
 */
import { paintFrames, type Extras, type Glyph } from '../../layout/map-frames';
import { paintMap, paintStretch, ready } from '../../layout/map-paint';
import { SIGN } from '../../layout/map-marks';
import type { Raster } from '../../layout/map-raster';
import type { MapScene } from '../../layout/map-scene';
import { CELL_COUNTS, TYPE_LOOKS } from '../../layout/types';
import { hex } from '../../words/format';

const paths = TYPE_LOOKS.map((look) => (look.glyph && typeof Path2D !== 'undefined' ? new Path2D(look.glyph) : null));
const WORDS = CELL_COUNTS / 2;
/** From so many marks on everything is written: it costs no more. */
const MOST_MARKS = 1500;

export type ColourOf = (name: string) => string;

export class Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly #ctx: CanvasRenderingContext2D | null;
  #image: ImageData | null = null;
  #raster: Raster | null = null;
  #scene: MapScene | null = null;
  #words = new Uint32Array(0);
  #signs = new Uint8Array(0);
  #heat = new Uint32Array(0);
  #framesVersion = -1;
  /** Milliseconds that writing everything took last. */
  cost = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    this.#ctx = canvas.getContext('2d');
  }

  get scene(): MapScene | null {
    return this.#scene;
  }

  /** The canvas shows something else by now: the next drawing writes everything. */
  spoil(): void {
    this.#scene = null;
  }

  /** Shows a scene. `framesVersion` tells of changes in what `scene.frames` answers. */
  show(scene: MapScene, framesVersion: number, colour: ColourOf): void {
    const ctx = this.#ctx;
    if (!ctx) return;
    const last = this.#scene;
    const cells = last && alike(last, scene) ? this.#changed(scene) : null;
    const framesMoved = scene.unit === 1 && framesVersion !== this.#framesVersion;
    // Of single frames all that is seen is written again: their glyphs would have to be wiped out.
    if (cells === null || framesMoved || (scene.unit === 1 && cells.length > 0) || !this.#some(ctx, scene, cells))
      this.#all(ctx, scene, colour);
    this.#scene = scene;
    this.#framesVersion = framesVersion;
    this.#keep(scene);
  }

  #all(ctx: CanvasRenderingContext2D, scene: MapScene, colour: ColourOf): void {
    const began = performance.now();
    const width = Math.max(1, Math.round(scene.look.width * scene.dpr));
    const height = Math.max(1, Math.round(scene.look.height * scene.dpr));
    if (this.canvas.width !== width || this.canvas.height !== height || !this.#raster) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.#image = ctx.createImageData(width, height);
      this.#raster = { width, height, data: new Uint32Array(this.#image.data.buffer) };
    }
    const at = ready(scene);
    const extras: Extras = { glyphs: [], numbers: [] };
    const raster = this.#raster;
    if (scene.unit === 1) {
      const own: number[] = [];
      paintMap(raster, at, (cell) => scene.frames(scene.first + cell) !== null && own.push(cell) > 0);
      for (const cell of own) {
        const row = Math.floor(cell / scene.grid.cols);
        paintFrames(raster, at, row, cell % scene.grid.cols, scene.frames(scene.first + cell)!, extras);
      }
    } else paintMap(raster, at);
    ctx.putImageData(this.#image!, 0, 0);
    for (const glyph of extras.glyphs) drawGlyph(ctx, glyph, colour);
    if (extras.numbers.length > 0) this.#numbers(ctx, scene, extras, colour);
    this.cost = performance.now() - began;
  }

  /** Writes only these marks again; false: they are too many. */
  #some(ctx: CanvasRenderingContext2D, scene: MapScene, cells: readonly number[]): boolean {
    if (cells.length === 0) return true;
    const raster = this.#raster;
    if (!raster || cells.length > MOST_MARKS) return false;
    const at = ready(scene);
    const { cols, cells: all } = scene.grid;
    const starts = new Set<number>();
    // Neighbours too: their outlines may have changed.
    for (const cell of cells)
      for (const near of [cell, cell - at.group, cell + at.group, cell - cols, cell + cols])
        if (near >= 0 && near < all) starts.add(near - ((near % cols) % at.group));
    if (starts.size > MOST_MARKS) return false;
    let [x0, y0, x1, y1] = [raster.width, raster.height, 0, 0];
    for (const start of starts) {
      const row = Math.floor(start / cols);
      const col = start % cols;
      const end = Math.min(col + at.group, cols, all - row * cols);
      if (at.xs[end]! <= 0 || at.xs[col]! >= raster.width || at.ys[row + 1]! <= 0 || at.ys[row]! >= raster.height)
        continue;
      paintStretch(raster, at, row, col, end);
      x0 = Math.max(0, Math.min(x0, at.xs[col]!));
      y0 = Math.max(0, Math.min(y0, at.ys[row]!));
      x1 = Math.min(raster.width, Math.max(x1, at.xs[end]!));
      y1 = Math.min(raster.height, Math.max(y1, at.ys[row + 1]!));
    }
    if (x1 > x0 && y1 > y0) ctx.putImageData(this.#image!, 0, 0, x0, y0, x1 - x0, y1 - y0);
    return true;
  }

  /** Cells of the scene, from its first on, that are not as they were drawn. */
  #changed(scene: MapScene): number[] {
    const words = wordsOf(scene);
    const mask = scene.ground === 'changed' ? 255 : 255 - SIGN.touched;
    const heat = scene.ground === 'heat' ? scene.heat : null;
    const cells: number[] = [];
    for (let cell = 0, at = 0; cell < scene.grid.cells; cell++, at += WORDS) {
      let same = ((scene.signs[scene.first + cell]! ^ this.#signs[cell]!) & mask) === 0;
      if (same && heat) same = heat.counts[scene.first + cell] === this.#heat[cell];
      for (let i = at; same && i < at + WORDS; i++) same = words[i] === this.#words[i];
      if (!same) cells.push(cell);
    }
    return cells;
  }

  #keep(scene: MapScene): void {
    const { first } = scene;
    const end = first + scene.grid.cells;
    const words = wordsOf(scene);
    if (this.#words.length !== words.length) {
      this.#words = new Uint32Array(words.length);
      this.#signs = new Uint8Array(scene.grid.cells);
      this.#heat = new Uint32Array(scene.grid.cells);
    }
    this.#words.set(words);
    this.#signs.set(scene.signs.subarray(first, end));
    if (scene.heat) this.#heat.set(scene.heat.counts.subarray(first, end));
  }

  /** The number of each frame on a strip of paper: type colours are never a ground for text. */
  #numbers(ctx: CanvasRenderingContext2D, { dpr }: MapScene, { numbers }: Extras, colour: ColourOf): void {
    ctx.font = `${12 * dpr}px ${getComputedStyle(this.canvas).fontFamily}`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    const half = 27 * dpr;
    for (const { gfn, x, y, w, h } of numbers) {
      const middle = x + w / 2;
      ctx.fillStyle = colour('--paper');
      ctx.fillRect(x + dpr, y, w - dpr, h);
      if (middle <= half || middle >= this.canvas.width - half || y + h >= this.canvas.height + dpr) continue;
      ctx.fillStyle = colour('--ink');
      ctx.fillText(hex(gfn), middle, y + h / 2);
    }
  }
}

/** Counts of the scene's cells, two in a word. */
const wordsOf = ({ counts, first, grid }: MapScene): Uint32Array =>
  new Uint32Array(counts.buffer, counts.byteOffset + first * WORDS * 4, grid.cells * WORDS);

/** Whether nothing but cells can have changed. */
const alike = (a: MapScene, b: MapScene): boolean =>
  a.unit === b.unit &&
  a.first === b.first &&
  a.grid === b.grid &&
  a.look === b.look &&
  a.dpr === b.dpr &&
  a.ground === b.ground &&
  a.hatched === b.hatched &&
  a.palette === b.palette;

function drawGlyph(ctx: CanvasRenderingContext2D, { type, x, y, size }: Glyph, colour: ColourOf): void {
  const path = paths[type];
  if (!path) return;
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(size / 16, size / 16);
  ctx.fillStyle = colour(TYPE_LOOKS[type]!.ink);
  ctx.fill(path);
  ctx.restore();
}
