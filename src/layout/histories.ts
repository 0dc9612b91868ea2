/**
 * A tree of histories: time runs right on one scale, each history has a row, and parts from the one that it has most in common
 * with. Who parts later lies nearer to the row it parts from, so that no branch crosses another. A few steps at the start of a
 * long run may be all that there is to see: half of the room is shared out alike among the stretches between what is drawn.
 */
import { curveBumpX, line as lineThrough, scaleLinear } from 'd3';

export interface Branch {
  readonly id: number;
  /** Its last step, as far as that is known. */
  readonly steps: number;
}

export interface TreeSize {
  readonly width: number;
  /** Room at the right for what is written beside an end. */
  readonly labels: number;
  readonly row: number;
  /** Above the first row, and below the last. */
  readonly margin: number;
}

export interface PlacedHistory {
  readonly id: number;
  /** Of its end. */
  readonly x: number;
  readonly y: number;
  /** From where it parts to its end; of the trunk from the start. */
  readonly path: string;
  /** The same from the start of time, along those it parts from. */
  readonly whole: string;
  readonly parent: number | null;
  /** The step at which it parts; null: it is the trunk. */
  readonly parts: number | null;
}

export interface Parting {
  readonly step: number;
  readonly x: number;
  readonly y: number;
  /** There is room to write the step above it. */
  readonly labelled: boolean;
}

export interface TreePlan {
  readonly histories: readonly PlacedHistory[];
  readonly partings: readonly Parting[];
  readonly height: number;
  /** Where a step lies. */
  readonly x: (step: number) => number;
}

/** How far right a branch has come to its own row, px. */
const BEND = 48;
/** Px from one label of a step to the next on the same row. */
const APART = 34;

interface Node {
  readonly at: number;
  readonly parent: Node | null;
  readonly parts: number;
  readonly children: Node[];
  row: number;
}

/** `part`: the step after which two of them are not the same any more, by their places in the list. */
export function planTree(
  branches: readonly Branch[],
  part: (a: number, b: number) => number,
  { width, labels, row, margin }: TreeSize,
): TreePlan {
  const root = rooted(branches, part);
  const order: Node[] = [];
  const lay = (node: Node): void => {
    node.row = order.push(node) - 1;
    node.children.sort((a, b) => b.parts - a.parts || a.at - b.at).forEach(lay);
  };
  if (root) lay(root);

  const left = 8;
  const room = Math.max(40, width - labels - left);
  const x = timeScale([...branches.map(({ steps }) => steps), ...order.map(({ parts }) => parts)], left, room);
  const y = (node: Node): number => margin + node.row * row;
  const ends = (node: Node): number => branches[node.at]!.steps;
  const pathOf = (node: Node): string => {
    const from = x(node.parts);
    const end = x(ends(node));
    if (!node.parent)
      return drawn([
        [x(0), y(node)],
        [end, y(node)],
      ]);
    // A short branch bends at once: its end is never left of where it parts.
    const bend = Math.max(from + 1, Math.min(from + BEND, end));
    return `${bent([from, y(node.parent)], [bend, y(node)])}H${round(Math.max(bend, end))}`;
  };
  /** Along its ancestors as far as each goes with it. */
  const wholeOf = (node: Node, to = ends(node)): string => {
    const until = x(to);
    if (!node.parent)
      return drawn([
        [x(0), y(node)],
        [until, y(node)],
      ]);
    const from = x(node.parts);
    const bend = Math.max(from + 1, Math.min(from + BEND, Math.max(until, from + 1)));
    const own = `${bent([from, y(node.parent)], [bend, y(node)])}H${round(Math.max(bend, until))}`;
    return `${wholeOf(node.parent, node.parts)}${own}`;
  };

  const histories = order.map((node): PlacedHistory => {
    const from = node.parent ? x(node.parts) : x(0);
    return {
      id: branches[node.at]!.id,
      x: node.parent ? Math.max(x(ends(node)), from + 1) : x(ends(node)),
      y: y(node),
      path: pathOf(node),
      whole: wholeOf(node),
      parent: node.parent ? branches[node.parent.at]!.id : null,
      parts: node.parent ? node.parts : null,
    };
  });
  return { histories, partings: partingsOf(order, x, y), height: margin * 2 + Math.max(0, order.length - 1) * row, x };
}

/** Where steps lie, in order, from `left` on; `marked`: those at which something is drawn. */
function timeScale(marked: readonly number[], left: number, room: number): (step: number) => number {
  const knots = [...new Set([0, ...marked, Math.max(1, ...marked)])].sort((a, b) => a - b);
  const last = knots.at(-1)!;
  const places = knots.map((step, i) => left + (room * (step / last + i / (knots.length - 1))) / 2);
  return scaleLinear(knots, places).clamp(true);
}

/** Each history beneath that with which it goes longest; the trunk is the first. */
function rooted(branches: readonly Branch[], part: (a: number, b: number) => number): Node | null {
  const nodes: Node[] = [];
  branches.forEach((_, at) => {
    let parent: Node | null = null;
    let parts = 0;
    for (const other of nodes) {
      const step = part(at, other.at);
      // Where several go with it as far, the first of them, on whose row that step lies, is the one it parts from.
      if (parent === null || step > parts) [parent, parts] = [other, step];
    }
    // A step before which the parent itself parts lies on the row of the parent's own parent.
    while (parent?.parent && parts <= parent.parts) parent = parent.parent;
    const node: Node = { at, parent, parts: Math.min(parts, branches[at]!.steps), children: [], row: 0 };
    parent?.children.push(node);
    nodes.push(node);
  });
  return nodes[0] ?? null;
}

function partingsOf(order: readonly Node[], x: (step: number) => number, y: (node: Node) => number): Parting[] {
  const found = new Map<string, { step: number; x: number; y: number }>();
  for (const { parent, parts } of order) {
    if (!parent) continue;
    const place = { step: parts, x: x(parts), y: y(parent) };
    found.set(`${place.y} ${parts}`, place);
  }
  const sorted = [...found.values()].sort((a, b) => a.y - b.y || a.x - b.x);
  let before: { x: number; y: number } | null = null;
  return sorted.map((place) => {
    const labelled: boolean = before === null || before.y !== place.y || place.x - before.x >= APART;
    if (labelled) before = place;
    return { ...place, labelled };
  });
}

const round = (n: number): number => Math.round(n * 10) / 10;
type Point = readonly [number, number];
const drawn = (points: readonly Point[]): string =>
  points.map(([px, py], i) => `${i ? 'L' : 'M'}${round(px)},${round(py)}`).join('');
const bump = lineThrough<Point>(
  ([px]) => round(px),
  ([, py]) => round(py),
).curve(curveBumpX);
const bent = (from: Point, to: Point): string => bump([from, to])!;
