/** The file of a sweep: all that it may say, checked at once, with the place of each mistake and how it can be mended. */
import * as v from 'valibot';
import { MIB } from '../../engine/config';
import { DESIGN_NAMES, designOf } from '../../engine/designs';
import { PRESETS } from '../../engine/patches';
import { costs } from '../../scenarios/costs';
import { flag, list, MOST_PROBLEMS, oneOf, strict, text, toProblem, whole, type Problem } from '../../scenarios/fields';
import { shown, withHint } from '../../scenarios/hints';
import { isFile } from '../../scenarios/migrate';
import { bytes, formatBytes } from '../../scenarios/quantities';
import { parseJson } from '../../scenarios/schema-text';
import { switched, switches } from '../../scenarios/xen-set';
import { memoryFor, MOST_TABLES, pagesOf } from './frames';
import { isByHand, xenOf } from './guest';
import { MEASURE_NAMES, PARAMETER_NAMES, PARAMETERS, type ParameterName } from './names';
import { LETTERS, pointsOf, SWEEP, type Guest, type Sweep } from './sweep';

const MOST = { tables: MOST_TABLES, stride: 2, more: 0 } as const;

export type ParsedSweep =
  { readonly ok: true; readonly sweep: Sweep } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Most points: each is a run. */
export const MOST_POINTS = 1000;
const MOST_VALUES = 64;

const variant = strict(
  {
    name: text(40),
    version: oneOf(PRESETS.map(({ name }) => name)),
    patches: v.optional(switches),
    design: v.optional(
      v.pipe(
        oneOf(DESIGN_NAMES),
        v.check(
          (name) => name !== 'paravirtual',
          withHint('has no protected pages', 'What that design costs is told by its driver: open a scenario with it.'),
        ),
      ),
      'xen',
    ),
    ranges: v.optional(whole(1, 4096)),
    numbered: v.optional(whole(1, 4)),
  },
  'a design',
);

const limits = (name: ParameterName) => whole(PARAMETERS[name].least, PARAMETERS[name].most);
const memory = v.pipe(
  bytes,
  v.check((n) => n % MIB === 0, 'must be whole MiB'),
  v.check(
    (n) => n >= PARAMETERS.memory.least && n <= PARAMETERS.memory.most,
    `must be from ${formatBytes(PARAMETERS.memory.least)} to ${formatBytes(PARAMETERS.memory.most)}`,
  ),
);

const guest = strict(
  {
    pages: v.optional(limits('pages'), 64),
    servers: v.optional(limits('servers'), 1),
    vcpus: v.optional(limits('vcpus'), 1),
    writeRate: v.optional(limits('writeRate'), 100),
    rmwShare: v.optional(limits('rmwShare'), 0),
    oosThreshold: v.optional(limits('oosThreshold'), 2),
    memory: v.optional(memory),
    spread: v.optional(flag, false),
    mapping: v.optional(oneOf(['4 KiB', '2 MiB', '1 GiB']), '2 MiB'),
    pool: v.optional(whole(4, 2 ** 18)),
    accesses: v.optional(whole(1, 10_000), 256),
    submitEvery: v.optional(whole(0, 10_000), 0),
    serverRanges: v.optional(whole(0, 64), 16),
    release: v.optional(flag, false),
    touches: v.optional(whole(0, 256), 0),
    seed: v.optional(whole(0, 2 ** 32 - 1), 1),
  },
  'a guest',
);

/** A value as it is written: memory in bytes or as `1 GiB`. */
const value = v.pipe(
  v.union([v.number(), v.string()], 'must be a number, or for memory an amount like "1 GiB"'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    if (typeof dataset.value === 'number') return dataset.value;
    const read = v.safeParse(bytes, dataset.value);
    if (read.success) return read.output;
    addIssue({ message: read.issues[0].message });
    return NEVER;
  }),
);
const values = v.pipe(list(value, MOST_VALUES, 'values', 'values'), v.minLength(1, 'is empty'));

const parameter = v.pipe(
  strict(
    {
      name: oneOf(PARAMETER_NAMES),
      values: v.optional(values),
      from: v.optional(value),
      to: v.optional(value),
      times: v.optional(whole(2, 1024)),
      by: v.optional(value),
      also: v.optional(values),
    },
    'a parameter',
  ),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const { name, ...said } = dataset.value;
    const found = spelled(said);
    if (typeof found === 'string') {
      addIssue({ message: found });
      return NEVER;
    }
    const { least, most, unit, counts } = PARAMETERS[name];
    const write = counts === 'bytes' ? formatBytes : String;
    const wrong = found.find((n) => !(n >= least && n <= most && n % unit === 0));
    if (wrong === undefined) return { name, values: found };
    const must = `${name} must be from ${write(least)} to ${write(most)}`;
    addIssue({ message: `has the value ${shown(wrong)}: ${must}${unit > 1 ? ', whole MiB' : ', whole numbers'}` });
    return NEVER;
  }),
);

interface Said {
  readonly values?: readonly number[] | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly times?: number | undefined;
  readonly by?: number | undefined;
  readonly also?: readonly number[] | undefined;
}

/** All values, ascending; or what is wrong with how they are said. */
function spelled({ values: all, from, to, times, by, also = [] }: Said): readonly number[] | string {
  const row = from !== undefined || to !== undefined || times !== undefined || by !== undefined;
  if (all && row) return 'has "values" and a row "from", "to": say one of them';
  const wants = withHint('needs its values', 'Write "values": [1, 16, 256], or "from": 1, "to": 4096, "times": 4.');
  if (!all && (from === undefined || to === undefined)) return wants;
  if (times !== undefined && by !== undefined) return 'goes up by "times" and by "by": say one of them';
  const found = new Set<number>([...(all ?? []), ...also]);
  if (!all) {
    if (!(from! <= to!)) return 'ends before it begins: "from" is above "to"';
    if (by !== undefined && !(by > 0)) return '"by" must be above 0';
    if (by === undefined && !(from! > 0)) return withHint('cannot go from 0 by powers', 'Write "by": 10.');
    for (let n = from!; n <= to!; n = by === undefined ? n * (times ?? 2) : n + by) {
      found.add(n);
      if (found.size > MOST_VALUES) break;
    }
  }
  if (found.size > MOST_VALUES) return `has more than ${MOST_VALUES} values`;
  return [...found].sort((a, b) => a - b);
}

const measure = oneOf(MEASURE_NAMES);
const file = strict(
  {
    $schema: v.optional(v.string('must be a text')),
    sweep: v.literal(SWEEP, `must be ${SWEEP}`),
    title: text(120),
    text: v.optional(text(2000, 0), ''),
    variants: v.pipe(
      list(variant, LETTERS.length, 'designs: { "name": "claim", "version": "claim" }', 'designs'),
      v.minLength(1, 'is empty'),
    ),
    parameters: v.pipe(
      list(parameter, 2, 'parameters: { "name": "pages", "values": [1, 16] }', 'parameters'),
      v.minLength(1, 'is empty'),
    ),
    measures: v.pipe(list(measure, MEASURE_NAMES.length, 'measures', 'measures'), v.minLength(1, 'is empty')),
    pareto: v.optional(v.tuple([measure, measure], 'must be two measures: ["heap", "cycles"]')),
    guest: v.optional(guest, {}),
    costs: v.optional(costs, {}),
  },
  'a sweep',
);

/** Checks `input` (parsed JSON). */
export function parseSweep(input: unknown): ParsedSweep {
  if (!isFile(input)) return { ok: false, problems: [{ path: '', message: 'must be an object { ... }' }] };
  const result = v.safeParse(file, input);
  if (!result.success) return { ok: false, problems: result.issues.map(toProblem).slice(0, MOST_PROBLEMS) };
  const { $schema: _, ...sweep } = result.output;
  const problems = wrongIn(sweep);
  return problems.length > 0 ? { ok: false, problems: problems.slice(0, MOST_PROBLEMS) } : { ok: true, sweep };
}

/** Reads the text of a file. A syntax error is a problem like any other. */
export function parseSweepText(text: string): ParsedSweep {
  const read = parseJson(text);
  return read.ok ? parseSweep(read.input) : read;
}

/** What only the whole tells to be wrong. */
function wrongIn(sweep: Sweep): Problem[] {
  const { variants, parameters, guest: of, measures } = sweep;
  const problems: Problem[] = [];
  variants.forEach((one, i) => {
    const at = `variants[${i}]`;
    for (const { path, message } of switched(one.version, one.patches).problems)
      problems.push({ path: `${at}.${path}`, message });
    const { claim } = designOf(one).xen(xenOf(one));
    if (one.numbered && !claim)
      problems.push({
        path: `${at}.numbered`,
        message: 'needs a version of Xen with the patch claim, and a design that uses it',
      });
    if (variants.findIndex(({ name }) => name === one.name) < i)
      problems.push({ path: `${at}.name`, message: `${shown(one.name)} is the name of another design here` });
  });
  const [first, second] = parameters;
  if (first && second?.name === first.name)
    problems.push({ path: 'parameters[1].name', message: `is ${shown(first.name)} again: it must be another` });
  if (new Set(measures).size < measures.length) problems.push({ path: 'measures', message: 'has a measure twice' });
  const points = pointsOf(sweep);
  if (points > MOST_POINTS)
    problems.push({
      path: 'parameters',
      message: `come to ${points} runs with all designs: a sweep has at most ${MOST_POINTS}`,
      hint: 'Take fewer values or fewer designs.',
    });
  problems.push(...tooSmall(sweep), ...noRelease(of, measures));
  return problems;
}

/** Memory that is said and does not hold the pages. */
function tooSmall({ variants, parameters, guest: of }: Sweep): Problem[] {
  const valuesOf = (name: ParameterName): readonly number[] | undefined =>
    parameters.find((one) => one.name === name)?.values;
  const least = valuesOf('memory')?.[0] ?? of.memory;
  if (least === undefined) return [];
  const pages = valuesOf('pages')?.at(-1) ?? of.pages;
  const needed = variants.reduce((most, one) => {
    const found = pagesOf(pages, isByHand(one), of.spread ? least : null) ?? MOST;
    return Math.max(most, memoryFor(found));
  }, 0);
  if (needed <= least) return [];
  const message = `is ${formatBytes(least)}: too small for ${pages} protected pages`;
  const path = valuesOf('memory') ? 'parameters' : 'guest.memory';
  return [{ path, message, hint: `They need ${formatBytes(needed)}.` }];
}

function noRelease({ release, touches }: Guest, measures: Sweep['measures']): Problem[] {
  const problems: Problem[] = [];
  const asked = measures.find((name) => name === 'release' || name === 'left');
  if (asked && !release)
    problems.push({
      path: 'measures',
      message: `has ${shown(asked)}, but nothing is released`,
      hint: 'Write "release": true in "guest".',
    });
  if (measures.includes('later') && touches === 0)
    problems.push({
      path: 'measures',
      message: 'has "later", but nothing is touched after the run',
      hint: 'Write "touches": 64 in "guest".',
    });
  return problems;
}
