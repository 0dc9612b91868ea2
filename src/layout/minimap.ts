/** The whole guest in small, in a corner of its map, with the part that is looked at. Lengths are CSS pixels. */
import type { Look, Rect } from './map';

/** Share of the map's width that it takes, within these. */
const SHARE = 0.22;
const WIDTH = { least: 84, most: 180 };
/** A map smaller than this has no room for one. */
const LEAST_MAP = { w: 220, h: 110 };
const INSET = 8;

/** Where it lies, null where there is no room: in the corner that hides the least of `busy`, what must be seen. */
export function minimapPlace(width: number, height: number, busy: readonly Rect[]): Rect | null {
  if (width < LEAST_MAP.w || height < LEAST_MAP.h) return null;
  const w = Math.round(Math.min(WIDTH.most, Math.max(WIDTH.least, width * SHARE)));
  const h = Math.round(Math.min(height * 0.4, Math.max(24, (w * height) / width)));
  const place = (x: number, y: number): Rect => ({ x, y, w, h });
  const corners = [
    place(width - w - INSET, height - h - INSET),
    place(width - w - INSET, INSET),
    place(INSET, height - h - INSET),
    place(INSET, INSET),
  ];
  const hidden = (at: Rect): number => busy.reduce((sum, other) => sum + shared(at, other), 0);
  return corners.reduce((best, at) => (hidden(at) < hidden(best) ? at : best));
}

/** Pixels of a rectangle, and a little round it, that lie behind the minimap. */
function shared(at: Rect, other: Rect): number {
  const along = (a: number, size: number, b: number, long: number): number =>
    Math.min(a + size + INSET, b + long) - Math.max(a - INSET, b);
  const w = along(at.x, at.w, other.x, other.w);
  const h = along(at.y, at.h, other.y, other.h);
  return w > 0 && h > 0 ? w * h : 0;
}

/** The part that is looked at, within a minimap of this size; at least 4 px wide and high. */
export function viewport(look: Look, w: number, h: number): Rect {
  const least = 4;
  const seen = { w: Math.max(least, w / look.k), h: Math.max(least, h / look.k) };
  const x = (-look.x / look.k / look.width) * w;
  const y = (-look.y / look.k / look.height) * h;
  return { x: Math.max(0, Math.min(x, w - seen.w)), y: Math.max(0, Math.min(y, h - seen.h)), ...seen };
}

/** The transform that has the point (`x`, `y`) of the minimap in the middle of the map, as far as the map reaches. */
export function lookAt(
  look: Look,
  x: number,
  y: number,
  w: number,
  h: number,
): { readonly k: number; readonly x: number; readonly y: number } {
  const along = (part: number, size: number): number =>
    Math.min(0, Math.max(size - size * look.k, size / 2 - part * size * look.k));
  return { k: look.k, x: along(x / w, look.width), y: along(y / h, look.height) };
}

/** What a rectangle leaves free of a window, in at most four parts. */
export function uncovered({ x, y, w, h }: Rect, width: number, height: number): Rect[] {
  // A pixel that is covered in part is not covered.
  const clamp = (n: number, most: number): number => Math.min(most, Math.max(0, n));
  const [left, right] = [clamp(Math.ceil(x), width), clamp(Math.floor(x + w), width)];
  const [top, bottom] = [clamp(Math.ceil(y), height), clamp(Math.floor(y + h), height)];
  if (right <= left || bottom <= top) return [{ x: 0, y: 0, w: width, h: height }];
  return [
    { x: 0, y: 0, w: width, h: top },
    { x: 0, y: bottom, w: width, h: height - bottom },
    { x: 0, y: top, w: left, h: bottom - top },
    { x: right, y: top, w: width - right, h: bottom - top },
  ].filter((part) => part.w > 0 && part.h > 0);
}
