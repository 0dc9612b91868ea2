/**
 * A vCPU's slot in the page that it shares with one server (xen/arch/x86/hvm/ioreq.c: hvm_send_ioreq, hvm_wait_for_io; layout
 * after xen/include/public/hvm/ioreq.h: struct ioreq). Its way around is decided by machines/slot.ts.
 *
 * `pending` is Xen's own note, outside the page, that the vCPU waits. The page is the device model's to scribble in, so
 * Xen trusts no state that it reads back. Left out: the deferral of a shutdown, and the reset at a server's death (2020).
 */
import { Law, type Decision } from './machines/law';
import { SLOT_LAW } from './machines/slot';
import { xenWith } from './patches';
import { record, type RecordOf } from './record';
import type { U64 } from './words64';

const { at, on, is } = SLOT_LAW;
/** It reads no patches. */
const LAW = Law.of(SLOT_LAW, xenWith([]));

/** STATE_IOREQ_NONE, _READY, _INPROCESS, STATE_IORESP_READY: the charts' numbers are those of Xen's public header. */
export const SLOT_STATE = { none: at.none, ready: at.ready, inprocess: at.inprocess, respReady: at.respReady } as const;

/** `addr`: bytes. `size`: bytes of an element. `dir`: 1 read, 0 write. `eport`: event channel. `pending`: see above. */
const FIELDS = {
  state: 1,
  type: 1,
  addrLo: 1,
  addrHi: 1,
  dataLo: 1,
  dataHi: 1,
  size: 1,
  count: 1,
  dir: 1,
  df: 1,
  dataIsPtr: 1,
  eport: 1,
  pending: 1,
} as const;
export const SLOT = record(FIELDS);
export type IoreqSlot = RecordOf<typeof SLOT>;

export interface IoreqRequest {
  /** One of IOREQ_TYPE. */
  readonly type: number;
  readonly addr: U64;
  readonly size: number;
  readonly count: number;
  readonly dir: number;
  readonly df: boolean;
  readonly dataIsPtr: boolean;
  /** The value written, or with `dataIsPtr` the guest-physical address of the values. */
  readonly data: U64;
}

export type Completion =
  | { readonly outcome: 'done'; readonly data: U64 }
  /** Nothing was awaited, or the device model is not ready. */
  | { readonly outcome: 'idle' | 'wait' }
  /** A state that is none of the four: Xen crashes the domain. */
  | { readonly outcome: 'crash'; readonly code: 'badState'; readonly state: number };

/** The slot's event channel, made when the server and the vCPU meet. */
export function bindSlot(slot: IoreqSlot, port: number): void {
  slot.eport = port;
}

/** The page goes with its server. */
export function clearSlot(slot: IoreqSlot): void {
  const { to } = decide(slot, on.gone);
  Object.assign(slot, EMPTY);
  slot.state = to;
}

/** State of the chart that a slot is in, by its number there: anything that is none of Xen's four means nothing. */
export const slotState = ({ state }: IoreqSlot): number => (state < at.bad ? state : at.bad);

const decide = (slot: IoreqSlot, event: number, facts = 0): Decision => LAW.decide(slotState(slot), event, facts);

/**
 * Xen hands a request to the server; the vCPU then waits (RETRY). `port`: the event channel that Xen holds for the pair.
 * UNHANDLEABLE, nothing changed: the slot is not NONE (a request is still under way, or the device model wrote there), or
 * names another event channel.
 */
export function send(slot: IoreqSlot, request: IoreqRequest, port: number): 'RETRY' | 'UNHANDLEABLE' {
  const { to, effect } = decide(slot, on.send, slot.eport === port ? 0 : is.otherPort);
  if (effect === 'unhandleable') return 'UNHANDLEABLE';
  slot.type = request.type;
  slot.addrLo = request.addr.lo;
  slot.addrHi = request.addr.hi;
  slot.dataLo = request.data.lo;
  slot.dataHi = request.data.hi;
  slot.size = request.size;
  slot.count = request.count;
  slot.dir = request.dir;
  slot.df = request.df ? 1 : 0;
  slot.dataIsPtr = request.dataIsPtr ? 1 : 0;
  slot.pending = 1;
  // Last: the device model may look from here on.
  slot.state = to;
  return 'RETRY';
}

/** The device model takes a request up. False, nothing changed: there is none. */
export function take(slot: IoreqSlot): boolean {
  const { known, to } = decide(slot, on.take);
  if (known) slot.state = to;
  return known;
}

/** The device model answers, with the value if it was a read. False, nothing changed: it had taken nothing up. */
export function respond(slot: IoreqSlot, data: U64 = { hi: slot.dataHi, lo: slot.dataLo }): boolean {
  const { known, to } = decide(slot, on.respond);
  if (!known) return false;
  slot.dataLo = data.lo;
  slot.dataHi = data.hi;
  slot.state = to;
  return true;
}

/** Xen looks whether the vCPU may go on. A slot found NONE is a device model that died: all ones are read. */
export function complete(slot: IoreqSlot): Completion {
  const { to, effect } = decide(slot, on.complete, slot.pending === 0 ? 0 : is.pending);
  if (effect === 'idle' || effect === 'wait') return { outcome: effect };
  slot.pending = 0;
  if (effect === 'crash') return { outcome: 'crash', code: 'badState', state: slot.state };
  slot.state = to;
  return { outcome: 'done', data: effect === 'ones' ? ONES : { hi: slot.dataHi, lo: slot.dataLo } };
}

const ONES: U64 = { hi: 0xffff_ffff, lo: 0xffff_ffff };
const EMPTY = Object.fromEntries(Object.keys(FIELDS).map((field) => [field, 0]));
