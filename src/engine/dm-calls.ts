/**
 * The hypercalls of XenGT (xen/arch/x86/hvm/dm.c) and its side of the shared request slots, as one device model sees them.
 */
import { complete, respond, send, SLOT_STATE, take } from './ioreq-slot';
import { IOREQ_TYPE, selectServer } from './ioreq-select';
import { HVMMEM, setMemType } from './dm';
import type { Value } from './memory';
import type { Vcpu } from './vcpu';
import type { World } from './world';
import type { XenCalls } from './xengt/device-model';
import { fromNumber } from './words64';

export interface Request {
  readonly gpa: number;
  readonly size: number;
  readonly low: number;
  readonly high: number;
  readonly write: boolean;
}

/** Xen's calls for the XenGT of world `w`. Each counts as one hypercall. */
export function xenCalls(w: World): XenCalls {
  const call = <T>(f: () => T): T => {
    w.trace.add('hypercalls');
    return f();
  };
  return {
    createServer: () =>
      call(() => {
        const made = w.servers.create(0);
        return made.rc === 0 ? made.id : (made.rc as 'ENOMEM');
      }),
    mapRange: (id, start, end) => call(() => w.servers.mapRange(id, 'memory', BigInt(start), BigInt(end)) as 0),
    unmapRange: (id, start, end) => call(() => w.servers.unmapRange(id, 'memory', BigInt(start), BigInt(end)) as 0),
    ranges: (id) => w.servers.ranges(id, 'memory')?.count ?? 0,
    claim: (id, flags) => call(() => w.p2m.setIoreqServer(id, flags)),
    enable: (id) => call(() => w.servers.setState(id, true) as 0),
    trap: (gfn, on) =>
      call(() => {
        const type = !on ? HVMMEM.ram_rw : w.xen.typeRenamed ? HVMMEM.ioreq_server : HVMMEM.mmio_write_dm;
        return setMemType(w.p2m, gfn, 1, type);
      }),
    translate: (gfn) => call(() => w.p2m.getEntry(gfn).mfn),
    mapped: (gfn) => w.p2m.frame(gfn),
    request: (vcpu) => {
      const slot = w.slot(w.xengt.server, vcpu);
      const gpa = slot.addrHi * 2 ** 32 + slot.addrLo;
      return { gpa, size: slot.size, low: slot.dataLo, high: slot.dataHi, write: slot.dir === 0 };
    },
    take: (server, vcpu) => void take(w.slot(server, vcpu)),
    respond: (server, vcpu, low, high) => {
      const slot = w.slot(server, vcpu);
      respond(slot, slot.dir === 0 ? undefined : { hi: high, lo: low });
      w.trace.add('notifications');
    },
  };
}

/** The server that an access goes to by its address, as `hvm_select_ioreq_server` finds it; null: nobody's. */
export function serverFor(w: World, v: Vcpu): number | null {
  const { server } = selectServer(w.servers, {
    type: IOREQ_TYPE.copy,
    addr: fromNumber(v.gpa),
    size: v.size,
    count: 1,
    df: false,
  });
  return server;
}

/** Puts a request in the vCPU's slot; false when the slot is not free. */
export function fillSlot(w: World, server: number, vcpu: number, { gpa, size, low, high, write }: Request): boolean {
  const request = {
    type: IOREQ_TYPE.copy,
    addr: fromNumber(gpa),
    size,
    count: 1,
    dir: write ? 0 : 1,
    df: false,
    dataIsPtr: false,
    data: { hi: high, lo: low },
  };
  return send(w.slot(server, vcpu), request, 0) === 'RETRY';
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

/** Whether a vCPU's request waits to be taken up by `server`. */
export const isReady = (w: World, server: number, vcpu: number): boolean =>
  w.slot(server, vcpu).state === SLOT_STATE.ready;
export const isAnswered = (w: World, server: number, vcpu: number): boolean =>
  w.slot(server, vcpu).state === SLOT_STATE.respReady;
