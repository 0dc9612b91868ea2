/** Diagonal lines over a mark that waits for its recalculation: the pitch tells on which level the mark sits. */
import type { Rect } from './map';

/** Pixels from one line to the next, across the lines, by level, 0 first. Level 3 is the root, one of level 2 maps 1 GiB. */
export const PITCH: readonly number[] = [2.5, 4, 9, 14];

/** Pixels from one line to the next along a row, by the pixels across them. */
export const alongRow = (pitch: number): number => pitch * Math.SQRT2;

/** Lines of 45 degrees, rising to the right, `pitch` apart, cut at the rectangle. They go on from one rectangle to its neighbour. */
export function hatch({ x, y, w, h }: Rect, pitch: number): string {
  const apart = alongRow(pitch);
  let path = '';
  for (let c = Math.ceil((x + y) / apart) * apart; c < x + w + y + h; c += apart) {
    const left = Math.max(x, c - y - h);
    const right = Math.min(x + w, c - y);
    if (right > left) path += `M${num(left)} ${num(c - left)}L${num(right)} ${num(c - right)}`;
  }
  return path;
}

const num = (n: number): number => Math.round(n * 100) / 100;
