/**
 * A run of a scenario as the page sees it: which step is shown, what is looked at, whether it plays. What may be done when is
 * the chart's to say (player.ts): whatever the user, the worker or the timer does is sent to it as an event, and what it
 * answers is done here. The engine has no clock, so the timer of playing lives here. Pictures are plain data from the worker
 * and are replaced, never changed.
 */
import { untrack } from 'svelte';
import type { AuditRule } from '../engine/audit';
import { BrokenError, RefusedError, type Progress } from '../worker/client';
import {
  FOLLOW,
  type Act,
  type Overrides,
  type Picture,
  type Problem,
  type TraceFormat,
  type View,
} from '../worker/protocol';
import type { PlayerEffect, PlayerEvent, PlayerFact, PlayerMode } from './player';
import type { Given, Headway, Past, Run, Snapshot } from './asked';
import { Beside, type Work } from './beside.svelte';
import { Cells } from './cells.svelte';
import { Course } from './course.svelte';
import { Made } from './made.svelte';
import { Pace } from './pace.svelte';
import { Prices } from './prices.svelte';
import { sameView } from './same';
import { Runs } from './runs';
import type { Instead, Server } from './server';
import { Shown } from './shown.svelte';
import { stopBefore, trappedFrom } from './trapped';
import { Undo } from './undo.svelte';

export class Session extends Shown {
  /** Why what was asked last was refused. */
  problems = $state.raw<readonly Problem[]>([]);
  /** Why the worker is gone. */
  trouble = $state('');
  /** How far a run is that the worker computes; in the phase `build` it counts frames. */
  progress = $state.raw<Headway | null>(null);
  /** Of a picture that is long on its way: how many of the steps that lie there are run. */
  arriving = $state.raw<{ readonly steps: number; readonly of: number | null } | null>(null);
  /** Sessions opened so far. */
  opened = $state(0);
  /** The step asked for last: that of the picture, or the one on its way. */
  step = $state(0);
  view = $state.raw<View>(FOLLOW);
  /** Frame that the pointer or the focus is on in one view: every other view shows where it has it. */
  pointed = $state<number | null>(null);
  readonly pace = new Pace();
  /** Whoever goes to the next step is asked what it will bring, by who shows the question. */
  predict = $state(false);
  /** Whether a question is put before a step, by who puts them: nobody goes past it without. */
  due: (step: number) => boolean = () => false;
  /** Told of each run that is shown now, and of the one whose place it took; null: there was none. */
  ran: (then: Run['then'], left: Past | null) => void = () => undefined;

  readonly #cells = new Cells();
  readonly #course = new Course(() => this.#facts());
  /** Leaves of the player's chart: of the run, and of the stage. */
  readonly modes = $derived(this.#course.modes);
  /** The same in one word each, as in `ready.idle desk`. */
  readonly mode = $derived(this.modes.map((leaf) => leaf.slice(leaf.indexOf('.') + 1)).join(' '));
  readonly status = $derived(this.#course.status);
  readonly playing = $derived(this.is('run.ready.playing'));
  readonly presenting = $derived(this.is('stage.presenting'));
  readonly horizon = $derived(this.is('run.predicting') ? this.step : Infinity);

  /** What the user changed and can take back. */
  readonly changes = new Undo(() => this.whole === null || this.is('run.ready'));
  /** What the primitives that were counted are worth. */
  readonly prices = new Prices(() => this.whole?.costs, this.changes);
  readonly #made = new Made();
  readonly #runs: Runs = new Runs({
    server: () => this.#server,
    info: () => this.whole,
    at: () => this.picture?.step ?? 0,
    made: this.#made,
    changes: this.changes,
    perform: (given) => this.#send('perform', given),
    opens: () => void this.opened++,
  });
  /** Steps before which playing stops. */
  readonly marks = $derived(this.#made.marks);
  readonly of = $derived(this.whole?.steps ?? 0);
  #pin = $state.raw<Picture | null>(null);
  /** The step that the one shown is compared with; null: none. */
  readonly pinned = $derived(this.#pin && this.is('stage.comparing') ? this.told(this.#pin) : null);

  readonly #beside = new Beside();
  readonly #connect: () => Server;
  #server: Server;
  /** The worker that holds the run that is shown. */
  #holder: Server | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the step of playing began that is shown or on its way, milliseconds. */
  #began = 0;
  /** Number of the run asked for last, so that a picture of the one before is told apart. */
  #generation = 0;
  /** Number of the picture asked for last. */
  #asked = 0;
  /** The user lets it play: a question came in between. */
  #played = false;

  /** `connect` starts a worker: once now, and again after a worker died. */
  constructor(connect: () => Server) {
    super();
    this.#connect = connect;
    this.#server = connect();
  }

  /** Whether the player is in a state, or in one of its parts. */
  is(mode: PlayerMode): boolean {
    return this.#course.is(mode);
  }
  /** Whether an event would do anything now. */
  can(event: PlayerEvent): boolean {
    return this.#course.can(event);
  }
  /** Frames by type in each 2 MiB cell of the guest, CELL_COUNTS a cell; the same array is patched, `cellsVersion` counts. */
  get cells(): Uint16Array {
    return this.#cells.counts;
  }
  get cellsVersion(): number {
    return this.#cells.version;
  }

  /** Runs a scenario and shows its first picture. Refused: `problems` say why, and the session before stays. */
  open(scenario: unknown, overrides: Overrides = {}): Promise<boolean> {
    return this.#send('open', { scenario, overrides });
  }
  /** Runs what a snapshot was taken of, and shows its step. Refused: as `open`. */
  reopen({ scenario, overrides, ...past }: Snapshot): Promise<boolean> {
    return this.#send('open', { scenario, overrides, past });
  }
  /** What was run so far becomes the run. */
  stop = (): void => void this.#send('stop');
  /** A new worker runs the last scenario again with all that was done in it, up to the step that was shown. */
  recover = (): Promise<boolean> => this.#send('recover');

  /** The user goes to a step: playing ends. */
  seek(step: number): Promise<boolean> {
    return this.#send('seek', { step });
  }
  first = (): Promise<boolean> => this.seek(0);
  prev = (): Promise<boolean> => this.seek(this.step - 1);
  next = (): Promise<boolean> => {
    this.#played = false;
    return this.#asks ? this.ask() : this.seek(this.step + 1);
  };
  last = (): Promise<boolean> => this.seek(this.of);
  nextTrapped = (): Promise<boolean> => this.#hop(1);
  prevTrapped = (): Promise<boolean> => this.#hop(-1);
  /** Goes to the first step after which a rule of the audit is broken. */
  toFirstBroken(rule: AuditRule): Promise<boolean> {
    return this.#send('find', { rule });
  }

  /** All events of the run as a file, UTF-8 in parts; null: it was cancelled, or there is no such run any more. */
  async trace(format: TraceFormat): Promise<readonly Uint8Array<ArrayBuffer>[] | null> {
    if (this.#holder !== this.#server) return null;
    return (await this.#long('trace', (onProgress) => this.#server.trace(format, onProgress))) ?? null;
  }
  /** The search or the file that is under way: of two only the later one is. */
  get work(): Work | null {
    return this.#beside.work;
  }
  /** Gives up the search or the file that is under way. */
  cancel = (): void => this.#server.cancel();

  /** Looks at a frame; null: at what the step is about. */
  select(gfn: number | null): Promise<boolean> {
    return this.look({ gfn });
  }
  /** Looks at other things at the same step. What cannot be drawn now is drawn with the next picture. */
  look(part: Partial<View>): Promise<boolean> {
    this.view = { ...untrack(() => this.view), ...part };
    return this.#send('look');
  }

  /** Plays on; from the end, again from the start. */
  play = (): void => {
    this.#played = true;
    void (this.due(this.step + 1) ? this.ask() : this.#send('play'));
  };
  pause = (): void => {
    this.#played = false;
    void this.#send('pause');
  };
  toggle = (): void => (this.playing ? this.pause() : this.play());

  /** Does something at the step shown, and shows the step that it makes; the rest is run anew. Refused: see `problems`. */
  perform(act: Act): Promise<boolean> {
    return this.#send('perform', { act });
  }
  /** The run without the last act, at the step at which it was done. */
  takeBack = (): Promise<boolean> => this.#send('undo');
  /** Shows another run of the same guest in place of this one, at a step. */
  become(instead: Instead, step: number): Promise<boolean> {
    return this.#send('perform', { instead, step });
  }
  /** Takes back what the user changed last, whatever it was; false: nothing, or not now. */
  undo = (): Promise<boolean> => this.changes.undo();
  redo = (): Promise<boolean> => this.changes.redo();

  /** Marks a step, so that playing stops before it; marked, it is so no more. */
  toggleMark = (step = this.step): void => {
    if (step >= 1 && step <= this.of) this.#made.toggleMark(step, this.changes);
  };

  /** All that it takes to come back to this run and step. */
  get snapshot(): Snapshot {
    return this.#made.at(this.step);
  }

  /** Puts a question about the next step: nobody moves on until it is answered or passed over. */
  ask = (): Promise<boolean> => this.#send('ask');
  /** An answer is given: the next step is shown. */
  answer = (to = this.step + 1): Promise<boolean> => this.#send('answer', { step: to });
  skip = (): void => void this.#send('skip');
  /** Past a question that was passed over: to the next step, or playing on. */
  goOn = (): Promise<boolean> => (this.#played ? this.#send('play') : this.seek(this.step + 1));
  /** Pins the step that is shown, to compare others with it. */
  pin = (): void => void this.#send('pin');
  unpin = (): void => void this.#send('unpin');
  /** One sentence and one view for an audience. */
  present = (): void => void this.#send('present');
  blank = (): void => void this.#send('blank');
  leave = (): void => void this.#send('leave');

  /** Whether there is a trapped write that way. */
  hasTrapped(direction: 1 | -1): boolean {
    return trappedFrom(this.info?.kinds, this.step, direction) !== null;
  }

  /** What the worker is asked beside runs and pictures. */
  get worker(): Pick<Server, 'check' | 'question' | 'where'> {
    return this.#server;
  }

  get #asks(): boolean {
    const chart = this.predict && !this.presenting;
    return (chart || this.due(this.step + 1)) && this.step < this.of && this.can('ask');
  }

  /** Asks the chart, and does what it answers; true when that went well. False at once: the state does not know the event. */
  #send(event: PlayerEvent, given: Given = {}): Promise<boolean> {
    const taken = this.#course.take(event);
    if (!taken) return Promise.resolve(false);
    if (!taken.leaves.includes('run.ready.playing.resting')) clearTimeout(this.#timer);
    const done = untrack(() => taken.effects.map(async (effect) => (await this.#doings[effect](given)) !== false));
    return Promise.all(done).then((went) => went.every(Boolean));
  }

  #facts(): PlayerFact[] {
    const facts: Record<PlayerFact, boolean> = {
      shown: this.whole !== null,
      held: this.#holder === this.#server,
      end: this.step >= this.of || this.marks.includes(this.step + 1) || this.due(this.step + 1),
      undoable: (this.whole?.undoable ?? 0) > 0,
    };
    return (Object.keys(facts) as PlayerFact[]).filter((fact) => facts[fact]);
  }

  /** What each effect of the chart is. */
  readonly #doings: Readonly<Record<PlayerEffect, (given: Given) => Promise<boolean> | void>> = {
    open: (given) => this.#compute(this.#runs.open(given)),
    reopen: (given) => (this.#restart(), this.#compute(this.#runs.open(given))),
    recover: () => (this.#restart(), this.#compute(this.#runs.recover())),
    restart: () => this.#restart(),
    perform: (given) => this.#perform(given),
    undo: () => this.#compute(this.#runs.takeBack()),
    stop: () => this.#server.stop(),
    ask: ({ step }) => this.#ask(step ?? this.step),
    step: async () => {
      this.#began = performance.now();
      const went = await this.#ask(this.step >= this.of ? 0 : this.step + 1);
      // It came to its end before a question.
      if (went && this.#played && this.is('run.ready.idle') && this.due(this.step + 1)) void this.ask();
      return went;
    },
    rest: () => {
      const rest = 1000 / this.pace.speed - (performance.now() - this.#began);
      this.#timer = setTimeout(() => void this.#send('tick'), Math.max(0, rest));
    },
    find: ({ rule }) => this.#find(rule!),
    pin: () => void (this.#pin = this.picture),
  };

  #restart(): void {
    this.#generation++;
    this.#server.close();
    this.#server = this.#connect();
    this.trouble = '';
  }

  #perform({ act, instead, step = this.picture?.step ?? 0 }: Given): Promise<boolean> {
    if (instead) return this.#compute(this.#runs.become(instead, step));
    this.step = step;
    return this.#compute(this.#runs.perform(act!, step));
  }

  /** Has the worker compute a run, and shows it: all at once, when its picture is here. */
  async #compute({ then, ask, at, note }: Run): Promise<boolean> {
    const [turn, server] = [++this.#generation, this.#server];
    // What is looked at in one run means nothing in another.
    const wanted = (): View => {
      const { charts, counts, next } = this.view;
      return then === 'performed' ? this.view : { ...FOLLOW, charts, counts, next };
    };
    this.problems = [];
    this.progress = null;
    try {
      const info = await ask((steps, of, phase) => {
        if (turn === this.#generation) this.progress = { steps, of, phase };
      });
      if (turn !== this.#generation) return false;
      const step = Math.min(at(info), info.steps);
      const view = wanted();
      const picture = await server.seek(step, view);
      if (turn !== this.#generation || !picture) return false;
      note(info);
      const left = this.whole && { info: this.whole, step: this.picture?.step ?? 0 };
      this.#made.shows(info);
      this.whole = info;
      this.#holder = server;
      this.view = wanted();
      this.step = step;
      this.#cells.patch(picture.map);
      this.picture = picture;
      void this.#send(then);
      this.ran(then, left);
      if (!sameView(view, this.view)) void this.#send('look');
      return true;
    } catch (error) {
      return this.#fail(turn, error);
    } finally {
      if (turn === this.#generation) this.progress = null;
    }
  }

  async #ask(to: number): Promise<boolean> {
    this.step = Math.max(0, Math.min(this.of, Math.round(to)));
    const turn = this.#generation;
    const number = ++this.#asked;
    const server = this.#server;
    this.arriving = null;
    try {
      const picture = await server.seek(this.step, this.view, (steps, of) => {
        if (number === this.#asked) this.arriving = { steps, of };
      });
      // The map of the next picture builds on it, even where this one is shown no more.
      if (picture && server === this.#server) this.#cells.patch(picture.map);
      if (turn !== this.#generation) return false;
      if (picture) this.picture = picture;
      if (number === this.#asked) void this.#send('arrived');
      return picture !== undefined;
    } catch (error) {
      return this.#fail(turn, error);
    } finally {
      if (number === this.#asked) this.arriving = null;
    }
  }

  async #find(rule: AuditRule): Promise<boolean> {
    const turn = this.#generation;
    const step = await this.#long('find', (onProgress) => this.#server.firstBroken(rule, onProgress));
    return typeof step === 'number' && turn === this.#generation && (await this.seek(step));
  }

  /** Has the worker do something beside the pictures, in place of what it does so now; undefined: it came to nothing. */
  #long<T>(what: Work['what'], ask: (onProgress: Progress) => Promise<T>): Promise<T | undefined> {
    const turn = this.#generation;
    this.cancel();
    return this.#beside.run(what, ask).catch((error: unknown) => (this.#fail(turn, error), undefined));
  }

  /** What was asked of the worker did not go well; of a run that is asked for no more nobody needs to know. */
  #fail(turn: number, error: unknown): false {
    if (turn !== this.#generation) return false;
    if (error instanceof RefusedError) {
      this.problems = error.problems;
      void this.#send('refused');
    } else {
      this.trouble = error instanceof BrokenError ? error.message : String(error);
      void this.#send('broke');
    }
    return false;
  }

  async #hop(direction: 1 | -1): Promise<boolean> {
    const to = trappedFrom(this.whole?.kinds, this.step, direction);
    if (to === null) return false;
    this.#played = false;
    if (direction > 0 && this.due(this.step + 1)) return this.ask();
    const stop = stopBefore(this.marks, this.step, to, this.due);
    return (await this.seek(stop)) && (stop < to && this.step === stop && this.due(stop + 1) ? this.ask() : true);
  }
}
