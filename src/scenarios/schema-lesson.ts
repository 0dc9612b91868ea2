/** What a file says to who learns from it: the lesson that it is, what is asked, what is told, what is looked at first. */
import * as v from 'valibot';
import { PAGE_SIZE } from '../engine/config';
import { COSTS } from '../engine/trace';
import { list, oneOf, strict, text, whole, type Problem } from './fields';
import { withHint } from './hints';
import { ASKS, LEARNING, MINUTES, type Lesson, type Narration, type Prompt, type StartView } from './lesson';
import { place } from './places';
import type { SearchPlan } from './schema-search';
import { address, value64 } from './quantities';

/** Longest text that is told at a step. */
export const MOST_TOLD = 400;

export const lesson = v.pipe(
  strict(
    {
      number: whole(1, 999),
      goal: text(300),
      minutes: v.picklist(MINUTES, `must be one of ${MINUTES.join(', ')}`),
      level: oneOf(LEARNING),
      needs: v.optional(list(text(120), 10, 'names of lessons', 'needs'), []),
    },
    'a lesson',
  ),
  v.transform((found): Lesson => found),
);

const prompt = v.pipe(
  strict(
    {
      before: place,
      ask: oneOf(ASKS),
      gpa: v.optional(address),
      cost: v.optional(oneOf(COSTS)),
      text: v.optional(text(MOST_TOLD)),
      after: v.optional(text(MOST_TOLD)),
    },
    'a prompt',
  ),
  v.check(
    ({ ask, cost }) => ask !== 'cost' || cost !== undefined,
    () => withHint('asks for a cost, but not for which', 'For example "cost": "exits"'),
  ),
  v.check(({ ask, cost }) => ask === 'cost' || cost === undefined, 'has a "cost", but asks for something else'),
  v.transform(({ before, ask, gpa, cost, text, after }): Prompt => ({
    before,
    ask,
    gfn: gpa === undefined ? null : Math.floor(gpa / PAGE_SIZE),
    cost: cost ?? null,
    text: text ?? null,
    after: after ?? null,
  })),
);
export const prompts = list(prompt, 100, 'prompts', 'prompts');

const told = v.pipe(
  strict({ from: place, text: text(MOST_TOLD) }, 'a narration'),
  v.transform((found): Narration => found),
);
export const narration = list(told, 200, 'texts, each from a place on', 'texts');

/** The name of a screen is the page's affair. */
export const screen = v.pipe(text(40), v.regex(/^[a-z][a-z0-9-]*$/i, 'is no name of a screen'));
export const frame = v.pipe(
  value64,
  v.check((n) => n < 1n << 36n, 'a frame is below 2^36'),
  v.transform(Number),
);
export const look = strict(
  {
    gfn: v.optional(frame),
    gma: v.optional(address),
  },
  'what is looked at',
);

export const toView = (screen: string | undefined, { gfn, gma }: v.InferOutput<typeof look>): StartView => ({
  screen: screen ?? null,
  gfn: gfn ?? null,
  gma: gma ?? null,
});

interface Sizes {
  /** Operations of each vCPU's program, written out. */
  readonly programs: readonly number[];
  readonly toolstack: number;
}

interface Placed {
  readonly prompts: readonly Prompt[];
  readonly narration: readonly Narration[];
  readonly search?: SearchPlan | undefined;
}

/** Places that name an operation which this file does not have. */
export function checkPlaces({ prompts, narration, search }: Placed, sizes: Sizes): Problem[] {
  return [
    ...(search ? [{ at: search.from, path: 'search.from' }] : []),
    ...prompts.map(({ before }, i) => ({ at: before, path: `prompts[${i}].before` })),
    ...narration.map(({ from }, i) => ({ at: from, path: `narration[${i}].from` })),
  ].flatMap(({ at, path }) => {
    if ('toolstack' in at) return missing(path, 'the toolstack', at.toolstack, sizes.toolstack);
    if (!('vcpu' in at)) return [];
    const length = sizes.programs[at.vcpu];
    if (length === undefined)
      return [{ path, message: `there is no vCPU ${at.vcpu}: must be below ${sizes.programs.length}` }];
    return missing(path, `vCPU ${at.vcpu}`, at.op, length);
  });
}

function missing(path: string, who: string, op: number, length: number): Problem[] {
  if (op < length) return [];
  const message = `${who} has ${length} operations: there is no [${op}]`;
  return [length === 0 ? { path, message } : { path, message, hint: `The last is [${length - 1}].` }];
}
