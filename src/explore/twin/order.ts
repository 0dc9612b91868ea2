/**
 * The order in which the actors of a run took turns, and another side's run in that order. Where a patch costs a step more or less
 * the seed chooses others from there on: what differs then may be only who came first. A side that comes to the same as another once
 * it has the other's order needs nothing else for it.
 */
import type { Choice } from '../../engine/choice';
import type { Command } from '../../engine/command';
import { isEnabled, QEMU, QEMU_TAKE, step, TOOLSTACK, XENGT, XENGT_TAKE } from '../../engine/step';
import { Once } from '../../scenarios/once';
import { MISSING } from './axis';
import { Follow, isOverAt } from './follow';
import { Line } from './line';
import { answerOf, type Parting } from './part';
import { imageOf, type Side, type TwinRun } from './run';

/** Steps of a run with which it is still tried. */
export const MOST_STEPS_ORDERED = 200_000;
const PIECE = 2000;
/** Steps that a vCPU may need more than on the other side to come as far. */
const MOST_MORE = 200;

export class Order {
  readonly choices: Choice[] = [];
  /** By step: how far the vCPU that has acted has come by it. */
  readonly places: number[] = [];
  commands: readonly Command[] = [];
  /** All of it is known. */
  whole = true;
  /** The run has ended by itself. */
  over = false;

  /** Takes in the last step of a run. */
  note(run: TwinRun): void {
    if (this.choices.length >= MOST_STEPS_ORDERED) {
      this.whole = false;
      return;
    }
    const { choice, world } = run;
    this.choices.push(choice);
    this.places.push(choice < world.vcpus.length ? run.place(choice) : -1);
  }
  end(run: TwinRun): void {
    this.commands = run.world.config.commands;
    this.over = run.over;
  }
}

/** Whether two runs took the same turns for so many steps. */
export const sameOrder = (a: Order, b: Order, steps: number): boolean => {
  for (let i = 0; i < steps; i++) if (a.choices[i] !== b.choices[i]) return false;
  return true;
};

/**
 * A side's run in the order of another: each turn is taken by whom the other had, if he can; a vCPU then goes on until it has come
 * as far in its program as there. Yields steps.
 */
export function* inOrder({ scenario: { config } }: Side, order: Order): Generator<number, Line> {
  const line = new Line();
  const once = new Once(imageOf({ ...config, commands: order.commands }));
  const { world: w } = once;
  const follow = new Follow(w, line);
  const take = (choice: Choice): void => follow.see(choice, once.choose(choice), w);
  /** Its instruction would be over by this turn, and was not there. */
  const ends = (vcpu: number, place: number): boolean => {
    if (follow.place(vcpu) !== place || isOverAt(place) || !isEnabled(w, vcpu)) return false;
    const then = w.fork();
    step(then, vcpu);
    return then.vcpus[vcpu]!.kind === 0;
  };
  const most = order.choices.length * 4 + 4000;
  for (const [i, choice] of order.choices.entries()) {
    if (w.stopped || w.steps >= most) break;
    const place = order.places[i]!;
    const ahead = choice < w.vcpus.length && (follow.place(choice) > place || ends(choice, place));
    // The toolstack waits for XenGT, which may need more turns here than there.
    for (let n = 0; choice === TOOLSTACK && !isEnabled(w, choice) && isEnabled(w, XENGT) && n < MOST_MORE; n++)
      take(XENGT);
    if (!ahead && isEnabled(w, choice)) take(choice);
    for (let n = 0; choice < w.vcpus.length && follow.place(choice) < place && n < MOST_MORE; n++) {
      const next = [choice, XENGT_TAKE + choice, XENGT, QEMU_TAKE + choice, QEMU].find((one) => isEnabled(w, one));
      if (next === undefined) break;
      take(next);
    }
    if (i % PIECE === 0) yield w.steps;
  }
  // What it needs more than the other comes in the end.
  if (order.over)
    while (w.steps < most && !once.run(PIECE, (events) => follow.see(once.choice, events, w))) yield w.steps;
  follow.end();
  return line;
}

/** What a run came to, looked up by what an instruction or a call is named by. */
export class Outcomes {
  readonly #line: Line;
  readonly #rows = new Map<string, number>();
  constructor(line: Line) {
    this.#line = line;
    for (let n = 0; n < line.length; n++) this.#rows.set(keyOf(line, n), line.sight[n]!);
  }
  /** Sight of the instruction that is the `n`th of another line; MISSING: this run does not come to it. */
  sight(line: Line, n: number): number {
    return this.#rows.get(keyOf(line, n)) ?? MISSING;
  }
  answer({ code, n }: NonNullable<Parting['call']>): string {
    return answerOf(this.#line.calls.find((call) => call.code === code && call.n === n));
  }
}

const keyOf = ({ vcpu, pc, k }: Line, n: number): string => `${vcpu[n]} ${pc[n]} ${k[n]}`;
