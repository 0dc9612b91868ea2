/**
 * The other world: it makes the choices that another run has made, as long as each can be made in it, and then goes on by itself.
 * On the way it writes down the acts by which a run of the scenario under its own patches comes to be this one: what the user did,
 * and each choice that its scheduler or its script would have made otherwise.
 */
import { COMMAND, type Choice } from '../../engine/choice';
import { isOver } from '../../engine/liveness';
import { schedule } from '../../engine/prng';
import { enabled, isEnabled, step } from '../../engine/step';
import type { AnyEvent } from '../../engine/trace';
import type { World } from '../../engine/world';
import type { ActAt, Chooser, Schedule } from '../../scenarios/acts';
import { lineOfAct } from '../../scenarios/lines';
import { whyNot } from '../../scenarios/lines-why';

/** What of a run is followed: as far as it has come. */
export interface Recorded {
  readonly choices: readonly Choice[];
  /** What was done in it, by step; and what is to be done yet. */
  readonly acts: readonly ActAt[];
  /** Who chooses the step after `step`. */
  chooser(step: number): Chooser | 'script';
}

/** A recorded choice that could not be made. */
export interface Parted {
  /** Steps that were made by then. */
  readonly step: number;
  readonly choice: Choice;
  /** As typed at the console. */
  readonly line: string;
  /** Why not, as a part of a sentence; null: the run is over there, whoever acts. */
  readonly why: string | null;
}

export class Other {
  readonly world: World;
  readonly choices: Choice[] = [];
  parted: Parted | null = null;
  /** By which a run under these patches comes to be this one. */
  readonly acts: ActAt[] = [];
  /** Steps of those acts that nobody did: without them the scheduler would have chosen otherwise than in the other run. */
  readonly along: number[] = [];
  readonly #of: Recorded;
  readonly #schedule: Schedule;
  readonly #most: number;
  readonly #see: (n: number, events: readonly AnyEvent[]) => void;
  #mode: Chooser | 'script';
  #scripted = 0;
  #act = 0;

  /** `world`: at its first image, nobody else's; with the same commands as the other. `see` is told of each step. */
  constructor(
    world: World,
    of: Recorded,
    plan: { readonly schedule: Schedule; readonly most: number },
    see: (n: number, events: readonly AnyEvent[]) => void,
  ) {
    this.world = world;
    this.#of = of;
    this.#schedule = plan.schedule;
    this.#most = plan.most;
    this.#see = see;
    this.#mode = plan.schedule.script.length > 0 ? 'script' : plan.schedule.then;
  }

  /** Makes the recorded choices up to so many; fewer where one cannot be made. */
  follow(to: number): void {
    const { world } = this;
    while (this.parted === null && world.steps < to) {
      const at = world.steps;
      this.#turns(at);
      const choice = this.#of.choices[at]!;
      const act = this.#of.acts[this.#act];
      const byAct = act?.step === at;
      if (!isEnabled(world, choice)) return this.#parts(choice, true);
      if (byAct) {
        this.#act++;
        this.#does(act);
      } else {
        const own = this.#natural();
        if (own === null && this.#mode === 'seed' && act === undefined) return this.#parts(choice, false);
        if (own === choice) {
          if (this.#mode === 'script') this.#scripted++;
        } else {
          this.along.push(at);
          this.#does({ step: at, act: { choice } });
        }
      }
      this.#take(choice);
    }
  }

  /** There is nothing more to follow: from here on it goes on by itself. */
  alone(): void {
    const at = this.world.steps;
    if (this.parted === null) this.#turns(at);
    const mode = this.#of.chooser(at);
    if (this.#mode === 'script' && mode !== 'script') this.#does({ step: at, act: { schedule: mode } });
  }

  /** Goes on for at most so many steps; whether it is at its end. */
  advance(steps: number): boolean {
    for (let n = 0; n < steps; n++) {
      if (this.world.steps >= this.#most) return true;
      const choice = this.#natural();
      if (choice === null) return true;
      if (this.#mode === 'script') this.#scripted++;
      this.#take(choice);
    }
    return false;
  }

  /** It goes on only by the user's choices. */
  get waits(): boolean {
    return this.#mode === 'user';
  }

  /** What comes next if nobody does anything; null: nothing. */
  #natural(): Choice | null {
    const { world } = this;
    if (this.#mode === 'script') {
      const next = this.#schedule.script[this.#scripted];
      if (next !== undefined && isEnabled(world, next)) return next;
      this.#mode = this.#schedule.then;
    }
    if (this.#mode === 'user') return null;
    const choices = enabled(world);
    return isOver(world, choices) ? null : (schedule(choices, world.config.seed, world.steps) ?? null);
  }

  /** Who chooses may change before a step. */
  #turns(at: number): void {
    const { acts } = this.#of;
    for (let next = acts[this.#act]; next?.step === at && 'schedule' in next.act; next = acts[++this.#act])
      this.#does(next);
  }

  #does(done: ActAt): void {
    const { act } = done;
    this.acts.push(done);
    if ('schedule' in act) this.#mode = act.schedule;
    else if ('choice' in act && this.#mode === 'script') {
      if (this.#schedule.script[this.#scripted] === act.choice) this.#scripted++;
      else this.#mode = this.#schedule.then;
    }
  }

  #take(choice: Choice): void {
    this.choices.push(choice);
    const events = step(this.world, choice);
    this.#see(this.world.steps, events);
  }

  #parts(choice: Choice, off: boolean): void {
    const { world } = this;
    const act = choice < COMMAND ? { choice } : { command: world.config.commands[choice - COMMAND]! };
    const line = lineOfAct(act, world.config.numbered);
    this.parted = { step: world.steps, choice, line, why: off ? whyNot(world, act) : null };
  }
}
