/**
 * The scenario file, version 1: a guest, a version of Xen, what each vCPU does, and what goes on beside. `parseScenario` checks
 * all of it, says every mistake at once with its place in the file, and yields the configuration that the engine runs.
 */
import * as v from 'valibot';
import type { CostTable } from '../engine/cost-table';
import { defaultPool, GIB, MIB, PLAIN, type Config } from '../engine/config';
import { DESIGN_NAMES, fitted, type DesignName } from '../engine/designs';
import { MOST_STEPS } from '../engine/history';
import { BUFIOREQ } from '../engine/ioreq';
import { PRESETS, type Version, type Xen } from '../engine/patches';
import { costs } from './costs';
import { oneOf, toProblem, whole, type Problem } from './fields';
import { checkOp, program, toPrograms } from './operations';
import { bytes } from './quantities';
import { checkToolOp, toolstack, toToolOp } from './toolstack';
import { switched, switches, type Switches } from './xen-set';

export const FORMAT = 1;
const VERSION_NAMES = PRESETS.map(({ name }) => name);
const ORDERS = { '4 KiB': 0, '2 MiB': 9, '1 GiB': 18 } as const;
const PAGINGS = { EPT: 'ept', NPT: 'npt' } as const;
/** Whether the default server has a ring for writes that nobody need wait for. */
const QEMUS = { synchronous: BUFIOREQ.off, buffered: BUFIOREQ.legacy, atomic: BUFIOREQ.atomic } as const;

const guest = v.strictObject({
  memory: v.pipe(
    bytes,
    v.check((n) => n % MIB === 0, 'must be whole MiB'),
    v.check((n) => n >= 16 * MIB && n <= 64 * GIB, 'must be from 16 MiB to 64 GiB'),
  ),
  mapping: v.optional(oneOf(['4 KiB', '2 MiB', '1 GiB'] as const), '4 KiB'),
  pool: v.optional(whole(4, 2 ** 18)),
  tables: v.optional(oneOf(['scattered', 'contiguous'] as const), 'scattered'),
  paging: v.optional(oneOf(['EPT', 'NPT'] as const), 'EPT'),
});

/** The design document's form: so many types, and the accesses for which XenGT claims the first of them. */
const numbered = v.strictObject({
  types: v.picklist([1, 2, 3, 4] as const, 'must be a number from 1 to 4'),
  claim: v.optional(oneOf(['reads', 'writes', 'both'] as const), 'writes'),
});
const CLAIMS = { reads: 1, writes: 2, both: 3 } as const;

const scenario = v.strictObject({
  $schema: v.optional(v.string()),
  format: v.literal(FORMAT, `must be ${FORMAT}`),
  title: v.pipe(
    v.string('must be a text'),
    v.minLength(1, 'is empty'),
    v.maxLength(120, 'is longer than 120 characters'),
  ),
  text: v.optional(v.pipe(v.string('must be a text'), v.maxLength(2000, 'is longer than 2000 characters')), ''),
  version: oneOf(VERSION_NAMES),
  patches: v.optional(switches),
  guest,
  ranges: v.optional(whole(1, 4096), 256),
  seed: v.optional(whole(0, 2 ** 32 - 1), 1),
  start: v.optional(whole(0, 2 ** 20), 0),
  marks: v.optional(
    v.pipe(v.array(whole(1, 2 ** 20), 'must be a list of steps'), v.maxLength(100, 'has more than 100 steps')),
    [],
  ),
  costs: v.optional(costs, {}),
  steps: v.optional(whole(1, MOST_STEPS), MOST_STEPS),
  devices: v.optional(v.strictObject({ qemu: v.optional(oneOf(['synchronous', 'buffered', 'atomic'] as const)) }), {}),
  toolstack: v.optional(toolstack, []),
  numbered: v.optional(numbered),
  design: v.optional(oneOf(DESIGN_NAMES), 'xen'),
  trackers: v.optional(whole(1, 65535), 1),
  oosThreshold: v.optional(whole(1, 32767), 2),
  oosPages: v.optional(whole(1, 8192), 8192),
  executable: v.optional(v.boolean('must be true or false'), false),
  vcpus: v.pipe(
    v.array(program, 'must be a list of programs, one a vCPU'),
    v.minLength(1, 'needs at least one vCPU'),
    v.maxLength(8, 'has more than 8 vCPUs'),
  ),
});
type FileScenario = v.InferOutput<typeof scenario>;

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

/** Checks `input` (parsed JSON) and makes a configuration of it. */
export function parseScenario(input: unknown, changes: Changes = {}): Parsed {
  const newer = newerFormat(input);
  if (newer) return { ok: false, problems: [newer] };
  const result = v.safeParse(scenario, changed(input, changes));
  if (!result.success) return { ok: false, problems: result.issues.map(toProblem) };
  const file = result.output;
  const { xen, problems } = switched(file.version, file.patches, changes.patches);
  const config = configOf(file, xen);
  const wrong = [
    ...file.vcpus.flatMap((ops, i) => ops.map((o, n) => checkOp(config, o, i, n))),
    ...file.toolstack.map((o, n) => checkToolOp(config, o, n)),
  ];
  if (file.numbered && !config.xen.claim)
    problems.push({
      path: 'numbered',
      message: 'needs a version of Xen with the patch claim, and a design that uses it',
    });
  problems.push(...wrong.filter((problem) => problem !== undefined));
  if (problems.length > 0) return { ok: false, problems };
  const { title, text, version, start, steps, costs } = file;
  const marks = [...new Set(file.marks)].sort((a, b) => a - b);
  return { ok: true, scenario: { title, text, version, config, start, marks, steps, costs } };
}

/** Reads the text of a file. A syntax error is a problem like any other. */
export function parseText(text: string, changes: Changes = {}): Parsed {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [{ path: '', message: `is not JSON: ${(error as Error).message}` }] };
  }
  return parseScenario(input, changes);
}

function changed(input: unknown, { version, memory, design }: Changes): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const file = input as Record<string, unknown>;
  const guest = typeof file.guest === 'object' && file.guest !== null ? file.guest : {};
  return {
    ...file,
    ...(version === undefined ? {} : { version, patches: undefined }),
    ...(design === undefined ? {} : { design }),
    ...(memory === undefined ? {} : { guest: { ...guest, memory } }),
  };
}

function newerFormat(input: unknown): Problem | undefined {
  const format = typeof input === 'object' && input !== null ? (input as { format?: unknown }).format : undefined;
  if (typeof format !== 'number' || format <= FORMAT) return undefined;
  return { path: 'format', message: `is ${format}: made by a newer p2mscope; this one reads format ${FORMAT}` };
}

function configOf(file: FileScenario, xen: Xen): Config {
  const { memory, mapping, pool, tables, paging } = file.guest;
  const { qemu } = file.devices;
  return fitted({
    ...PLAIN,
    xen,
    memory,
    order: ORDERS[mapping],
    pool: pool ?? defaultPool(memory, file.vcpus.length),
    rangeCap: file.ranges,
    tablePages: tables,
    programs: toPrograms(file.vcpus, memory),
    toolstack: file.toolstack.map(toToolOp),
    defaultServer: qemu === undefined ? null : { bufioreq: QEMUS[qemu] },
    paging: PAGINGS[paging],
    numbered: file.numbered?.types ?? 0,
    claimFlags: CLAIMS[file.numbered?.claim ?? 'writes'],
    design: file.design,
    trackers: file.trackers,
    oosThreshold: file.oosThreshold,
    oosPages: file.oosPages,
    executable: file.executable,
    seed: file.seed,
  });
}
