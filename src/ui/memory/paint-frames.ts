/** The 512 frames of one cell: runs of one type joined, cut by thin lines, a glyph on the first; near by, their numbers. */
import { CELL } from '../../layout/map';
import { NO_ENTRY, TYPE_LOOKS } from '../../layout/types';
import { hex } from '../../words/format';
import type { CellFrames } from './frames.svelte';
import { outline, pixels, type Scene } from './paint';

/** CSS pixels from which a frame shows cuts, its glyph, lines round plain RAM, its number. */
const CUTS = 4;
const GLYPH = 5;
const GROUND_CUTS = 16;
const NUMBER = { w: 58, h: 34 };

const paths = TYPE_LOOKS.map((look) => (look.glyph && typeof Path2D !== 'undefined' ? new Path2D(look.glyph) : null));

export function paintFrames(ctx: CanvasRenderingContext2D, scene: Scene, cell: number, held: CellFrames): void {
  const { grid, look, dpr } = scene;
  const w = (grid.w / grid.subCols) * look.k;
  const h = (grid.h / grid.subRows) * look.k;
  const least = Math.min(w, h);
  const first = cell * CELL;
  const typeAt = (frame: number): number => held.types[frame] ?? NO_ENTRY;
  if ((held.orders[0] ?? 0) >= 9) return paintBlock(ctx, scene, cell, typeAt(0), held.orders[0]!);

  for (let row = 0; row < grid.subRows; row++) {
    const start = row * grid.subCols;
    for (let from = start; from < start + grid.subCols;) {
      const type = typeAt(from);
      let to = from + 1;
      while (to < start + grid.subCols && typeAt(to) === type) to++;
      const a = pixels(scene, first + from, 1);
      const b = pixels(scene, first + to - 1, 1);
      const run = { x: a.x, y: a.y, w: b.x + b.w - a.x, h: a.h };
      const kind = TYPE_LOOKS[type];
      if (run.x + run.w > 0 && run.y + run.h > 0 && run.x < look.width * dpr && run.y < look.height * dpr) {
        ctx.fillStyle = scene.colour(kind?.fill ?? '--paper');
        ctx.fillRect(run.x, run.y, run.w, run.h);
        if (kind && least >= CUTS && (type !== 0 || least >= GROUND_CUTS))
          cuts(ctx, scene, first + from, first + to, type);
        if (kind && !kind.fill) {
          const same = (at: number): boolean => at >= 0 && at < CELL && typeAt(at) === type;
          // Above and below, frame by frame: a run seldom ends where the row above does.
          for (let frame = from; frame < to; frame++)
            outline(ctx, scene, pixels(scene, first + frame, 1), type, {
              up: same(frame - grid.subCols),
              down: same(frame + grid.subCols),
              left: frame > from,
              right: frame < to - 1,
            });
        }
        if (least >= GLYPH) glyph(ctx, scene, first + from, type);
      }
      from = to;
    }
  }
  if (w >= NUMBER.w && h >= NUMBER.h) numbers(ctx, scene, first);
}

/** A superpage: one mark without cuts. */
function paintBlock(ctx: CanvasRenderingContext2D, scene: Scene, cell: number, type: number, order: number): void {
  const at = pixels(scene, cell * CELL, CELL);
  const kind = TYPE_LOOKS[type];
  ctx.fillStyle = scene.colour(kind?.fill ?? '--paper');
  ctx.fillRect(at.x, at.y, at.w, at.h);
  if (!kind) return;
  const none = { up: false, down: false, left: false, right: false };
  if (!kind.fill) outline(ctx, scene, at, type, none);
  else if (order === 9) {
    const line = Math.max(1, Math.round(scene.dpr));
    ctx.fillStyle = scene.colour(type === 0 ? '--edge' : '--cut');
    ctx.fillRect(at.x, at.y, at.w, line);
    ctx.fillRect(at.x, at.y, line, at.h);
  }
  const path = paths[type];
  const size = Math.min(at.w, at.h, 32 * scene.dpr);
  if (path && size >= GLYPH * scene.dpr) draw(ctx, scene, path, at.x, at.y, size, kind.ink);
}

function cuts(ctx: CanvasRenderingContext2D, scene: Scene, from: number, to: number, type: number): void {
  const line = 0.6 * scene.dpr;
  ctx.fillStyle = scene.colour(type === 0 ? '--edge' : '--cut');
  ctx.globalAlpha = type === 0 ? 0.35 : 1;
  for (let gfn = from; gfn < to; gfn++) {
    const at = pixels(scene, gfn, 1);
    if (type === 0 || gfn > from) ctx.fillRect(at.x, at.y, line, at.h);
    ctx.fillRect(at.x, at.y, at.w, line);
  }
  ctx.globalAlpha = 1;
}

function glyph(ctx: CanvasRenderingContext2D, scene: Scene, gfn: number, type: number): void {
  const path = paths[type];
  if (!path) return;
  const at = pixels(scene, gfn, 1);
  const size = Math.min(at.w, at.h, 28 * scene.dpr);
  draw(ctx, scene, path, at.x + (at.w - size) / 2, at.y + (at.h - size) / 2, size, TYPE_LOOKS[type]!.ink);
}

function draw(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  path: Path2D,
  x: number,
  y: number,
  size: number,
  ink: string,
): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(size / 16, size / 16);
  ctx.fillStyle = scene.colour(ink);
  ctx.fill(path);
  ctx.restore();
}

/** The number of each frame on a strip of paper: type colours are never a ground for text. */
function numbers(ctx: CanvasRenderingContext2D, scene: Scene, first: number): void {
  const { dpr, look } = scene;
  ctx.font = `${12 * dpr}px ${getComputedStyle(ctx.canvas).fontFamily}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (let frame = 0; frame < CELL; frame++) {
    const at = pixels(scene, first + frame, 1);
    if (at.x + at.w < 0 || at.y + at.h < 0 || at.x > look.width * dpr || at.y > look.height * dpr) continue;
    const strip = 16 * dpr;
    const half = 27 * dpr;
    const middle = at.x + at.w / 2;
    const whole = middle > half && middle < look.width * dpr - half && at.y + at.h < look.height * dpr + dpr;
    ctx.fillStyle = scene.colour('--paper');
    ctx.fillRect(at.x + dpr, at.y + at.h - strip, at.w - dpr, strip);
    ctx.fillStyle = scene.colour('--ink');
    if (whole) ctx.fillText(hex(first + frame), middle, at.y + at.h - strip / 2);
  }
}
