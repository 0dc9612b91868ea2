/**
 * How a run goes on: by what the file scripts, by what the user does in it at some steps, and else by the scheduler or by
 * nobody. The same on the page, in its worker and on the command line: a run is a scenario and the acts.
 */
import { lineOf, type Command } from '../engine/command';
import type { History } from '../engine/history';
import { isOver } from '../engine/liveness';
import { COMMAND, isEnabled, type Choice } from '../engine/step';
import type { AnyEvent } from '../engine/trace';
import type { World } from '../engine/world';
import type { Act, ActAt, Chooser, Schedule } from './acts';

/** What the user's hand has done, each thing with its place, by which choices name it. Give `list` to the guest's Config. */
export class Commands {
  readonly list: Command[] = [];
  readonly #numbers = new Map<string, number>();

  /** The choice that is this command: the same command a second time is the same choice. */
  choice(command: Command): Choice {
    const line = lineOf(command);
    const known = this.#numbers.get(line) ?? this.list.push(command) - 1;
    this.#numbers.set(line, known);
    return COMMAND + known;
  }
}

export interface Plan {
  readonly schedule: Schedule;
  /** By step, ascending. */
  readonly acts: readonly ActAt[];
  /** Acts are left out from the first on that cannot be done where it stands; else the run ends there. */
  readonly lenient: boolean;
  /** Steps at which the run is cut off. */
  readonly most: number;
}

/** What of a history a drive needs: its end, and steps on from there. */
export type Trail = Pick<History, 'length' | 'world' | 'choose' | 'run' | 'seek'>;

export class Drive<T extends Trail = History> {
  readonly history: T;
  /** What is done, and to be done. */
  acts: readonly ActAt[];
  /** The run has ended by itself. */
  over = false;
  /** The act that cannot be done where it stands, by its place in the list; null: none yet. */
  refused: number | null = null;
  readonly #plan: Plan;
  readonly #commands: Commands;
  readonly #see: (events: readonly AnyEvent[], world: World) => void;
  /** From which step on who chooses, ascending. */
  readonly #choosers: { readonly from: number; readonly who: Chooser | 'script' }[] = [];
  /** Choices of the script, and acts, that are behind. */
  #scripted = 0;
  #done = 0;

  /** `history`: at its first image, in a world that names `commands`. `see` is told of each step. */
  constructor(history: T, plan: Plan, commands: Commands, see: (events: readonly AnyEvent[], w: World) => void) {
    this.history = history;
    this.acts = plan.acts;
    this.#plan = plan;
    this.#commands = commands;
    this.#see = see;
    this.#turn(plan.schedule.script.length > 0 ? 'script' : plan.schedule.then);
  }

  /** Who chooses the step after `step`. */
  chooser(step: number): Chooser | 'script' {
    return this.#choosers.findLast(({ from }) => from <= step)!.who;
  }
  /** The run goes on only by the user's choices. */
  get free(): boolean {
    return this.#choosers.at(-1)!.who === 'user';
  }
  /** Those acts that are done. */
  get done(): readonly ActAt[] {
    return this.acts.slice(0, this.#done);
  }
  /** All acts are done: what comes now comes by itself, and may be cut off. */
  get settled(): boolean {
    return this.#done >= this.acts.length;
  }

  /** Takes at most about so many steps more; answers whether the run is at its end. */
  advance(steps: number): boolean {
    const { history } = this;
    const { most } = this.#plan;
    history.seek(history.length);
    for (let left = steps; left > 0;) {
      const next = this.acts[this.#done];
      const at = history.length;
      if (next && next.step <= at) {
        if (next.step < at || !this.#does(next.act)) {
          if (this.#refuses()) return true;
          continue;
        }
        this.#done++;
        // Whoever waits for the acts is shown what comes of the last one.
        left = this.settled ? steps : left - 1;
        continue;
      }
      if (at >= most) return this.#ends();
      switch (this.#choosers.at(-1)!.who) {
        case 'user':
          return this.#ends();
        case 'script': {
          const choice = this.#plan.schedule.script[this.#scripted];
          if (choice === undefined || !isEnabled(history.world, choice)) this.#turn(this.#plan.schedule.then);
          else {
            this.#scripted++;
            this.#take(choice);
            left--;
          }
          break;
        }
        case 'seed': {
          const n = Math.min(left, (next?.step ?? most) - at, most - at);
          if (history.run(n, this.#see) && history.length !== next?.step) return this.#ends();
          left -= n;
        }
      }
    }
    return false;
  }

  /** Takes one step more at the end of a run whose acts are all done; false: that cannot be done there. */
  append(act: Act): boolean {
    const { history } = this;
    history.seek(history.length);
    const step = history.length;
    if (!this.#does(act)) return false;
    this.acts = [...this.acts, { step, act }];
    this.#done = this.acts.length;
    this.over = isOver(history.world);
    return true;
  }

  #does(act: Act): boolean {
    const { world } = this.history;
    if ('schedule' in act) {
      this.#turn(act.schedule);
      return true;
    }
    if ('command' in act) {
      if (!isEnabled(world, COMMAND, act.command)) return false;
      this.#take(this.#commands.choice(act.command));
      return true;
    }
    if (act.choice >= COMMAND || !isEnabled(world, act.choice)) return false;
    if (this.#choosers.at(-1)!.who === 'script') {
      // Who does what the script has goes along with it; who does something else has left it.
      if (this.#plan.schedule.script[this.#scripted] === act.choice) this.#scripted++;
      else this.#turn(this.#plan.schedule.then);
    }
    this.#take(act.choice);
    return true;
  }

  #take(choice: Choice): void {
    this.#see(this.history.choose(choice), this.history.world);
  }

  #turn(who: Chooser | 'script'): void {
    const from = this.history.length;
    if (this.#choosers.at(-1)?.from === from) this.#choosers.pop();
    this.#choosers.push({ from, who });
  }

  /** Nothing comes by itself any more. Acts that are left cannot be done. */
  #ends(): boolean {
    if (!this.settled && !this.#refuses()) return this.#ends();
    this.over = isOver(this.history.world);
    return true;
  }

  /** An act cannot be done where it stands; answers whether that is the end of it. */
  #refuses(): boolean {
    if (this.#plan.lenient) {
      this.acts = this.done;
      return false;
    }
    this.refused = this.#done;
    return true;
  }
}

/**
 * The acts of a run in which something else is done at a step: what was done after it is no more. Of those of the same step
 * only who chooses is kept, if the new one is not of that kind.
 */
export function withAct(acts: readonly ActAt[], { step, act }: ActAt, { script, then }: Schedule): readonly ActAt[] {
  const turns = 'schedule' in act;
  const kept = acts.filter((other) => other.step < step || (other.step === step && 'schedule' in other.act && !turns));
  if (!turns) return [...kept, { step, act }];
  const before = kept.findLast(({ act: other }) => 'schedule' in other)?.act as { schedule: Chooser } | undefined;
  const already = before?.schedule ?? (script.length > 0 ? 'script' : then);
  return already === act.schedule ? kept : [...kept, { step, act }];
}
