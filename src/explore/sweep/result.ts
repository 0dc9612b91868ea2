/**
 * What a sweep came to, as data: the sweep itself and its points, whole or a part of them. Parts that were run apart, wherever, are
 * put together in any order, and come to the same as the whole.
 */
import * as v from 'valibot';
import { AUDIT_RULES } from '../../engine/audit';
import { ERRNOS } from '../../engine/errno';
import { EVENT_CODES } from '../../engine/events';
import { COSTS } from '../../engine/trace';
import { list, oneOf, strict, toProblem, whole, type Problem } from '../../scenarios/fields';
import { MEASURE_NAMES, type MeasureName } from './names';
import type { PointResult } from './point';
import { MOST_POINTS, parseSweep } from './schema';
import { letterOf, pointOf, pointsOf, SWEEP, type Sweep } from './sweep';

export interface SweepResult {
  /** Version of the format. */
  readonly result: typeof SWEEP;
  readonly sweep: Sweep;
  /** All that the sweep has. */
  readonly of: number;
  /** By number, ascending. */
  readonly points: readonly PointResult[];
}

export const resultOf = (sweep: Sweep, points: readonly PointResult[]): SweepResult => ({
  result: SWEEP,
  sweep,
  of: pointsOf(sweep),
  points: [...points].sort((a, b) => a.n - b.n),
});

export const isWhole = ({ of, points }: SweepResult): boolean => points.length === of;

/** What a job scheduler asks: 0 nothing is wrong, 1 an invariant is broken or a write lost somewhere, 3 bounds were reached. */
export function verdictOf({ points }: Pick<SweepResult, 'points'>): 0 | 1 | 3 {
  if (points.some(({ broken, measures }) => broken.length > 0 || (measures.lost ?? 0) > 0)) return 1;
  return points.some(({ end }) => end !== 'run') ? 3 : 0;
}

const finite = v.pipe(
  v.number('must be a number'),
  v.check((n) => Number.isFinite(n), 'must be a number'),
);
const object = <const N extends string, const S extends v.GenericSchema>(names: readonly N[], item: S, what: string) =>
  strict(Object.fromEntries(names.map((name) => [name, item])) as Readonly<Record<N, S>>, what);

const point = strict(
  {
    n: whole(0, MOST_POINTS - 1),
    variant: v.string('must be a letter'),
    at: list(finite, 2, 'values', 'values'),
    end: oneOf(['run', 'beyond', 'cut']),
    wall: v.nullable(
      strict(
        { errno: oneOf(ERRNOS), code: oneOf(EVENT_CODES), step: whole(0, 2 ** 32), watched: whole(0, 2 ** 32) },
        'a wall',
      ),
    ),
    watched: whole(0, 2 ** 32),
    writes: whole(0, 2 ** 32),
    steps: whole(0, 2 ** 32),
    costs: v.nullable(object(COSTS, finite, 'costs')),
    measures: object(MEASURE_NAMES, v.nullable(finite), 'measures'),
    broken: list(oneOf(AUDIT_RULES), 100, 'rules', 'rules'),
  },
  'a point',
);
const file = strict(
  {
    result: v.literal(SWEEP, `must be ${SWEEP}`),
    sweep: v.unknown(),
    of: whole(1, MOST_POINTS),
    points: list(point, MOST_POINTS, 'points', 'points'),
  },
  'a result',
);

export type ParsedResult =
  { readonly ok: true; readonly result: SweepResult } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks `input` (parsed JSON), its sweep too. */
export function parseResult(input: unknown): ParsedResult {
  const read = v.safeParse(file, input);
  if (!read.success) return { ok: false, problems: read.issues.map(toProblem) };
  const parsed = parseSweep(read.output.sweep);
  if (!parsed.ok)
    return {
      ok: false,
      problems: parsed.problems.map((one) => ({ ...one, path: one.path ? `sweep.${one.path}` : 'sweep' })),
    };
  const { sweep } = parsed;
  const found = read.output.points.flatMap((one, i): Problem[] => {
    if (one.n >= pointsOf(sweep)) return [{ path: `points[${i}].n`, message: `is above ${pointsOf(sweep) - 1}` }];
    const { variant, at } = pointOf(sweep, one.n);
    const same = one.variant === letterOf(variant) && one.at.join() === at.join();
    return same ? [] : [{ path: `points[${i}]`, message: `is not point ${one.n} of this sweep` }];
  });
  if (found.length > 0) return { ok: false, problems: found };
  return { ok: true, result: resultOf(sweep, read.output.points) };
}

/** A part and where it is from. */
export interface Part {
  readonly name: string;
  readonly result: SweepResult;
}
export type Merged =
  { readonly ok: true; readonly result: SweepResult } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Puts parts together. Refuses parts of different sweeps, and two parts that have the same point. */
export function merge(parts: readonly Part[]): Merged {
  const [first, ...others] = parts;
  if (!first) return { ok: false, problems: [{ path: '', message: 'there is nothing to merge' }] };
  const problems: Problem[] = [];
  for (const { name, result } of others)
    for (const field of differing(first.result.sweep, result.sweep))
      problems.push({ path: name, message: `is another sweep than ${first.name}: its ${field} differs` });
  if (problems.length > 0) return { ok: false, problems };
  const from = new Map<number, string>();
  for (const { name, result } of parts) {
    const twice = result.points.filter(({ n }) => from.has(n));
    if (twice.length > 0) {
      const which = `point${twice.length > 1 ? 's' : ''} ${named(twice.map(({ n }) => n))}`;
      problems.push({ path: name, message: `has ${which}, which ${from.get(twice[0]!.n)!} has, too` });
    }
    for (const { n } of result.points) if (!from.has(n)) from.set(n, name);
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    result: resultOf(
      first.result.sweep,
      parts.flatMap(({ result }) => result.points),
    ),
  };
}

const named = (all: readonly number[]): string =>
  all.length > 4 ? `${all.slice(0, 3).join(', ')} and ${all.length - 3} more` : all.join(', ');

/** Fields in which two sweeps differ. */
function differing(a: Sweep, b: Sweep): string[] {
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Sweep>;
  return [...fields].filter((field) => canonical(a[field]) !== canonical(b[field]));
}

/** Text of a value that does not depend on the order in which its fields were written. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
    .join()}}`;
}

/** A row a point: where it lies, whether it hit a wall, and all that was measured. */
export function csvOf({ sweep, points }: SweepResult): string {
  const head = [
    'point',
    'design',
    'name',
    ...sweep.parameters.map(({ name }) => name),
    'end',
    'errno',
    'refused',
    'refusedAtStep',
    'watched',
    'writes',
    'steps',
    ...MEASURE_NAMES,
    'broken',
  ];
  const rows = points.map((one) => [
    one.n,
    one.variant,
    sweep.variants[pointOf(sweep, one.n).variant]!.name,
    ...one.at,
    one.end,
    one.wall?.errno ?? '',
    one.wall?.code ?? '',
    one.wall?.step ?? '',
    one.watched,
    one.writes,
    one.steps,
    ...MEASURE_NAMES.map((name) => one.measures[name] ?? ''),
    one.broken.join(' '),
  ]);
  return [head, ...rows].map((row) => `${row.map(cell).join()}\r\n`).join('');
}

/** A text that a spreadsheet would take for a formula is kept one. */
const cell = (value: string | number): string => {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Points that nothing beats in both of two measures, by number; of those that came to both, and before any wall. */
export function front(
  points: readonly PointResult[],
  [x, y]: readonly [MeasureName, MeasureName],
): ReadonlySet<number> {
  const all = points.flatMap(({ n, measures, wall }) => {
    const [a, b] = [measures[x], measures[y]];
    return a === null || b === null || wall ? [] : [{ n, a, b }];
  });
  const beaten = (p: (typeof all)[number]): boolean =>
    all.some((q) => q.a <= p.a && q.b <= p.b && (q.a < p.a || q.b < p.b));
  return new Set(all.filter((p) => !beaten(p)).map(({ n }) => n));
}
