/** A chart as nodes and arrows, read off its machine: what is drawn, outlined and walked. */
import type { AnyStateNode } from 'xstate';
import { fits, passes, some, type Chart, type Refusal, type When } from './chart';
import type { PatchName, Xen } from '../patches';

export interface ChartNode {
  /** Path from the top, as in `claimed.write`. */
  readonly id: string;
  readonly parent: string | null;
  readonly name: string;
  readonly description: string;
  /** Has no parts of its own. */
  readonly leaf: boolean;
}

export interface ChartArrow {
  /** Unlike any other of the chart. */
  readonly id: string;
  /** Node it starts at; one with parts: any of them. */
  readonly from: string;
  /** Leaf it leads to; null: it leads back to where it came from. */
  readonly to: string | null;
  readonly event: string;
  readonly when: When;
  readonly refused: Refusal | null;
  /** What the engine does besides. */
  readonly effect: string | null;
  readonly description: string;
}

export interface ChartGraph {
  readonly nodes: readonly ChartNode[];
  readonly arrows: readonly ChartArrow[];
}

const graphs = new WeakMap<Chart, ChartGraph>();

/** The nodes and arrows of a chart, in the order of its machine. */
export function readChart(chart: Chart): ChartGraph {
  let graph = graphs.get(chart);
  if (!graph) graphs.set(chart, (graph = read(chart)));
  return graph;
}

/** The arrow that an event takes from a leaf, or null: that state does not know it. Innermost state first, as XState has it. */
export function arrowOf(
  chart: Chart,
  xen: Xen,
  from: string,
  event: string,
  facts: readonly string[],
): ChartArrow | null {
  const { arrows } = readChart(chart);
  for (let at = from; ; at = at.slice(0, at.lastIndexOf('.'))) {
    const arrow = arrows.find((a) => a.from === at && a.event === event && passes(xen, facts, a.when));
    if (arrow) return arrow;
    if (!at.includes('.')) return null;
  }
}

/** Whether a set of patches has this arrow. */
export const has = (xen: Xen, { when }: Pick<ChartArrow, 'when'>): boolean => fits(xen, when);

/** Patches that make or unmake an arrow. */
export const patchesOf = ({ when }: ChartArrow): readonly PatchName[] => [...some(when.has), ...some(when.lacks)];

/** Names of the facts whose bits are set. */
export const factsOf = (chart: Chart, bits: number): string[] =>
  Object.keys(chart.is).filter((fact) => (bits & chart.is[fact]!) !== 0);

/** By the number of a leaf: whether it, or a state that it is a part of, has this tag. */
export function tagged(chart: Chart, tag: string): readonly boolean[] {
  const has = (node: AnyStateNode | undefined): boolean =>
    node !== undefined && (node.tags.includes(tag) || has(node.parent));
  const nodeAt = (path: string): AnyStateNode =>
    path.split('.').reduce<AnyStateNode>((node, key) => node.states[key]!, chart.machine.root);
  return chart.states.map((state) => has(nodeAt(state)));
}

const pathOf = (node: AnyStateNode): string => node.path.join('.');

function leafOf(node: AnyStateNode): AnyStateNode {
  return node.initial.target.length > 0 && Object.keys(node.states).length > 0 ? leafOf(node.initial.target[0]!) : node;
}

function read(chart: Chart): ChartGraph {
  const nodes: ChartNode[] = [];
  const arrows: ChartArrow[] = [];
  const visit = (node: AnyStateNode): void => {
    const id = pathOf(node);
    if (id !== '') {
      const leaf = Object.keys(node.states).length === 0;
      const parent = id.includes('.') ? id.slice(0, id.lastIndexOf('.')) : null;
      nodes.push({ id, parent, name: node.key, description: node.description ?? '', leaf });
      for (const [event, transitions] of node.transitions) {
        transitions.forEach((t, i) => {
          const action = (type: string): unknown => (t.actions as Acted[]).find((a) => a.type === type)?.params;
          const target = t.target?.[0];
          arrows.push({
            id: `${id}:${event}:${i}`,
            from: id,
            to: target ? pathOf(leafOf(target)) : null,
            event,
            when: (t.guard as { params?: When } | undefined)?.params ?? {},
            refused: (action('refuse') as Refusal | undefined) ?? null,
            effect: (action('effect') as { name: string } | undefined)?.name ?? null,
            description: t.description ?? chart.events[event] ?? '',
          });
        });
      }
    }
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(chart.machine.root);
  return { nodes, arrows };
}

interface Acted {
  readonly type: string;
  readonly params?: unknown;
}
