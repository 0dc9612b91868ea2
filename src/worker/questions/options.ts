/** What could be answered: the truth, what other Xens would make true, and what is only plausible. */
import type { Answer } from '../../scenarios/lesson';
import type { QuestionOption } from '../protocol';
import type { OtherAnswer } from './others';

/** Answers beside the truth: at least and at most. */
const LEAST = 2;
const MOST = 4;

/** What two answers have in common that are the same. */
export const answerKey = (answer: Answer): string => JSON.stringify(Object.entries(answer).sort());

/** Counts that nobody could choose between: large ones that differ by little. */
const isNear = (a: Answer, b: Answer): boolean =>
  a.ask === 'cost' && b.ask === 'cost' && Math.abs(a.count - b.count) < Math.max(a.count, b.count) / 10;

/** `key`: what is unlike in any two questions. The order tells nothing, and is the same each time. */
export function optionsOf(
  truth: Answer,
  others: readonly OtherAnswer[],
  fill: readonly Answer[],
  key: string,
): { readonly options: readonly QuestionOption[]; readonly right: number } {
  const options = new Map<string, { answer: Answer; sets: OtherAnswer['set'][] }>();
  const right = answerKey(truth);
  options.set(right, { answer: truth, sets: [] });
  const unlike = (answer: Answer): boolean => ![...options.values()].some((known) => isNear(known.answer, answer));
  for (const { set, answer } of others) {
    const known = options.get(answerKey(answer));
    if (known) known.sets.push(set);
    else if (options.size <= MOST && unlike(answer)) options.set(answerKey(answer), { answer, sets: [set] });
  }
  for (const answer of fill) {
    if (options.size > LEAST) break;
    if (!options.has(answerKey(answer)) && unlike(answer)) options.set(answerKey(answer), { answer, sets: [] });
  }
  const order = [...options.keys()].sort((a, b) => hash(key + a) - hash(key + b) || (a < b ? -1 : 1));
  return { options: order.map((one) => options.get(one)!), right: order.indexOf(right) };
}

/** 32 bits of a text (FNV-1a), mixed. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 13)) >>> 0;
}
