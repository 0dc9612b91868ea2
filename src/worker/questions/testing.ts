/** For tests: a shipped scenario as an opened session, and questions about it as if they were its own. */
import { expect } from 'vitest';
import { finish } from '../../engine/slices';
import { SCENARIOS } from '../../scenarios';
import type { Answer, Ask, Place, Prompt } from '../../scenarios/lesson';
import { parseScenario, type Changes } from '../../scenarios/schema';
import type { Question, QuestionOf } from '../protocol';
import { Session } from '../session';
import { ask } from './ask';

export async function shipped(name: string, changes: Changes = {}, more: object = {}): Promise<Session> {
  const file = (await SCENARIOS.find((scenario) => scenario.name === name)!.load()) as object;
  return opened({ ...file, ...more }, changes);
}

export function opened(file: unknown, changes: Changes = {}): Session {
  const parsed = parseScenario(file, changes);
  if (!parsed.ok) expect.fail(JSON.stringify(parsed.problems));
  const session = new Session(parsed.scenario);
  while (!session.run(2000));
  return session;
}

export const at = (vcpu: number, op: number): Place => ({ vcpu, op });
export const tool = (op: number): Place => ({ toolstack: op });

/** The answer to a prompt, with the options that time beyond bounds yields; `alone`: no other Xen is tried. */
export function put(
  session: Session,
  before: Place,
  asks: Ask,
  more: Partial<Prompt> = {},
  alone = false,
): Question | null {
  const run = session.questioned;
  const prompt: Prompt = { before, ask: asks, gfn: null, cost: null, text: null, after: null, ...more };
  return asked({ ...run, scenario: { ...run.scenario, prompts: [prompt] } }, { prompt: 0 }, alone);
}

export const asked = (run: Session['questioned'], of: QuestionOf, alone = true): Question | null =>
  finish(ask(run, of, () => 0, alone ? 0 : Infinity));

/** What is true, no other Xen being tried. */
export function truth(session: Session, before: Place, asks: Ask, more: Partial<Prompt> = {}): Answer | null {
  const question = put(session, before, asks, more, true);
  return question && question.options[question.right]!.answer;
}
