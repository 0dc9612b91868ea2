/**
 * What a file says of what goes on beside the programs and after them: who chooses, what the user did, and what is carried
 * along of a session: where it stood, histories that were left, answers.
 */
import * as v from 'valibot';
import { ERRNOS } from '../engine/errno';
import { MOST_STEPS } from '../engine/history';
import { COSTS } from '../engine/trace';
import type { ActAt, Schedule } from './acts';
import { byName, list, oneOf, strict, text, whole, type Problem } from './fields';
import { shown, withHint } from './hints';
import { ASKS, CONFIDENCE, type Answered, type HistoryRecord } from './lesson';
import { MOST_LINE, parseChoice, parseLine } from './lines';
import { switches } from './xen-set';

/** Most things done by the user in one history. */
const MOST_ACTS = 100_000;
const WHO = 'write vcpu0, xengt, toolstack, qemu, xengt take vcpu0 or qemu take vcpu0';

/** `vcpu0`, or `vcpu0 x12` for as often. */
const chosen = v.pipe(
  v.string('must be a text: who acts'),
  v.rawTransform(({ dataset, addIssue, NEVER }): { readonly choice: number; readonly times: number } => {
    const [, who = '', times = '1'] = /^(.{0,80}?)(?:\s+x\s*(\d{1,7}))?\s*$/.exec(dataset.value.slice(0, 100)) ?? [];
    const choice = parseChoice(who);
    if (choice !== null && Number(times) >= 1) return { choice, times: Number(times) };
    addIssue({
      message: withHint(
        `${shown(dataset.value)} is nobody who could act`,
        `${WHO[0]!.toUpperCase()}${WHO.slice(1)}, and how often: "vcpu0 x12".`,
      ),
    });
    return NEVER;
  }),
);

const script = v.pipe(
  list(chosen, MOST_ACTS, 'choices: "vcpu0", "xengt take vcpu0"', 'choices'),
  v.check(
    (all) => all.reduce((sum, { times }) => sum + times, 0) <= MOST_STEPS,
    `comes to more than ${MOST_STEPS} steps`,
  ),
  v.transform((all): number[] => all.flatMap(({ choice, times }) => Array<number>(times).fill(choice))),
);
const scripted = v.pipe(
  strict({ script, then: v.optional(oneOf(['seed', 'user']), 'seed') }, 'a schedule'),
  v.transform((found): Schedule => found),
);
const byOne = v.pipe(
  oneOf(['seed', 'user']),
  v.transform((then): Schedule => ({ script: [], then })),
);
/** Either form, so that each mistake is told of the form that was meant. */
export const schedule = either(byOne, scripted);

function either<const A extends v.GenericSchema, const B extends v.GenericSchema>(word: A, object: B) {
  const plain = v.union([word, object]);
  const run: (typeof plain)['~run'] = (dataset, config) =>
    (typeof dataset.value === 'object' && dataset.value !== null ? object : word)['~run'](dataset, config);
  return { ...plain, '~run': run };
}

export const line = v.pipe(
  v.string('must be a line as it is typed at the console'),
  v.maxLength(MOST_LINE, `is longer than ${MOST_LINE} characters`),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const read = parseLine(dataset.value);
    if (read.ok) return read.act;
    addIssue({ message: withHint(read.message, `At character ${read.at + 1} of ${shown(dataset.value)}.`) });
    return NEVER;
  }),
);
const step = whole(0, MOST_STEPS);
const actAt = v.pipe(
  strict({ step, do: line }, 'what was done'),
  v.transform(({ step, do: act }): ActAt => ({ step, act })),
);
export const acts = list(actAt, MOST_ACTS, 'what was done: { "step": 82, "do": "vcpu0" }', 'things done');

const fork = strict(
  {
    parts: v.optional(step),
    along: v.optional(list(step, MOST_ACTS, 'steps', 'steps'), []),
  },
  'how a history of other patches goes along',
);
const history = v.pipe(
  strict({ name: text(120), acts, step, patches: v.optional(switches), fork: v.optional(fork) }, 'a history'),
  v.transform((found): HistoryRecord => found),
);
export const histories = list(history, 200, 'histories', 'histories');

const digits = v.pipe(v.string('must be a text'), v.regex(/^[0-9a-f]{16}$/, 'must be 16 hexadecimal digits'));
export const at = strict(
  {
    step,
    hash: digits,
    /** Of the shipped scenario that the file names as its base: as state/share/basis.ts makes it. */
    basis: v.optional(digits),
  },
  'a state',
);

const word = text(120);
const value = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(0, 'is below 0'),
  v.maxValue(0xffffffff, 'is above 4294967295'),
);
const answer = byName('ask', {
  outcome: strict({ ask: v.literal('outcome'), outcome: word }, 'an answer'),
  type: strict({ ask: v.literal('type'), type: word }, 'an answer'),
  errno: strict({ ask: v.literal('errno'), errno: v.nullable(oneOf(ERRNOS)) }, 'an answer'),
  sees: strict({ ask: v.literal('sees'), who: word }, 'an answer'),
  value: strict({ ask: v.literal('value'), low: value, high: value }, 'an answer'),
  cost: strict({ ask: v.literal('cost'), cost: oneOf(COSTS), count: whole(0, 2 ** 48) }, 'an answer'),
  xen: strict({ ask: v.literal('xen'), does: word, errno: v.optional(v.nullable(oneOf(ERRNOS))) }, 'an answer'),
  never: strict({ ask: v.literal('never'), why: word }, 'an answer'),
});
const hands = list(whole(0, 100_000), 10, 'numbers', 'numbers');
const answered = v.pipe(
  strict(
    {
      step,
      ask: oneOf(ASKS),
      said: v.nullish(answer, null),
      confidence: v.nullish(oneOf(CONFIDENCE), null),
      truth: answer,
      saw: v.nullish(answer, null),
      votes: v.nullish(
        strict({ options: list(v.nullable(answer), 10, 'options', 'options'), first: hands, second: hands }, 'votes'),
        null,
      ),
    },
    'what was answered',
  ),
  v.transform((found): Answered => found),
);
export const answers = list(answered, 10_000, 'answers', 'answers');

/** What is done later stands later. */
export const checkOrder = (all: readonly ActAt[], path: string): Problem[] => {
  const n = all.findIndex(({ step }, i) => i > 0 && step < all[i - 1]!.step);
  if (n < 0) return [];
  return [
    { path: `${path}[${n}].step`, message: `comes before the one above it, which is done at step ${all[n - 1]!.step}` },
  ];
};
