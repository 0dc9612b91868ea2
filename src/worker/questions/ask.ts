/**
 * A question about a run, with what could be answered and what is true. The truth comes of stepping a fork of the world from
 * where the operation begins: by the run's own choices as far as it has any, and then as the scheduler would go on.
 */
import type { Choice } from '../../engine/choice';
import type { Op, ToolOp } from '../../engine/config';
import { isOver } from '../../engine/liveness';
import type { History } from '../../engine/history';
import { P2M, p2mTypeNames } from '../../engine/p2m-type';
import { schedule } from '../../engine/prng';
import type { Done } from '../../engine/slices';
import { enabled, step as takeStep } from '../../engine/step';
import type { Cost } from '../../engine/trace';
import { isInXen } from '../../engine/vcpu';
import type { World } from '../../engine/world';
import type { ActAt } from '../../scenarios/acts';
import type { Ask, Prompt } from '../../scenarios/lesson';
import type { Scenario } from '../../scenarios/schema';
import type { NoteInfo, PromptInfo, Question, QuestionOf } from '../protocol';
import { CALLS } from './calls';
import type { Asked } from './facts';
import { Operation } from './operation';
import { optionsOf } from './options';
import { otherAnswers, STRETCH, type Others } from './others';
import { plausible } from './plausible';
import { otherSets } from './sets';
import { exits, spotOf, untilOf, type Around, type Found, type Gathered, type Spot } from './spot';

/** A run as questions are asked of it. */
export interface Questioned extends Gathered {
  readonly scenario: Scenario;
  readonly history: History;
  /** What the user did in it. */
  readonly acts: readonly ActAt[];
  /** It goes on only by the user's choices: what comes next nobody has chosen yet. */
  readonly free: boolean;
  /** It has ended by itself. */
  readonly over: boolean;
  /** As in Others. */
  readonly report?: Others['report'];
}

/** Steps for which a fork may go on past the end of a run. */
const MOST_ON = 20_000;
/** Steps of a fork between two looks at the clock. */
const CHUNK = 64;

/** The scenario's prompts in this run, without running anything. */
export const promptInfos = (run: Questioned): (PromptInfo | null)[] =>
  run.scenario.prompts.map(({ before, ask }) => {
    const found = spotOf(run, before, ask, (step) => aroundIn(run, step));
    return found && { step: found.step, until: untilOf(run, found, ask), ask };
  });

/** What is told in this run, and from which step on. */
export const noteInfos = ({ scenario, places }: Questioned): NoteInfo[] =>
  scenario.narration
    .flatMap(({ from, text }) => {
      const step = places.step(from);
      return step === null ? [] : [{ step, text }];
    })
    .sort((a, b) => a.step - b.step);

/** `now`: a clock in milliseconds; `budget`: how long the runs under other Xens may take. null: nothing can be asked there. */
export function* ask(
  run: Questioned,
  of: QuestionOf,
  now: () => number,
  budget?: number,
): Generator<Done, Question | null> {
  const prompt = 'prompt' in of ? run.scenario.prompts[of.prompt] : undefined;
  if ('prompt' in of && !prompt) return null;
  const wanted = prompt?.ask ?? ('ask' in of ? of.ask : null);
  const found = spotOf(run, prompt?.before ?? { step: (of as { step: number }).step }, wanted, (step) =>
    around(run, step, wanted),
  );
  if (!found) return null;
  if (!prompt && wanted === 'xen' && !isAtFault(run, found)) return null;
  for (const asks of wanted ? [wanted] : asksOf(run, found.spot)) {
    const asked: Asked = {
      spot: found.spot,
      ask: asks,
      gfn: prompt?.gfn ?? null,
      cost: prompt?.cost ?? costOf(found.spot),
    };
    const operation = yield* truth(run, found, asked, now);
    if (operation?.answer) return yield* withOptions(run, found, asked, operation, prompt, now, budget);
  }
  return null;
}

function* withOptions(
  run: Questioned,
  found: Found,
  asked: Asked,
  operation: Operation,
  prompt: Prompt | undefined,
  now: () => number,
  budget: number | undefined,
): Generator<Done, Question> {
  const { scenario, history, acts } = run;
  const { config, version } = scenario;
  const answer = operation.answer!;
  const { gfn } = operation;
  const of = {
    config,
    first: () => history.at(0),
    plan: { schedule: scenario.schedule, acts, lenient: true, most: scenario.steps },
    steps: history.length,
    sets: otherSets(version, config),
    report: run.report,
  };
  const others = yield* otherAnswers(of, { ...asked, gfn }, now, budget);
  const made = operationOf(run, found.spot);
  const fill = plausible(asked.ask, {
    op: 'vcpu' in found.spot ? (made as Op) : null,
    watched: p2mTypeNames(config.xen, config.numbered)[P2M.ioreq_server]!,
    cost: asked.cost ?? 'exits',
    truth: answer,
    call: operation.about?.code ?? null,
  });
  const key = JSON.stringify([scenario.title, found.step, asked]);
  return {
    ask: asked.ask,
    step: found.step,
    until: operation.until,
    about: operation.about,
    operation: made,
    gfn,
    text: prompt?.text ?? null,
    after: prompt?.after ?? null,
    ...optionsOf(answer, others, fill, key),
  };
}

/** Goes on from before the operation until it is over. null: it does not begin, or nobody knows how it ends. */
function* truth(run: Questioned, found: Found, asked: Asked, now: () => number): Generator<Done, Operation | null> {
  const { history } = run;
  const world = history.at(found.from - 1);
  const operation = new Operation(asked, world);
  const most = history.length + MOST_ON;
  let since = now();
  for (let n = 1; !operation.over; n++) {
    const choice = world.steps < history.length ? history.choice(world.steps + 1) : next(run, world);
    if (choice === undefined) {
      operation.end(world);
      break;
    }
    if (world.steps >= most) return null;
    operation.see(choice, takeStep(world, choice), world);
    if (n % CHUNK > 0 || now() - since < STRETCH) continue;
    yield { done: world.steps - found.from, of: Math.max(world.steps, history.length) - found.from };
    since = now();
  }
  return operation.begun > 0 ? operation : null;
}

/**
 * Who acts after the run's last step: the scheduler's choice where the user's is not made yet; undefined: nobody. `wanted`:
 * where it is asked what Xen does, Xen goes first.
 */
function next({ free, over }: Questioned, world: World, wanted: Ask | null = null): Choice | undefined {
  if (over || !free) return undefined;
  const choices = enabled(world);
  if (isOver(world, choices)) return undefined;
  const xen =
    wanted === 'xen' ? choices.find((choice) => world.vcpus[choice] && isInXen(world.vcpus[choice])) : undefined;
  return xen ?? schedule(choices, world.config.seed, world.steps);
}

/** A step of the run. */
function aroundIn({ history, places, journal }: Questioned, step: number): Around | null {
  if (step < 1 || step > history.length) return null;
  return { step, choice: history.choice(step), codes: places.codes(step), root: journal.root(step), began: null };
}

/** A step of the run, or the one that would come next where that is still open. */
function around(run: Questioned, step: number, wanted: Ask | null): Around | null {
  const { history, places } = run;
  if (step !== history.length + 1) return aroundIn(run, step);
  const world = history.at(history.length);
  const choice = next(run, world, wanted);
  if (choice === undefined) return null;
  const events = takeStep(world, choice);
  const of = places.instructions().add(choice, events, world);
  return {
    step,
    choice,
    codes: events.map(({ code }) => code),
    root: world.book.lastRoot,
    began: of && { ...of, step, end: 0 },
  };
}

/** What is asked of an operation of which nobody has said what, the first of these that has an answer. */
function asksOf({ scenario }: Questioned, spot: Spot): readonly Ask[] {
  if (spot.kind === 'tool') return ['errno', 'cost'];
  if (spot.kind === 'event') return CALLS.has(spot.code) ? ['errno'] : ['cost'];
  const op = scenario.config.programs[spot.vcpu]![spot.op]!;
  return op.op === 'read' || op.op === 'in' || op.op === 'rmw' ? ['value', 'outcome'] : ['outcome', 'type'];
}

const costOf = (spot: Spot): Cost =>
  spot.kind === 'instruction' ? 'exits' : spot.kind === 'tool' ? 'hypercalls' : 'entries';

function operationOf({ scenario: { config } }: Questioned, spot: Spot): Op | ToolOp | null {
  if (spot.kind === 'event') return null;
  return (spot.kind === 'tool' ? config.toolstack[spot.op] : config.programs[spot.vcpu]?.[spot.op]) ?? null;
}

/**
 * Xen is about to decide: the step is the one in which the access leaves the guest, or Xen's first for it after that; or it is
 * a call, which Xen answers in the step that makes it.
 */
function isAtFault(run: Questioned, { spot, step, from }: Found): boolean {
  if (spot.kind !== 'instruction' || operationOf(run, spot)?.op === 'hypercall') return step === from;
  const { places, history, journal } = run;
  const begun = places.instructionAt(spot.vcpu, step);
  const left = begun && exits(run, begun, step).at(-1);
  if (!left) return false;
  for (let at = left + 1; at < step; at++)
    if (history.choice(at) === spot.vcpu && journal.root(at) === begun.step) return false;
  return step > history.length || history.choice(step) === spot.vcpu;
}
