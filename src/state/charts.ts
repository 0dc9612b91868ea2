/**
 * The charts of the engine as the page shows them under one set of patches: their nodes and arrows, which of those this Xen
 * has, and the patch by which it has not the others. Loaded with the screen that shows it: it brings the state machines along.
 */
import { some, type Chart } from '../engine/machines/chart';
import { CHARTS } from '../engine/machines';
import { arrowOf, readChart, type ChartArrow, type ChartNode } from '../engine/machines/read-chart';
import { factsRead, patchesRead } from '../engine/machines/law';
import { PATCHES, xenWith, type Patch, type PatchName, type Xen } from '../engine/patches';

/**
 * `live`: this version can take the arrow, `by` the patches of it that its guard asks for. `absent`: it could, but for a patch: one that it has not (`since` is when the
 * arrow comes), or one that took the arrow away. `never`: not in this guest, whatever the patches.
 */
export type Standing =
  | { readonly is: 'live'; readonly by: readonly Patch[] }
  | { readonly is: 'absent'; readonly patch: Patch; readonly removed: boolean }
  | { readonly is: 'never' };

export interface ChartBook {
  readonly name: string;
  readonly nodes: readonly ChartNode[];
  readonly arrows: readonly ChartArrow[];
  readonly facts: Readonly<Record<string, string>>;
  /** By id of the arrow. */
  readonly standing: ReadonlyMap<string, Standing>;
}

/** What is so for the whole run. */
export interface Run {
  readonly patches: readonly PatchName[];
  readonly numbered: number;
  readonly typeNames: readonly string[];
}

/** States that only a guest with numbered types can be in. */
const NUMBERED: Readonly<Record<string, readonly string[]>> = {
  claim: ['claimed.read', 'claimed.both'],
  'page-type': ['ioreq_server1', 'ioreq_server2', 'ioreq_server3'],
};

/** The charts for a run. */
export const chartsOf = (run: Run, charts: readonly Chart[] = CHARTS): readonly ChartBook[] =>
  charts.map((chart) => bookOf(chart, run));

function bookOf(chart: Chart, { patches, numbered, typeNames }: Run): ChartBook {
  const graph = readChart(chart);
  const out = new Set(numbered > 0 ? [] : NUMBERED[chart.name]);
  if (chart.name === 'page-type') chart.states.slice(typeNames.length).forEach((state) => out.add(state));
  const nodes = graph.nodes.filter(({ id }) => !out.has(id));
  const about = (event: string): string => event.slice(event.indexOf('.') + 1);
  const arrows = graph.arrows.filter(
    ({ from, to, event }) => ![from, to, about(event)].some((id) => id && out.has(id)),
  );
  const ask = asker(chart, { numbered: numbered > 0, noHap: false });
  const xen = xenWith(patches);
  const standing = new Map(arrows.map((arrow) => [arrow.id, standingOf(arrow, xen, patchesRead(chart), ask)]));
  return { name: chart.name, nodes, arrows, facts: chart.facts, standing };
}

type Ask = (arrow: ChartArrow, xen: Xen) => boolean;

/** Whether some combination of facts takes an arrow, those that are `fixed` being as they are. */
function asker(chart: Chart, fixed: Readonly<Record<string, boolean>>): Ask {
  const read = factsRead(chart);
  const names = Object.keys(chart.is);
  const combinations = (event: string): string[][] => {
    const bits = read.get(event) ?? 0;
    let sets: string[][] = [[]];
    for (const fact of names) {
      if ((bits & chart.is[fact]!) === 0) continue;
      const value = fixed[fact];
      if (value === true) sets = sets.map((set) => [...set, fact]);
      if (value === undefined) sets = sets.flatMap((set) => [set, [...set, fact]]);
    }
    return sets;
  };
  const known = new Map<string, string[][]>();
  return (arrow, xen) => {
    const from = chart.states.find((state) => state === arrow.from || state.startsWith(`${arrow.from}.`))!;
    const sets = known.get(arrow.event) ?? combinations(arrow.event);
    known.set(arrow.event, sets);
    return sets.some((facts) => arrowOf(chart, xen, from, arrow.event, facts)?.id === arrow.id);
  };
}

/** One patch more or less that makes the arrow what it could be, the earliest first. */
function standingOf(arrow: ChartArrow, xen: Xen, read: readonly PatchName[], ask: Ask): Standing {
  if (ask(arrow, xen)) return { is: 'live', by: PATCHES.filter(({ name }) => some(arrow.when.has).includes(name)) };
  for (const patch of PATCHES) {
    if (!read.includes(patch.name)) continue;
    if (ask(arrow, { ...xen, [patch.name]: !xen[patch.name] }))
      return { is: 'absent', patch, removed: xen[patch.name] };
  }
  return { is: 'never' };
}
