/** What the page asks about the next step, and what it says of an answer. */
import { count } from './format';
import { say, type Sentence } from './parts';

export const PREDICT = {
  name: 'What comes next?',
  toggle: 'Predict',
  toggleLong: 'Before each step, say where the chart beside will stand after it',
  question: (chart: string, instance: string | null): Sentence =>
    say(`After the next step, where will **${chart}${instance === null ? '' : `, ${instance}`}** stand?`),
  stays: (state: string): string => `still ${state}`,
  unsure: 'Not sure',
  skip: 'Do not ask',
  /** `before` the same as `now`: it stayed. */
  right: (now: string, stayed: boolean): string => (stayed ? `**Right:** still ${now}.` : `**Right:** now ${now}.`),
  wrong: (said: string, now: string, stayed: boolean): string =>
    `**Not so:** you said ${said}, and it ${stayed ? 'stayed' : 'is now'} ${now}.`,
  told: (now: string, stayed: boolean): string => (stayed ? `It **stayed** ${now}.` : `It is **now** ${now}.`),
  gone: 'It is gone with this step.',
  /** Answers so far. */
  score: (right: number, of: number): string => (of === 0 ? '' : `${count(right)} of ${count(of)} right so far.`),
} as const;

export const COMPARE = {
  toggle: 'Pin',
  pin: 'Pin this step: the counts say what has changed since',
  unpin: 'Let the pinned step go',
  since: (step: number): string => `counts compared with step ${count(step)}`,
  more: (n: number): string => `${n > 0 ? '+' : '\u2212'}${count(Math.abs(n))}`,
} as const;
