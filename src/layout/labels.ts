/** Labels beside marks so that none lies on another label, a mark or a line: greedy, the most important first. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface Wish<T> {
  readonly of: T;
  /** Where it may lie, best first. */
  readonly places: readonly Box[];
  /** Larger is placed earlier. */
  readonly weight: number;
  /** Rather on an arrow than not at all. */
  readonly must: boolean;
}

export const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Whether the segment meets the box: Liang and Barsky's clipping. */
export function crosses(s: Segment, box: Box): boolean {
  let from = 0;
  let to = 1;
  const dx = s.x2 - s.x1;
  const dy = s.y2 - s.y1;
  const sides: [number, number][] = [
    [-dx, s.x1 - box.x],
    [dx, box.x + box.w - s.x1],
    [-dy, s.y1 - box.y],
    [dy, box.y + box.h - s.y1],
  ];
  for (const [p, q] of sides) {
    if (p === 0 && q < 0) return false;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  return from <= to;
}

/** Places what fits inside `bounds`; a wish that fits nowhere is left out. */
export function placeLabels<T>(
  wishes: readonly Wish<T>[],
  bounds: Box,
  marks: readonly Box[],
  lines: readonly Segment[],
): Map<T, Box> {
  const placed = new Map<T, Box>();
  const taken: Box[] = [...marks];
  const inside = (b: Box): boolean =>
    b.x >= bounds.x && b.y >= bounds.y && b.x + b.w <= bounds.x + bounds.w && b.y + b.h <= bounds.y + bounds.h;
  for (const wish of [...wishes].sort((a, b) => b.weight - a.weight)) {
    const free = wish.places.filter((box) => inside(box) && !taken.some((other) => overlap(box, other)));
    const box = free.find((b) => !lines.some((line) => crosses(line, b))) ?? (wish.must ? free[0] : undefined);
    if (!box) continue;
    placed.set(wish.of, box);
    taken.push(box);
  }
  return placed;
}
