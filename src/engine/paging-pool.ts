/**
 * The pool of frames that p2m tables are made of. Table i is page i of `store.tables`, and machine frame `firstMfn` + i.
 * A bit a table says whether it is in use, and the lowest free one is always taken next: what is free depends on nothing
 * but which tables are in use, so worlds that agree in content hash alike whatever their past.
 * Counterpart: xen/arch/x86/mm/p2m.c: p2m_alloc_ptp, p2m_free_ptp; the pool is hap_alloc's.
 * Left out: that the pool is shared with shadow tables and can be resized while the guest runs.
 */
import type { RecordOf } from './record';
import { record } from './record';
import { PAGE_WORDS, type Space, type Store } from './store';
import type { TableTally } from './table-tally';
import type { Meter } from './trace';

const Counts = record({ inUse: 1, limit: 1 });

export class PagingPool {
  /** Words of state for a pool of at most `size` tables. */
  static words(size: number): number {
    return Counts.words + Math.ceil(size / 32);
  }

  readonly #counts: RecordOf<typeof Counts>;
  readonly #state: Space;
  readonly #tables: Space;
  readonly #bits: number;

  /** @param stateBase word address of `PagingPool.words(size)` words of state that are 0 or hold a pool. */
  constructor(
    store: Store,
    stateBase: number,
    readonly size: number,
    readonly firstMfn: number,
    readonly meter: Meter,
    /** What the tables hold; who writes an entry keeps it. */
    readonly tally: TableTally,
  ) {
    this.#state = store.state;
    this.#tables = store.tables;
    this.#counts = Counts.at(store.state, stateBase);
    this.#bits = stateBase + Counts.words;
  }

  /** Tables in use. */
  get inUse(): number {
    return this.#counts.inUse;
  }

  /** Tables that may be in use at most, `size` or less. */
  get limit(): number {
    return this.#counts.limit;
  }

  set limit(tables: number) {
    this.#counts.limit = Math.min(tables, this.size);
  }

  /**
   * Takes the lowest free table and answers its number, its words all zero; or -1 when `limit` are in use.
   * @param from no table below this number is free: spares a bulk build the search from the bottom.
   */
  alloc(from = 0): number {
    const { inUse } = this.#counts;
    if (inUse >= this.#counts.limit) return -1;
    let at = this.#bits + (from >>> 5);
    let bits = this.#state.get(at);
    while (bits === 0xffff_ffff) bits = this.#state.get(++at);
    const bit = 31 - Math.clz32(~bits & (bits + 1));
    this.#state.put(at, bits | (1 << bit));
    this.#counts.inUse = inUse + 1;
    this.meter.add('frames');
    return (at - this.#bits) * 32 + bit;
  }

  /** Gives table `i` back and wipes it. */
  free(i: number): void {
    const at = this.#bits + (i >>> 5);
    this.#state.put(at, this.#state.get(at) & ~(1 << (i & 31)));
    this.#counts.inUse = this.#counts.inUse - 1;
    const base = i * PAGE_WORDS;
    for (let word = 0; word < PAGE_WORDS; word++) this.#tables.put(base + word, 0);
    this.tally.clear(i);
  }
}
