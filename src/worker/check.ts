/** Whether the text of a file is a scenario, as far as can be told without building its guest. */
import { readScenario } from '../scenarios/base';
import type { Problem } from '../scenarios/schema';

/** Everything that is wrong; empty: nothing. */
export async function check(text: string): Promise<readonly Problem[]> {
  const parsed = await readScenario(text);
  return parsed.ok ? [] : parsed.problems;
}
