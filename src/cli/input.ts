/** Files on the command line: a scenario by its shipped name, or a path from where the user stands. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CostTable } from '../engine/cost-table';
import { SCENARIOS } from '../scenarios';
import { parseCosts } from '../scenarios/costs';
import { parseScenario, parseText, type Changes, type Problem, type Scenario } from '../scenarios/schema';

/** Something the user can mend; the message says where and how. */
export class InputError extends Error {}

export const listScenarios = (): string[] => SCENARIOS.map(({ name }) => name);

/** The scenario of that shipped name, or of that file, with those changes. Throws InputError with a line for each problem. */
export async function findScenario(nameOrFile: string, changes: Changes = {}): Promise<Scenario> {
  const shipped = SCENARIOS.find(({ name }) => name === nameOrFile);
  const parsed = shipped
    ? parseScenario(await shipped.load(), changes)
    : parseText(read(nameOrFile, 'no such file, and no shipped scenario of that name (--list shows them)'), changes);
  if (parsed.ok) return parsed.scenario;
  throw refused(nameOrFile, parsed.problems);
}

/** The prices in that file. Throws InputError as `findScenario` does. */
export function findCosts(file: string): Partial<CostTable> {
  const parsed = parseCosts(read(file, 'no such file'));
  if (parsed.ok) return parsed.costs;
  throw refused(file, parsed.problems);
}

const refused = (file: string, problems: readonly Problem[]): InputError =>
  new InputError(problems.map(({ path, message }) => `${file}: ${path && `${path}: `}${message}`).join('\n'));

function read(file: string, missing: string): string {
  try {
    // npm runs scripts in the project's folder; INIT_CWD is where the user called it.
    return readFileSync(resolve(process.env.INIT_CWD ?? process.cwd(), file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`${file}: ${code === 'ENOENT' ? missing : (error as Error).message}`);
  }
}
