/** Bars of the lanes on a canvas. Their paths are made once; a step paints only what lies between the old now and the new. */
import type { Bars, Density } from '../../layout/lane-density';

export interface Paths {
  readonly acts: Path2D;
  readonly exits: Path2D;
  readonly locks: Path2D;
  readonly waits: Path2D;
  readonly violations: Path2D;
  readonly crosses: Path2D;
}

function rects(bars: Bars): Path2D {
  const path = new Path2D();
  for (let i = 0; i < bars.length; i += 4) path.rect(bars[i]!, bars[i + 1]!, bars[i + 2]!, bars[i + 3]!);
  return path;
}

/** `r`: radius of the mark of what broke. */
export function pathsOf({ acts, exits, locks, waits, violations }: Density, r: number): Paths {
  const discs = new Path2D();
  const crosses = new Path2D();
  for (const { x, y } of violations) {
    discs.moveTo(x + r, y);
    discs.arc(x, y, r, 0, 2 * Math.PI);
    const c = r * 0.4;
    crosses.moveTo(x - c, y - c);
    crosses.lineTo(x + c, y + c);
    crosses.moveTo(x + c, y - c);
    crosses.lineTo(x - c, y + c);
  }
  return {
    acts: rects(acts),
    exits: rects(exits),
    locks: rects(locks),
    waits: rects(waits),
    violations: discs,
    crosses,
  };
}

export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly down: boolean;
  readonly dpr: number;
  /** Where what is to come begins, px. */
  readonly ahead: number;
  readonly colour: (property: string) => string;
}

/** Paints between two pixels along time. */
export function paint(ctx: CanvasRenderingContext2D, paths: Paths, canvas: Canvas, from: number, to: number): void {
  const { ahead, dpr, colour } = canvas;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  part(ctx, canvas, from, to, () => ctx.clearRect(0, 0, canvas.width, canvas.height));
  const fill = (path: Path2D, name: string): void => {
    ctx.fillStyle = colour(name);
    ctx.fill(path);
  };
  const bars = (future: boolean): void => {
    fill(paths.acts, future ? '--edge' : '--ink-3');
    fill(paths.exits, future ? '--ink-3' : '--ink');
    fill(paths.waits, future ? '--ink-3' : '--ink');
    fill(paths.locks, future ? '--edge' : '--ink-2');
  };
  part(ctx, canvas, from, Math.min(to, ahead), () => bars(false));
  part(ctx, canvas, Math.max(from, ahead), to, () => bars(true));
  part(ctx, canvas, from, to, () => {
    fill(paths.violations, '--violation');
    ctx.strokeStyle = colour('--paper');
    ctx.lineWidth = 1.5;
    ctx.stroke(paths.crosses);
  });
}

function part(
  ctx: CanvasRenderingContext2D,
  { down, width, height }: Canvas,
  from: number,
  to: number,
  act: () => void,
): void {
  if (to <= from) return;
  ctx.save();
  ctx.beginPath();
  if (down) ctx.rect(0, from, width, to - from);
  else ctx.rect(from, 0, to - from, height);
  ctx.clip();
  act();
  ctx.restore();
}
