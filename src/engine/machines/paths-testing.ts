/**
 * For tests: every simple path of a chart under a set of patches, that is, each way through it that comes to no state twice.
 * Our own, and not `getSimplePaths` of 'xstate/graph', which does not fit: there an edge is an event object, so each set of
 * facts that a guard does not ask for makes one more parallel edge and multiplies the paths (785 of the sweep's 9 arrows),
 * while an arrow that no event object happens to name is missing. Nor does it say which arrow was taken. Here an edge is an
 * arrow of the chart, with the fewest facts by which it is taken from that state.
 */
import type { Xen } from '../patches';
import type { Chart } from './chart';
import { factsRead, watching } from './law';
import { arrowOf, factsOf, type ChartArrow } from './read-chart';

/** An event that a state knows, with facts that hold and the arrow that it takes then. */
export interface Edge {
  /** Leaves; the same where the arrow leads back. */
  readonly from: string;
  readonly to: string;
  readonly event: string;
  readonly facts: readonly string[];
  readonly arrow: ChartArrow;
}
export type Path = readonly Edge[];

export interface Walk {
  /** Leaf at which every path begins. */
  readonly from: string;
  /** Sets of facts that may hold when the event comes to that state, in order of preference. Default: any, fewest first. */
  readonly facts?: (event: string, from: string) => Iterable<readonly string[]>;
  /** Most edges of a path. */
  readonly depth?: number;
}

const bitCount = (bits: number): number => (bits === 0 ? 0 : (bits & 1) + bitCount(bits >>> 1));

/** Every set of the facts that the guards of an event ask for, fewest first. */
export function factSets(chart: Chart, event: string): (readonly string[])[] {
  const read = factsRead(chart).get(event) ?? 0;
  const sets: number[] = [];
  for (let subset = read; ; subset = (subset - 1) & read) {
    sets.push(subset);
    if (subset === 0) break;
  }
  return sets.sort((a, b) => bitCount(a) - bitCount(b) || a - b).map((bits) => factsOf(chart, bits));
}

/** Each arrow that can be taken from a leaf, once, in the order of the chart's events. */
export function edgesFrom(chart: Chart, xen: Xen, { from, facts }: Walk): Edge[] {
  const edges: Edge[] = [];
  for (const event of Object.keys(chart.on)) {
    const seen = new Set<ChartArrow>();
    for (const set of facts?.(event, from) ?? factSets(chart, event)) {
      const arrow = arrowOf(chart, xen, from, event, set);
      if (arrow === null || seen.has(arrow)) continue;
      seen.add(arrow);
      edges.push({ from, to: arrow.to ?? from, event, facts: set, arrow });
    }
  }
  return edges;
}

/**
 * Every simple path from a leaf, shorter ones before those that go on from them; one edge at least. Two arrows between the
 * same states make two paths.
 */
export function simplePaths(chart: Chart, xen: Xen, walk: Walk): Path[] {
  const edges = new Map<string, Edge[]>();
  const at = (from: string): Edge[] => {
    let found = edges.get(from);
    if (!found) edges.set(from, (found = edgesFrom(chart, xen, { ...walk, from })));
    return found;
  };
  const paths: Path[] = [];
  const extend = (path: Path, from: string, been: ReadonlySet<string>): void => {
    if (path.length === (walk.depth ?? Infinity)) return;
    for (const edge of at(from)) {
      if (been.has(edge.to)) continue;
      const longer = [...path, edge];
      paths.push(longer);
      extend(longer, edge.to, new Set([...been, edge.to]));
    }
  };
  extend([], walk.from, new Set([walk.from]));
  return paths;
}

/** The paths that are not the beginning of another: who leads a subject along these has gone the others too. */
export const longest = (paths: readonly Path[]): Path[] =>
  paths.filter((path, i) => {
    const next = paths[i + 1];
    return !next || next.length <= path.length || path.some((edge, n) => next[n] !== edge);
  });

/**
 * For each state that is reached, a shortest path to it with one edge more, whichever: so every arrow that can be taken, also
 * those that lead back to where the path has been, which no simple path has.
 */
export function everyArrow(chart: Chart, xen: Xen, walk: Walk): Path[] {
  const shortest = new Map<string, Path>([[walk.from, []]]);
  const reached: string[] = [walk.from];
  for (const at of reached) {
    for (const edge of edgesFrom(chart, xen, { ...walk, from: at })) {
      if (shortest.has(edge.to)) continue;
      shortest.set(edge.to, [...shortest.get(at)!, edge]);
      reached.push(edge.to);
    }
  }
  return reached.flatMap((from) =>
    edgesFrom(chart, xen, { ...walk, from }).map((edge) => [...shortest.get(from)!, edge]),
  );
}

/** Those of every arrow that lead back to the state they are taken from: refusals, and what changes nothing of it. */
export const tries = (chart: Chart, xen: Xen, walk: Walk): Path[] =>
  everyArrow(chart, xen, walk).filter((path) => path.at(-1)!.from === path.at(-1)!.to);

/** As `claimed.write --release[outstanding]--> draining`. */
export const edgeName = ({ from, event, facts, to }: Edge): string =>
  `${from} --${event}${facts.length > 0 ? `[${facts.join()}]` : ''}--> ${to}`;

/** What the engine has of a chart: it can be asked for its state, and made to do what an edge stands for. */
export interface Subject {
  state(): string;
  /** Sees to it that the edge's facts hold. What the law is asked meanwhile is not counted. */
  prepare?(edge: Edge): void;
  act(edge: Edge): void;
}

/**
 * Leads a subject along a path. Answers how the engine saw each edge, to be compared with what `agreed` answers: the arrows
 * of this chart that it took meanwhile, and the state that it was in afterwards.
 */
export function lead(chart: Chart, xen: Xen, path: Path, subject: Subject): { arrows: string[]; state: string }[] {
  return path.map((edge) => {
    const arrows: string[] = [];
    subject.prepare?.(edge);
    watching(
      ({ chart: of, from, event, facts }) => {
        if (of !== chart) return;
        const name = Object.keys(chart.on)[event]!;
        arrows.push(arrowOf(chart, xen, chart.states[from]!, name, factsOf(chart, facts))?.id ?? `no ${name}`);
      },
      () => {
        try {
          subject.act(edge);
        } catch (cause) {
          throw new Error(path.map(edgeName).join(', '), { cause });
        }
      },
    );
    return { arrows, state: subject.state() };
  });
}

/** What `lead` answers where engine and chart agree, edge by edge. `unasked`: events at which nobody asks the law. */
export const agreed = (path: Path, unasked: readonly string[] = []): { arrows: string[]; state: string }[] =>
  path.map(({ arrow, event, to }) => ({ arrows: unasked.includes(event) ? [] : [arrow.id], state: to }));
