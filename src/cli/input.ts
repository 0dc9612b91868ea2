/** Files on the command line: a scenario by its shipped name, or a path from where the user stands. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CostTable } from '../engine/cost-table';
import { SCENARIOS } from '../scenarios';
import { parseCosts } from '../scenarios/costs';
import { readScenario } from '../scenarios/base';
import type { Changes, Problem, Scenario } from '../scenarios/schema';
import { isScript } from '../scenarios/bounds';
import { parseScript } from '../scenarios/script';

/** Something the user can mend; the message says where and how. */
export class InputError extends Error {}

/** A command's `main`: what `run` answers is its exit code; what the user can mend is said, and is 2. */
export const answering =
  (run: (argv: string[]) => Promise<number>) =>
  async (argv: string[]): Promise<number> => {
    try {
      return await run(argv);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      console.error(error.message);
      return 2;
    }
  };

export const listScenarios = (): string[] => SCENARIOS.map(({ name }) => name);

export interface Found {
  readonly scenario: Scenario;
  /** Where the nth act of it stands, as an InputError says it. */
  readonly act: (n: number) => string;
}

/**
 * The scenario of that shipped name, or of that file, be it a scenario or a script, with those changes. Throws InputError with
 * a line for each problem.
 */
export async function findScenario(nameOrFile: string, changes: Changes = {}): Promise<Found> {
  const shipped = SCENARIOS.find(({ name }) => name === nameOrFile);
  const file = shipped
    ? await shipped.load()
    : read(nameOrFile, 'no such file, and no shipped scenario of that name (--list shows them)');
  const script = typeof file === 'string' && isScript(file) ? await parseScript(file) : null;
  if (script && !script.ok) throw refused(nameOrFile, script.problems);
  const parsed = await readScenario(script ? script.file : file, changes);
  if (!parsed.ok) throw refused(nameOrFile, parsed.problems);
  const act = (n: number): string => `${nameOrFile}:${script ? script.lines[n] : ` acts[${n}]`}`;
  return { scenario: parsed.scenario, act };
}

/** The prices in that file. Throws InputError as `findScenario` does. */
export function findCosts(file: string): Partial<CostTable> {
  const parsed = parseCosts(read(file, 'no such file'));
  if (parsed.ok) return parsed.costs;
  throw refused(file, parsed.problems);
}

/** What is said of a file with those mistakes. */
export const refused = (file: string, problems: readonly Problem[]): InputError =>
  new InputError(
    problems
      .map(({ path, message, hint }) => `${file}:${placed(path)} ${message}${hint === undefined ? '' : ` (${hint})`}`)
      .join('\n'),
  );

/** A line of a script stands after the name as compilers have it. */
const placed = (path: string): string => {
  const line = /^line (\d+)$/.exec(path)?.[1];
  return line === undefined ? path && ` ${path}:` : `${line}:`;
};

export function read(file: string, missing: string): string {
  try {
    // npm runs scripts in the project's folder; INIT_CWD is where the user called it.
    return readFileSync(resolve(process.env.INIT_CWD ?? process.cwd(), file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`${file}: ${code === 'ENOENT' ? missing : (error as Error).message}`);
  }
}
