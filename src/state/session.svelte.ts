/**
 * A run of a scenario as the page sees it: which step is shown, what is looked at, whether it plays. The engine has no
 * clock, so the timer of playing lives here. Pictures are plain data from the worker and are replaced, never changed.
 */
import { CELL_COUNTS } from '../engine/census';
import type { AuditRule } from '../engine/audit';
import { BrokenError, RefusedError } from '../worker/client';
import type { Progress } from '../worker/client';
import { STEP_KINDS } from '../worker/protocol';
import type { Overrides, Picture, Problem, SessionInfo, View } from '../worker/protocol';
import { recall, remember } from './prefs';
import { Prices } from './prices.svelte';

/** What a session needs of a Client. */
export interface Server {
  open(scenario: unknown, overrides: Overrides, onProgress?: Progress): Promise<SessionInfo>;
  seek(step: number, view: View): Promise<Picture | undefined>;
  firstBroken(rule: AuditRule): Promise<number | null>;
  stop(): void;
  close(): void;
}

export type Status = 'empty' | 'opening' | 'ready' | 'refused' | 'broken';

/** Steps a second. */
export const SPEEDS = [1, 2, 4, 8, 16, 60] as const;
export type Speed = (typeof SPEEDS)[number];

const FOLLOW: View = { gfn: null, window: null, gma: null };
const TRAPPED = STEP_KINDS.indexOf('trapped');

export class Session {
  /** The session that is open; stays when another is refused. */
  info = $state.raw<SessionInfo | null>(null);
  picture = $state.raw<Picture | null>(null);
  status = $state<Status>('empty');
  /** Why the last opening was refused. */
  problems = $state.raw<readonly Problem[]>([]);
  /** Why the worker is gone. */
  trouble = $state('');
  progress = $state.raw<{ readonly steps: number; readonly of: number | null } | null>(null);
  /** Sessions opened so far. */
  opened = $state(0);
  /** The step asked for last: that of the picture, or the one on its way. */
  step = $state(0);
  view = $state.raw<View>(FOLLOW);
  playing = $state(false);
  speed = $state<Speed>(4);

  /** Frames by type in each 2 MiB cell of the guest, CELL_COUNTS a cell; the same array is patched, `cellsVersion` counts. */
  cells: Uint16Array = new Uint16Array(0);
  cellsVersion = $state(0);

  /** What the primitives that were counted are worth. */
  readonly prices = new Prices(() => this.info?.costs);
  readonly of = $derived(this.info?.steps ?? 0);
  /** A frame on whose type the view is fixed by the user. */
  readonly selected = $derived(this.view.gfn);

  readonly #connect: () => Server;
  #server: Server;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Number of the opening, so that a picture of the session before is told apart. */
  #generation = 0;
  #opened: { scenario: unknown; overrides: Overrides } | undefined;

  /** `connect` starts a worker: once now, and again after a worker died. */
  constructor(connect: () => Server) {
    this.#connect = connect;
    this.#server = connect();
    const speed = SPEEDS.find((s) => String(s) === recall('speed'));
    if (speed) this.speed = speed;
  }

  /** Runs a scenario and shows its first picture. Refused: `problems` say why, and the session before stays. */
  async open(scenario: unknown, overrides: Overrides = {}, at?: number): Promise<boolean> {
    this.pause();
    const turn = ++this.#generation;
    this.status = 'opening';
    this.problems = [];
    this.progress = null;
    try {
      const info = await this.#server.open(scenario, overrides, (steps, of) => (this.progress = { steps, of }));
      if (turn !== this.#generation) return false;
      const step = Math.min(at ?? info.start, info.steps);
      const picture = await this.#server.seek(step, FOLLOW);
      if (turn !== this.#generation || !picture) return false;
      this.#opened = { scenario, overrides };
      this.info = info;
      this.opened++;
      this.view = FOLLOW;
      this.step = step;
      this.cells = new Uint16Array(0);
      this.status = 'ready';
      this.#show(picture);
      return true;
    } catch (error) {
      if (turn === this.#generation) this.#fail(error);
      return false;
    } finally {
      if (turn === this.#generation) this.progress = null;
    }
  }

  /** What was run so far becomes the session. */
  stop(): void {
    this.#server.stop();
  }

  /** A new worker runs the last scenario again, up to the step that was shown. */
  async recover(): Promise<void> {
    const last = this.#opened;
    const at = this.picture?.step;
    this.#server.close();
    this.#server = this.#connect();
    this.trouble = '';
    if (last) await this.open(last.scenario, last.overrides, at);
    else this.status = 'empty';
  }

  /** The user goes to a step: playing ends. */
  seek(step: number): Promise<void> {
    this.pause();
    return this.#go(step);
  }
  first = (): Promise<void> => this.seek(0);
  prev = (): Promise<void> => this.seek(this.step - 1);
  next = (): Promise<void> => this.seek(this.step + 1);
  last = (): Promise<void> => this.seek(this.of);
  nextTrapped = (): Promise<void> => this.#hop(1);
  prevTrapped = (): Promise<void> => this.#hop(-1);

  /** Goes to the first step after which a rule of the audit is broken. */
  async toFirstBroken(rule: AuditRule): Promise<void> {
    const turn = this.#generation;
    try {
      const step = await this.#server.firstBroken(rule);
      if (step !== null && turn === this.#generation) await this.seek(step);
    } catch (error) {
      if (turn === this.#generation) this.#fail(error);
    }
  }

  /** Whether there is a trapped write that way. */
  hasTrapped(direction: 1 | -1): boolean {
    return this.#trapped(direction) !== null;
  }

  /** Looks at a frame; null: at what the step is about. */
  select(gfn: number | null): Promise<void> {
    return this.look({ gfn });
  }

  /** Looks at other things at the same step. */
  async look(part: Partial<View>): Promise<void> {
    this.view = { ...this.view, ...part };
    await this.#go(this.step);
  }

  /** Plays on; from the end, again from the start. */
  play(): void {
    if (this.playing || !this.#able()) return;
    this.playing = true;
    void this.#tick(this.step >= this.of ? 0 : this.step + 1);
  }
  pause(): void {
    this.playing = false;
    clearTimeout(this.#timer);
  }
  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }
  setSpeed(speed: Speed): void {
    this.speed = speed;
    remember('speed', String(speed));
  }
  /** One notch faster or slower. */
  shiftSpeed(by: 1 | -1): void {
    this.setSpeed(SPEEDS[SPEEDS.indexOf(this.speed) + by] ?? this.speed);
  }

  /** A step a turn, but never before the picture of the one before is here. */
  async #tick(step: number): Promise<void> {
    const began = performance.now();
    await this.#go(step);
    if (!this.playing) return;
    if (this.step >= this.of) return this.pause();
    const rest = 1000 / this.speed - (performance.now() - began);
    this.#timer = setTimeout(() => void this.#tick(this.step + 1), Math.max(0, rest));
  }

  #able(): boolean {
    return this.info !== null && (this.status === 'ready' || this.status === 'refused');
  }

  async #go(to: number): Promise<void> {
    if (!this.#able()) return;
    this.step = Math.max(0, Math.min(this.of, Math.round(to)));
    const turn = this.#generation;
    try {
      const picture = await this.#server.seek(this.step, this.view);
      if (picture && turn === this.#generation) this.#show(picture);
    } catch (error) {
      if (turn === this.#generation) this.#fail(error);
    }
  }

  #show(picture: Picture): void {
    const { cells, changed, counts } = picture.map;
    const fresh = this.cells.length !== cells * CELL_COUNTS;
    if (fresh) this.cells = new Uint16Array(cells * CELL_COUNTS);
    for (let i = 0; i < changed.length; i++)
      this.cells.set(counts.subarray(i * CELL_COUNTS, (i + 1) * CELL_COUNTS), changed[i]! * CELL_COUNTS);
    if (fresh || changed.length > 0) this.cellsVersion++;
    this.picture = picture;
  }

  #fail(error: unknown): void {
    this.pause();
    if (error instanceof RefusedError) {
      this.problems = error.problems;
      this.status = 'refused';
    } else {
      this.trouble = error instanceof BrokenError ? error.message : String(error);
      this.status = 'broken';
    }
  }

  #trapped(direction: 1 | -1): number | null {
    const kinds = this.info?.kinds;
    if (!kinds) return null;
    for (let s = this.step + direction; s >= 1 && s <= kinds.length; s += direction)
      if (kinds[s - 1]! >= TRAPPED) return s;
    return null;
  }
  async #hop(direction: 1 | -1): Promise<void> {
    const to = this.#trapped(direction);
    if (to !== null) await this.seek(to);
  }
}
