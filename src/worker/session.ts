/** One opened scenario: its run, and pictures of any step of it. Runs in the worker; has no port of its own. */
import { lineOf } from '../engine/command';
import { MOST_STEPS, type History } from '../engine/history';
import { addressSpace } from '../engine/guest-layout';
import { p2mTypeNames } from '../engine/p2m-type';
import { patchesOf } from '../engine/patches';
import { finish, type Done } from '../engine/slices';
import { COMMAND, isEnabled } from '../engine/step';
import type { AnyEvent } from '../engine/trace';
import { World } from '../engine/world';
import type { ActAt } from '../scenarios/acts';
import { Commands, withAct } from '../scenarios/drive';
import { lineOfAct } from '../scenarios/lines';
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
import { nextPicture } from './next-picture';
import { Run } from './run';
import { ASKED } from './questions/calls';
import { noteInfos, promptInfos, type Questioned } from './questions/ask';
import { CellsPicture } from './cells-picture';
import { tableChanges, type TableChanges } from './table-changes';
import { audit, inFlight } from '../engine/audit';
import { Recall, SLICE } from './recall';
import type { Act, EndInfo, LanesPicture, Picture, SessionInfo, View } from './protocol';

/** What is done in a run, and not as its file has it. */
export interface Asked {
  /** In place of the acts of the file. */
  readonly acts?: readonly ActAt[] | undefined;
  /** Acts that cannot be done where they stand are left out; else the run ends before the first of them, see `refused`. */
  readonly lenient?: boolean;
}

export class Session {
  /** Builds the first image with pauses. Throws RangeError when the paging pool is too small for it. */
  static *build(scenario: Scenario, asked: Asked = {}): Generator<Done, Session> {
    const commands = new Commands();
    return new Session(scenario, asked, commands, yield* World.build({ ...scenario.config, commands: commands.list }));
  }

  #run: Run;
  #recall: Recall;
  #cells: CellsPicture;
  #tables = new TablesPicture();
  #before: World;
  /** Step that `#before` and `#events` belong to; -1 none. */
  #drawn = -1;
  #events: readonly AnyEvent[] = [];
  #changes: TableChanges;
  #lanes: LanesPicture | null = null;
  #end: EndInfo | null = null;
  /** Counts the changes of the run: another one, or a step more. */
  edition = 0;

  /** `first`: the first image, a world that names these commands. Without it, it is built; throws as `build` does. */
  constructor(
    readonly scenario: Scenario,
    { acts = scenario.acts, lenient = false }: Asked = {},
    commands = new Commands(),
    first = new World({ ...scenario.config, commands: commands.list }),
  ) {
    this.#run = new Run(first, { schedule: scenario.schedule, acts, lenient, most: scenario.steps }, commands);
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

  /** The run, for who asks questions of it. */
  get questioned(): Questioned {
    const { scenario, history, journal } = this;
    const { places, acts, free, over } = this.#run;
    return { scenario, history, journal, places, acts, free, over };
  }

  /** The act that cannot be done where it stands, by its place in the list; null: none. */
  get refused(): number | null {
    return this.#run.refused;
  }

  /** Lets the run go on for at most `steps`; answers whether it is over. */
  run(steps: number): boolean {
    this.#end = null;
    return this.#run.advance(steps);
  }

  /**
   * Does something at a step: the run that comes of it, to be advanced and then kept. `done`: it is the next step at the end of
   * the run, which goes on by such steps. `same`: it is what the run does there anyway. `refused`: it cannot be done there.
   */
  perform(step: number, act: Act): Run | 'done' | 'same' | 'refused' {
    const { history, scenario } = this;
    const { length } = history;
    if (!Number.isInteger(step) || step < 0 || step > length || step >= MOST_STEPS) return 'refused';
    if ('schedule' in act) {
      if (this.#run.chooser(step) === act.schedule) return 'same';
    } else {
      const world = history.world.steps === step ? history.world : history.at(step);
      if (!('choice' in act ? mayChoose(world, act.choice) : isEnabled(world, COMMAND, act.command))) return 'refused';
      if (step < length && this.#does(step + 1, act)) return 'same';
      if (step === length && this.#run.free) {
        this.#run.append(act);
        this.#changed();
        return 'done';
      }
    }
    const acts = withAct(this.#run.acts, { step, act }, scenario.schedule);
    return this.#run.anew(acts, scenario.steps);
  }

  /** A run of the same guest in which this was done, and nothing else, and which ends after so many steps if not before. */
  become(acts: readonly ActAt[], steps = Infinity): Run {
    return this.#run.anew(acts, Math.min(steps, this.scenario.steps));
  }

  /** The run without the last act that is not the file's, to be advanced and then kept; null: there is none. */
  undo(): Run | null {
    return this.#undoable > 0 ? this.become(this.#run.acts.slice(0, -1)) : null;
  }

  /** Puts a run in the place of the present one, as far as it has come. */
  keep(run: Run): void {
    this.#run = run;
    this.#cells = new CellsPicture(this.history.world);
    this.#tables = new TablesPicture();
    this.#changed();
  }

  info(): SessionInfo {
    const { config, title, version, start, marks, costs, base, lesson, view, carried } = this.scenario;
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
      calls: this.#run.places.stepsOf(ASKED),
      writes: this.journal.columns(),
      past: this.journal.past(),
      samples: this.journal.samples(),
      complete: this.#run.over,
      undoable: this.#undoable,
      acts: this.#run.acts.map((at) => ({ ...at, line: lineOfAct(at.act, config.numbered) })),
      free: this.#run.free,
      end: (this.#end ??= this.#endOf()),
      base,
      lesson,
      prompts: promptInfos(this.questioned),
      notes: noteInfos(this.questioned),
      view,
      carried,
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
      next: view.next
        ? nextPicture(w, step < history.length ? history.choice(step + 1) : null, this.#run.chooser(step) === 'user')
        : null,
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

  #changed(): void {
    this.edition++;
    this.#recall = new Recall(this.history);
    this.#drawn = -1;
    this.#lanes = null;
    this.#end = null;
  }

  /** Whether the step is what comes of an act. */
  #does(step: number, act: Exclude<Act, { schedule: unknown }>): boolean {
    if ('choice' in act) return this.history.choice(step) === act.choice;
    const line = lineOf(act.command);
    return this.#run.acts.some(
      ({ step: at, act: done }) => at === step - 1 && 'command' in done && lineOf(done.command) === line,
    );
  }

  /** Acts that are not the file's. */
  get #undoable(): number {
    const { acts } = this.#run;
    const own = this.scenario.acts;
    const shared = acts.findIndex(({ step, act }, i) => step !== own[i]?.step || !sameAct(act, own[i].act));
    return shared < 0 ? Math.max(0, acts.length - own.length) : acts.length - shared;
  }

  #endOf(): EndInfo {
    const { history } = this;
    const w = history.world.steps === history.length ? history.world : history.at(history.length);
    const broken = audit(w).flatMap(({ rule, state }) => (state === 'broken' ? [rule] : []));
    return { hash: w.store.hash(), broken, costs: w.costs };
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

/** The user's hand is no choice of the scheduler's. */
const mayChoose = (w: World, choice: number): boolean => choice < COMMAND && isEnabled(w, choice);

const sameAct = (a: Act, b: Act): boolean => lineOfAct(a) === lineOfAct(b);
