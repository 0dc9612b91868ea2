/**
 * Where the states and arrows of a chart lie: layers and orders by dagre, labels kept apart as nodes of their own, then the ends
 * of the arrows spread along the sides of their boxes, and curves through it all. It goes by the chart, the states shown and
 * their sizes, never by the step, so that nothing moves when time does.
 */
import { Graph, layout as dagre, type EdgeLabel, type GraphLabel, type NodeLabel } from '@dagrejs/dagre';
import { curveBumpX, curveBumpY, line } from 'd3';
import { labelSize, type Drawn } from './chart-arrows';
import { DOT, spread, tied, TWIN, type ChartPlan, type DrawnPath, type Point } from './chart-plan';
import type { End, Size, StateSize, Tie } from './chart-plan';
import type { Box } from './labels';

interface Piece {
  readonly tie: Tie;
  readonly points: { x: number; y: number }[];
  readonly label: Box;
  /** Where its line passes the label, or the lines between two labels. */
  readonly middle: number;
  dot: boolean;
}

/** The plan of a chart: states of these sizes, joined by these arrows, running `down` or to the right. */
export function planChart(states: readonly StateSize[], arrows: readonly Drawn[], down: boolean): ChartPlan {
  // Everything is worked out as if it ran down; to the right is the same turned over.
  const turn = down ? (box: Box) => box : ({ x, y, w, h }: Box): Box => ({ x: y, y: x, w: h, h: w });
  const ties = tied(arrows);
  // Two lines that come a long way would bend round a label far wider than its twin: those get as much room on both sides.
  const first = layOut(states, ties, down, new Set()).graph;
  const even = new Set(ties.filter((tie) => bends(first, tie, down)));
  const { graph, rounds } = layOut(states, ties, down, even);
  const boxes = new Map(states.map(({ id }) => [id, boxOf(graph.node(id))]));
  const roundBoxes = new Map([...rounds].map((id) => [id, boxOf(graph.node(id))]));
  const pieces = ties.map((tie) => pieceOf(graph, tie, down, even.has(tie)));
  spreadEnds(pieces, new Map([...boxes, ...roundBoxes]));
  const { width = 0, height = 0 } = graph.graph();
  const all = turn({ x: 0, y: 0, w: width, h: height });
  return {
    w: all.w,
    h: all.h,
    boxes: new Map([...boxes].map(([id, box]) => [id, turn(box)])),
    rounds: new Map([...roundBoxes].map(([id, box]) => [id, turn(box)])),
    paths: pieces.flatMap((piece) => pathsOf(piece, down, turn)),
  };
}

type Plane = Graph<GraphLabel, NodeLabel, EdgeLabel>;

function layOut(states: readonly StateSize[], ties: readonly Tie[], down: boolean, even: ReadonlySet<Tie>) {
  const size = ({ w, h }: Size) => (down ? { width: w, height: h } : { width: h, height: w });
  const graph: Plane = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true, compound: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 16, edgesep: 12, ranksep: 18, marginx: 4, marginy: 4 });
  const rounds = new Set(states.flatMap(({ within }) => within));
  for (const state of states) graph.setNode(state.id, size(state));
  for (const id of rounds) graph.setNode(id, {} as NodeLabel);
  for (const { id, within } of states)
    [id, ...within].slice(0, -1).forEach((inner, i) => graph.setParent(inner, within[i]));
  /** dagre joins no arrow to a state with parts: one of the parts stands for it. */
  const end = (id: string, other: string | null): string =>
    rounds.has(id) ? states.findLast((state) => state.within.includes(id) && state.id !== other)!.id : id;
  for (const tie of ties) {
    const from = tie.from === null ? `*${tie.id}` : end(tie.from, tie.to);
    if (tie.from === null) {
      graph.setNode(from, { width: DOT, height: DOT });
      // What comes from anywhere in a state begins in it.
      const around = states
        .find(({ id }) => id === tie.to)
        ?.within.find((id) => tie.there.arrows[0]!.startsWith(`${id}:`));
      if (around !== undefined) graph.setParent(from, around);
    }
    const label = {
      ...size(labelsSize(tie, down, even.has(tie))),
      labelpos: 'c' as const,
      weight: tie.there.ghost ? 1 : 2,
    };
    graph.setEdge(from, end(tie.to, tie.from), label, tie.id);
  }
  dagre(graph);
  return { graph, rounds };
}

/** Of two arrows each has its label on its own side. */
function labelsSize({ there, back }: Tie, down: boolean, even: boolean): Size {
  const one = labelSize(there);
  if (!back) return one;
  const two = labelSize(back);
  const both = (a: number, b: number): number => (even ? 2 * Math.max(a, b) : a + b) + TWIN + 2;
  return down
    ? { w: both(one.w, two.w), h: Math.max(one.h, two.h) }
    : { w: Math.max(one.w, two.w), h: both(one.h, two.h) };
}

const boxOf = ({ x = 0, y = 0, width, height }: NodeLabel): Box => ({
  x: x - width / 2,
  y: y - height / 2,
  w: width,
  h: height,
});

function pieceOf(graph: Plane, tie: Tie, down: boolean, even: boolean): Piece {
  const edge = graph.edges().find(({ name }) => name === tie.id)!;
  const { points = [], x = 0, y = 0, width = 0, height = 0 } = graph.edge(edge);
  const label = { x: x - width / 2, y: y - height / 2, w: width, h: height };
  const moved = points.map((p) => ({ ...p }));
  if (!tie.back || even) return { tie, points: moved, label, middle: x, dot: tie.from === null };
  // The lines of a pair go between its two labels: all of the way if that is near, else there only.
  const left = labelSize(leftOf(tie, moved))[down ? 'w' : 'h'];
  const middle = label.x + left + 1 + TWIN / 2;
  const near = Math.abs(middle - x) < NEAR;
  for (const point of moved) if (Math.abs(point.x - x) < 1 && (near || same(point, { x, y }))) point.x = middle;
  return { tie, points: moved, label, middle, dot: false };
}

const NEAR = 12;

function bends(graph: Plane, tie: Tie, down: boolean): boolean {
  if (!tie.back) return false;
  const [one, two] = [labelSize(tie.there), labelSize(tie.back)];
  const points = graph.edge(graph.edges().find(({ name }) => name === tie.id)!).points ?? [];
  return points.length > 3 && Math.abs(down ? one.w - two.w : one.h - two.h) >= 2 * NEAR;
}

/** Of a pair, the arrow that goes down is on the left. */
const leftOf = ({ there, back }: Tie, points: readonly Point[]): Drawn =>
  points.at(-1)!.y > points[0]!.y ? there : back!;

/** Gives each arrow a place of its own on the side where it leaves or enters. */
function spreadEnds(pieces: readonly Piece[], boxes: ReadonlyMap<string, Box>): void {
  interface Port extends End {
    readonly point: { x: number; y: number };
  }
  const sides = new Map<string, Port[]>();
  for (const piece of pieces) {
    const { tie, points, label, middle } = piece;
    const there = { x: middle, y: label.y + label.h / 2 };
    const round = tie.from !== null && !tie.back && boxes.get(tie.from)!;
    if (round && inside(there, round)) {
      // The label is among the parts: so the line begins there, at a dot.
      const at = points.findIndex((point) => same(point, there));
      const on = points[at + 1]!.y > there.y ? 1 : -1;
      points.splice(0, at, { x: middle, y: there.y - on * (label.h / 2 + DOT + 4) });
      piece.dot = true;
    }
    for (const [id, step] of [
      [piece.dot ? null : tie.from, 1],
      [tie.to, -1],
    ] as const) {
      if (id === null) continue;
      const box = boxes.get(id)!;
      const at = step > 0 ? 0 : points.length - 1;
      // One of its parts stands for it: what is inside of the whole is left out.
      let next = at + step;
      while (inside(points[next]!, box) && !same(points[next]!, there) && points[next + step]) next += step;
      points.splice(Math.min(at + step, next + 1), Math.abs(next - at) - 1);
      const point = points.at(step > 0 ? 0 : -1)!;
      const towards = points.at(step > 0 ? 1 : -2)!;
      const below = towards.y > box.y + box.h / 2;
      point.y = below ? box.y + box.h : box.y;
      const side = `${id}${below ? '_' : '^'}`;
      sides.set(side, [...(sides.get(side) ?? []), { point, towards: towards.x, twin: tie.back !== null }]);
    }
  }
  for (const [side, ports] of sides) {
    const box = boxes.get(side.slice(0, -1))!;
    ports.sort((a, b) => a.towards - b.towards);
    spread(ports, box.x, box.x + box.w).forEach((x, i) => (ports[i]!.point.x = x));
  }
}

const same = (a: Point, b: Point): boolean => Math.abs(a.x - b.x) < 1 && Math.abs(a.y - b.y) < 1;
const inside = ({ x, y }: Point, box: Box): boolean =>
  x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h;

function pathsOf({ tie, points, label, middle, dot }: Piece, down: boolean, turn: (box: Box) => Box): DrawnPath[] {
  if (!tie.back) return [pathOf(tie.there, points, dot, label, down, turn)];
  const by = (dx: number) => points.map(({ x, y }) => ({ x: x + dx, y }));
  const half = (drawn: Drawn, side: -1 | 1): Box => {
    const own = labelSize(drawn);
    const [w, h] = down ? [own.w, own.h] : [own.h, own.w];
    const x = side < 0 ? middle - TWIN / 2 - 1 - w : middle + TWIN / 2 + 1;
    return { x, y: label.y + label.h / 2 - h / 2, w, h };
  };
  const [first, second] = leftOf(tie, points) === tie.there ? ([-1, 1] as const) : ([1, -1] as const);
  return [
    pathOf(tie.there, by((first * TWIN) / 2), false, half(tie.there, first), down, turn),
    pathOf(tie.back, by((second * TWIN) / 2).reverse(), false, half(tie.back, second), down, turn),
  ];
}

function pathOf(
  drawn: Drawn,
  points: readonly Point[],
  dot: boolean,
  label: Box,
  down: boolean,
  turn: (box: Box) => Box,
): DrawnPath {
  const turned = points.map(({ x, y }) => (down ? { x, y } : { x: y, y: x }));
  const draw = line<Point>(
    ({ x }) => x,
    ({ y }) => y,
  ).curve(down ? curveBumpY : curveBumpX);
  const [last, before] = [turned.at(-1)!, turned.at(-2)!];
  const angle = down ? (last.y > before.y ? 90 : -90) : last.x > before.x ? 0 : 180;
  return { drawn, d: draw(turned) ?? '', start: turned[0]!, dot, tip: last, angle, label: turn(label) };
}
