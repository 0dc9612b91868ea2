/** Answers against each other: plain data, as the worker and files bring it. */
import type { Answer, Answered } from '../../scenarios/lesson';
import type { Question } from '../../worker/protocol';

/** Whether two answers say the same; null, not sure, is only itself. */
export function sameAnswer(a: Answer | null, b: Answer | null): boolean {
  if (a === null || b === null) return a === b;
  const [one, other] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
  return one.length === other.size && one.every(([key, value]) => other.has(key) && other.get(key) === value);
}

/** `unsure`: not sure. `class`: hands were counted, nobody answered alone. */
export type Verdict = 'right' | 'wrong' | 'unsure' | 'class';

export function verdictOf({ said, truth, votes }: Pick<Answered, 'said' | 'truth' | 'votes'>): Verdict {
  if (said === null) return votes ? 'class' : 'unsure';
  return sameAnswer(said, truth) ? 'right' : 'wrong';
}

/** Answer of an option by its index; null, not sure, is the one after the last. */
export const answerAt = ({ options }: Question, at: number | null): Answer | null =>
  at === null ? null : (options[at]?.answer ?? null);
