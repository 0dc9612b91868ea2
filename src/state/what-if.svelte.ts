/** What if a switch had been otherwise: asked of the run that is shown, and kept of it as a history beside it. */
import { patchesOf, xenWith, type PatchName } from '../engine/patches';
import type { CounterfactualFound } from '../explore/what-if/counterfactual';
import { JobError } from '../explore/job-error';
import { switchedTo } from '../explore/switched';
import type { Problem } from '../scenarios/schema';
import type { Switches } from '../scenarios/xen-set';
import { switchWords } from '../words/histories';
import type { SessionInfo } from '../worker/protocol';
import type { Desk } from './desk.svelte';
import { openedOf } from './explore/target';
import type { Branch, Histories } from './histories.svelte';
import { setOf } from './history-list';
import { Stopped, type Pool, type Running } from './pool';

/** Acts that a file can have in one history. */
const MOST_ACTS = 100_000;

type Picks = readonly { readonly patch: PatchName; readonly on: boolean }[];

export class WhatIf {
  readonly desk: Desk;
  readonly histories: Histories;
  readonly #pool: Pool;
  /** What is flipped, in turn. */
  picks = $state.raw<Picks>([]);
  /** Steps made so far; null: it does not run. */
  steps = $state<number | null>(null);
  stopped = $state(false);
  died = $state(false);
  problems = $state.raw<readonly Problem[]>([]);
  #found = $state.raw<{ readonly of: SessionInfo; readonly it: CounterfactualFound } | null>(null);
  #running: Pick<Running<'counterfactual'>, 'stop'> | null = null;
  #turn = 0;

  constructor(desk: Desk, histories: Histories, pool: Pool) {
    this.desk = desk;
    this.histories = histories;
    this.#pool = pool;
  }

  /** A question is open: nothing may be told of what comes. */
  get closed(): boolean {
    return Number.isFinite(this.desk.session.horizon);
  }
  /** The run's patches, and those of the other. */
  readonly was: readonly PatchName[] = $derived.by(() => this.desk.session.whole?.patches ?? []);
  readonly is: readonly PatchName[] = $derived.by(() =>
    patchesOf(this.picks.reduce((xen, { patch, on }) => switchedTo(xen, patch, on), xenWith(this.was))),
  );
  /** Of the run that is shown; null: nothing is known of it yet. */
  readonly found: CounterfactualFound | null = $derived.by(() =>
    this.#found && this.#found.of === this.desk.session.whole && !this.closed ? this.#found.it : null,
  );
  /** What was flipped by the user, as switches; and what the other run is called by them. */
  readonly switches: Switches = $derived.by(() => {
    const names = (way: boolean): PatchName[] => this.picks.flatMap(({ patch, on }) => (on === way ? [patch] : []));
    return { on: names(true), off: names(false) };
  });
  readonly name: string = $derived.by(() =>
    switchWords({
      on: this.switches.on?.filter((name) => this.is.includes(name)),
      off: this.switches.off?.filter((name) => !this.is.includes(name)),
    }),
  );

  /** Flips a switch, or puts it back, and asks. */
  flip(patch: PatchName): Promise<void> {
    const on = !this.is.includes(patch);
    const others = this.picks.filter((one) => one.patch !== patch);
    this.picks = on === this.was.includes(patch) ? others : [...others, { patch, on }];
    return this.ask();
  }

  async ask(): Promise<void> {
    this.stop();
    this.#found = null;
    Object.assign(this, { stopped: false, died: false, problems: [] });
    const turn = ++this.#turn;
    const opened = openedOf(this.desk);
    const { whole } = this.desk.session;
    if (!opened || !whole || this.closed || this.picks.length === 0) return;
    const { scenario, changes } = opened;
    // A run that came to its end, or waits for its user, was not cut off.
    const steps = whole.complete || whole.free ? undefined : whole.steps;
    this.steps = 0;
    const running = this.#pool.run('counterfactual', { scenario, changes, switches: this.picks, steps }, ({ done }) => {
      if (turn === this.#turn) this.steps = done;
    });
    this.#running = running;
    try {
      const it = await running.found;
      if (turn === this.#turn) this.#found = { of: whole, it };
    } catch (error) {
      if (turn !== this.#turn) return;
      if (error instanceof Stopped) this.stopped = true;
      else if (error instanceof JobError) this.problems = error.problems;
      else this.died = true;
    } finally {
      if (turn === this.#turn) this.steps = null;
    }
  }

  stop(): void {
    this.#running?.stop();
    this.#running = null;
  }

  /** Whether what was found can be kept: a file has so many acts at most. */
  get keepable(): boolean {
    return this.found !== null && this.found.switched.length > 0 && this.found.acts.length <= MOST_ACTS;
  }
  /** Keeps the other run as a branch of the tree; its number. null: there is none that could be. */
  keep(): number | null {
    const { found } = this;
    return found && this.keepable ? this.histories.keep(branchOf(found, this.name)) : null;
  }
  /** Shows it, where the two first differ. */
  async show(): Promise<boolean> {
    const id = this.keep();
    return id !== null && (await this.histories.back(id));
  }
  /** Shows the step of this run at which they first differ. */
  there(): Promise<boolean> {
    const { found, desk } = this;
    return found?.differs ? desk.session.seek(found.differs.step) : Promise.resolve(false);
  }
}

function branchOf({ acts, along, parts, differs, ends: { is }, patches }: CounterfactualFound, name: string): Branch {
  const { steps, end, hash, broken, costs } = is;
  return {
    name,
    acts,
    step: Math.min(differs?.step ?? parts ?? 0, steps),
    end: {
      steps,
      complete: end === 'over',
      free: end === 'waits',
      hash,
      broken: broken.map(({ rule }) => rule),
      costs,
    },
    set: setOf(patches.is),
    fork: { ...(parts === null ? {} : { parts }), along },
  };
}
