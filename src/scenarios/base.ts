/** Files that are made from a shipped scenario: `base` names it, and each field that a file does not have is taken from it. */
import { SCENARIOS } from '.';
import { isFile, migrate, newerFormat } from './migrate';
import { parseScenario, type Changes, type Parsed } from './schema';
import { parseJson } from './schema-text';

/** A shipped scenario may itself be made from another; so far this is followed. */
const DEEPEST = 3;

/**
 * The whole file. What is no file, of a newer format or names a base that is not shipped comes back as it is: `parseScenario`
 * refuses it.
 */
export async function withBase(input: unknown): Promise<unknown> {
  return newerFormat(input) ? input : joined(migrate(input), 0);
}

async function joined(input: unknown, depth: number): Promise<unknown> {
  if (!isFile(input) || !Object.hasOwn(input, 'base') || depth >= DEEPEST) return input;
  const shipped = SCENARIOS.find(({ name }) => name === input.base);
  const base = shipped && (await joined(migrate(await shipped.load()), depth + 1));
  return isFile(base) ? over(base, input) : input;
}

type File = Readonly<Record<string, unknown>>;

/**
 * The guest is joined field by field, everything else is one or the other's. What is asked, told and searched of the base's
 * operations is left out where the file has others.
 */
function over(base: File, file: File): File {
  const guest = isFile(base.guest) && isFile(file.guest) ? { guest: { ...base.guest, ...file.guest } } : {};
  const other = Object.hasOwn(file, 'vcpus') || Object.hasOwn(file, 'toolstack');
  const { prompts, narration, search, ...rest } = base;
  const told = Object.entries({ prompts, narration, search }).filter(([, value]) => value !== undefined);
  return { ...rest, ...(other ? {} : Object.fromEntries(told)), ...file, ...guest };
}

/** A file, parsed or as text, with its base. */
export async function readScenario(file: unknown, changes: Changes = {}): Promise<Parsed> {
  const read = typeof file === 'string' ? parseJson(file) : { ok: true as const, input: file };
  return read.ok ? parseScenario(await withBase(read.input), changes) : read;
}
