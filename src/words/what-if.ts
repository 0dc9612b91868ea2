/** What is said of a run whose switch was otherwise: where the two first differ, what each does there, how each ends. */
import type { AuditRule } from '../engine/audit';
import type { CounterfactualFound, HowItEnds } from '../explore/what-if/counterfactual';
import { tell } from './events';
import { count } from './format';
import { RULES } from './labels';
import { say, type Part, type Sentence } from './parts';

const ruleName = (rule: AuditRule): string => RULES[rule] ?? rule;
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

export const WHAT_IF = {
  title: 'What if',
  close: 'Close',
  about:
    'Flip a patch from the first image on. The same choices are made again, as long as each can be made, beside the run that is shown.',
  asked: 'A question is open: what would have come tells what will come. Answer it first, or pass it over.',
  switches: 'Patches of this run',
  flipped: 'flipped',
  along: 'goes with it',
  answer: 'What would have come',
  pick: 'Flip a patch, and it is told at once where this run would have gone another way, and how it would have ended.',
  working: 'Both runs are made',
  steps: (n: number): string => `${count(n)} steps`,
  stop: 'Stop',
  stopped: 'It was stopped. Flip a switch to ask again.',
  died: 'The worker has died. It may have run out of memory.',
  refused: 'This cannot be built with these patches:',
  ends: 'How each ends',
  was: 'this run',
  rows: { steps: 'steps', end: 'end', broken: 'breaks', lost: 'writes lost', unseen: 'writes that XenGT missed' },
  end: { over: 'over', waits: 'waits for you', cut: 'cut off' } satisfies Record<HowItEnds['end'], string>,
  brokenAt: (rule: AuditRule, step: number): string => `${ruleName(rule)}, from step ${count(step)} on`,
  nothing: 'nothing',
  there: (step: number): string => `To step ${count(step)} of this run`,
  show: 'Show the other run there',
  keep: 'Keep it as a branch',
  kept: (name: string): string => `${name} is kept among the histories.`,
  long: 'It is too long a list of acts to be kept.',
} as const;

/** The run that is shown is `was`; `on`: what was flipped is on in the other, null: there are several. */
export function whatIfSentence(found: CounterfactualFound, on: boolean | null): Sentence {
  const { differs, switched } = found;
  if (switched.length === 0) return say('**Nothing is flipped**: these are the patches of this run.');
  if (!differs) return say('**Nothing differs in this run**: every step does the same with it and without it.');
  const { step } = differs;
  const told = (side: 'was' | 'is'): Sentence => {
    const event = differs.telling[side];
    if (event) return unbold(tell(event, found.names[side]).sentence);
    const { end } = found.ends[side];
    return say(end === 'waits' ? 'it waits for you.' : end === 'cut' ? 'it is cut off.' : 'it is over.');
  };
  const sides: readonly [string, Sentence][] =
    on === null
      ? [
          ['as it is', told('was')],
          ['flipped', told('is')],
        ]
      : [
          ['with it', told(on ? 'is' : 'was')],
          ['without it', told(on ? 'was' : 'is')],
        ];
  return [
    ...say(step === 1 ? 'They differ from the **first step** on. ' : `The same until **step ${count(step - 1)}**. `),
    ...say(`At step ${count(step)}, **${sides[0]![0]}**: `),
    ...sides[0]![1],
    ...say(` **${sides[1]![0][0]!.toUpperCase()}${sides[1]![0].slice(1)}**: `),
    ...sides[1]![1],
  ];
}

/** From where on the other run makes its own choices. */
export function partedSentence({ parted, differs, ends }: CounterfactualFound): Sentence {
  if (parted)
    return say(
      parted.why === null
        ? `After step ${count(parted.step)} the other run is over, whoever acts.`
        : `After step ${count(parted.step)} the choice \`${parted.line}\` cannot be made in it: ${parted.why}.${
            ends.is.end === 'waits' ? ' There it waits for you.' : ' From there it goes on by itself.'
          }`,
    );
  return say(differs ? 'Every choice of this run could be made in the other.' : '');
}

/** What the flip would have prevented, and what it would have broken. */
export function verdictSentences({ ends, switched }: CounterfactualFound, name: string): readonly Sentence[] {
  if (switched.length === 0) return [];
  const rules = (side: HowItEnds): readonly AuditRule[] => side.broken.map(({ rule }) => rule);
  const [was, is] = [rules(ends.was), rules(ends.is)];
  const said = (of: readonly AuditRule[]): string => `**${listed(of.map(ruleName))}**`;
  const prevented = was.filter((rule) => !is.includes(rule));
  const still = was.filter((rule) => is.includes(rule));
  const brought = is.filter((rule) => !was.includes(rule));
  return [
    ...(prevented.length > 0
      ? [
          say(
            `This run breaks ${said(prevented)}; ${name} ${prevented.length > 1 ? 'none of them' : 'it'} would ${prevented.length > 1 ? 'have been' : 'not have been'} broken.`,
          ),
        ]
      : []),
    ...(still.length > 0 ? [say(`${said(still)}: broken either way.`)] : []),
    ...(brought.length > 0 ? [say(`It breaks ${said(brought)} ${name}, which this run does not.`)] : []),
  ];
}

const unbold = (sentence: Sentence): Sentence =>
  sentence.map(({ text, mono }): Part => (mono ? { text, mono } : { text }));
