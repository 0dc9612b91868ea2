/** Prices of primitives as the page uses them: the default ones, the scenario's over them, the user's over both. */
import { isPrice, priced, type CostTable } from '../engine/cost-table';
import { COSTS, type Cost } from '../engine/trace';
import { recall, remember } from './prefs';
import type { Undo } from './undo.svelte';

const NAME = 'costs';

export class Prices {
  /** What the user set. */
  mine = $state.raw<Partial<CostTable>>(recalled());
  readonly #scenario: () => Partial<CostTable> | undefined;
  readonly #changes: Pick<Undo, 'note'> | undefined;
  readonly table: CostTable = $derived.by(() => priced(this.#scenario() ?? {}, this.mine));

  /** `scenario`: prices that the open scenario brings. `changes` hears of what the user changed. */
  constructor(scenario: () => Partial<CostTable> | undefined, changes?: Pick<Undo, 'note'>) {
    this.#scenario = scenario;
    this.#changes = changes;
  }

  /** Sets a price; false and nothing set: it can be none. */
  set(cost: Cost, price: number): boolean {
    if (!isPrice(price)) return false;
    if (this.mine[cost] !== price) this.#change({ ...this.mine, [cost]: price });
    return true;
  }

  /** Forgets what the user set, of one primitive or of all. */
  reset(cost?: Cost): void {
    const kept = Object.entries(this.mine).filter(([name]) => cost !== undefined && name !== cost);
    if (kept.length < Object.keys(this.mine).length) this.#change(Object.fromEntries(kept));
  }

  /** The user's prices as they were at some time; nobody hears of it. */
  restore(mine: Partial<CostTable>): void {
    this.mine = mine;
    remember(NAME, Object.keys(mine).length > 0 ? JSON.stringify(mine) : null);
  }

  #change(mine: Partial<CostTable>): void {
    const before = this.mine;
    this.restore(mine);
    const set = (prices: Partial<CostTable>) => () => (this.restore(prices), true);
    this.#changes?.note({ what: 'price', undo: set(before), redo: set(mine) });
  }
}

/** What was remembered, as far as it can still be prices. */
function recalled(): Partial<CostTable> {
  try {
    const kept = JSON.parse(recall(NAME) ?? '{}') as Record<string, unknown> | null;
    return Object.fromEntries(COSTS.flatMap((cost) => (isPrice(kept?.[cost]) ? [[cost, kept[cost]]] : [])));
  } catch {
    return {};
  }
}
