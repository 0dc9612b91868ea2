/** What each step of a run cost, packed: a word for each primitive that it spent. */
import { COSTS, noCosts, type CostCounts } from '../engine/trace';
import { words } from './columns';

/** Bits of a word for the number of the primitive; the others are the count. */
const COST_BITS = 4;
const MOST = 2 ** (32 - COST_BITS) - 1;

export class StepCosts {
  #length = 0;
  readonly #words = words();
  /** Where the words of each step begin, by step; those of step 0 are none. */
  readonly #begin = words();

  /** Takes in what step `n` spent. Call it for each step. */
  add(n: number, spent: CostCounts): void {
    this.#begin.put(n, this.#length);
    COSTS.forEach((cost, i) => {
      for (let left = spent[cost]; left > 0; left -= MOST)
        this.#words.put(this.#length++, ((Math.min(left, MOST) << COST_BITS) | i) >>> 0);
    });
    this.#begin.put(n + 1, this.#length);
  }

  /** The sum over those of the steps `from` to `to` for which `counts` holds. */
  sum(from: number, to: number, counts: (step: number) => boolean): CostCounts {
    const sum = noCosts();
    for (let n = from; n <= to; n++) {
      if (!counts(n)) continue;
      for (let i = this.#begin.at(n); i < this.#begin.at(n + 1); i++) {
        const word = this.#words.at(i);
        sum[COSTS[word & (2 ** COST_BITS - 1)]!] += word >>> COST_BITS;
      }
    }
    return sum;
  }
}
