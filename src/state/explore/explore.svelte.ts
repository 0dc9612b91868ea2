/** What is explored beside the run that is shown: it stays while other screens are looked at and other scenarios opened. */
import { PATCHES, patchesOf, VERSIONS, type PatchName } from '../../engine/patches';
import { JobError } from '../../explore/job-error';
import type { Plan } from '../../explore/search/plan-job';
import { MOST_SWITCHES } from '../../explore/lattice/switches';
import type { Problem } from '../../scenarios/schema';
import type { Desk } from '../desk.svelte';
import type { Pool } from '../pool';
import { LatticeRun } from './lattice-run.svelte';
import { SearchRun } from './search-run.svelte';
import { ALL_RULES, Setup } from './setup.svelte';
import { openedOf, type Opened, type Target } from './target';

export const EXPLORE_TABS = ['search', 'lattice', 'sweeps', 'games'] as const;
export type ExploreTab = (typeof EXPLORE_TABS)[number];

export class Explore {
  readonly desk: Desk;
  readonly #pool: Pool;
  tab = $state<ExploreTab>('search');
  readonly setup = new Setup();
  readonly search: SearchRun;
  readonly lattice: LatticeRun;
  /** Of what is open; null: it is on its way, or nothing is open. */
  plan = $state.raw<Plan | null>(null);
  /** Why what is open cannot be searched. */
  problems = $state.raw<readonly Problem[]>([]);
  #opened: Opened | null = null;
  /** Whose file has said how to search it. */
  #suggested: unknown = null;
  /** What the plan was asked of. */
  #asked: { readonly scenario: unknown; readonly changes: unknown } | null = null;

  constructor(desk: Desk, pool: Pool) {
    this.desk = desk;
    this.#pool = pool;
    this.search = new SearchRun(pool);
    this.lattice = new LatticeRun(pool);
  }

  /** Has what is open read. What was done in it since changes its start, not its plan. */
  async follow(): Promise<void> {
    const { chosen } = this.desk;
    const opened = openedOf(this.desk);
    this.#opened = opened;
    if (!chosen || !opened) return;
    const { scenario, overrides } = chosen;
    const isKnown = (): boolean => this.#asked?.scenario === scenario && this.#asked?.changes === overrides;
    if (isKnown()) return;
    const { depth, states } = this.setup;
    this.#asked = { scenario, changes: overrides };
    this.plan = null;
    this.problems = [];
    try {
      const plan = await this.#pool.run('plan', { scenario: opened.scenario, changes: opened.changes }).found;
      if (!isKnown()) return;
      this.plan = plan;
      // Under other patches it is searched as it was.
      if (this.#suggested === scenario) return;
      this.#suggested = scenario;
      this.setup.from = plan.search ? 'plan' : 'first';
      this.setup.suggest(plan.search ?? { depth: null, states: null }, { depth, states });
      if (!this.lattice.running) this.lattice.chosen = inOrder(plan.search?.switches ?? []).slice(0, MOST_SWITCHES);
    } catch (error) {
      if (error instanceof JobError) this.problems = error.problems;
      this.#asked = null;
    }
  }

  /** What would be searched now; null: nothing could be. */
  target(): Target | null {
    const { plan, setup } = this;
    const opened = openedOf(this.desk) ?? this.#opened;
    if (!plan || !opened || !setup.bounds || setup.rules.size === 0) return null;
    const shown = this.desk.session.picture?.step ?? 0;
    const { from } = setup;
    const its = patchesOf(VERSIONS[plan.version]);
    return {
      ...opened,
      title: plan.title,
      version: plan.version,
      patches: plan.patches,
      on: plan.patches.filter((name) => !its.includes(name)),
      off: its.filter((name) => !plan.patches.includes(name)),
      step: from === 'plan' ? (plan.search?.step ?? 0) : from === 'step' ? shown : 0,
      from,
      bounds: setup.bounds,
      rules: setup.rules.size === ALL_RULES.length ? null : ALL_RULES.filter((rule) => setup.rules.has(rule)),
    };
  }
}

/** In the order of the commits, whatever that of the file. */
const inOrder = (names: readonly PatchName[]): readonly PatchName[] =>
  PATCHES.flatMap(({ name }) => (names.includes(name) ? [name] : []));

const explores = new WeakMap<Desk, Explore>();

export function exploreOf(desk: Desk, pool: Pool): Explore {
  let found = explores.get(desk);
  if (!found) explores.set(desk, (found = new Explore(desk, pool)));
  return found;
}
