/** What is said of histories: those that were tried in a session, and the one that is shown. */
import type { AuditRule } from '../engine/audit';
import type { Switches } from '../scenarios/xen-set';
import { count, plural } from './format';
import { plain, say, type Sentence } from './parts';
import { RULES } from './labels';

/** How a history goes on where it parts from another. */
export type Turn =
  | { readonly what: 'line'; readonly line: string }
  | { readonly what: 'user' }
  | { readonly what: 'seed' }
  | { readonly what: 'ends' };

const ruleWords = (rule: AuditRule | undefined): string => (rule && RULES[rule]) ?? '';

const MOST_LINE = 60;

const lineWords = (line: string): string => (line.length > MOST_LINE ? `${line.slice(0, MOST_LINE - 1)}…` : line);

/** A history that nobody has given a name, by what made it another. */
export function historyName(turn: Turn, step: number): string {
  switch (turn.what) {
    case 'user':
      return `yours from step ${count(step)}`;
    case 'seed':
      return `by the seed from step ${count(step)}`;
    case 'ends':
      return `as far as step ${count(step)}`;
    case 'line':
      return `${lineWords(turn.line)} at step ${count(step)}`;
  }
}

/** How it goes on, in the middle of a sentence. */
const goesOn = (turn: Turn): string => {
  switch (turn.what) {
    case 'user':
      return 'you choose';
    case 'seed':
      return 'the seed chooses';
    case 'ends':
      return 'it goes on by itself';
    case 'line':
      return `\`${lineWords(turn.line)}\``;
  }
};

export interface EndWords {
  readonly steps: number;
  readonly complete: boolean;
  readonly free: boolean;
  readonly broken: readonly AuditRule[];
}

export const HISTORIES = {
  title: 'Histories you have tried',
  about: 'time runs right; a branch keeps the one it left',
  recorded: 'as recorded',
  /** How a history ends; null: it came with a file, and has not been run here. */
  ends: (end: EndWords | null): string => {
    if (end === null) return 'not run yet';
    if (end.broken.length > 0) return HISTORIES.broken(end.broken);
    return end.complete ? 'ends well' : end.free ? 'waits for you' : 'was cut off';
  },
  broken: (rules: readonly AuditRule[]): string =>
    rules.length > 1 ? `${ruleWords(rules[0])}, and ${count(rules.length - 1)} more` : ruleWords(rules[0]),
  steps: (n: number): string => plural(n, 'step'),
  how: (end: EndWords | null): string =>
    end === null ? HISTORIES.ends(null) : `${HISTORIES.steps(end.steps)}, ${HISTORIES.ends(end)}`,
  present: 'shown now',
  now: (step: string): string => `step ${step}`,
  parting: (step: string): string => `parts at step ${step}`,
  tree: 'Tree of histories',
  list: 'Histories',
  back: 'Return to it',
  backTo: (name: string): string => `Return to ${name}`,
  rename: 'Name it',
  renameNow: 'Name this history',
  named: 'Name of the history',
  save: 'Keep the name',
  cancel: 'Leave it',
  drop: 'Delete',
  dropped: (name: string): string => `${name} is deleted. Undo brings it back.`,
  compare: 'Compare',
  compareWith: (name: string): string => `Compare with ${name}`,
  with: 'with',
  endCompare: 'End comparing',
  full: (most: number): string => `At most ${most} are kept: the oldest without a name goes first.`,
  alone: 'Do something else at a step, and the history that you leave is kept here.',
  none: 'No history yet.',
  columns: { name: 'History', steps: 'Steps', ends: 'Ends', parts: 'Parts at step', from: 'From' },
  table: {
    caption: (a: string, b: string): string => `${a} beside ${b}`,
    what: 'What',
    difference: 'Difference',
    steps: 'steps',
    ends: 'ends',
    state: 'state at the end',
    same: 'the same',
    other: 'another',
    unknown: 'not known',
  },
  /** Where two histories part, and what each does there. */
  part: (step: number, a: readonly [string, Turn], b: readonly [string, Turn]): Sentence =>
    say(`They part at **step ${count(step)}**: in ${a[0]} ${goesOn(a[1])}, in ${b[0]} ${goesOn(b[1])}.`),
  same: 'They are the same.',
  /** `step`: after which they are not the same; null: nobody knows of any. */
  otherSet: (step: number | null, set: string): Sentence =>
    say(
      step === null
        ? `The other is ${set}, with the same choices: nothing differs.`
        : `The other is ${set}, with the same choices as long as each can be made: they part at **step ${count(step)}**.`,
    ),
  never: 'nothing differs in it',
  whatIf: 'What if ...',
} as const;

/** Switches, for what a run is called by: `without rmwReads`. */
export function switchWords({ on = [], off = [] }: Switches): string {
  const names = (word: string, of: readonly string[]): string[] =>
    of.length === 0 ? [] : [`${word} ${[of.slice(0, -1).join(', '), of.at(-1)].filter(Boolean).join(' and ')}`];
  return [...names('with', on), ...names('without', off)].join(', ');
}

/** A line of the list: name, steps and end, in one sentence for a reader. */
export const historyLine = (name: string, end: EndWords | null, shown: boolean): string =>
  `${name}: ${HISTORIES.how(end)}${shown ? `, ${HISTORIES.present}` : ''}`;

export const partWords = (...args: Parameters<typeof HISTORIES.part>): string => plain(HISTORIES.part(...args));
