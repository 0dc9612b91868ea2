/**
 * What a device model can do: the hypercalls on its server (xen/arch/x86/hvm/dm.c), each counted, and its side of the
 * request slots that it shares with Xen.
 */
import { changeClaim, markReleased, released, sweepBatch, type Batch } from './claim';
import { LISTENERS } from './designs/page-track';
import { HVMMEM } from './dm';
import type { Rc } from './errno';
import { clearSlot, complete, respond, SLOT_STATE, take } from './ioreq-slot';
import type { Value } from './memory';
import type { World } from './world';

export interface Request {
  readonly gpa: number;
  readonly size: number;
  readonly low: number;
  readonly high: number;
  readonly write: boolean;
  /** Elements of a string instruction, and whether it goes downwards. */
  readonly count: number;
  readonly down: boolean;
}

export type Calls = ReturnType<typeof callsOf>;

/** The calls of the device models of world `w`. */
export function callsOf(w: World) {
  const call = <T>(f: () => T): T => {
    w.trace.add('hypercalls');
    return f();
  };
  /** As `call`, but for who lives in the hypervisor. */
  const ask = <T>(f: () => T): T => (w.design.inKernel ? f() : call(f));
  const registry = w.design.registry(w.xen);
  return {
    /** Id of the new server, or why there is none. */
    createServer: (bufioreq = 0, isDefault = false): number | Exclude<Rc, number> =>
      call(() => {
        const made = isDefault ? w.servers.create(bufioreq, true) : w.domain.createServer(bufioreq);
        return made.rc === 0 ? made.id : (made.rc as 'ENOMEM');
      }),
    mapRange: (id: number, start: number, end: number): Rc =>
      call(() => w.servers.mapRange(id, 'memory', BigInt(start), BigInt(end)) as 0),
    unmapRange: (id: number, start: number, end: number): Rc =>
      call(() => w.servers.unmapRange(id, 'memory', BigInt(start), BigInt(end)) as 0),
    /** Memory ranges that a server has. */
    ranges: (id: number): number => w.servers.ranges(id, 'memory')?.count ?? 0,
    /** Claims type 15 (`flags` 2); or gives it up (0): then the same hypercall goes on by `mark` and `sweep`. */
    claim: (id: number, flags: number): Rc => call(() => changeClaim(w.domain, id, HVMMEM.ioreq_server, flags)),
    /** The release that was begun goes on: each answers the state of the sweep's chart that follows. */
    released: (): number => released(w.p2m),
    mark: (): number => markReleased(w.p2m),
    /** The next 256 frames. */
    sweep: (first: number): Batch => sweepBatch(w.p2m, first),
    enable: (id: number): Rc => call(() => w.domain.setServerState(id, true) as 0),
    destroy: (id: number): Rc => {
      for (let i = 0; i < w.vcpus.length; i++) clearSlot(w.slot(id, i));
      if (id === w.xengt.server) registry?.clear(w);
      return call(() => w.domain.destroyServer(id) as 0);
    },
    /** Pages that are watched, as far as they are counted. */
    outstanding: (): number => w.design.left(w),
    /** Has one frame watched, or no longer; there must be a guard. */
    trap: (gfn: number, on: boolean): Rc => ask(() => w.design.guard![on ? 'on' : 'off'](w, gfn)),
    /** Whether a page that is watched is entered somewhere too; and where, for those that are. */
    registers: registry !== null,
    registry: registry?.name ?? 'memory',
    register: (id: number, gfn: number): Rc => ask(() => registry!.add(w, id, gfn)),
    unregister: (id: number, gfn: number): Rc => ask(() => registry!.remove(w, id, gfn)),
    /** Items on that list. */
    registered: (id: number): number => registry?.count(w, id) ?? 0,
    /** Asks Xen for the machine frame behind a guest frame; null when there is none. */
    translate: (gfn: number): number | null => ask(() => w.mapping(gfn) ?? w.p2m.getEntry(gfn).mfn),
    /** The same for a frame that the device model has mapped: no call. */
    mapped: (gfn: number): number | null => w.mapped(gfn),
    /** Address that a vCPU wrote to, if it waits for a listener; taken, it is told no second time. */
    takeNotice: (vcpu: number): number | null => {
      const v = w.vcpus[vcpu]!;
      if (!isNotice(w, vcpu)) return null;
      v.latched = SLOT_STATE.inprocess;
      return v.gpa;
    },
    /** The request in the slot of a vCPU. */
    request: (server: number, vcpu: number): Request => {
      const slot = w.slot(server, vcpu);
      const gpa = slot.addrHi * 2 ** 32 + slot.addrLo;
      const { size, count, dataLo: low, dataHi: high } = slot;
      return { gpa, size, low, high, write: slot.dir === 0, count, down: slot.df === 1 };
    },
    take: (server: number, vcpu: number): void => {
      take(w.slot(server, vcpu));
      w.trace.add('switches');
    },
    respond: (server: number, vcpu: number, low: number, high: number): void => {
      const slot = w.slot(server, vcpu);
      respond(slot, slot.dir === 0 ? undefined : { hi: high, lo: low });
      w.trace.add('notifications');
    },
  };
}

/** Takes the response out of the slot. */
export function emptySlot(w: World, server: number, vcpu: number, into: Value): Value {
  const done = complete(w.slot(server, vcpu));
  if (done.outcome === 'done') {
    into.low = done.data.lo;
    into.high = done.data.hi;
  }
  return into;
}

/** A vCPU waits until its listener, XenGT, has heard what it wrote. */
const isNotice = ({ vcpus }: World, vcpu: number): boolean =>
  vcpus[vcpu]!.target === LISTENERS && vcpus[vcpu]!.latched === SLOT_STATE.ready;

/** Whether a vCPU's request waits to be taken up by `server`. */
export const isReady = (w: World, server: number, vcpu: number): boolean =>
  w.slot(server, vcpu).state === SLOT_STATE.ready || (server === w.xengt.server && isNotice(w, vcpu));

/** Whether what a vCPU waits for is done. A listener that has gone has returned. */
export function isAnswered(w: World, server: number, vcpu: number): boolean {
  if (server !== LISTENERS) return w.slot(server, vcpu).state === SLOT_STATE.respReady;
  return !w.xengt.alive || (w.vcpus[vcpu]!.latched === SLOT_STATE.inprocess && w.xengt.work.depth === 0);
}
