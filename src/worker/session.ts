/** One opened scenario: its run, and pictures of any step of it. Runs in the worker; has no port of its own. */
import { History, MOST_STEPS } from '../engine/history';
import { addressSpace } from '../engine/guest-layout';
import { p2mTypeNames } from '../engine/p2m-type';
import type { Actor, AnyEvent } from '../engine/trace';
import { World } from '../engine/world';
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
    const most = Math.min(steps, MOST_STEPS - this.history.length);
    return (
      this.history.run(most, (events, world) => this.journal.add(events, world)) || this.history.length >= MOST_STEPS
    );
  }

  info(): SessionInfo {
    const { config, title, version, start } = this.scenario;
    const vcpus = config.programs.length;
    const lanes: Actor[] = [...config.programs.map((_, i): Actor => `vcpu${i}`), 'xen', 'xengt', 'toolstack'];
    return {
      title,
      version,
      typeNames: p2mTypeNames(config.xen),
      claims: config.xen.claim,
      guest: { bytes: config.memory, frames: addressSpace(config), vcpus },
      lanes,
      steps: this.history.length,
      start: Math.min(start, this.history.length),
      kinds: this.journal.kinds(),
      writes: this.journal.columns(),
      complete: this.history.length < MOST_STEPS,
    };
  }

  /** Goes to step `n`, at most the last one, and draws it. */
  picture(n: number, view: View): Picture {
    const { history, journal } = this;
    const step = Math.max(0, Math.min(n, history.length));
    if (step !== history.world.steps || step === 0) this.#go(step);
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
    for (const event of this.#lanesAt(n).events) {
      if (event.step > n || this.journal.root(event.step) !== root) continue;
      for (const cost of COSTS) sum[cost] += event.costs[cost] ?? 0;
    }
    return sum;
  }
}
