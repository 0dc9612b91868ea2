/** One opened scenario: its run, and pictures of any step of it. Runs in the worker; has no port of its own. */
import { History } from '../engine/history';
import { addressSpace } from '../engine/guest-layout';
import { p2mTypeNames } from '../engine/p2m-type';
import { step } from '../engine/step';
import type { Actor, AnyEvent } from '../engine/trace';
import { vcpuActor, World } from '../engine/world';
import type { Scenario } from '../scenarios/schema';
import { Journal } from './journal';
import { lanesPicture, stretch } from './lanes-picture';
import { entryPicture, framesPicture, focusOf, serverPictures, slotPictures } from './pictures';
import { gttPicture } from './gtt-picture';
import { CellsPicture } from './cells-picture';
import { audit, inFlight } from '../engine/audit';
import { noCosts, COSTS } from '../engine/trace';
import type { LanesPicture, Picture, SessionInfo, View } from './protocol';

export class Session {
  readonly history: History;
  readonly journal = new Journal();
  readonly #cells: CellsPicture;
  #before: World;
  /** Step that `#before` and `#events` belong to; -1 none. */
  #drawn = -1;
  /** The run has ended by itself. */
  #over = false;
  #events: readonly AnyEvent[] = [];
  #lanes: LanesPicture | null = null;

  /** Builds the first image. Throws RangeError when the paging pool is too small for it. */
  constructor(readonly scenario: Scenario) {
    this.history = new History(new World(scenario.config));
    this.#before = this.history.world;
    this.#cells = new CellsPicture(this.history.world);
  }

  /** Lets the run go on for at most `steps`; answers whether it is over. */
  run(steps: number): boolean {
    const left = this.scenario.steps - this.history.length;
    this.#over = this.history.run(Math.min(steps, left), (events, world) => this.journal.add(events, world));
    return this.#over || this.history.length >= this.scenario.steps;
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
      paging: config.paging,
      guest: { bytes: config.memory, frames: addressSpace(config), vcpus },
      lanes,
      steps: this.history.length,
      start: Math.min(start, this.history.length),
      costs,
      kinds: this.journal.kinds(),
      writes: this.journal.columns(),
      complete: this.#over,
    };
  }

  /** Goes to step `n`, at most the last one, and draws it. */
  picture(n: number, view: View): Picture {
    const { history, journal } = this;
    const step = Math.max(0, Math.min(n, history.length));
    if (step !== this.#drawn) this.#go(step);
    const w = history.world;
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
      entry: entryPicture(w, this.#before, gfn, journal.setter(gfn, step)),
      gtt: gttPicture(w, focus?.gfn ?? null, focus?.index ?? null, view.gma, busy),
      lanes: this.#lanesAt(step),
      servers: serverPictures(w),
      slots: slotPictures(w),
      audit: audit(w),
      costs: { write: this.#writeCosts(step), total: w.costs },
      inFlight: busy,
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
    this.history.seek(step - 1);
    this.#before = this.history.world.fork();
    this.history.seek(step, (events) => (this.#events = events));
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
