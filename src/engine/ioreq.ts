/**
 * The hypercalls on a domain's ioreq servers (xen/arch/x86/hvm/ioreq.c: hvm_create_ioreq_server and its neighbours): who
 * they are, and which ports, memory and PCI functions each has taken. Choosing one for an access is in ioreq-select.ts.
 *
 * Left out: the pages and event channels of a server (an `init` callback of the caller may fail for them, as ioreq-pages.ts
 * does), the claim on a p2m type (released by a callback at destroy), pausing of the domain, secondary device model domains,
 * and that a domain in destruction ends its default server too.
 */
import type { Errno } from './errno';
import { IoreqTable, type RangeKind, type ServerInfo } from './ioreq-table';
import type { Rangeset } from './rangeset';

export * from './ioreq-table';

/** HVM_IOREQSRV_BUFIOREQ_*: no buffered ring, a ring, a ring whose pointers Xen folds back. */
export const BUFIOREQ = { off: 0, legacy: 1, atomic: 2 } as const;

export type IoreqErrno = Exclude<Errno, 'EBUSY' | 'EAGAIN' | 'ERESTART'>;
/** `ASSERT`: a debug build stops here. `FAULT`: a release build follows a null pointer. */
export type IoreqRc = 0 | IoreqErrno;
export type RangeRc = IoreqRc | 'ASSERT' | 'FAULT';

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
    if (bufioreq > BUFIOREQ.atomic) return { rc: 'EINVAL' };
    const array = this.isArray;
    const slot = this.slots.findIndex(
      (s, i) => s.server.used === 0 && (this.isReserved(i) ? isDefault : !array || !isDefault),
    );
    if (slot < 0 && !array) return { rc: 'ENOMEM' };
    if (isDefault && this.defaultSlot >= 0) return { rc: 'EEXIST' };
    if (slot < 0) return { rc: 'ENOSPC' };
    const id = array ? slot : this.takeNextId();
    const rc = init(slot);
    if (rc !== 0) return { rc };
    this.occupy(slot, id, bufioreq, isDefault);
    return { rc: 0, id };
  }

  /**
   * Ends a server and forgets its ranges. `release` is called while it still exists: there a claim that it holds is given
   * up. ENOENT: no such server, or the default one (EPERM for the array).
   */
  destroy(id: number, release?: (server: ServerInfo) => void): IoreqRc {
    if (this.isReserved(id)) return 'EPERM';
    const slot = this.slotOf(id);
    if (slot < 0) return 'ENOENT';
    release?.(this.infoOf(slot));
    this.vacate(slot);
    return 0;
  }

  /** Lets a server be chosen, or no more. ENOENT: no such server, or the default one (EOPNOTSUPP for the array). */
  setState(id: number, enabled: boolean): IoreqRc {
    if (this.isReserved(id)) return 'EOPNOTSUPP';
    const slot = this.slotOf(id);
    if (slot < 0) return 'ENOENT';
    this.slots[slot]!.server.enabled = enabled ? 1 : 0;
    return 0;
  }

  /** What is known of a server. ENOENT: no such server, or the default one (EOPNOTSUPP for the array). */
  info(id: number): ServerInfo | 'ENOENT' | 'EOPNOTSUPP' {
    if (this.isReserved(id)) return 'EOPNOTSUPP';
    const slot = this.slotOf(id);
    return slot < 0 ? 'ENOENT' : this.infoOf(slot);
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
    if (this.isReserved(id)) return 'EOPNOTSUPP';
    const slot = this.slotOf(id);
    if (slot < 0) return 'ENOENT';
    if (kind === undefined || !this.kinds.includes(kind)) return 'EINVAL';
    if (this.options.assertions && start > end) return 'ASSERT';
    return this.slots[slot]!.ranges[this.kinds.indexOf(kind)]!;
  }
}
