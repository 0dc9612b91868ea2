/** One opened scenario: its run, and pictures of any step of it. Runs in the worker; has no port of its own. */
import { lineOf, type Command } from '../engine/command';
import { History } from '../engine/history';
import { addressSpace } from '../engine/guest-layout';
import { p2mTypeNames } from '../engine/p2m-type';
import { patchesOf } from '../engine/patches';
import { finish, type Done } from '../engine/slices';
import { COMMAND, isEnabled } from '../engine/step';
import type { AnyEvent } from '../engine/trace';
import { World } from '../engine/world';
import type { Scenario } from '../scenarios/schema';
import { lanesOf } from './actors';
import { chainTo } from './chain';
import { chartsPicture } from './charts-picture';
import type { Journal } from './journal';
import { asked, lanesPicture, stretch } from './lanes-picture';
import { TablesPicture } from './ept-picture';
import { framesPicture } from './frames-picture';
import { rangeOffers } from './range-offers';
import { entryPicture, focusOf, serverPictures, slotPictures } from './pictures';
import { gttPicture } from './gtt-picture';
import { Rerun, Run } from './run';
import { CellsPicture } from './cells-picture';
import { tableChanges, type TableChanges } from './table-changes';
import { audit, inFlight } from '../engine/audit';
import { Recall, SLICE } from './recall';
import type { Act, LanesPicture, Picture, SessionInfo, View } from './protocol';

/** Runs that can be brought back. */
const MOST_UNDOS = 100;

export class Session {
  /** Builds the first image with pauses. Throws RangeError when the paging pool is too small for it. */
  static *build(scenario: Scenario): Generator<Done, Session> {
    const commands: Command[] = [];
    return new Session(scenario, commands, yield* World.build({ ...scenario.config, commands }));
  }

  /** What the user's hand has done in any of the runs; choices name it by its place. */
  readonly #commands: Command[];
  #run: Run;
  #recall: Recall;
  /** Choices of the runs whose places others have taken, oldest first. */
  readonly #past: Uint16Array[] = [];
  #cells: CellsPicture;
  #tables = new TablesPicture();
  #before: World;
  /** Step that `#before` and `#events` belong to; -1 none. */
  #drawn = -1;
  #events: readonly AnyEvent[] = [];
  #changes: TableChanges;
  #lanes: LanesPicture | null = null;

  /** `first`: the first image, a world that names these commands. Without it, it is built; throws as `build` does. */
  constructor(
    readonly scenario: Scenario,
    commands: Command[] = [],
    first = new World({ ...scenario.config, commands }),
  ) {
    this.#commands = commands;
    this.#run = new Run(new History(first), scenario.steps);
    this.#recall = new Recall(this.history);
    this.#before = this.history.world;
    this.#changes = tableChanges(this.#before, this.#before);
    this.#cells = new CellsPicture(this.history.world);
  }

  get history(): History {
    return this.#run.history;
  }
  get journal(): Journal {
    return this.#run.journal;
  }

  /** Lets the run go on for at most `steps`; answers whether it is over. */
  run(steps: number): boolean {
    return this.#run.goOn(steps);
  }

  /**
   * Does something at a step: the run that comes of it, to be advanced and then kept. `same`: it is what the run does there
   * anyway. `refused`: it cannot be done there.
   */
  perform(step: number, act: Act): Rerun | 'same' | 'refused' {
    const { history } = this;
    if (!Number.isInteger(step) || step < 0 || step > history.length) return 'refused';
    const world = history.at(step);
    if (!('choice' in act ? isEnabled(world, act.choice) : isEnabled(world, COMMAND, act.command))) return 'refused';
    const choice = 'choice' in act ? act.choice : COMMAND + this.#numberOf(act.command);
    if (step < history.length && history.choice(step + 1) === choice) return 'same';
    const choices = history.choices(step + 1);
    choices[step] = choice;
    return new Rerun(this.#run, choices, true);
  }

  /** The run as it was before the last that was performed and kept, to be advanced and then kept; null: there is none. */
  undo(): Rerun | null {
    const choices = this.#past.at(-1);
    return choices ? new Rerun(this.#run, choices, false) : null;
  }

  /** Puts a run in the place of the present one, as far as it has come. */
  keep({ run, goesOn }: Rerun): void {
    if (goesOn) this.#past.push(this.history.choices());
    else this.#past.pop();
    if (this.#past.length > MOST_UNDOS) this.#past.shift();
    this.#run = run;
    this.#recall = new Recall(run.history);
    this.#drawn = -1;
    this.#lanes = null;
    this.#cells = new CellsPicture(this.history.world);
    this.#tables = new TablesPicture();
  }

  info(): SessionInfo {
    const { config, title, version, start, marks, costs } = this.scenario;
    return {
      title,
      version,
      typeNames: p2mTypeNames(config.xen, config.numbered),
      claims: config.xen.claim,
      patches: patchesOf(config.xen),
      numbered: config.numbered,
      paging: config.paging,
      guest: { bytes: config.memory, frames: addressSpace(config), vcpus: config.programs.length },
      lanes: lanesOf(config),
      steps: this.history.length,
      start: Math.min(start, this.history.length),
      marks: marks.filter((step) => step <= this.history.length),
      costs,
      kinds: this.journal.kinds(),
      writes: this.journal.columns(),
      past: this.journal.past(),
      samples: this.journal.samples(),
      complete: this.#run.over,
      undoable: this.#past.length,
    };
  }

  /** Goes to step `n`, at most the last one, and draws it. */
  picture(n: number, view: View): Picture {
    return finish(this.draw(n, view));
  }

  /** The same with pauses; on the way to the step they say how many steps of it are run. One begun later ends it. */
  *draw(n: number, view: View): Generator<Done | undefined, Picture> {
    const { history, journal } = this;
    const step = Math.max(0, Math.min(n, history.length));
    if (step !== this.#drawn) yield* this.#go(step);
    const lanes = yield* this.#lanesAt(step, view);
    const chain = yield* this.#chainAt(step, view);
    const w = history.world;
    const before = this.#before;
    const focus = focusOf(journal, this.#events, step);
    const gfn = view.gfn ?? focus?.gfn ?? 0;
    const busy = inFlight(w);
    const window = view.window ?? { first: Math.floor((view.gfn ?? focus?.gfn ?? 0) / 512) * 512, frames: 512 };
    return {
      step,
      of: history.length,
      hash: w.store.hash(),
      events: this.#events,
      focus,
      map: this.#cells.changes(w, view.counts, this.#changes),
      frames: framesPicture(w, before, window.first, window.frames),
      ept: this.#tables.picture(w, this.#changes, this.#events),
      entry: entryPicture(w, before, gfn, journal.setter(gfn, step)),
      gtt: gttPicture(w, { focus, selected: view.gfn, gma: view.gma, busy }),
      lanes,
      servers: serverPictures(w),
      slots: slotPictures(w),
      audit: audit(w),
      costs: { write: journal.spent(step), total: w.costs },
      inFlight: busy,
      charts: view.charts
        ? chartsPicture(w, gfn, step === 0 ? null : { of: before, choice: history.choice(step) })
        : null,
      chain,
      operations: rangeOffers(w, view.range),
    };
  }

  *#go(step: number): Generator<Done, void> {
    const { history } = this;
    const note = (events: readonly AnyEvent[], { steps }: World): void => this.#recall.note(steps, events);
    this.#drawn = -1;
    const before = Math.max(0, step - 1);
    const first = history.from(before);
    for (let at = first + SLICE; at < before; at += SLICE) {
      history.seek(at, note);
      yield { done: at - first, of: step - first };
    }
    history.seek(before, note);
    this.#before = step === 0 ? history.world : history.world.fork();
    this.#events = step === 0 ? [] : history.choose(history.choice(step));
    if (step > 0) note(this.#events, history.world);
    this.#changes = tableChanges(this.#before, history.world);
    this.#drawn = step;
  }

  /** The same hypercall a second time has the number that it had. */
  #numberOf(command: Command): number {
    const line = lineOf(command);
    const known = this.#commands.findIndex((other) => lineOf(other) === line);
    return known >= 0 ? known : this.#commands.push(command) - 1;
  }

  *#lanesAt(step: number, view: View): Generator<undefined, LanesPicture> {
    const { history, journal } = this;
    const { from, to } = view.stretch ? asked(view.stretch, history.length) : stretch(journal, step);
    if (this.#lanes?.from !== from || this.#lanes.to !== to)
      this.#lanes = yield* lanesPicture(journal, this.#recall, { from, to });
    return this.#lanes;
  }

  *#chainAt(step: number, { event }: View): Generator<undefined, readonly AnyEvent[]> {
    const { history, journal } = this;
    if (event && Number.isInteger(event.step) && event.step >= 1 && event.step <= history.length) {
      const of = yield* this.#recall.reach(event.step);
      if (of[event.index]) return yield* chainTo(journal, this.#recall, event);
    }
    const last = this.#events.at(-1);
    return last ? yield* chainTo(journal, this.#recall, last) : [];
  }
}
