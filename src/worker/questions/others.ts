/**
 * The same guest with the same acts under other Xens, until the same operation is over there: what each makes of it, measured
 * as the truth is. As much as the time allows, the nearest Xens first.
 */
import type { Config } from '../../engine/config';
import { designOf } from '../../engine/designs';
import { History } from '../../engine/history';
import type { Done } from '../../engine/slices';
import { World } from '../../engine/world';
import { Commands, Drive, type Plan } from '../../scenarios/drive';
import type { Answer, PatchSet } from '../../scenarios/lesson';
import type { Asked } from './facts';
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
}

/** `now`: a clock in milliseconds. `budget`: how long it may take. */
export function* otherAnswers(
  of: Others,
  asked: Asked,
  now: () => number,
  budget = BUDGET,
): Generator<Done, readonly OtherAnswer[]> {
  const answers: (OtherAnswer | undefined)[] = [];
  const end = now() + budget;
  let since = now();
  for (const [n, i] of inTurn(of.sets).entries()) {
    const { set, xen } = of.sets[i]!;
    const commands = new Commands();
    const world = yield* image(of, { ...of.config, xen, commands: commands.list }, () => now() < end);
    if (!world) break;
    const operation = new Operation(asked, world);
    const history = new History(world);
    const most = Math.min(of.plan.most, 4 * of.steps + 2000);
    const drive = new Drive(history, { ...goingOn(of.plan), most }, commands, (events, w) =>
      operation.see(history.choice(w.steps), events, w),
    );
    let over = false;
    while (!operation.over && !over && now() < end) {
      over = drive.advance(CHUNK);
      if (now() - since < STRETCH) continue;
      yield { done: n, of: of.sets.length };
      since = now();
    }
    // Cut off here and not by its own bound, nobody knows what would have come of it.
    if (over && (drive.over || most === of.plan.most)) operation.end(history.world);
    if (operation.over && operation.answer) answers[i] = { set, answer: operation.answer };
    if (now() >= end) break;
  }
  return answers.filter((answer) => answer !== undefined);
}

/** In which order they are tried: single switches and versions by turns, so that a short time shows some of either. */
function inTurn(sets: readonly OtherSet[]): number[] {
  const versions = sets.flatMap(({ single }, i) => (single ? [] : [i]));
  const singles = sets.flatMap(({ single }, i) => (single ? [i] : []));
  const order: number[] = [];
  for (let n = 0; order.length < sets.length; n++) order.push(...singles.slice(n, n + 1), ...versions.slice(n, n + 1));
  return order;
}

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
