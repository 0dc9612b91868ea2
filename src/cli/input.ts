/** Scenario files on the command line: a shipped name, or a path from where the user stands. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SCENARIOS } from '../scenarios';
import { parseScenario, parseText, type Scenario } from '../scenarios/schema';

/** Something the user can mend; the message says where and how. */
export class InputError extends Error {}

export const listScenarios = (): string[] => SCENARIOS.map(({ name }) => name);

/** The scenario of that shipped name, or of that file. Throws InputError with a line for each problem. */
export async function findScenario(nameOrFile: string): Promise<Scenario> {
  const shipped = SCENARIOS.find(({ name }) => name === nameOrFile);
  const parsed = shipped ? parseScenario(await shipped.load()) : parseText(read(nameOrFile));
  if (parsed.ok) return parsed.scenario;
  throw new InputError(
    parsed.problems.map(({ path, message }) => `${nameOrFile}: ${path && `${path}: `}${message}`).join('\n'),
  );
}

function read(file: string): string {
  try {
    // npm runs scripts in the project's folder; INIT_CWD is where the user called it.
    return readFileSync(resolve(process.env.INIT_CWD ?? process.cwd(), file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'no such file, and no shipped scenario of that name (--list shows them)'
        : (error as Error).message;
    throw new InputError(`${file}: ${why}`);
  }
}
