/**
 * A picture as pixels in an array: rectangles and hatches are written where thousands of canvas calls would be too slow. A
 * pixel and a colour are 32 bits, red lowest, alpha highest, as a canvas takes them. Lengths are device pixels.
 */

export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint32Array;
}

/** Red, green, blue and alpha of a colour, 0 to 255 each. */
export type Rgba = readonly [number, number, number, number];

export const pack = ([r, g, b, a]: Rgba): number => ((a << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** `part` of a colour over another, opaque. */
export const mixed = (over: Rgba, ground: Rgba, part: number): Rgba => [
  Math.round(ground[0] + (over[0] - ground[0]) * part),
  Math.round(ground[1] + (over[1] - ground[1]) * part),
  Math.round(ground[2] + (over[2] - ground[2]) * part),
  255,
];

/** A full rectangle; what lies outside is left out. */
export function fill(raster: Raster, x: number, y: number, w: number, h: number, colour: number): void {
  const { width, height, data } = raster;
  const x0 = Math.max(0, x);
  const x1 = Math.min(width, x + w);
  const y1 = Math.min(height, y + h);
  if (x1 <= x0) return;
  for (let row = Math.max(0, y); row < y1; row++) data.fill(colour, row * width + x0, row * width + x1);
}

/** One colour over what is there, `alpha` 0 to 1. */
export function veil(raster: Raster, x: number, y: number, w: number, h: number, colour: number, alpha: number): void {
  const { width, height, data } = raster;
  const x1 = Math.min(width, x + w);
  const y1 = Math.min(height, y + h);
  const part = Math.round(alpha * 256);
  for (let row = Math.max(0, y); row < y1; row++)
    for (let at = row * width + Math.max(0, x); at < row * width + x1; at++) data[at] = over(data[at]!, colour, part);
}

/** `part` (of 256) of a colour over a pixel. */
function over(pixel: number, colour: number, part: number): number {
  const rest = 256 - part;
  // Red and blue at once, with a byte of room between them.
  const rb = (((pixel & 0xff00ff) * rest + (colour & 0xff00ff) * part) >>> 8) & 0xff00ff;
  const g = (((pixel & 0xff00) * rest + (colour & 0xff00) * part) >>> 8) & 0xff00;
  return (0xff000000 | rb | g) >>> 0;
}

/** Lines of 45 degrees, rising to the right: a period of whole pixels, and how much of each pixel of it a line covers. */
export interface Hatch {
  readonly period: number;
  /** Places in the period that are covered, and how much, 1 to 256. */
  readonly places: readonly number[];
  readonly covers: readonly number[];
}

/** Lines every `pitch` pixels along a row, `thick` pixels thick. */
export function hatchOf(pitch: number, thick: number): Hatch {
  const period = Math.max(2, Math.round(pitch));
  const places: number[] = [];
  const covers: number[] = [];
  for (let at = 0; at < period; at++) {
    const away = Math.min(at, period - at) / Math.SQRT2;
    const cover = Math.round(256 * Math.max(0, Math.min(1, thick / 2 + 0.5 - away)));
    if (cover === 0) continue;
    places.push(at);
    covers.push(cover);
  }
  return { period, places, covers };
}

/** Draws the lines of a hatch in a rectangle. `phase` moves them with what they lie on; `alpha` 0 to 1. */
export function hatchIn(
  raster: Raster,
  x: number,
  y: number,
  w: number,
  h: number,
  { period, places, covers }: Hatch,
  phase: number,
  colour: number,
  alpha: number,
): void {
  const { width, height, data } = raster;
  const x0 = Math.max(0, x);
  const x1 = Math.min(width, x + w);
  const y1 = Math.min(height, y + h);
  for (let i = 0; i < places.length; i++) {
    const part = Math.round(covers[i]! * alpha);
    if (part === 0) continue;
    for (let row = Math.max(0, y); row < y1; row++) {
      const place = (((places[i]! - phase - row - x0) % period) + period) % period;
      for (let at = row * width + x0 + place; at < row * width + x1; at += period)
        data[at] = over(data[at]!, colour, part);
    }
  }
}
