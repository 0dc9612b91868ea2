/**
 * The hypercalls on a domain's ioreq servers (xen/arch/x86/hvm/ioreq.c: hvm_create_ioreq_server and its neighbours): who
 * they are, and which ports, memory and PCI functions each has taken. Its life goes by machines/server.ts. Choosing one for an
 * access is in ioreq-select.ts.
 *
 * Left out: the pages and event channels of a server (an `init` callback of the caller may fail for them, as ioreq-pages.ts
 * does), the claim on a p2m type (released by a callback at destroy), pausing of the domain, secondary device model domains,
 * and that a domain in destruction ends its default server too.
 */
import type { Errno } from './errno';
import { IoreqTable, type RangeKind, type ServerInfo } from './ioreq-table';
import { Law, type Decision } from './machines/law';
import { SERVER } from './machines/server';
import { xenWith } from './patches';
import type { Rangeset } from './rangeset';

export * from './ioreq-table';

/** HVM_IOREQSRV_BUFIOREQ_*: no buffered ring, a ring, a ring whose pointers Xen folds back. */
export const BUFIOREQ = { off: 0, legacy: 1, atomic: 2 } as const;

export type IoreqErrno = Exclude<Errno, 'EBUSY' | 'EAGAIN' | 'ERESTART'>;
/** `ASSERT`: a debug build stops here. `FAULT`: a release build follows a null pointer. */
export type IoreqRc = 0 | IoreqErrno;
export type RangeRc = IoreqRc | 'ASSERT' | 'FAULT';

/** It reads no patches. */
const LAW = Law.of(SERVER, xenWith([]));
const { at, on, is } = SERVER;

/** What a call does beside changing the server, and to the server in which slot. */
export type ServerEffect = 'hidePages' | 'showPages' | 'release' | 'showAndRelease';
export type CarryOut = (effect: ServerEffect, slot: number) => void;

export class IoreqServers extends IoreqTable {
  /**
   * Makes a server, disabled unless it is the default one, which is enabled at once. `init` stands for the pages and ports
   * that it needs, and is told its slot. EINVAL: a bufioreq mode above 2. ENOMEM: the table is full (ENOSPC for an array).
   * EEXIST: there is a default server already. What `init` refuses; the list has then used up the id.
   */
  create(
    bufioreq: number,
    isDefault = false,
    init: (slot: number) => 0 | IoreqErrno = () => 0,
  ): { rc: 0; id: number } | { rc: IoreqErrno } {
    const array = this.isArray;
    const slot = array
      ? this.slots.findIndex((_, i) => !this.exists(i) && this.isReserved(i) === isDefault)
      : this.freePlace();
    const id = slot < 0 || array ? slot : this.nextId;
    let facts = isDefault ? is.default : 0;
    if (bufioreq > BUFIOREQ.atomic) facts |= is.badMode;
    if (slot < 0) facts |= array ? is.arrayFull : is.listFull;
    if (isDefault && this.defaultSlot >= 0) facts |= is.secondDefault;
    const { refused, to } = LAW.advance(slot < 0 ? at.absent : this.stateOf(id), on.create, facts);
    if (refused) return { rc: refused.errno as IoreqErrno };
    if (!array) this.takeId(id);
    const rc = init(slot);
    if (rc !== 0) return { rc };
    this.occupy(slot, id, bufioreq, isDefault);
    this.slots[slot]!.server.state = to;
    return { rc: 0, id };
  }

  /**
   * Ends a server and forgets its ranges. `carryOut` is called while it still exists: there its pages and claims are given
   * up. ENOENT: no such server, or the default one (EPERM for the array).
   */
  destroy(id: number, carryOut?: CarryOut): IoreqRc {
    const slot = this.lastSlotOf(id);
    const { refused, effect, to } = this.#decide(id, slot, on.destroy);
    if (refused) return refused.errno as IoreqErrno;
    carryOut?.(effect as ServerEffect, slot);
    this.vacate(slot);
    this.slots[slot]!.server.state = to;
    return 0;
  }

  /**
   * Lets a server be chosen, or no more; `carryOut` is called for one that changes. ENOENT: no such server, or the default
   * one (EOPNOTSUPP for the array).
   */
  setState(id: number, enabled: boolean, carryOut?: CarryOut): IoreqRc {
    const slot = this.lastSlotOf(id);
    const { refused, effect, to } = this.#decide(id, slot, enabled ? on.enable : on.disable);
    if (refused) return refused.errno as IoreqErrno;
    this.slots[slot]!.server.state = to;
    if (effect !== null) carryOut?.(effect as ServerEffect, slot);
    return 0;
  }

  /** What is known of a server. ENOENT: no such server, or the default one (EOPNOTSUPP for the array). */
  info(id: number): ServerInfo | 'ENOENT' | 'EOPNOTSUPP' {
    const slot = this.lastSlotOf(id);
    const { refused } = this.#decide(id, slot, on.ask);
    return refused ? (refused.errno as 'ENOENT') : this.infoOf(slot);
  }

  /** Every server, the default one included, in the order in which they are asked. */
  list(): ServerInfo[] {
    return this.order().map((slot) => this.infoOf(slot));
  }

  /** A server's ranges of one kind, to read; undefined: no such server. */
  ranges(id: number, kind: RangeKind): Rangeset | undefined {
    return this.slots[this.slotOf(id)]?.ranges[this.kinds.indexOf(kind)];
  }

  /**
   * Gives [start, end] of ports, bytes or PCI functions (segment<<16 | bus<<8 | device<<3 | function) to a server. Other
   * servers may hold them too. ENOENT: no such server. EINVAL: unknown kind; with `rangeCheck`, start > end. EEXIST: it
   * holds some of it. ENOMEM: the rangeset is at its cap.
   */
  mapRange(id: number, kind: RangeKind | undefined, start: bigint, end: bigint): RangeRc {
    const set = this.#setFor(id, kind, start, end);
    if (typeof set === 'string') return set;
    return set.overlaps(start, end) ? 'EEXIST' : set.add(start, end);
  }

  /**
   * Takes [start, end] from a server. ENOENT: no such server, or it does not hold all of it in one piece. EINVAL: as
   * `mapRange`. ENOMEM: it would cut a range in two and the rangeset is at its cap.
   */
  unmapRange(id: number, kind: RangeKind | undefined, start: bigint, end: bigint): RangeRc {
    const set = this.#setFor(id, kind, start, end);
    if (typeof set === 'string') return set;
    return set.contains(start, end) ? set.remove(start, end) : 'ENOENT';
  }

  #setFor(id: number, kind: RangeKind | undefined, start: bigint, end: bigint): Rangeset | IoreqErrno | 'ASSERT' {
    if (this.options.xen.rangeCheck && start > end) return 'EINVAL';
    const slot = this.lastSlotOf(id);
    const { refused } = this.#decide(id, slot, on.ask);
    if (refused) return refused.errno as IoreqErrno;
    if (kind === undefined || !this.kinds.includes(kind)) return 'EINVAL';
    if (this.options.assertions && start > end) return 'ASSERT';
    return this.slots[slot]!.ranges[this.kinds.indexOf(kind)]!;
  }

  /** What a call on the server with this id, which is or was in `slot`, comes to. */
  #decide(id: number, slot: number, event: number): Decision {
    const state = slot < 0 ? at.absent : this.slots[slot]!.server.state;
    return LAW.advance(state, event, this.isReserved(id) ? is.reserved : 0);
  }
}
