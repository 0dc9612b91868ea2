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

/** Things by the squares of the plane that they may touch, so that a label asks only its neighbours. */
class Near<T> {
  static readonly #SIZE = 48;
  readonly #squares = new Map<number, T[]>();

  #each({ x, y, w, h }: Box, act: (key: number) => boolean): boolean {
    const size = Near.#SIZE;
    for (let row = Math.floor(y / size); row <= Math.floor((y + h) / size); row++)
      for (let col = Math.floor(x / size); col <= Math.floor((x + w) / size); col++)
        if (act(row * 65536 + col)) return true;
    return false;
  }

  add(box: Box, thing: T): void {
    this.#each(box, (key) => {
      const there = this.#squares.get(key);
      if (there) there.push(thing);
      else this.#squares.set(key, [thing]);
      return false;
    });
  }

  some(box: Box, test: (thing: T) => boolean): boolean {
    return this.#each(box, (key) => this.#squares.get(key)?.some(test) ?? false);
  }
}

const boundsOf = ({ x1, y1, x2, y2 }: Segment): Box => ({
  x: Math.min(x1, x2),
  y: Math.min(y1, y2),
  w: Math.abs(x2 - x1),
  h: Math.abs(y2 - y1),
});

/** Places what fits inside `bounds`; a wish that fits nowhere is left out. */
export function placeLabels<T>(
  wishes: readonly Wish<T>[],
  bounds: Box,
  marks: readonly Box[],
  lines: readonly Segment[],
): Map<T, Box> {
  const placed = new Map<T, Box>();
  const taken = new Near<Box>();
  for (const mark of marks) taken.add(mark, mark);
  const crossing = new Near<Segment>();
  for (const line of lines) crossing.add(boundsOf(line), line);
  const inside = (b: Box): boolean =>
    b.x >= bounds.x && b.y >= bounds.y && b.x + b.w <= bounds.x + bounds.w && b.y + b.h <= bounds.y + bounds.h;
  const free = (b: Box): boolean => inside(b) && !taken.some(b, (other) => overlap(b, other));
  for (const wish of [...wishes].sort((a, b) => b.weight - a.weight)) {
    const room = wish.places.filter(free);
    const clear = room.find((b) => !crossing.some(b, (line) => crosses(line, b)));
    const box = clear ?? (wish.must ? room[0] : undefined);
    if (!box) continue;
    placed.set(wish.of, box);
    taken.add(box, box);
  }
  return placed;
}
