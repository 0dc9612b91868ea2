/** How two seats of a grid are joined: straight, round a corner, from row to row, over those in between; and the curve of it. */
import { labelSize } from './chart-arrows';
import { bezier, type Curve } from './chart-labels';
import { spread, TWIN, type End, type Point, type Tie } from './chart-plan';
import type { Box } from './labels';

/** Column and row. */
export interface Place {
  readonly column: number;
  readonly row: number;
}
export interface Seated {
  readonly at: (id: string) => Place;
  /** Whether a seat has somebody. */
  readonly taken: (column: number, row: number) => boolean;
  readonly places: ReadonlyMap<string, Place>;
  readonly columns: number;
  readonly rows: number;
}

/**
 * `across`: along a row. `over`: along a row, above those in between. `corner`: to a neighbour aslant, out of the top or bottom
 * of one and into the side of the other (`side` is whose). `rows`: from row to row. `past`: through rows, in a corridor between
 * columns. `stub`: out of nowhere.
 */
export type Way =
  { readonly is: 'across' | 'over' | 'rows' | 'past' | 'stub' } | { readonly is: 'corner'; readonly side: string };

/** Length of an arrow out of nowhere at the least; height of a curve over others; room where lines run between rows. */
const STUB = 30;
const OVER = 24;
export const RUN = 56;

/** An arrow out of nowhere is as long as its label is high. */
export const stubLength = ({ there }: Tie): number => Math.max(STUB, labelSize(there).h);

export function waysOf(ties: readonly Tie[], seated: Seated): ReadonlyMap<Tie, Way> {
  const { at } = seated;
  const ways = new Map<Tie, Way>(ties.map((tie) => [tie, { is: roughly(tie, seated) }]));
  const used = new Set<string>();
  const facing = (id: string, other: string): string => `${id} ${at(other).column > at(id).column ? 'right' : 'left'}`;
  for (const [{ from, to }, { is }] of ways)
    if (is === 'across') [facing(from!, to), facing(to, from!)].forEach((side) => used.add(side));
  for (const tie of ties) {
    const { from, to } = tie;
    if (from === null || ways.get(tie)!.is !== 'rows' || Math.abs(at(from).column - at(to).column) !== 1) continue;
    const [upper, lower] = at(from).row < at(to).row ? [from, to] : [to, from];
    const free = [lower, upper].find((id) => !used.has(facing(id, id === from ? to : from)));
    if (free !== undefined && Math.abs(at(from).row - at(to).row) === 1) ways.set(tie, { is: 'corner', side: free });
  }
  return ways;
}

function roughly(tie: Tie, { at, taken }: Seated): 'across' | 'over' | 'rows' | 'past' | 'stub' {
  if (tie.from === null) return 'stub';
  const [a, b] = [at(tie.from), at(tie.to)];
  const between = (from: number, to: number, is: (n: number) => boolean): boolean => {
    for (let n = Math.min(from, to) + 1; n < Math.max(from, to); n++) if (is(n)) return true;
    return false;
  };
  if (a.row === b.row) return between(a.column, b.column, (c) => taken(c, a.row)) ? 'over' : 'across';
  if (Math.abs(a.row - b.row) === 1) return 'rows';
  const straight = a.column === b.column && !between(a.row, b.row, (r) => taken(a.column, r));
  return straight ? 'rows' : 'past';
}

/** Rows above which a tie needs room: gap n is above row n. */
export function gapsBy(tie: Tie, { is }: Way, { at }: Seated): number[] {
  const to = at(tie.to).row;
  if (is === 'stub' || is === 'over') return [to];
  if (is === 'across') return [];
  const from = at(tie.from!).row;
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  return Array.from({ length: high - low }, (_, i) => low + 1 + i);
}

export interface Grid extends Seated {
  readonly boxes: ReadonlyMap<string, Box>;
  /** Middle of the way at the left of column c; beside a single column it is at the right. */
  readonly corridor: (column: number) => number;
}

/** The curve of a tie from its start to its end, moved to the right (where it runs down) by so much. */
export type Draw = (tie: Tie, shift: number) => Curve;

export function drawing(grid: Grid, ways: ReadonlyMap<Tie, Way>): Draw {
  const { boxes, at } = grid;
  const box = (id: string): Box => boxes.get(id)!;
  const middle = (id: string): number => box(id).x + box(id).w / 2;
  const lanes = lanesOf(grid, ways, middle);
  const side = (tie: Tie, id: string): 'top' | 'bottom' | 'left' | 'right' => {
    const way = ways.get(tie)!;
    const other = id === tie.from ? tie.to : tie.from;
    if (other === null || way.is === 'over') return 'top';
    const across = way.is === 'across' || (way.is === 'corner' && way.side === id);
    if (across) return at(other).column > at(id).column ? 'right' : 'left';
    return at(other).row > at(id).row ? 'bottom' : 'top';
  };
  const ports = portsOf(ways, box, side, (tie, id) => {
    const other = id === tie.from ? tie.to : tie.from;
    if (other === null) return box(id).x + 20;
    if (side(tie, id) === 'left' || side(tie, id) === 'right') return box(other).y + box(other).h / 2;
    // Of two columns each has room for labels on one side only: what goes straight down keeps to the other.
    if (grid.columns === 2 && at(other).column === at(id).column)
      return box(id).x + box(id).w * (at(id).column === 0 ? 0.82 : 0.18);
    return lanes.get(tie) ?? (middle(other) + 3 * middle(id)) / 4;
  });
  return (tie, shift) => {
    const way = ways.get(tie)!;
    const end = ports(tie, tie.to);
    if (tie.from === null) return bezier([{ x: end.x, y: end.y - stubLength(tie) }, end]);
    const start = ports(tie, tie.from);
    const right = ({ x, y }: Point): Point => ({ x: x + shift, y });
    if (way.is === 'across') {
      const y = start.y + shift;
      return bezier([
        { x: start.x, y },
        { x: end.x, y },
      ]);
    }
    if (way.is === 'over') {
      const wide = start.x < end.x ? -shift : shift;
      const y = start.y - OVER - shift;
      const [a, b] = [start.x + wide, end.x - wide];
      return {
        points: [
          { x: a, y: start.y },
          { x: a, y },
          { x: b, y },
          { x: b, y: end.y },
        ],
      };
    }
    if (way.is === 'corner') {
      const first = way.side === tie.to;
      const curve = corner(first ? start : end, first ? end : start, shift);
      return first ? curve : { points: [...curve.points].reverse() };
    }
    if (way.is === 'rows') return bezier([right(start), right(end)], true);
    const x = lanes.get(tie)! + shift;
    const [upper, lower] = start.y < end.y ? [box(tie.from), box(tie.to)] : [box(tie.to), box(tie.from)];
    const turns = [upper.y + upper.h + RUN / 2, lower.y - RUN / 2].map((y) => ({ x, y }));
    return bezier([right(start), ...(start.y < end.y ? turns : turns.reverse()), right(end)], true);
  };
}

/** How round a corner is: 0 not at all, 1 square. */
const SQUARE = 0.62;

/** From a top or bottom round to a side. */
function corner(from: Point, to: Point, shift: number): Curve {
  const inner = -shift * Math.sign(to.y - from.y) * Math.sign(to.x - from.x);
  const [a, b] = [
    { x: from.x + shift, y: from.y },
    { x: to.x, y: to.y + inner },
  ];
  return {
    points: [a, { x: a.x, y: a.y + SQUARE * (b.y - a.y) }, { x: b.x - SQUARE * (b.x - a.x), y: b.y }, b],
  };
}

/** Corridor that each tie goes down: the one nearest to the middle of its ends. */
function lanesOf(grid: Grid, ways: ReadonlyMap<Tie, Way>, middle: (id: string) => number): Map<Tie, number> {
  const lanes = new Map<Tie, number>();
  const inner = Array.from({ length: grid.columns - 1 }, (_, c) => c + 1);
  const all = (inner.length > 0 ? inner : [0]).map((c) => grid.corridor(c));
  for (const [tie, { is }] of ways) {
    if (is !== 'past') continue;
    const between = (middle(tie.from!) + middle(tie.to)) / 2;
    const corridor = [...all].sort((a, b) => Math.abs(a - between) - Math.abs(b - between))[0]!;
    lanes.set(tie, corridor + 16 * [...lanes.values()].filter((x) => Math.abs(x - corridor) < 60).length);
  }
  return lanes;
}

/** Where each tie leaves and enters: a place of its own on the side of the box. */
function portsOf(
  ways: ReadonlyMap<Tie, Way>,
  box: (id: string) => Box,
  sideOf: (tie: Tie, id: string) => string,
  towards: (tie: Tie, id: string) => number,
): (tie: Tie, id: string) => Point {
  interface Port extends End {
    readonly key: string;
  }
  const sides = new Map<string, Port[]>();
  const places = new Map<string, number>();
  for (const [tie, { is }] of ways) {
    for (const id of [tie.from, tie.to]) {
      if (id === null) continue;
      const key = `${tie.id} ${id}`;
      // What goes straight across goes through the middle.
      if (is === 'across') places.set(key, box(id).y + box(id).h / 2);
      else {
        const side = `${id} ${sideOf(tie, id)}`;
        sides.set(side, [...(sides.get(side) ?? []), { key, towards: towards(tie, id), twin: tie.back !== null }]);
      }
    }
  }
  for (const [name, list] of sides) {
    const [id, side] = name.split(' ') as [string, string];
    const { x, y, w, h } = box(id);
    const upright = side === 'left' || side === 'right';
    list.sort((a, b) => a.towards - b.towards);
    // At a side, near the middle: that is where an eye looks for it.
    const ends = upright ? list.map((port) => ({ ...port, towards: y + h / 2 })) : list;
    spread(ends, upright ? y : x, upright ? y + h : x + w).forEach((place, i) => places.set(list[i]!.key, place));
  }
  return (tie, id) => {
    const { x, y, w, h } = box(id);
    const at = places.get(`${tie.id} ${id}`)!;
    const side = sideOf(tie, id);
    if (side === 'top') return { x: at, y };
    if (side === 'bottom') return { x: at, y: y + h };
    return { x: side === 'left' ? x : x + w, y: at };
  };
}

/** Which of two lines of a pair is on the left, or above, for the one that goes from start to end; and by how much. */
export function pairOf(tie: Tie, { is }: Way, { at }: Seated): { shift: number; side: -1 | 1 } {
  const [a, b] = [at(tie.from!), at(tie.to)];
  const first = is === 'across' || b.row > a.row ? -1 : 1;
  // Above the others, the outer one is on the left where it begins at the left.
  const side = is === 'over' && a.column < b.column ? (-first as -1 | 1) : first;
  return { shift: (first * TWIN) / 2, side };
}
