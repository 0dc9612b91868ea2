/** A run as it is being made: its history, how it goes on, and what is gathered of it on the way. */
import { History } from '../engine/history';
import type { World } from '../engine/world';
import type { Act, ActAt, Chooser } from '../scenarios/acts';
import { Drive, type Commands, type Plan } from '../scenarios/drive';
import { Journal } from './journal';
import { Places } from './questions/places';

export class Run {
  readonly history: History;
  readonly journal: Journal;
  readonly places: Places;
  readonly #plan: Plan;
  readonly #commands: Commands;
  readonly #drive: Drive;

  /** `first`: the first image, which nobody else may use, a world that names these commands. */
  constructor(first: World, plan: Plan, commands: Commands) {
    const journal = new Journal(first.config);
    this.history = new History(first);
    this.journal = journal;
    this.#plan = plan;
    this.#commands = commands;
    const { history } = this;
    const places = (this.places = new Places(first.config));
    this.#drive = new Drive(history, plan, commands, (events, world) => {
      journal.add(events, world);
      places.add(history.choice(world.steps), events, world);
    });
  }

  /** The same guest with other acts, to be run from its first image: this run stays as it is. `most`: as in Plan. */
  anew(acts: readonly ActAt[], most: number): Run {
    return new Run(this.history.at(0), { ...this.#plan, acts, most, lenient: false }, this.#commands);
  }

  /** Takes at most about so many steps more; answers whether it is at its end. */
  advance(steps: number): boolean {
    return this.#drive.advance(steps);
  }
  /** Takes one step more at the end of a run that goes on by the user's choices; false: that cannot be done there. */
  append(act: Act): boolean {
    return this.#drive.append(act);
  }

  /** It has ended by itself. */
  get over(): boolean {
    return this.#drive.over;
  }
  /** It goes on only by the user's choices. */
  get free(): boolean {
    return this.#drive.free;
  }
  /** Who chooses the step after `step`. */
  chooser(step: number): Chooser | 'script' {
    return this.#drive.chooser(step);
  }
  /** What the user did in it, as far as it has come. */
  get acts(): readonly ActAt[] {
    return this.#drive.done;
  }
  /** All acts are done: from here on it may be ended early. */
  get mayEnd(): boolean {
    return this.#drive.settled;
  }
  /** The act that cannot be done where it stands, by its place in the list; null: none is known yet. */
  get refused(): number | null {
    return this.#drive.refused;
  }
}
