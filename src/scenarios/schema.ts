/**
 * The scenario file, version 1: a guest, a version of Xen, and what each vCPU does. `parseScenario` checks all of it, says
 * every mistake at once with its place in the file, and yields the configuration that the engine runs.
 */
import * as v from 'valibot';
import { defaultPool, GIB, MIB, PAGE_SIZE, RMW_OPS, type Config, type Op } from '../engine/config';
import { BAR, isAllRam, isRam } from '../engine/guest-layout';
import { VERSIONS, type Version } from '../engine/patches';
import { address, bytes, formatBytes, value64 } from './quantities';

export const FORMAT = 1;
const VERSION_NAMES = Object.keys(VERSIONS) as [Version, ...Version[]];
const ORDERS = { '4 KiB': 0, '2 MiB': 9, '1 GiB': 18 } as const;

/** Most operations of one program, and most pages of one bind. */
const MAX_OPS = 100_000;
const MAX_PAGES = 2 ** 20;

const whole = (least: number, most: number) =>
  v.pipe(
    v.number(`must be a number from ${least} to ${most}`),
    v.integer('must be a whole number'),
    v.minValue(least, `is below ${least}`),
    v.maxValue(most, `is above ${most}`),
  );

const oneOf = <const T extends readonly string[]>(names: T) =>
  v.picklist(names, `must be one of ${names.map((n) => JSON.stringify(n)).join(', ')}`);

const size = v.picklist([1, 2, 4, 8] as const, 'must be 1, 2, 4 or 8 (bytes)');
const pages = v.pipe(
  bytes,
  v.check((n) => n > 0 && n % PAGE_SIZE === 0, 'must be whole pages of 4 KiB, at least one'),
  v.check((n) => n / PAGE_SIZE <= MAX_PAGES, 'is above 4 GiB'),
  v.transform((n) => n / PAGE_SIZE),
);
const gma = v.pipe(
  address,
  v.check((n) => n % PAGE_SIZE === 0, 'must be the start of a 4 KiB page'),
);

const op = v.variant(
  'op',
  [
    v.strictObject({ op: v.literal('write'), gpa: address, size: v.optional(size, 8), value: value64 }),
    v.strictObject({ op: v.literal('read'), gpa: address, size: v.optional(size, 8) }),
    v.strictObject({
      op: v.literal('rmw'),
      how: v.optional(oneOf(RMW_OPS), 'or'),
      gpa: address,
      size: v.optional(size, 8),
      value: value64,
    }),
    v.strictObject({ op: v.literal('ppgtt_create') }),
    v.strictObject({ op: v.literal('bind'), gma, size: pages, gpa: v.optional(gma) }),
    v.strictObject({ op: v.literal('unbind'), gma, size: pages }),
    v.strictObject({ op: v.literal('ppgtt_destroy') }),
  ],
  'must be one of "write", "read", "rmw", "ppgtt_create", "bind", "unbind", "ppgtt_destroy"',
);
type FileOp = v.InferOutput<typeof op>;

const guest = v.strictObject({
  memory: v.pipe(
    bytes,
    v.check((n) => n % MIB === 0, 'must be whole MiB'),
    v.check((n) => n >= 16 * MIB && n <= 64 * GIB, 'must be from 16 MiB to 64 GiB'),
  ),
  mapping: v.optional(oneOf(['4 KiB', '2 MiB', '1 GiB'] as const), '4 KiB'),
  pool: v.optional(whole(4, 2 ** 18)),
  tables: v.optional(oneOf(['scattered', 'contiguous'] as const), 'scattered'),
});

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
  guest,
  ranges: v.optional(whole(1, 4096), 256),
  seed: v.optional(whole(0, 2 ** 32 - 1), 1),
  start: v.optional(whole(0, 2 ** 20), 0),
  vcpus: v.pipe(
    v.array(
      v.pipe(v.array(op, 'must be a list of operations'), v.maxLength(MAX_OPS, `has more than ${MAX_OPS} operations`)),
      'must be a list of programs, one a vCPU',
    ),
    v.minLength(1, 'needs at least one vCPU'),
    v.maxLength(8, 'has more than 8 vCPUs'),
  ),
});
type FileScenario = v.InferOutput<typeof scenario>;
export type ScenarioFile = v.InferInput<typeof scenario>;

/** Something wrong in a file: where (`vcpus[0][3].gma`), and what would be right. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

export interface Scenario {
  readonly title: string;
  readonly text: string;
  readonly version: Version;
  readonly config: Config;
  /** Step at which a reader should begin. */
  readonly start: number;
}

/** What the user may change without editing the file. Memory in bytes. */
export interface Changes {
  readonly version?: string | undefined;
  readonly memory?: number | undefined;
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
  const config = configOf(file);
  const problems = file.vcpus.flatMap((program, i) => program.flatMap((o, n) => checkOp(config, o, i, n)));
  if (problems.length > 0) return { ok: false, problems };
  const { title, text, version, start } = file;
  return { ok: true, scenario: { title, text, version, config, start } };
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

function changed(input: unknown, { version, memory }: Changes): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const file = input as Record<string, unknown>;
  const guest = typeof file.guest === 'object' && file.guest !== null ? file.guest : {};
  return {
    ...file,
    ...(version === undefined ? {} : { version }),
    ...(memory === undefined ? {} : { guest: { ...guest, memory } }),
  };
}

function newerFormat(input: unknown): Problem | undefined {
  const format = typeof input === 'object' && input !== null ? (input as { format?: unknown }).format : undefined;
  if (typeof format !== 'number' || format <= FORMAT) return undefined;
  return { path: 'format', message: `is ${format}: made by a newer p2mscope; this one reads format ${FORMAT}` };
}

function toProblem(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).reduce(
    (at, { key }) => at + (typeof key === 'number' ? `[${key}]` : `${at && '.'}${String(key)}`),
    '',
  );
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return { path, message: 'is no field of a scenario' };
  if (issue.received === 'undefined') return { path, message: 'is missing' };
  if (issue.type === 'strict_object' || issue.type === 'variant') {
    return { path, message: issue.type === 'variant' ? issue.message : 'must be an object { ... }' };
  }
  return { path, message: issue.message };
}

function configOf(file: FileScenario): Config {
  const { memory, mapping, pool, tables } = file.guest;
  let buffer = Math.floor(Math.min(memory / PAGE_SIZE, 0xf0000) / 2);
  const programs = file.vcpus.map((program) =>
    program.map((o): Op => {
      if (o.op !== 'bind') return toOp(o);
      const gfn = o.gpa === undefined ? buffer : o.gpa / PAGE_SIZE;
      if (o.gpa === undefined) buffer += o.size;
      return { op: 'bind', gma: o.gma, pages: o.size, gfn };
    }),
  );
  return {
    xen: VERSIONS[file.version],
    memory,
    order: ORDERS[mapping],
    pool: pool ?? defaultPool(memory, programs.length),
    rangeCap: file.ranges,
    tablePages: tables,
    programs,
    seed: file.seed,
  };
}

function toOp(o: Exclude<FileOp, { op: 'bind' }>): Op {
  switch (o.op) {
    case 'write':
      return { op: 'write', gpa: o.gpa, size: o.size, ...words(o.value) };
    case 'rmw':
      return { op: 'rmw', how: o.how, gpa: o.gpa, size: o.size, ...words(o.value) };
    case 'unbind':
      return { op: 'unbind', gma: o.gma, pages: o.size };
    default:
      return o;
  }
}

const words = (value: bigint) => ({ low: Number(value & 0xffffffffn), high: Number(value >> 32n) });

/** What only the guest's size and the other operations can tell. */
function checkOp(config: Config, o: FileOp, vcpu: number, n: number): Problem[] {
  const at = (field: string, message: string): Problem[] => [{ path: `vcpus[${vcpu}][${n}].${field}`, message }];
  const memory = formatBytes(config.memory);
  if (o.op === 'write' || o.op === 'read' || o.op === 'rmw') {
    if (o.gpa % o.size !== 0) return at('gpa', `an access of ${o.size} bytes must be aligned to ${o.size}`);
    const inBar = o.gpa >= BAR.start && o.gpa <= BAR.end;
    if (!inBar && !isRam(config, Math.floor(o.gpa / PAGE_SIZE)))
      return at('gpa', `lies neither in the guest's RAM (${memory}) nor in the GPU's registers`);
    if (o.op !== 'read' && o.value >= 1n << BigInt(o.size * 8))
      return at('value', `does not fit in ${o.size === 1 ? '1 byte' : `${o.size} bytes`}`);
    return [];
  }
  if (vcpu !== 0) return at('op', 'the GPU driver runs on vCPU 0: move it to the first program');
  if ('gma' in o && o.gma + o.size * PAGE_SIZE > 2 ** 48)
    return at('size', 'reaches past the 48 bits of a GPU address');
  const op = config.programs[0]?.[n];
  if (op?.op === 'bind' && !isAllRam(config, op.gfn, op.pages)) {
    return at(
      o.op === 'bind' && o.gpa !== undefined ? 'gpa' : 'size',
      `the buffer does not fit in the guest's RAM (${memory})`,
    );
  }
  return [];
}
