/**
 * A run of a scenario as the page sees it: which step is shown, what is looked at, whether it plays. What may be done when is
 * the chart's to say (player.ts): whatever the user, the worker or the timer does is sent to it as an event, and what it
 * answers is done here. The engine has no clock, so the timer of playing lives here. Pictures are plain data from the worker
 * and are replaced, never changed.
 */
import { untrack } from 'svelte';
import { CELL_COUNTS } from '../engine/census';
import type { AuditRule } from '../engine/audit';
import { BrokenError, RefusedError } from '../worker/client';
import type { Progress } from '../worker/client';
import type { Act, MapPicture, Overrides, Picture, Problem, SessionInfo, View } from '../worker/protocol';
import { advance, knows, leavesOf, START } from './player';
import type { PlayerEffect, PlayerEvent, PlayerFact, PlayerMode, PlayerState } from './player';
import type { Given, Run } from './asked';
import { recall, remember } from './prefs';
import { Prices } from './prices.svelte';
import { sameRun, sameView } from './same';
import { trappedFrom } from './trapped';

/** What a session needs of a Client. */
export interface Server {
  open(scenario: unknown, overrides: Overrides, onProgress?: Progress): Promise<SessionInfo>;
  perform(step: number, act: Act, onProgress?: Progress): Promise<SessionInfo>;
  undo(onProgress?: Progress): Promise<SessionInfo>;
  seek(step: number, view: View): Promise<Picture | undefined>;
  firstBroken(rule: AuditRule): Promise<number | null>;
  stop(): void;
  close(): void;
}

/** `opening`: the worker computes a run, be it another one or the same one anew. */
export type Status = 'empty' | 'opening' | 'ready' | 'broken';

/** Steps a second. */
export const SPEEDS = [1, 2, 4, 8, 16, 60] as const;
export type Speed = (typeof SPEEDS)[number];

const FOLLOW: View = { gfn: null, window: null, gma: null, charts: false };

export class Session {
  /** The run that is open; stays when another is refused. */
  info = $state.raw<SessionInfo | null>(null);
  picture = $state.raw<Picture | null>(null);
  /** Why what was asked last was refused. */
  problems = $state.raw<readonly Problem[]>([]);
  /** Why the worker is gone. */
  trouble = $state('');
  progress = $state.raw<{ readonly steps: number; readonly of: number | null } | null>(null);
  /** Sessions opened so far. */
  opened = $state(0);
  /** The step asked for last: that of the picture, or the one on its way. */
  step = $state(0);
  view = $state.raw<View>(FOLLOW);
  speed = $state<Speed>(4);
  /** Whoever goes to the next step is asked what it will bring, by who shows the question. */
  predict = $state(false);

  /** Frames by type in each 2 MiB cell of the guest, CELL_COUNTS a cell; the same array is patched, `cellsVersion` counts. */
  cells: Uint16Array = new Uint16Array(0);
  cellsVersion = $state(0);

  /** Where the chart of the player is; and the same to be read by the page, which in a teardown reads what was before. */
  #at: PlayerState = START;
  #player = $state.raw<PlayerState>(START);
  /** Leaves of that chart: of the run, and of the stage. */
  readonly modes = $derived(leavesOf(this.#player));
  /** The same in one word each, as in `ready.idle desk`. */
  readonly mode = $derived(this.modes.map((leaf) => leaf.slice(leaf.indexOf('.') + 1)).join(' '));
  readonly status: Status = $derived.by(() => {
    if (this.is('run.empty')) return 'empty';
    if (this.is('run.broken')) return 'broken';
    return this.is('run.opening') || this.is('run.performing') || this.is('run.recovering') ? 'opening' : 'ready';
  });
  readonly playing = $derived(this.is('run.ready.playing'));
  readonly presenting = $derived(this.is('stage.presenting'));

  /** What the primitives that were counted are worth. */
  readonly prices = new Prices(() => this.info?.costs);
  readonly of = $derived(this.info?.steps ?? 0);
  /** A frame on whose type the view is fixed by the user. */
  readonly selected = $derived(this.view.gfn);
  /** There is an act that can be taken back now. */
  readonly canUndo = $derived(this.can('undo'));
  #pin = $state.raw<Picture | null>(null);
  /** The step that the one shown is compared with; null: none. */
  readonly pinned = $derived(this.is('stage.comparing') ? this.#pin : null);

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
  #opened: { readonly scenario: unknown; readonly overrides: Overrides } = { scenario: null, overrides: {} };
  /** What the user did since, and at which step: the run is the scenario and these. */
  #acts: readonly { readonly step: number; readonly act: Act }[] = [];

  /** `connect` starts a worker: once now, and again after a worker died. */
  constructor(connect: () => Server) {
    this.#connect = connect;
    this.#server = connect();
    const speed = SPEEDS.find((s) => String(s) === recall('speed'));
    if (speed) this.speed = speed;
  }

  /** Whether the player is in a state, or in one of its parts. */
  is(mode: PlayerMode): boolean {
    return this.modes.some((leaf) => leaf === mode || leaf.startsWith(`${mode}.`));
  }

  /** Whether an event would do anything now. */
  can(event: PlayerEvent): boolean {
    return knows(this.#player, event, this.#facts());
  }

  /** Runs a scenario and shows its first picture. Refused: `problems` say why, and the session before stays. */
  open(scenario: unknown, overrides: Overrides = {}): Promise<boolean> {
    return this.#send('open', { scenario, overrides });
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
    const asks = this.predict && !this.presenting && this.step < this.of && this.can('ask');
    return asks ? this.ask() : this.seek(this.step + 1);
  };
  last = (): Promise<boolean> => this.seek(this.of);
  nextTrapped = (): Promise<boolean> => this.#hop(1);
  prevTrapped = (): Promise<boolean> => this.#hop(-1);
  /** Goes to the first step after which a rule of the audit is broken. */
  toFirstBroken(rule: AuditRule): Promise<boolean> {
    return this.#send('find', { rule });
  }

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
  play = (): void => void this.#send('play');
  pause = (): void => void this.#send('pause');
  toggle = (): void => (this.playing ? this.pause() : this.play());

  /** Does something at the step shown, and shows the step that it makes; the rest is run anew. Refused: see `problems`. */
  perform(act: Act): Promise<boolean> {
    return this.#send('perform', { act });
  }
  /** Brings back the run as it was before the last act, and the step at which it was done. */
  undo = (): Promise<boolean> => this.#send('undo');

  /** Puts a question about the next step: nobody moves on until it is answered or passed over. */
  ask = (): Promise<boolean> => this.#send('ask');
  /** An answer is given: the next step is shown. */
  answer = (): Promise<boolean> => this.#send('answer', { step: this.step + 1 });
  skip = (): void => void this.#send('skip');
  /** Pins the step that is shown, to compare others with it. */
  pin = (): void => void this.#send('pin');
  unpin = (): void => void this.#send('unpin');
  /** One sentence and one view for an audience. */
  present = (): void => void this.#send('present');
  blank = (): void => void this.#send('blank');
  leave = (): void => void this.#send('leave');

  setSpeed(speed: Speed): void {
    this.speed = speed;
    remember('speed', String(speed));
  }
  /** One notch faster or slower. */
  shiftSpeed(by: 1 | -1): void {
    this.setSpeed(SPEEDS[SPEEDS.indexOf(this.speed) + by] ?? this.speed);
  }

  /** Whether there is a trapped write that way. */
  hasTrapped(direction: 1 | -1): boolean {
    return trappedFrom(this.info?.kinds, this.step, direction) !== null;
  }

  /** Asks the chart, and does what it answers; true when that went well. False at once: the state does not know the event. */
  #send(event: PlayerEvent, given: Given = {}): Promise<boolean> {
    return untrack(() => {
      const { to, effects, known } = advance(this.#at, event, this.#facts());
      if (!known) return Promise.resolve(false);
      this.#at = this.#player = to;
      if (!leavesOf(to).includes('run.ready.playing.resting')) clearTimeout(this.#timer);
      const done = effects.map(async (effect) => (await this.#doings[effect](given)) !== false);
      return Promise.all(done).then((went) => went.every(Boolean));
    });
  }

  #facts(): PlayerFact[] {
    const facts: Record<PlayerFact, boolean> = {
      shown: this.info !== null,
      held: this.#holder === this.#server,
      end: this.step >= this.of,
      undoable: (this.info?.undoable ?? 0) > 0,
    };
    return (Object.keys(facts) as PlayerFact[]).filter((fact) => facts[fact]);
  }

  /** What each effect of the chart is. */
  readonly #doings: Readonly<Record<PlayerEffect, (given: Given) => Promise<boolean> | void>> = {
    open: (given) => this.#open(given),
    reopen: (given) => (this.#restart(), this.#open(given)),
    recover: () => (this.#restart(), this.#recover()),
    restart: () => this.#restart(),
    perform: ({ act }) => this.#perform(act!),
    undo: () => this.#undo(),
    stop: () => this.#server.stop(),
    ask: ({ step }) => this.#ask(step ?? this.step),
    step: () => {
      this.#began = performance.now();
      return this.#ask(this.step >= this.of ? 0 : this.step + 1);
    },
    rest: () => {
      const rest = 1000 / this.speed - (performance.now() - this.#began);
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

  #open({ scenario, overrides = {} }: Given): Promise<boolean> {
    return this.#compute({
      then: 'opened',
      ask: (onProgress) => this.#server.open(scenario, overrides, onProgress),
      at: ({ start }) => start,
      note: () => {
        this.opened++;
        this.#opened = { scenario, overrides };
        this.#acts = [];
      },
    });
  }

  #recover(): Promise<boolean> {
    const server = this.#server;
    const at = this.picture?.step;
    return this.#compute({
      then: 'recovered',
      ask: async (onProgress) => {
        let info = await server.open(this.#opened.scenario, this.#opened.overrides, onProgress);
        for (const { step, act } of this.#acts) info = await server.perform(step, act, onProgress);
        return info;
      },
      at: ({ start }) => at ?? start,
      note: () => void this.opened++,
    });
  }

  #perform(act: Act): Promise<boolean> {
    const step = (this.step = this.picture?.step ?? 0);
    return this.#compute({
      then: 'performed',
      ask: (onProgress) => this.#server.perform(step, act, onProgress),
      at: () => step + 1,
      note: (info) => {
        if (!sameRun(this.info!, info)) this.#acts = [...this.#acts, { step, act }];
      },
    });
  }

  #undo(): Promise<boolean> {
    return this.#compute({
      then: 'performed',
      ask: (onProgress) => this.#server.undo(onProgress),
      at: () => this.#acts.at(-1)?.step ?? 0,
      note: () => void (this.#acts = this.#acts.slice(0, -1)),
    });
  }

  /** Has the worker compute a run, and shows it: all at once, when its picture is here. */
  async #compute({ then, ask, at, note }: Run): Promise<boolean> {
    const turn = ++this.#generation;
    const server = this.#server;
    // What is looked at in one run means nothing in another.
    const wanted = (): View => (then === 'performed' ? this.view : { ...FOLLOW, charts: this.view.charts });
    this.problems = [];
    this.progress = null;
    try {
      const info = await ask((steps, of) => {
        if (turn === this.#generation) this.progress = { steps, of };
      });
      if (turn !== this.#generation) return false;
      const step = Math.min(at(info), info.steps);
      const view = wanted();
      const picture = await server.seek(step, view);
      if (turn !== this.#generation || !picture) return false;
      note(info);
      this.info = info;
      this.#holder = server;
      this.view = wanted();
      this.step = step;
      this.#patch(picture.map);
      this.picture = picture;
      void this.#send(then);
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
    try {
      const picture = await server.seek(this.step, this.view);
      // The map of the next picture builds on it, even where this one is shown no more.
      if (picture && server === this.#server) this.#patch(picture.map);
      if (turn !== this.#generation) return false;
      if (picture) this.picture = picture;
      if (number === this.#asked) void this.#send('arrived');
      return picture !== undefined;
    } catch (error) {
      return this.#fail(turn, error);
    }
  }

  async #find(rule: AuditRule): Promise<boolean> {
    const turn = this.#generation;
    try {
      const step = await this.#server.firstBroken(rule);
      return step !== null && turn === this.#generation && (await this.seek(step));
    } catch (error) {
      return this.#fail(turn, error);
    }
  }

  #patch({ cells, changed, counts }: MapPicture): void {
    const fresh = this.cells.length !== cells * CELL_COUNTS;
    if (fresh) this.cells = new Uint16Array(cells * CELL_COUNTS);
    for (let i = 0; i < changed.length; i++)
      this.cells.set(counts.subarray(i * CELL_COUNTS, (i + 1) * CELL_COUNTS), changed[i]! * CELL_COUNTS);
    if (fresh || changed.length > 0) this.cellsVersion++;
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
    const to = trappedFrom(this.info?.kinds, this.step, direction);
    return to !== null && (await this.seek(to));
  }
}
