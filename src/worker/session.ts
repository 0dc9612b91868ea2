/** One opened scenario: its run, and pictures of any step of it. Runs in the worker; has no port of its own. */
import { lineOf, type Command } from '../engine/command';
import { History } from '../engine/history';
import { addressSpace } from '../engine/guest-layout';
import { p2mTypeNames } from '../engine/p2m-type';
import { patchesOf } from '../engine/patches';
import { COMMAND, isEnabled, step } from '../engine/step';
import type { Actor, AnyEvent } from '../engine/trace';
import { vcpuActor, World } from '../engine/world';
import type { Scenario } from '../scenarios/schema';
import { chartsPicture } from './charts-picture';
import type { Journal } from './journal';
import { lanesPicture, stretch } from './lanes-picture';
import { entryPicture, framesPicture, focusOf, serverPictures, slotPictures } from './pictures';
import { gttPicture } from './gtt-picture';
import { Rerun, Run } from './run';
import { CellsPicture } from './cells-picture';
import { audit, inFlight } from '../engine/audit';
import { noCosts, COSTS } from '../engine/trace';
import type { Act, LanesPicture, Picture, SessionInfo, View } from './protocol';

/** Runs that can be brought back. */
const MOST_UNDOS = 100;

export class Session {
  /** What the user's hand has done in any of the runs; choices name it by its place. */
  readonly #commands: Command[] = [];
  #run: Run;
  /** Choices of the runs whose places others have taken, oldest first. */
  readonly #past: Uint16Array[] = [];
  #cells: CellsPicture;
  #before: World;
  /** Step that `#before` and `#events` belong to; -1 none. */
  #drawn = -1;
  #events: readonly AnyEvent[] = [];
  #lanes: LanesPicture | null = null;

  /** Builds the first image. Throws RangeError when the paging pool is too small for it. */
  constructor(readonly scenario: Scenario) {
    const first = new World({ ...scenario.config, commands: this.#commands });
    this.#run = new Run(new History(first), scenario.steps);
    this.#before = this.history.world;
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
    this.#drawn = -1;
    this.#lanes = null;
    this.#cells = new CellsPicture(this.history.world);
  }

  info(): SessionInfo {
    const { config, title, version, start, costs } = this.scenario;
    const vcpus = config.programs.length;
    const qemu: Actor[] = config.defaultServer === null ? [] : ['qemu'];
    const lanes: Actor[] = [...config.programs.map((_, i) => vcpuActor(i)), 'xen', 'xengt', ...qemu, 'toolstack'];
    return {
      title,
      version,
      typeNames: p2mTypeNames(config.xen, config.numbered),
      claims: config.xen.claim,
      patches: patchesOf(config.xen),
      numbered: config.numbered,
      paging: config.paging,
      guest: { bytes: config.memory, frames: addressSpace(config), vcpus },
      lanes,
      steps: this.history.length,
      start: Math.min(start, this.history.length),
      costs,
      kinds: this.journal.kinds(),
      writes: this.journal.columns(),
      complete: this.#run.over,
      undoable: this.#past.length,
    };
  }

  /** Goes to step `n`, at most the last one, and draws it. */
  picture(n: number, view: View): Picture {
    const { history, journal } = this;
    const step = Math.max(0, Math.min(n, history.length));
    if (step !== this.#drawn) this.#go(step);
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
      map: this.#cells.changes(w),
      frames: framesPicture(w, window.first, window.frames),
      entry: entryPicture(w, before, gfn, journal.setter(gfn, step)),
      gtt: gttPicture(w, focus?.gfn ?? null, focus?.index ?? null, view.gma, busy),
      lanes: this.#lanesAt(step),
      servers: serverPictures(w),
      slots: slotPictures(w),
      audit: audit(w),
      costs: { write: this.#writeCosts(step), total: w.costs },
      inFlight: busy,
      charts: view.charts
        ? chartsPicture(w, gfn, step === 0 ? null : { of: before, choice: history.choice(step) })
        : null,
    };
  }

  #go(step: number): void {
    this.#drawn = step;
    if (step === 0) {
      this.history.seek(0);
      this.#before = this.history.world;
      this.#events = [];
      return;
    }
    const { history } = this;
    history.seek(step - 1);
    this.#before = history.world.fork();
    this.#events = history.choose(history.choice(step));
  }

  /** The same hypercall a second time has the number that it had. */
  #numberOf(command: Command): number {
    const line = lineOf(command);
    const known = this.#commands.findIndex((other) => lineOf(other) === line);
    return known >= 0 ? known : this.#commands.push(command) - 1;
  }

  #lanesAt(step: number): LanesPicture {
    const { from, to } = stretch(this.journal, step);
    if (this.#lanes?.from !== from || this.#lanes.to !== to) this.#lanes = lanesPicture(this.history, from, to);
    return this.#lanes;
  }

  /** Costs of the instruction that step `n` serves, up to and with that step. */
  #writeCosts(n: number) {
    const sum = noCosts();
    const root = this.journal.root(n);
    if (root === 0) return sum;
    // A long write is shown in stretches; what it cost before this one counts as well.
    const lanes = this.#lanesAt(n);
    for (const event of root < lanes.from ? this.#replay(root, n) : lanes.events) {
      if (event.step > n || this.journal.root(event.step) !== root) continue;
      for (const cost of COSTS) sum[cost] += event.costs[cost] ?? 0;
    }
    return sum;
  }

  /** Events of the steps from `first` to `last`. */
  #replay(first: number, last: number): AnyEvent[] {
    const world = this.history.at(first - 1);
    const events: AnyEvent[] = [];
    while (world.steps < last) events.push(...step(world, this.history.choice(world.steps + 1)));
    return events;
  }
}
