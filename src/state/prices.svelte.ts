/** Prices of primitives as the page uses them: the default ones, the scenario's over them, the user's over both. */
import { isPrice, priced, type CostTable } from '../engine/cost-table';
import { COSTS, type Cost } from '../engine/trace';
import { recall, remember } from './prefs';

const NAME = 'costs';

export class Prices {
  /** What the user set. */
  mine = $state.raw<Partial<CostTable>>(recalled());
  readonly #scenario: () => Partial<CostTable> | undefined;
  readonly table: CostTable = $derived.by(() => priced(this.#scenario() ?? {}, this.mine));

  /** `scenario`: prices that the open scenario brings. */
  constructor(scenario: () => Partial<CostTable> | undefined) {
    this.#scenario = scenario;
  }

  /** Sets a price; false and nothing set: it can be none. */
  set(cost: Cost, price: number): boolean {
    if (!isPrice(price)) return false;
    this.mine = { ...this.mine, [cost]: price };
    remember(NAME, JSON.stringify(this.mine));
    return true;
  }

  /** Forgets what the user set. */
  reset(): void {
    this.mine = {};
    remember(NAME, null);
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
