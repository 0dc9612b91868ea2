/**
 * What each counted primitive is worth in processor cycles. There is one table: every total shown anywhere is this table
 * times the counts of trace.ts. It is a price list, not a clock: prices do not depend on caches, on who waits for whom, or on
 * what runs beside it, and what is not counted (the instruction emulator, the device model's own work) costs nothing.
 * Times of the sources were turned into cycles at 2.5 GHz. Why each number: src/words/costs.ts.
 */
import { COSTS, type Cost, type CostCounts } from './trace';

/** Cycles a primitive. */
export type CostTable = Readonly<Record<Cost, number>>;

export interface Source {
  readonly title: string;
  readonly url: string;
}

export interface CostDefault {
  readonly cost: Cost;
  readonly cycles: number;
  /** Where the number was published; null: an assumption of ours. */
  readonly source: Source | null;
}

const SPLITX: Source = {
  title: 'Landau, Ben-Yehuda, Gordon: SplitX (WIOV 2011): direct cost of an exit, Xeon X5570',
  url: 'https://m.moam.info/splitx-split-guest-hypervisor-execution-on-multi-core-usenix_59e5379e1723ddf9a2a71953.html',
};
const CACHES: Source = {
  title: '7-cpu.com, Intel Ivy Bridge: latency of a load that hits the L2 cache',
  url: 'https://7-cpu.com/cpu/IvyBridge.html',
};
const CLEARING: Source = {
  title: 'Brouer, prototype-kernel, time_bench_memset: 8 bytes a cycle, i7-6700K',
  url: 'https://github.com/netoptimizer/prototype-kernel/commit/981a7d1a5bf21a4585673c8e82d4aac16b817ed5',
};
const SWITCHING: Source = {
  title: 'Context switch overhead: 2410 ns from process to process through a pipe, Linux 6.6',
  url: 'https://ddumbying.vercel.app/experiments/ctx-switch-overhead',
};

/** In the order of COSTS. `blocked` counts steps in which others acted, not work: it has no price. */
export const DEFAULT_COSTS: readonly CostDefault[] = [
  { cost: 'exits', cycles: 2000, source: SPLITX },
  { cost: 'rangeComparisons', cycles: 12, source: CACHES },
  { cost: 'entries', cycles: 12, source: CACHES },
  { cost: 'flushes', cycles: 5000, source: null },
  { cost: 'frames', cycles: 512, source: CLEARING },
  { cost: 'notifications', cycles: 2500, source: null },
  { cost: 'hypercalls', cycles: 1000, source: null },
  { cost: 'switches', cycles: 6000, source: SWITCHING },
  { cost: 'blocked', cycles: 0, source: null },
];

export const DEFAULT_TABLE: CostTable = Object.fromEntries(
  DEFAULT_COSTS.map(({ cost, cycles }) => [cost, cycles]),
) as CostTable;

/** Highest price that can be set: with more, a total could leave the range of exact numbers. */
export const MAX_PRICE = 1e9;

/** Whether a number can be a price: from 0 to MAX_PRICE, fractions of a cycle too. */
export const isPrice = (n: unknown): n is number => typeof n === 'number' && n >= 0 && n <= MAX_PRICE;

/** The default table with some prices of others; a later one wins. */
export const priced = (...prices: readonly Partial<CostTable>[]): CostTable =>
  Object.assign({}, DEFAULT_TABLE, ...prices) as CostTable;

export interface Cycles {
  readonly byCost: Readonly<Record<Cost, number>>;
  readonly total: number;
}

/** The table times the counts: each product, and their sum. */
export function cycles(counts: CostCounts, table: CostTable): Cycles {
  const byCost = {} as Record<Cost, number>;
  let total = 0;
  for (const cost of COSTS) total += byCost[cost] = counts[cost] * table[cost];
  return { byCost, total };
}
