/** A run as it is being made: its history, and what is gathered of it on the way. */
import { History } from '../engine/history';
import { isOver } from '../engine/liveness';
import type { Choice } from '../engine/step';
import { Journal } from './journal';

export class Run {
  readonly journal: Journal;
  /** It has ended by itself. */
  over = false;

  /** `most`: steps at which it is cut off. */
  constructor(
    readonly history: History,
    readonly most: number,
  ) {
    this.journal = new Journal(history.world.config);
  }

  /** Lets the scheduler go on for at most `steps`; answers whether the run is at its end. */
  goOn(steps: number): boolean {
    const { history, journal, most } = this;
    const left = most - history.length;
    this.over = history.run(Math.min(steps, left), (events, world) => journal.add(events, world));
    return this.over || history.length >= most;
  }

  /** Takes a step by `choice`, from its end. */
  take(choice: Choice): void {
    this.journal.add(this.history.choose(choice), this.history.world);
  }
}

/**
 * A run made anew from the same first image: by these choices, and then, if it `goesOn`, by the scheduler to its end. What
 * takes its place stays as it is until this one is kept.
 */
export class Rerun {
  readonly run: Run;

  constructor(
    of: Run,
    readonly choices: Uint16Array,
    readonly goesOn: boolean,
  ) {
    this.run = new Run(new History(of.history.at(0)), of.most);
  }

  /** Takes at most `steps` more steps; answers whether it is done. */
  advance(steps: number): boolean {
    const { run, choices } = this;
    const { history } = run;
    const end = Math.min(choices.length, history.length + steps);
    while (history.length < end) run.take(choices[history.length]!);
    if (!this.mayEnd) return false;
    if (this.goesOn) return run.goOn(steps);
    run.over = isOver(history.world);
    return true;
  }

  /** All choices are taken: from here on it may be ended early. */
  get mayEnd(): boolean {
    return this.run.history.length >= this.choices.length;
  }
}
