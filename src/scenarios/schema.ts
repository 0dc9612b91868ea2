/**
 * A scenario file: a guest, a version of Xen, what each vCPU does, and what goes on beside. `parseScenario` checks all of it,
 * says every mistake at once with its place in the file, and yields the configuration that the engine runs.
 */
import * as v from 'valibot';
import type { CostTable } from '../engine/cost-table';
import { defaultPool, PLAIN, type Config } from '../engine/config';
import { fitted, type DesignName } from '../engine/designs';
import { BUFIOREQ } from '../engine/ioreq';
import type { Version, Xen } from '../engine/patches';
import type { ActAt, Schedule } from './acts';
import { MOST_PROBLEMS, toProblem, type Problem } from './fields';
import type { Carried, Lesson, Narration, Prompt, StartView } from './lesson';
import { checkLength, checkPrograms, toPrograms } from './loops';
import { FORMAT, isFile, migrate, newerFormat } from './migrate';
import { checkOrder } from './schema-done';
import { file, type FileScenario } from './schema-file';
import { checkPlaces, toView } from './schema-lesson';
import { restOf } from './schema-rest';
import type { SearchPlan } from './schema-search';
import { parseJson } from './schema-text';
import { checkToolOp, toToolOp } from './toolstack';
import { switched, type Switches } from './xen-set';

export { FORMAT };
const ORDERS = { '4 KiB': 0, '2 MiB': 9, '1 GiB': 18 } as const;
const PAGINGS = { EPT: 'ept', NPT: 'npt' } as const;
/** Whether the default server has a ring for writes that nobody need wait for. */
const QEMUS = { synchronous: BUFIOREQ.off, buffered: BUFIOREQ.legacy, atomic: BUFIOREQ.atomic } as const;
const CLAIMS = { reads: 1, writes: 2, both: 3 } as const;

export type { Problem };

export interface Scenario {
  readonly title: string;
  readonly text: string;
  readonly version: Version;
  readonly config: Config;
  /** Step at which a reader should begin. */
  readonly start: number;
  /** Steps before which a player stops, ascending. */
  readonly marks: readonly number[];
  /** Step at which the run ends if it does not by itself. */
  readonly steps: number;
  /** Prices of primitives in cycles, where they are not the default ones. */
  readonly costs: Partial<CostTable>;
  /** The shipped scenario that the file is made from. */
  readonly base: string | null;
  readonly lesson: Lesson | null;
  readonly prompts: readonly Prompt[];
  readonly narration: readonly Narration[];
  readonly view: StartView;
  readonly schedule: Schedule;
  /** null: the file says nothing of a search. */
  readonly search: SearchPlan | null;
  /** What the user did, in order of their steps. */
  readonly acts: readonly ActAt[];
  readonly carried: Carried;
}

/**
 * What the user may change without editing the file. Memory in bytes. Another version is taken as it was, without the
 * file's own patches; `patches` are switched last.
 */
export interface Changes {
  readonly version?: string | undefined;
  readonly patches?: Switches | undefined;
  readonly memory?: number | undefined;
  readonly design?: DesignName | undefined;
}

export type Parsed =
  { readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Checks `input` (parsed JSON) and makes a configuration of it. A file with a `base` must have gone through `withBase` (base.ts)
 * first.
 */
export function parseScenario(input: unknown, changes: Changes = {}): Parsed {
  const newer = newerFormat(input);
  if (newer) return { ok: false, problems: [newer] };
  const whole = changed(migrate(input), changes);
  const result = v.safeParse(file, whole);
  if (result.success) return made(result.output, changes);
  const problems = withoutBase(result.issues.map(toProblem));
  const rest = v.safeParse(file, restOf(whole, result.issues));
  const more = rest.success ? made(rest.output, changes) : null;
  return refused(more && !more.ok ? [...problems, ...more.problems] : problems);
}

function made(found: FileScenario, changes: Changes): Parsed {
  const long = checkLength(found.vcpus);
  if (long.length > 0) return refused(long);
  const { xen, problems } = switched(found.version, found.patches, changes.patches);
  const config = configOf(found, xen);
  problems.push(...wrongIn(found, config));
  return problems.length > 0 ? refused(problems) : { ok: true, scenario: scenarioOf(found, config) };
}

/** Reads the text of a file. A syntax error is a problem like any other. */
export function parseText(text: string, changes: Changes = {}): Parsed {
  const read = parseJson(text);
  return read.ok ? parseScenario(read.input, changes) : read;
}

/** Of a file whose base is none it is not told what else it lacks. */
function withoutBase(problems: readonly Problem[]): readonly Problem[] {
  if (!problems.some(({ path }) => path === 'base')) return problems;
  return problems.filter(({ path, message }) => !(message === 'is missing' && /^\w+$/.test(path)));
}

const refused = (problems: readonly Problem[]): Parsed => ({ ok: false, problems: problems.slice(0, MOST_PROBLEMS) });

/** What can be told to be wrong only of a file whose fields are all in order. */
function wrongIn(found: FileScenario, config: Config): Problem[] {
  const problems: Problem[] = [];
  if (found.numbered && !config.xen.claim)
    problems.push({
      path: 'numbered',
      message: 'needs a version of Xen with the patch claim, and a design that uses it',
    });
  problems.push(
    ...checkPrograms(config, found.vcpus),
    ...found.toolstack.flatMap((o, n) => checkToolOp(config, o, n) ?? []),
    ...checkPlaces(found, { programs: config.programs.map((ops) => ops.length), toolstack: config.toolstack.length }),
    ...checkOrder(found.acts, 'acts'),
    ...found.histories.flatMap(({ acts }, i) => checkOrder(acts, `histories[${i}].acts`)),
  );
  return problems;
}

function scenarioOf(found: FileScenario, config: Config): Scenario {
  const { title, text, version, start, steps, costs, prompts, narration, schedule, acts, histories, answers } = found;
  return {
    title,
    text,
    version,
    config,
    start,
    marks: [...new Set(found.marks)].sort((a, b) => a - b),
    steps,
    costs,
    base: found.base ?? null,
    lesson: found.lesson ?? null,
    prompts,
    narration,
    view: toView(found.screen, found.look),
    schedule,
    search: found.search ?? null,
    acts,
    carried: { at: found.at ?? null, histories, answers },
  };
}

function changed(input: unknown, { version, memory, design }: Changes): unknown {
  if (!isFile(input)) return input;
  const guest = isFile(input.guest) ? input.guest : {};
  return {
    ...input,
    ...(version === undefined ? {} : { version, patches: undefined }),
    ...(design === undefined ? {} : { design }),
    ...(memory === undefined ? {} : { guest: { ...guest, memory } }),
  };
}

function configOf(found: FileScenario, xen: Xen): Config {
  const { memory, mapping, pool, tables, paging } = found.guest;
  const { qemu } = found.devices;
  return fitted({
    ...PLAIN,
    xen,
    memory,
    order: ORDERS[mapping],
    pool: pool ?? defaultPool(memory, found.vcpus.length),
    rangeCap: found.ranges,
    tablePages: tables,
    programs: toPrograms(found.vcpus, memory, found.seed),
    toolstack: found.toolstack.map(toToolOp),
    defaultServer: qemu === undefined ? null : { bufioreq: QEMUS[qemu] },
    paging: PAGINGS[paging],
    numbered: found.numbered?.types ?? 0,
    claimFlags: CLAIMS[found.numbered?.claim ?? 'writes'],
    design: found.design,
    trackers: found.trackers,
    oosThreshold: found.oosThreshold,
    oosPages: found.oosPages,
    executable: found.executable,
    seed: found.seed,
  });
}
