/**
 * One guest, its Xen and its device model, as words in a store and objects that read and write them. `new World(config)`
 * is the first image; `fork` is a second world that goes its own way. What acts, and when, is in step.ts.
 */
import type { Census } from './census';
import type { Config } from './config';
import { addressSpace, firstImage, POOL_MFN } from './guest-layout';
import { IoreqServers } from './ioreq';
import { SLOT, type IoreqSlot } from './ioreq-slot';
import { Law } from './machines/law';
import { VCPU } from './machines/vcpu';
import { Memory } from './memory';
import { P2m } from './p2m';
import { record, type RecordOf } from './record';
import { Store, type Watch } from './store';
import { COSTS, Trace, type Actor, type CostCounts, type EventId } from './trace';
import { advance, HAND_WORDS, handAt, vcpuAt, VCPU_SEEN, VCPU_WORDS, type Hand, type Vcpu } from './vcpu';
import { XenGT } from './xengt/device-model';
import { GuestDriver } from './xengt/driver';
import { LISTENERS } from './designs/page-track';
import { designOf, fitted, type Design } from './designs';
import { Ledger } from './designs/ledger';
import { callsOf, type Calls } from './dm-calls';
import { Domain } from './domain';
import type { IoHost } from './do-io';
import { ioHost } from './io-host';
import { SERVED } from './pager';
import { Qemu } from './qemu';
import { finish, type Done } from './slices';
import { Toolstack } from './toolstack';

/** `stopped`: nobody acts any more, the domain or Xen itself has crashed. */
const Locks = record({ p2m: 1, stopped: 1 });
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

/** Words that are one actor's or one structure's. `space`: number of a space of the store, `state` or `notes`. */
export interface Region {
  readonly part: string;
  readonly space: number;
  readonly base: number;
  readonly words: number;
}

/** Server ids in use stay below this, so that a slot's place follows from id and vCPU. */
const SLOT_IDS = 16;

export class World {
  /** The first image, built with pauses. Throws as `new World` does. */
  static *build(config: Config): Generator<Done, World> {
    const world = new World(config, new Store(), false);
    yield* world.#build();
    return world;
  }

  readonly config: Config;
  readonly design: Design;
  readonly ledger: Ledger;
  readonly memory: Memory;
  readonly p2m: P2m;
  readonly servers: IoreqServers;
  readonly vcpus: readonly Vcpu[];
  readonly hands: readonly Hand[];
  readonly vcpuLaw: Law;
  readonly driver: GuestDriver;
  readonly xengt: XenGT;
  readonly qemu: Qemu;
  readonly toolstack: Toolstack;
  readonly domain: Domain;
  readonly calls: Calls;
  readonly trace = new Trace();
  /** Whose the words of the state are, and those of the notes that an audit reads. Of two that overlap the smaller says it. */
  readonly regions: readonly Region[];
  readonly #slots: readonly IoreqSlot[];
  readonly #locks: RecordOf<typeof Locks>;
  readonly #book: RecordOf<typeof Book>;
  readonly #chains: readonly Chain[];
  readonly #hosts: readonly IoHost[];

  constructor(
    of: Config,
    readonly store: Store = new Store(),
    fresh = true,
  ) {
    const config = fitted(of);
    const { state, notes } = store;
    this.config = config;
    this.design = designOf(config);
    this.vcpuLaw = Law.of(VCPU, config.xen);
    const n = config.programs.length;
    const frames = addressSpace(config);
    let at = 0;
    const regions: Region[] = [];
    const place = (part: string, words: number): number => {
      regions.push({ part, space: state.id, base: at, words });
      return (at += words) - words;
    };
    this.regions = regions;
    this.memory = new Memory(store);
    this.#locks = Locks.at(state, place('locks', Locks.words));
    this.vcpus = Array.from({ length: n }, (_, i) => vcpuAt(state, place(`vcpu${i}`, VCPU_WORDS)));
    for (const [i, { base }] of [...regions].slice(1).entries())
      for (const [field, at] of Object.entries(VCPU_SEEN))
        regions.push({ part: `${field}${i}`, space: state.id, base: base + at, words: 1 });
    this.#slots = Array.from({ length: SLOT_IDS * n }, (_, i) => SLOT.at(state, place(`slots${i % n}`, SLOT.words)));
    const kinds = this.design.kinds(config.xen);
    const ioreqBase = place('servers', IoreqServers.words(config.rangeCap, undefined, kinds.length));
    const { xen, rangeCap: cap } = config;
    this.servers = new IoreqServers(state, ioreqBase, { xen, cap, kinds, meter: this.trace });

    this.#book = Book.at(notes, 0);
    const chains = Book.words + COSTS.length * COST_WORDS;
    this.#chains = Array.from({ length: n + 2 }, (_, i) => Chain.at(notes, chains + i * Chain.words));
    const notesBase = chains + (n + 2) * Chain.words;
    this.p2m = new P2m(store, {
      stateBase: at,
      notesBase,
      xen: config.xen,
      vcpus: n,
      poolSize: config.pool,
      poolMfn: POOL_MFN,
      frames: Math.max(frames, 0x100000),
      meter: this.trace,
      paging: config.paging,
      numbered: config.numbered,
      executable: config.executable,
      mfnValid: (mfn) => mfn >= POOL_MFN,
    });
    place('p2m', this.p2m.stateWords);
    // What follows from the tables, and is kept beside them; and the tallies for the audit.
    regions.push({ part: 'tables', space: notes.id, base: notesBase, words: this.p2m.notesWords });
    regions.push({ part: 'book', space: notes.id, base: this.#book.base + 1, words: 2 });
    const driverBase = place('driver', GuestDriver.words);
    this.calls = callsOf(this);
    this.domain = new Domain(state, place('domain', Domain.words(0)), {
      p2m: this.p2m,
      servers: this.servers,
      environment: SERVED,
    });
    const toolstackBase = place('toolstack', Toolstack.words);
    const mode = config.defaultServer?.bufioreq ?? null;
    this.qemu = new Qemu(state, place('qemu', Qemu.words), mode, this.calls, this.trace, config.xen);
    const most = Math.max(frames, 0x100000);
    const xengtBase = place('xengt', XenGT.words(most));
    // Last, so that what comes before lies where it lies under every design.
    const ledger = new Ledger(state, place('ledger', Ledger.words(most)), most);
    this.ledger = ledger;
    this.toolstack = new Toolstack(state, toolstackBase, place('toolstack', Toolstack.releaseWords));
    this.hands = this.vcpus.map((_, i) => handAt(state, place(`vcpu${i}`, HAND_WORDS)));
    const { design, memory, calls, trace } = this;
    this.xengt = new XenGT(store, xengtBase, most, { config, design, ledger, memory, xen: calls, trace });
    const telling = design.tells ? ledger.regs : null;
    this.driver = new GuestDriver(config, state, driverBase, (gfn) => this.#isBlank(gfn), telling);
    this.#hosts = this.vcpus.map((_, i) => ioHost(this, i));
    if (fresh) finish(this.#build());
  }

  *#build(): Generator<Done, void> {
    yield* this.p2m.building(firstImage(this.config));
    this.store.settle();
  }

  get xen() {
    return this.config.xen;
  }

  /** `watch` is told of the words that the second world looks at. */
  fork(watch?: Watch): World {
    return new World(this.config, this.store.fork(watch), false);
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

  /** The domain, or all of Xen, is dead. */
  get stopped(): boolean {
    return this.#locks.stopped === 1;
  }
  stop(): void {
    this.#locks.stopped = 1;
    for (const v of this.vcpus) advance(this, v, VCPU.on.crash);
  }

  /** The slot of a vCPU in the page that a server shares with Xen. */
  slot(server: number, vcpu: number): IoreqSlot {
    return this.#slots[(server % SLOT_IDS) * this.vcpus.length + vcpu]!;
  }

  /** Whether a server exists, the default one included; or listeners, which are always there to be waited for. */
  hasServer(id: number): boolean {
    return this.servers.slotOf(id) >= 0 || (id !== 0 && id === this.qemu.server) || id === LISTENERS;
  }

  /** Machine frame behind a guest frame, for who has it mapped already: costs nothing. */
  mapped(gfn: number): number | null {
    return this.p2m.frame(gfn) ?? this.mapping(gfn);
  }
  /** The same, where only the mapping tells. */
  mapping(gfn: number): number | null {
    return this.design.mapping(this, gfn);
  }

  /** A write went straight into guest memory. Whether XenGT should have been told; booked if so. */
  pastXengt(vcpu: number, gfn: number): boolean {
    const past = this.xengt.tables.of(gfn) !== 0 && this.design.unseen(this, vcpu, gfn);
    if (past) this.book.unseenWrites += 1;
    return past;
  }

  /** A slot's place is left for one more server. */
  get roomForServer(): boolean {
    return this.servers.lastId < SLOT_IDS - 1;
  }

  /** What Xen knows when it emulates for a vCPU. */
  io(vcpu: number): IoHost {
    return this.#hosts[vcpu]!;
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

  /** Thread of events of a vCPU, or of a device model. */
  chain(of: number | 'xengt' | 'qemu'): Chain {
    const n = this.vcpus.length;
    return this.#chains[of === 'xengt' ? n : of === 'qemu' ? n + 1 : of]!;
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
    const mfn = this.mapped(gfn);
    return mfn === null || this.memory.isBlank(mfn);
  }
}

const COST_WORDS = 2;

export const lastOf = (chain: Chain): EventId | null =>
  chain.index === 0 ? null : { step: chain.step, index: chain.index - 1 };

export const vcpuActor = (i: number): Actor => `vcpu${i}`;
