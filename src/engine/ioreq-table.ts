/**
 * Where the ioreq servers of a domain lie in words: a header (last id given, latch of port 0xcf8, default server, order),
 * then for each slot of the table a record and three rangesets. A slot that was never used is all 0; one whose server has been
 * destroyed keeps its id, and nothing else. Where a server is in its life is a state of machines/server.ts.
 * What Xen keeps as a list of `struct hvm_ioreq_server` (xen/include/asm-x86/hvm/domain.h), since 2018 as an array.
 */
import { tagged } from './machines/read-chart';
import { SERVER } from './machines/server';
import type { Xen } from './patches';
import { Rangeset } from './rangeset';
import { record, type RecordOf } from './record';
import type { Space } from './store';
import type { Meter } from './trace';

/** Kinds of range, at the index that is XEN_DMOP_IO_RANGE_PORT, _MEMORY, _PCI. */
export const RANGE_KINDS = ['port', 'memory', 'pci'] as const;
/**
 * The three, and what others there were: `wp_mem` (number 3) for write-protected RAM by frame number, from f5a32c5b8e to its
 * revert; `write` and `read`, posted only, for memory that is protected from one kind of access.
 */
export type RangeKind = (typeof RANGE_KINDS)[number] | 'wp_mem' | 'write' | 'read';

/** The kind that a hypercall's number stands for; undefined for a number that Xen does not know. */
export const rangeKind = (number: number, kinds: readonly RangeKind[] = RANGE_KINDS): RangeKind | undefined =>
  kinds[number];

export const MAX_NR_IO_RANGES = 256;
export const MAX_SERVERS = 8;

export interface IoreqOptions {
  readonly xen: Pick<Xen, 'rangeCheck' | 'directionFlag' | 'rangesetRemoval'>;
  /** Ranges each rangeset may hold. */
  readonly cap?: number;
  /** Kinds of range that a server has, at the index that is their number. Default RANGE_KINDS. */
  readonly kinds?: readonly RangeKind[];
  /** Slots of the table, the default server's included. Xen's list has no end; its array has 8. */
  readonly servers?: number;
  /**
   * `list` (2017): ids count up, the newest server is asked first, the default server's id is unknown to callers. `array`
   * (2018): an id is the lowest free slot, the highest is asked first, slot 0 is the default server's and refused as such.
   * `plain` (since 2c257bd69a, 2018): the same without a default server, so that slot 0 is like any other.
   */
  readonly table?: 'list' | 'array' | 'plain';
  /** A debug build: s > e stops at an assertion (`ASSERT`) instead of doing damage. */
  readonly assertions?: boolean;
  readonly meter?: Meter;
}

export interface ServerInfo {
  readonly id: number;
  readonly enabled: boolean;
  /** One of BUFIOREQ. */
  readonly bufioreq: number;
  readonly isDefault: boolean;
  /** Ranges held, in the order of the table's kinds. */
  readonly ranges: readonly number[];
}

const HEADER = record({ lastId: 1, cf8: 1, defaultSlot: 1 });
/** `state`: one of SERVER.at. */
const ENTRY = record({ state: 1, id: 1, bufioreq: 1 });
const EXISTS = tagged(SERVER, 'exists');
const ENABLED = SERVER.states.map((state) => state === 'enabled' || state === 'default');

export interface Slot {
  readonly server: RecordOf<typeof ENTRY>;
  /** In the order of the table's kinds. */
  readonly ranges: readonly Rangeset[];
}

export class IoreqTable {
  /** Size of the region in words. */
  static words(cap = MAX_NR_IO_RANGES, servers = MAX_SERVERS, kinds: number = RANGE_KINDS.length): number {
    return HEADER.words + servers + servers * IoreqTable.#slotWords(cap, kinds);
  }
  static #slotWords(cap: number, kinds: number): number {
    return ENTRY.words + kinds * Rangeset.words(cap);
  }

  readonly kinds: readonly RangeKind[];
  readonly slots: readonly Slot[];
  readonly #header: RecordOf<typeof HEADER>;
  readonly #order: number;

  constructor(
    readonly space: Space,
    readonly base: number,
    readonly options: IoreqOptions,
  ) {
    const { cap = MAX_NR_IO_RANGES, servers = MAX_SERVERS, kinds = RANGE_KINDS, xen, meter } = options;
    this.kinds = kinds;
    this.#header = HEADER.at(space, base);
    this.#order = base + HEADER.words;
    this.slots = Array.from({ length: servers }, (_, i) => {
      const at = this.#order + servers + i * IoreqTable.#slotWords(cap, kinds.length);
      const set = (n: number) => new Rangeset(space, at + ENTRY.words + n * Rangeset.words(cap), cap, xen, meter);
      return { server: ENTRY.at(space, at), ranges: kinds.map((_, n) => set(n)) };
    });
  }

  /** What the guest last wrote, 4 bytes wide, to port 0xcf8: the PCI function that 0xcfc to 0xcff reach. */
  get cf8(): number {
    return this.#header.cf8;
  }
  set cf8(value: number) {
    this.#header.cf8 = value;
  }

  /** Id that was given last; 0 none. */
  get lastId(): number {
    return this.#header.lastId;
  }

  /** Slot of the default server, or -1. */
  get defaultSlot(): number {
    return this.#header.defaultSlot - 1;
  }

  /** Slots in the order in which their servers are asked. */
  order(): number[] {
    const slots: number[] = [];
    for (let i = 0; i < this.slots.length; i++) {
      const slot = this.space.get(this.#order + i) - 1;
      if (slot < 0) break;
      slots.push(slot);
    }
    return slots;
  }

  /** Whether ids are slots. */
  get isArray(): boolean {
    return (this.options.table ?? 'list') !== 'list';
  }

  /** Whether the id is the default server's, used or not, in a table that keeps one for it. */
  isReserved(id: number): boolean {
    return this.options.table === 'array' && id === 0;
  }

  /** Whether there is a server in a slot. */
  exists(slot: number): boolean {
    return EXISTS[this.slots[slot]!.server.state]!;
  }

  /** A slot for one more server of the list: one in which none has been, while there is such; -1: there is none. */
  freePlace(): number {
    const unused = this.slots.findIndex(({ server }) => server.state === SERVER.at.absent);
    return unused >= 0 ? unused : this.slots.findIndex((_, i) => !this.exists(i));
  }

  /** Slot of a server that callers may name, or -1: unknown, or the default one. */
  slotOf(id: number): number {
    const { defaultSlot } = this;
    return this.slots.findIndex(({ server }, i) => i !== defaultSlot && server.id === id && this.exists(i));
  }

  /** Slot of the server with this id, the default one included; else one whose last server had it; else -1. */
  lastSlotOf(id: number): number {
    const there = this.slots.findIndex(({ server }, i) => server.id === id && this.exists(i));
    if (there >= 0) return there;
    return this.slots.findIndex(({ server }) => server.id === id && server.state !== SERVER.at.absent);
  }

  /** Ids of the servers that there are, and of the last that was in each place, ascending. */
  everMade(): number[] {
    const made = this.slots.flatMap(({ server: { id, state } }) => (state === SERVER.at.absent ? [] : [id]));
    return [...new Set(made)].sort((a, b) => a - b);
  }

  /** Where the server with this id is in its life: one of SERVER.at. */
  stateOf(id: number): number {
    const slot = this.lastSlotOf(id);
    return slot < 0 ? SERVER.at.absent : this.slots[slot]!.server.state;
  }

  infoOf(slot: number): ServerInfo {
    const { server, ranges } = this.slots[slot]!;
    return {
      id: server.id,
      enabled: ENABLED[server.state]!,
      bufioreq: server.bufioreq,
      isDefault: slot === this.defaultSlot,
      ranges: ranges.map(({ count }) => count),
    };
  }

  /** The id that the list gives next: it counts on from the last one, over 16 bits, past those in use. */
  get nextId(): number {
    const used = new Set(this.order().map((slot) => this.slots[slot]!.server.id));
    let id = this.#header.lastId;
    do id = (id + 1) & 0xffff;
    while (used.has(id));
    return id;
  }

  /** An id of the list is used up. */
  takeId(id: number): void {
    this.#header.lastId = id;
  }

  /** Puts a server in a free slot and in its place in the order: the head of the list, or by falling slot. */
  occupy(slot: number, id: number, bufioreq: number, isDefault: boolean): void {
    const { server } = this.slots[slot]!;
    server.id = id;
    server.bufioreq = bufioreq;
    if (isDefault) this.#header.defaultSlot = slot + 1;
    const order = this.order();
    const place = this.isArray ? order.findIndex((other) => other < slot) : 0;
    order.splice(place < 0 ? order.length : place, 0, slot);
    this.#putOrder(order);
  }

  /** Frees a slot that is not the default server's. Its id stays, to tell who has been there. */
  vacate(slot: number): void {
    this.#putOrder(this.order().filter((other) => other !== slot));
    const { server, ranges } = this.slots[slot]!;
    server.bufioreq = 0;
    for (const set of ranges) set.clear();
  }

  #putOrder(order: readonly number[]): void {
    for (let i = 0; i < this.slots.length; i++) this.space.put(this.#order + i, (order[i] ?? -1) + 1);
  }
}
