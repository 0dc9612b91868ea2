/**
 * Sides beside each other: which are compared, what was found, and the place of the axis that is looked at. The job is done anew for
 * each choice; what is far from the pin is asked for once it is gone to.
 */
import type { Desk } from './desk.svelte';
import type { PatchName } from '../engine/patches';
import type { TwinFound } from '../explore/twin/found';
import { PAGE, type TwinState } from '../explore/twin/state';
import { JobError } from '../explore/job-error';
import type { Problem } from '../scenarios/schema';
import { changesOf, firstPair, withPatch, type SideChoice } from './compare-sides';
import { openedOf, type Opened } from './explore/target';
import { Stopped, type Pool, type Running } from './pool';

export const MOST_SIDES = 4;

/** What is so on a side at a place: its state, what each page is, and the step. */
export interface Shown {
  readonly step: number;
  readonly state: TwinState;
  /** By number of the page, one of PAGE. */
  readonly pages: Uint8Array;
}

export class Compare {
  readonly desk: Desk;
  sides = $state.raw<readonly SideChoice[]>([]);
  found = $state.raw<TwinFound | null>(null);
  /** Place of the axis that is looked at. */
  at = $state(0);
  /** Steps that were run so far; null: nothing is under way. */
  steps = $state<number | null>(null);
  problems = $state.raw<readonly Problem[]>([]);
  stopped = $state(false);
  failed = $state(false);
  readonly #pool: Pool;
  #running: Running<'twin'> | null = null;
  #of: string | null = null;
  #opened: Opened | null = null;
  #generation = 0;

  constructor(desk: Desk, pool: Pool) {
    this.desk = desk;
    this.#pool = pool;
  }

  /** What is open has changed, or was never compared: begins with the pair that it suggests. */
  async follow(): Promise<void> {
    const opened = openedOf(this.desk);
    const key = opened && keyOf(this.desk, opened);
    if (key === this.#of) return;
    this.#of = key;
    this.#opened = opened;
    this.#running?.stop();
    this.found = null;
    this.sides = [];
    this.at = 0;
    if (!opened) return;
    const pair = await this.#suggest(opened);
    if (this.#of !== key || !pair) return;
    await this.choose(pair);
  }

  /** Compares these. */
  async choose(sides: readonly SideChoice[]): Promise<void> {
    this.sides = sides.slice(0, MOST_SIDES);
    await this.run();
  }
  put(side: number, part: Partial<SideChoice>): Promise<void> {
    return this.choose(this.sides.map((one, i) => (i === side ? { ...one, ...part } : one)));
  }
  /** Another version is taken as it was. */
  version(side: number, version: string): Promise<void> {
    return this.put(side, { version, on: [], off: [] });
  }
  patch(side: number, name: PatchName, on: boolean): Promise<void> {
    return this.put(side, withPatch(this.sides[side]!, name, on));
  }
  add(): Promise<void> {
    const last = this.sides.at(-1)!;
    const version = this.sides.some((one) => one.version === 'today') ? 'v7' : 'today';
    return this.choose([...this.sides, { ...last, version, on: [], off: [] }]);
  }
  remove(side: number): Promise<void> {
    return this.choose(this.sides.filter((_, i) => i !== side));
  }
  stop = (): void => this.#running?.stop();

  /** Runs them. `from`: the window that is wanted, where it is not the pin's. */
  async run(from?: number): Promise<void> {
    const opened = this.#opened;
    if (!opened || this.sides.length < 2) return;
    this.#running?.stop();
    const generation = ++this.#generation;
    const { scenario, changes } = opened;
    const variants = this.sides.map((side) => changesOf(side, changes.memory));
    this.problems = [];
    this.stopped = this.failed = false;
    this.steps = 0;
    const told = { scenario, variants, ...(from === undefined ? {} : { from }) };
    const running = this.#pool.run('twin', told, ({ done }) => {
      if (generation === this.#generation) this.steps = done;
    });
    this.#running = running;
    try {
      const found = await running.found;
      if (generation !== this.#generation) return;
      this.found = found;
      if (from === undefined) this.at = found.pin?.at ?? 0;
    } catch (error) {
      if (generation !== this.#generation) return;
      if (error instanceof JobError) this.problems = error.problems;
      else if (error instanceof Stopped) this.stopped = true;
      else this.failed = true;
      if (from === undefined) this.found = null;
    } finally {
      if (generation === this.#generation) {
        this.steps = null;
        this.#running = null;
      }
    }
  }

  /** Goes to a place of the axis. */
  go(at: number): void {
    const { found } = this;
    if (!found) return;
    this.at = Math.max(0, Math.min(found.length - 1, at));
    const { from, to } = found.window;
    if ((this.at < from || this.at >= to) && this.steps === null) void this.run(Math.max(0, this.at - (to - from) / 2));
  }
  /** To the next place that differs, that way; the same place: there is none. */
  difference(way: 1 | -1): void {
    const all = this.found?.differing ?? new Int32Array(0);
    const next = way > 0 ? all.find((at) => at > this.at) : all.findLast((at) => at < this.at);
    if (next !== undefined) this.go(next);
  }
  toPin(): void {
    if (this.found?.pin) this.go(this.found.pin.at);
  }

  /** The step of a side at the place that is looked at: after its instruction, or of the call at which they part. */
  stepOf(side: number): number {
    const { found, at } = this;
    if (!found) return 0;
    const { from, to, rows, states } = found.window;
    const pin = found.pin?.call && found.pin.at === at ? (found.pin.sides[side]!.step ?? 0) : 0;
    for (let place = Math.min(at, to - 1); place >= from; place--) {
      const row = rows[side]![place - from];
      if (row) return Math.max(row.to, pin);
    }
    return Math.max(states[side]![0]?.step ?? 0, pin);
  }
  /** The step at which a side is opened: where the place's instruction begins. */
  openStep(side: number): number {
    const { found, at } = this;
    if (!found) return 0;
    const { pin, window } = found;
    if (pin?.at === at && pin.sides[side]!.step !== null) return pin.sides[side]!.step;
    return window.rows[side]![at - window.from]?.from ?? this.stepOf(side);
  }

  readonly shown: readonly Shown[] = $derived.by(() => {
    const { found } = this;
    if (!found) return [];
    return found.sides.map((_, side) => this.#shown(side, found));
  });

  #shown(side: number, found: TwinFound): Shown {
    const states = found.window.states[side]!;
    const step = this.stepOf(side);
    const pages = new Uint8Array(found.pages.length).fill(PAGE.none);
    let state = states[0]!;
    for (const [i, one] of states.entries()) {
      if (i > 0 && one.step > step) break;
      state = one;
      for (const page of one.pages) pages[page >> 2] = page & 3;
    }
    return { step, state, pages };
  }

  async #suggest({ scenario, changes }: Opened): Promise<readonly SideChoice[] | null> {
    const [{ readScenario }, { patchesOf, VERSIONS }] = await Promise.all([
      import('../scenarios/base'),
      import('../engine/patches'),
    ]);
    const read = await readScenario(scenario, changes);
    if (!read.ok) {
      this.problems = read.problems;
      return null;
    }
    const { version, config } = read.scenario;
    const { designOf } = await import('../engine/designs');
    const own = designOf(config).xen(VERSIONS[version]);
    const on = patchesOf(config.xen).filter((name) => !own[name]);
    const off = patchesOf(own).filter((name) => !config.xen[name]);
    return firstPair(read.scenario, { on, off }, this.desk.chosen?.name ?? null);
  }
}

/** What is open, and all that was done in it: which step is shown does not matter. */
function keyOf({ session, chosen }: Desk, { changes }: Opened): string {
  const acts = (session.whole?.acts ?? []).map(({ step, line }) => `${step} ${line}`);
  return JSON.stringify([numberOf(chosen!.scenario), changes, acts, session.whole?.undoable === 0]);
}
const numbers = new WeakMap<object, number>();
let last = 0;
function numberOf(scenario: unknown): number | string {
  if (typeof scenario !== 'object' || scenario === null) return String(scenario);
  const known = numbers.get(scenario) ?? ++last;
  numbers.set(scenario, known);
  return known;
}

const kept = new WeakMap<Desk, Compare>();
/** That of a page: what was compared is there when its screen is come back to. */
export function compareOf(desk: Desk, pool: Pool): Compare {
  const known = kept.get(desk) ?? new Compare(desk, pool);
  kept.set(desk, known);
  return known;
}
