/**
 * The same guest with the same acts under other Xens, until the same operation is over there: what each makes of it, measured
 * as the truth is. As much as the time allows, the likeliest to differ first. A set that differs from one that was run in
 * nothing that this run asked for need not be run: it is the same run.
 */
import type { Config } from '../../engine/config';
import { designOf } from '../../engine/designs';
import type { Done } from '../../engine/slices';
import { World } from '../../engine/world';
import { Commands, Drive, type Plan } from '../../scenarios/drive';
import type { Answer, PatchSet } from '../../scenarios/lesson';
import { AskedOf, bitsOf } from './asked-of';
import type { Asked } from './facts';
import { Once } from '../../scenarios/once';
import { Operation } from './operation';
import type { OtherSet } from './sets';

/** Milliseconds that all other runs of a question may take, and at a stretch. */
export const BUDGET = 1500;
export const STRETCH = 40;
/** Steps that are taken between two looks at the clock. */
const CHUNK = 64;

export interface OtherAnswer {
  readonly set: PatchSet;
  readonly answer: Answer;
}

export interface Others {
  readonly config: Config;
  /** A first image of that configuration, not used by anyone else: made anew each time it is asked for. */
  readonly first: () => World;
  readonly plan: Plan;
  /** Steps of the run itself. */
  readonly steps: number;
  readonly sets: readonly OtherSet[];
  /** Told how many of the sets are known, and how many of those were run. */
  readonly report?: ((known: number, run: number) => void) | undefined;
}

/** What came of a run, for all sets that agree with what it asked for. null: nothing that answers. */
interface Known {
  readonly asked: AskedOf;
  readonly answer: Answer | null;
}

/** `now`: a clock in milliseconds. `budget`: how long it may take. */
export function* otherAnswers(
  of: Others,
  asked: Asked,
  now: () => number,
  budget = BUDGET,
): Generator<Done, readonly OtherAnswer[]> {
  const { sets, config } = of;
  const end = now() + budget;
  const bits = sets.map(({ xen }) => bitsOf(xen));
  const answers: (OtherAnswer | undefined)[] = [];
  const runs: Known[] = [];
  let waiting = inTurn(sets);
  const say = (): Done => ({ done: sets.length - waiting.length, of: sets.length });

  function* add(xen: Config['xen']): Generator<Done, boolean> {
    const known = yield* run(of, xen, asked, now, end, say);
    if (!known) return false;
    runs.push(known);
    waiting = waiting.filter((i) => {
      if (!known.asked.agrees(bits[i]!)) return true;
      if (known.answer) answers[i] = { set: sets[i]!.set, answer: known.answer };
      return false;
    });
    return true;
  }

  // The run itself: most of the sets differ in nothing that matters to it.
  let goesOn = now() < end && (yield* add(config.xen));
  const own = runs[0]?.asked;
  if (own) waiting = first(waiting, (i) => own.differsLately(bits[i]!));
  while (goesOn && waiting.length > 0) goesOn = yield* add(sets[waiting[0]!]!.xen);
  of.report?.(sets.length - waiting.length, runs.length);
  return answers.filter((answer) => answer !== undefined);
}

/** A run under a set of patches until the operation is over; null: there was no time for it. */
function* run(
  of: Others,
  xen: Config['xen'],
  asked: Asked,
  now: () => number,
  end: number,
  say: () => Done,
): Generator<Done, Known | null> {
  const commands = new Commands();
  const watched = new AskedOf(xen);
  const other = { ...of.config, xen: watched.xen, commands: commands.list };
  const world = yield* image(of, other, () => now() < end);
  if (!world) return null;
  const operation = new Operation(asked, world);
  const once = new Once(world);
  const most = Math.min(of.plan.most, 4 * of.steps + 2000);
  const drive = new Drive(once, { ...goingOn(of.plan), most }, commands, (events, w) => {
    const { begun } = operation;
    operation.see(once.choice, events, w);
    if (begun === 0 && operation.begun > 0) watched.mark();
  });
  let over = false;
  for (let since = now(); !operation.over && !over;) {
    if (now() >= end) return null;
    over = drive.advance(CHUNK);
    if (now() - since < STRETCH) continue;
    yield say();
    since = now();
  }
  // Cut off here and not by its own bound, nobody knows what would have come of it.
  if (over && (drive.over || most === of.plan.most)) operation.end(world);
  return { asked: watched, answer: operation.over ? operation.answer : null };
}

/** In which order they are tried: single switches, which say most of why an answer would be right, and then versions. */
function inTurn(sets: readonly OtherSet[]): number[] {
  const all = sets.map((_, i) => i);
  return [...all.filter((i) => sets[i]!.single), ...all.filter((i) => !sets[i]!.single)];
}

/** Those of which it is so come first. */
const first = <T>(all: readonly T[], is: (one: T) => boolean): T[] => [
  ...all.filter(is),
  ...all.filter((one) => !is(one)),
];

/** After the acts of a run that is the user's to go on with the scheduler does: here nobody is there to be asked. */
function goingOn(plan: Plan): Plan {
  return {
    ...plan,
    lenient: true,
    schedule: { ...plan.schedule, then: 'seed' },
    acts: plan.acts.filter(({ act }) => !('schedule' in act)),
  };
}

/** The first image of a guest under another Xen; null: it takes too long. Where Xen's state lies alike it is the same one. */
function* image({ config, first }: Others, other: Config, goesOn: () => boolean): Generator<Done, World | null> {
  const design = designOf(config);
  if (design.kinds(other.xen).length === design.kinds(config.xen).length) return new World(other, first().store, false);
  const building = World.build(other);
  for (let slice = building.next(); ; slice = building.next()) {
    if (slice.done) return slice.value;
    if (!goesOn()) return null;
    yield slice.value;
  }
}
