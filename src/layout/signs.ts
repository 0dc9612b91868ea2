/** Frames and corner marks round a thing, in pixels. */
import type { Rect } from './map';

/** The rectangle `by` pixels outside the thing, which counts as at least `least` wide and high. */
export function grown(at: Rect, least: number, by: number): Rect {
  const w = Math.max(at.w, least);
  const h = Math.max(at.h, least);
  const round = (n: number): number => Math.round(n * 2) / 2;
  return {
    x: round(at.x + (at.w - w) / 2 - by),
    y: round(at.y + (at.h - h) / 2 - by),
    w: round(w + 2 * by),
    h: round(h + 2 * by),
  };
}

/** Path of the four corners of a rectangle. */
export function corners({ x, y, w, h }: Rect): string {
  const l = Math.min(6, w / 3, h / 3);
  return [
    `M${x} ${y + l}v${-l}h${l}`,
    `M${x + w - l} ${y}h${l}v${l}`,
    `M${x + w} ${y + h - l}v${l}h${-l}`,
    `M${x + l} ${y + h}h${-l}v${-l}`,
  ].join('');
}

/** The part of a rectangle inside a window, null when there is none. */
export function inside(at: Rect, width: number, height: number): Rect | null {
  const x = Math.max(at.x, 0);
  const y = Math.max(at.y, 0);
  const w = Math.min(at.x + at.w, width) - x;
  const h = Math.min(at.y + at.h, height) - y;
  return w > 0 && h > 0 ? { x, y, w, h } : null;
}

/** Two lines from the lower corners of a mark to the upper corners of its enlargement. */
export const callout = (mark: Rect, block: Rect): string =>
  `M${mark.x} ${mark.y + mark.h}L${block.x} ${block.y}M${mark.x + mark.w} ${mark.y + mark.h}L${block.x + block.w} ${block.y}`;
