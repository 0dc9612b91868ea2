/** What a sweep came to, as text: a table a measure, a row a value of the first parameter, a column a design. */
import type { PointResult } from '../explore/sweep/point';
import { isWhole, type SweepResult } from '../explore/sweep/result';
import { MEASURES, type MeasureName } from '../explore/sweep/names';
import { letterOf, pointOf, type Sweep } from '../explore/sweep/sweep';
import { count } from '../words/format';
import { RULES } from '../words/labels';
import { measured, MEASURE_WORDS, PARAMETER_WORDS, parameterValue, SWEEP_CLI, SWEEPS, wallName } from '../words/sweeps';

export function printSweep(result: SweepResult): string[] {
  const { sweep, of, points } = result;
  const [first, second] = sweep.parameters;
  const lines = [sweep.title, ...sweep.variants.map(({ name }, i) => SWEEP_CLI.design(letterOf(i), name))];
  for (const measure of sweep.measures)
    for (const value of second ? second.values : [null]) {
      const of = points.filter(({ at }) => value === null || at[1] === value);
      const where =
        value === null ? '' : `${PARAMETER_WORDS[second!.name].name} ${parameterValue(second!.name, value)}`;
      lines.push(SWEEP_CLI.table(MEASURE_WORDS[measure], where), ...table(sweep, first!.values, of, measure));
    }
  lines.push(...walls(sweep, points), ...broken(sweep, points));
  lines.push(isWhole(result) ? SWEEP_CLI.all(of) : SWEEP_CLI.some(points.length, of), SWEEPS.model);
  return lines;
}

function table(
  { parameters, variants }: Sweep,
  values: readonly number[],
  points: readonly PointResult[],
  measure: MeasureName,
): string[] {
  const { name } = parameters[0]!;
  const head = [PARAMETER_WORDS[name].unit, ...variants.map((_, i) => letterOf(i))];
  const rows = values.flatMap((value) => {
    const here = points.filter(({ at }) => at[0] === value);
    if (here.length === 0) return [];
    return [[parameterValue(name, value), ...variants.map((_, i) => cell(here, letterOf(i), measure))]];
  });
  const widths = head.map((text, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length), text.length));
  return [head, ...rows].map((row) => row.map((text, i) => text.padStart(widths[i]!)).join('  '));
}

function cell(points: readonly PointResult[], letter: string, measure: MeasureName): string {
  const point = points.find(({ variant }) => variant === letter);
  if (!point) return '?';
  if (point.end !== 'run') return '-';
  if (point.wall && !MEASURES[measure].after) return point.wall.errno;
  const value = point.measures[measure];
  return value === null ? '-' : measured(value);
}

const whereOf = ({ parameters }: Sweep, { at }: PointResult): string =>
  parameters
    .map(({ name }, i) => `${PARAMETER_WORDS[name].name.toLowerCase()} ${parameterValue(name, at[i]!)}`)
    .join(', ');

/** Of each design and each wall the first point at which it is hit. */
function walls(sweep: Sweep, points: readonly PointResult[]): string[] {
  const seen = new Set<string>();
  const lines = points.flatMap((point) => {
    const { wall, variant, at } = point;
    const key = wall && `${variant} ${at[1]} ${wall.errno} ${wall.code}`;
    if (!wall || !key || seen.has(key)) return [];
    seen.add(key);
    const { ranges = 256 } = sweep.variants[pointOf(sweep, point.n).variant]!;
    const watched = sweep.parameters[0]!.name === 'pages' ? count(wall.watched) : null;
    const what = SWEEPS.refused(wall.errno, wallName(wall.errno, wall.code, ranges), watched);
    return [SWEEP_CLI.wall(variant, whereOf(sweep, point), what, count(wall.step))];
  });
  return lines.length > 0 ? [SWEEP_CLI.walls, ...lines] : [];
}

/** Of each design and each rule the first point at the end of which it does not hold. */
function broken(sweep: Sweep, points: readonly PointResult[]): string[] {
  const seen = new Set<string>();
  const lines = points.flatMap((point) =>
    point.broken.flatMap((rule) => {
      const key = `${point.variant} ${rule}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [SWEEP_CLI.brokenIn(point.variant, RULES[rule] ?? rule, whereOf(sweep, point))];
    }),
  );
  return lines.length > 0 ? [SWEEP_CLI.broken, ...lines] : [];
}
