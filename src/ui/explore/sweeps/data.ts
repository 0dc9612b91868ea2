/** What a chart of a sweep shows, of its points. */
import { MEASURES, PARAMETERS, type MeasureName } from '../../../explore/sweep/names';
import type { PointResult } from '../../../explore/sweep/point';
import { letterOf, type Sweep } from '../../../explore/sweep/sweep';
import { front } from '../../../explore/sweep/result';
import type { Asked, AxisPlan, ChartLine, ChartPoint, ChartWall } from '../../../layout/sweep-chart';
import { axisOf } from '../../../layout/sweep-chart';
import { SWEEP_CHART } from '../../../words/sweep-page';
import { measured, parameterValue, wallName } from '../../../words/sweeps';

export interface Shown {
  readonly sweep: Sweep;
  readonly points: readonly PointResult[];
}

/** A wall, and the first run that hits it. */
export interface WallOf extends ChartWall {
  readonly n: number;
  readonly at: readonly number[];
}

/** Points of one design, ascending by the first parameter. */
const ofDesign = (points: readonly PointResult[], design: number): PointResult[] =>
  points.filter(({ variant }) => variant === letterOf(design)).sort((a, b) => a.at[0]! - b.at[0]!);

/** Of those of a second parameter's value; null: there is none. */
export const only = (points: readonly PointResult[], second: number | null): readonly PointResult[] =>
  second === null ? points : points.filter(({ at }) => at[1] === second);

export const labelOf = ({ variants }: Sweep, design: number, short: boolean): string =>
  short ? letterOf(design) : `${letterOf(design)}  ${variants[design]!.name}`;

/** A line a design. One that counts what a wall cannot change goes on past it, the others end there. */
export function linesOf({ sweep, points }: Shown, measure: MeasureName, short: boolean): ChartLine[] {
  return sweep.variants.flatMap((_, design) => {
    const all = ofDesign(points, design);
    const wall = MEASURES[measure].after ? -1 : all.findIndex((one) => one.wall !== null);
    const found = (wall < 0 ? all : all.slice(0, wall)).flatMap(({ n, at, measures }): ChartPoint[] => {
      const y = measures[measure];
      return y === null ? [] : [{ n, x: at[0]!, y }];
    });
    return found.length > 0 ? [{ design, label: labelOf(sweep, design, short), points: found }] : [];
  });
}

/** The first wall of each design; those of one kind are one. It stands where the pages ended that were watched by then. */
export function wallsOf({ sweep, points }: Shown): WallOf[] {
  const kinds = new Map<string, { wall: WallOf; who: string[]; errno: string }>();
  sweep.variants.forEach(({ ranges = 256 }, design) => {
    const first = ofDesign(points, design).find(({ wall }) => wall !== null);
    if (!first?.wall) return;
    const { errno, code, watched } = first.wall;
    const x = sweep.parameters[0]!.name === 'pages' && watched > 0 ? watched : first.at[0]!;
    const name = wallName(errno, code, ranges);
    const known = kinds.get(`${name} ${errno}`);
    const who = [...(known?.who ?? []), letterOf(design)];
    const before = known?.wall;
    const wall = before && before.x >= x ? before : { x, name, who: '', n: first.n, at: first.at };
    kinds.set(`${name} ${errno}`, { wall, who, errno });
  });
  return [...kinds.values()].map(({ wall, who, errno }) => ({ ...wall, who: SWEEP_CHART.who(who, errno) }));
}

/** The axis of the first parameter: by powers where its values go up so. */
export function parameterAxis({ parameters }: Sweep): AxisPlan {
  const { name, values } = parameters[0]!;
  const { counts } = PARAMETERS[name];
  const log = counts === 'pages' || counts === 'bytes' || counts === 'writes';
  return axisOf(values, values[0], log);
}

/** One axis for all charts of a measure. */
export const measureAxis = (lines: readonly (readonly ChartLine[])[]): AxisPlan =>
  axisOf(lines.flatMap((chart) => chart.flatMap(({ points }) => points.map(({ y }) => y))));

export function lineChart(shown: Shown, lines: readonly ChartLine[], y: AxisPlan, margin: number): Asked {
  const { name, values } = shown.sweep.parameters[0]!;
  const xText = (n: number): string => parameterValue(name, n);
  return { lines, walls: wallsOf(shown), x: parameterAxis(shown.sweep), y, values, xText, joined: true, margin };
}

/** Two measures against each other; what nothing beats is joined. */
export function paretoChart(
  { sweep, points }: Shown,
  pair: readonly [MeasureName, MeasureName],
  short: boolean,
  margin: number,
): { readonly asked: Asked; readonly best: ReadonlySet<number> } {
  const [mx, my] = pair;
  const lines = sweep.variants.flatMap((_, design): ChartLine[] => {
    const found = ofDesign(points, design).flatMap(({ n, measures, wall }): ChartPoint[] => {
      const [x, y] = [measures[mx], measures[my]];
      return x === null || y === null || wall ? [] : [{ n, x, y }];
    });
    return found.length > 0 ? [{ design, label: labelOf(sweep, design, short), points: found }] : [];
  });
  const all = lines.flatMap((one) => one.points);
  const asked = {
    lines,
    walls: [],
    x: axisOf(all.map(({ x }) => x)),
    y: axisOf(all.map(({ y }) => y)),
    values: null,
    xText: measured,
    joined: false,
    margin,
  };
  return { asked, best: front(points, pair) };
}

/** Designs of which runs are missing for want of room in the model, and the last value that there is. */
export function beyondOf({ sweep, points }: Shown): { readonly who: readonly string[]; readonly last: number | null } {
  const gone = sweep.variants.flatMap((_, design) =>
    ofDesign(points, design).some(({ end, wall }) => end === 'beyond' && wall === null) ? [design] : [],
  );
  const without = gone.filter((design) => !ofDesign(points, design).some(({ wall }) => wall !== null));
  const last = without.flatMap((design) => ofDesign(points, design).filter(({ end }) => end === 'run'));
  return {
    who: without.map(letterOf),
    last: last.length > 0 ? Math.max(...last.map(({ at }) => at[0]!)) : null,
  };
}
