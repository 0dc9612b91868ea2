/**
 * One guest, its Xen and its device model, as words in a store and objects that read and write them. `new World(config)`
 * is the first image; `fork` is a second world that goes its own way. What acts, and when, is in step.ts.
 */
import type { Census } from './census';
import type { Config } from './config';
import { addressSpace, firstImage, POOL_MFN } from './guest-layout';
import { IoreqServers } from './ioreq';
import { SLOT, type IoreqSlot } from './ioreq-slot';
import { Memory } from './memory';
import { P2m } from './p2m';
import { record, type RecordOf } from './record';
import { Store } from './store';
import { COSTS, Trace, type Actor, type CostCounts, type EventId } from './trace';
import { vcpuAt, VCPU_WORDS, type Vcpu } from './vcpu';
import { XenGT } from './xengt/device-model';
import { GuestDriver } from './xengt/driver';
import { xenCalls } from './dm-calls';

const Locks = record({ p2m: 1 });
const Book = record({
  steps: 1,
  /** Writes to pages of RAM that were trapped and dropped; writes to tables of XenGT's that it did not see. */
  lostWrites: 1,
  unseenWrites: 1,
  /** Step of the instruction that the last step served; 0 none. */
  lastRoot: 1,
});
/** The last event of an actor's thread, and the step of the instruction (or start) from which the thread came. */
const Chain = record({ step: 1, index: 1, root: 1 });
export type Chain = RecordOf<typeof Chain>;

/** Server ids in use stay below this, so that a slot's place follows from id and vCPU. */
const SLOT_IDS = 16;

export class World {
  readonly memory: Memory;
  readonly p2m: P2m;
  readonly servers: IoreqServers;
  readonly vcpus: readonly Vcpu[];
  readonly driver: GuestDriver;
  readonly xengt: XenGT;
  readonly trace = new Trace();
  readonly #slots: readonly IoreqSlot[];
  readonly #locks: RecordOf<typeof Locks>;
  readonly #book: RecordOf<typeof Book>;
  readonly #chains: readonly Chain[];

  constructor(
    readonly config: Config,
    readonly store: Store = new Store(),
    fresh = true,
  ) {
    const { state, notes } = store;
    const n = config.programs.length;
    const frames = addressSpace(config);
    let at = 0;
    const place = (words: number): number => (at += words) - words;
    this.memory = new Memory(store);
    this.#locks = Locks.at(state, place(Locks.words));
    this.vcpus = Array.from({ length: n }, () => vcpuAt(state, place(VCPU_WORDS)));
    this.#slots = Array.from({ length: SLOT_IDS * n }, () => SLOT.at(state, place(SLOT.words)));
    const ioreqBase = place(IoreqServers.words(config.rangeCap));
    this.servers = new IoreqServers(state, ioreqBase, { xen: config.xen, cap: config.rangeCap, meter: this.trace });

    this.#book = Book.at(notes, 0);
    const chains = Book.words + COSTS.length * COST_WORDS;
    this.#chains = Array.from({ length: n + 1 }, (_, i) => Chain.at(notes, chains + i * Chain.words));
    const notesBase = chains + (n + 1) * Chain.words;
    this.p2m = new P2m(store, {
      stateBase: at,
      notesBase,
      xen: config.xen,
      vcpus: n,
      poolSize: config.pool,
      poolMfn: POOL_MFN,
      frames: Math.max(frames, 0x100000),
      meter: this.trace,
      mfnValid: (mfn) => mfn >= POOL_MFN,
    });
    place(this.p2m.stateWords);
    this.driver = new GuestDriver(config, state, place(GuestDriver.words), (gfn) => this.#isBlank(gfn));
    this.xengt = new XenGT(
      store,
      at,
      Math.max(frames, 0x100000),
      this.memory,
      xenCalls(this),
      this.trace,
      config.xen.claim,
    );
    if (fresh) {
      this.p2m.build(firstImage(config));
      store.settle();
    }
  }

  get xen() {
    return this.config.xen;
  }

  fork(): World {
    return new World(this.config, this.store.fork(), false);
  }

  /** Steps taken since the first image. */
  get steps(): number {
    return this.#book.steps;
  }
  set steps(n: number) {
    this.#book.steps = n;
  }

  /** Tallies for the audit. */
  get book(): RecordOf<typeof Book> {
    return this.#book;
  }

  /** vCPU that holds the p2m lock (`gfn_lock` takes it); null: free. */
  get p2mLock(): number | null {
    return this.#locks.p2m === 0 ? null : this.#locks.p2m - 1;
  }
  lockP2m(vcpu: number): void {
    this.#locks.p2m = vcpu + 1;
  }
  unlockP2m(vcpu: number): void {
    if (this.#locks.p2m === vcpu + 1) this.#locks.p2m = 0;
  }

  /** The slot of a vCPU in the page that a server shares with Xen. */
  slot(server: number, vcpu: number): IoreqSlot {
    return this.#slots[(server % SLOT_IDS) * this.vcpus.length + vcpu]!;
  }

  /** Costs of all steps so far. */
  get costs(): CostCounts {
    const total = {} as CostCounts;
    COSTS.forEach((cost, i) => (total[cost] = this.#cost(i)));
    return total;
  }
  /** Adds what the step in the trace spent. */
  bookCosts(): void {
    COSTS.forEach((cost, i) => {
      const n = this.trace.spent[cost];
      if (n > 0) {
        const sum = this.#cost(i) + n;
        this.store.notes.put(Book.words + i * COST_WORDS, sum % 2 ** 32);
        this.store.notes.put(Book.words + i * COST_WORDS + 1, Math.floor(sum / 2 ** 32));
      }
    });
  }

  /** Thread of events of a vCPU, or of XenGT (`null`). */
  chain(vcpu: number | null): Chain {
    return this.#chains[vcpu ?? this.vcpus.length]!;
  }

  get census(): Census {
    return this.p2m.census;
  }

  #cost(i: number): number {
    return (
      this.store.notes.get(Book.words + i * COST_WORDS) +
      this.store.notes.get(Book.words + i * COST_WORDS + 1) * 2 ** 32
    );
  }

  #isBlank(gfn: number): boolean {
    const mfn = this.p2m.frame(gfn);
    return mfn === null || this.memory.isBlank(mfn);
  }
}

const COST_WORDS = 2;

export const lastOf = (chain: Chain): EventId | null =>
  chain.index === 0 ? null : { step: chain.step, index: chain.index - 1 };

export const vcpuActor = (i: number): Actor => `vcpu${i}`;
