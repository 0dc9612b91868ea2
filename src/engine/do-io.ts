/**
 * Who gets an access that the emulator cannot make itself, and what the vCPU notes of it.
 * Counterpart: xen/arch/x86/hvm/emulate.c: hvmemul_do_io, hvmemul_do_io_buffer; intercept.c: hvm_process_io_intercept;
 * ioreq.c: hvm_send_ioreq, handle_hvm_io_completion. In the form of 2017, which is the one measured; that of generation 1
 * kept its own states, put accesses together that follow each other, and looked at a string's operand page first.
 * Left out: trace records, and buffered requests, which go their own way (bufioreq.ts).
 */
import { PAGE_SIZE } from './config';
import { asServerSees, IOREQ_TYPE, selectServer } from './ioreq-select';
import { send, SLOT_STATE, type IoreqRequest, type IoreqSlot } from './ioreq-slot';
import type { IoreqTable } from './ioreq-table';
import { Law } from './machines/law';
import { VCPU } from './machines/vcpu';
import { mask } from './memory';
import type { P2mType } from './p2m-type';
import type { Xen } from './patches';
import { add64, fromNumber, sub64, type U64 } from './words64';

/** What the emulator asks for. */
export interface IoRequest {
  /** A memory access; else a port's. */
  readonly memory: boolean;
  /** Guest-physical byte address, or port. */
  readonly addr: U64;
  /** Bytes of one element. */
  readonly size: number;
  /** Elements of a string instruction; 1 for any other. */
  readonly reps: number;
  /** 1 read, 0 write. */
  readonly dir: 0 | 1;
  /** The string instruction goes downwards. */
  readonly df: boolean;
  /** The other operand is guest memory, `data` its guest-physical address; else `data` is the value to write. */
  readonly dataIsPtr: boolean;
  readonly data: U64;
}

/** The vCPU's note of its request (`hvm_io.io_req`): outlives the instruction's emulation, to be found by the next one. */
export interface Latched extends IoreqRequest {
  /** One of SLOT_STATE. */
  readonly state: number;
}

const ZERO: U64 = { hi: 0, lo: 0 };
const ONES: U64 = { hi: 0xffff_ffff, lo: 0xffff_ffff };

export const NOTHING_LATCHED: Latched = {
  state: SLOT_STATE.none,
  type: IOREQ_TYPE.pio,
  addr: ZERO,
  size: 0,
  count: 0,
  dir: 0,
  df: false,
  dataIsPtr: false,
  data: ZERO,
};

/** A claim on a type of page: id of the server that holds it, or null, and whether reads are its business too. */
export interface Claim {
  readonly server: number | null;
  readonly reads: boolean;
}

/** X86EMUL_*: done; the vCPU waits or tries again; the emulator is at its wits' end. */
export type IoRc = 'OKAY' | 'RETRY' | 'UNHANDLEABLE';

export interface IoHost {
  readonly xen: Xen;
  readonly servers: IoreqTable;
  /** Who has claimed a type of page, or this page; undefined: it is not for anyone to claim. */
  claimOn(type: P2mType, gfn: number): Claim | undefined;
  /** Type of a page, pending changes reckoned with. */
  typeOf(gfn: number): P2mType;
  /** The vCPU's slot in a server's page, and the event channel that Xen holds for it; null: the server has none for it. */
  slotOf(server: number): { readonly slot: IoreqSlot; readonly port: number } | null;
  /** Xen's own copies (copy.ts). `bad`: there is no page. `crash`: paged out, or shared and stays so. */
  read(gpa: U64, size: number): U64 | 'bad' | 'crash';
  write(gpa: U64, size: number, value: U64): 'okay' | 'bad' | 'crash';
  /** Handlers inside Xen, asked first; undefined: none takes it. */
  intercept?(request: IoRequest): { readonly rc: IoRc; readonly count: number; readonly data: U64 } | undefined;
  readonly shuttingDown?: boolean;
}

/** How the receiver was found: by the claim on the page's type, by its ranges, or nobody was. */
export type IoRoute = 'claim' | 'range' | 'readHalf' | 'retry' | 'discard' | 'internal' | 'completed' | 'none';

export interface IoResult {
  readonly rc: IoRc;
  readonly route: IoRoute;
  /** Id of the server that has got the request; null: none. */
  readonly server: number | null;
  readonly latched: Latched;
  /** Elements dealt with. */
  readonly reps: number;
  /** What a read without `dataIsPtr` gave; null: nothing yet, or no such read. */
  readonly data: U64 | null;
  /** Reads that Xen made from guest memory. */
  readonly guestReads: number;
  /** The domain was crashed: a re-issued request that is not the latched one, or a copy that nothing can come of. */
  readonly crash: 'reissue' | 'copy' | null;
}

/** A receiver has been found, and has not got the request yet. `base`: what `doIo` answers if it never does. */
export interface Routed {
  readonly route: 'claim' | 'range';
  readonly server: number;
  readonly base: IoResult;
}

/**
 * `hvmemul_do_io`. In order: a size above 8 or no power of two is UNHANDLEABLE; so is any request while one is under way; a
 * response is taken, after a look that the request is the same; handlers inside Xen; a frame of a claimed type belongs to the
 * holder of the claim, without one the instruction is tried again, and a read (`rmwReads`) is the first half of a
 * read-modify-write and served from the page; any other goes by ranges; what nobody takes reads as ones.
 */
export function doIo(host: IoHost, request: IoRequest, latched: Latched): IoResult {
  const routed = routeIo(host, request, latched);
  return 'base' in routed ? sendIo(host, request, routed) : routed;
}

/** The first half of `doIo`: all but the sending. */
export function routeIo(host: IoHost, request: IoRequest, latched: Latched): IoResult | Routed {
  const { size, reps, dir, dataIsPtr } = request;
  const nothing: IoResult = {
    rc: 'UNHANDLEABLE',
    route: 'none',
    server: null,
    latched,
    reps,
    data: null,
    guestReads: 0,
    crash: null,
  };
  if (size > 8 || (size & (size - 1)) !== 0) return nothing;
  if (latched.state === SLOT_STATE.respReady) return completed(request, latched, nothing);
  if (latched.state !== SLOT_STATE.none) return nothing;

  const p = requestOf(request);
  const free: Latched = { ...p, state: SLOT_STATE.none };
  const inside = host.intercept?.(request);
  if (inside && inside.rc !== 'UNHANDLEABLE') {
    const data = dir === 1 && !dataIsPtr ? low(inside.data, size) : null;
    const done = { rc: inside.rc, reps: inside.count, data };
    return { ...nothing, ...done, route: 'internal', latched: { ...free, count: inside.count } };
  }
  // A handler that refuses may still have cut a string instruction to one element.
  const count = inside ? inside.count : reps;
  const latch: Latched = { ...free, count };
  const cut = { ...p, count };
  const base: IoResult = { ...nothing, reps: count, latched: latch };

  const claim = request.memory ? host.claimOn(host.typeOf(gfnOf(request.addr)), gfnOf(request.addr)) : undefined;
  if (claim) {
    if (claim.server === null) return { ...base, rc: 'RETRY', route: 'retry' };
    if (dir === 1 && host.xen.rmwReads && !claim.reads) return processed(host, cut, base, 'readHalf');
    return { route: 'claim', server: claim.server, base };
  }
  const { server } = selectServer(host.servers, cut, (gfn) => host.typeOf(gfn));
  return server === null ? processed(host, cut, base, 'discard') : { route: 'range', server, base };
}

/**
 * The second half, `hvm_send_ioreq`: the vCPU waits. A string operand in memory is the device model's to fetch: for the
 * emulator it is done. UNHANDLEABLE: the server has no place for the vCPU, or its slot is taken.
 */
export function sendIo(host: IoHost, request: IoRequest, { route, server, base }: Routed): IoResult {
  if (host.shuttingDown) return { ...base, rc: 'RETRY', route };
  const to = host.slotOf(server);
  const cut = { ...requestOf(request), count: base.reps };
  const p = route === 'claim' ? cut : { ...cut, ...asServerSees(host.servers, server, cut) };
  if (!to || send(to.slot, p, to.port) === 'UNHANDLEABLE') return { ...base, route };
  const rc = p.dataIsPtr ? 'OKAY' : 'RETRY';
  return { ...base, rc, route, server, latched: { ...base.latched, state: SLOT_STATE.ready } };
}

const gfnOf = (addr: U64): number => Math.floor((addr.hi * 2 ** 32 + addr.lo) / PAGE_SIZE);

const requestOf = ({ memory, addr, size, reps, dir, df, dataIsPtr, data }: IoRequest): IoreqRequest => ({
  type: memory ? IOREQ_TYPE.copy : IOREQ_TYPE.pio,
  addr,
  size,
  count: reps,
  dir,
  df,
  dataIsPtr,
  data: dataIsPtr ? data : dir === 0 ? low(data, size) : ZERO,
});

/** The response is there: the latch is free again. A request that differs from the latched one crashes the domain. */
function completed(request: IoRequest, latched: Latched, nothing: IoResult): IoResult {
  const p = requestOf(request);
  const same =
    latched.type === p.type &&
    latched.addr.hi === p.addr.hi &&
    latched.addr.lo === p.addr.lo &&
    latched.size === p.size &&
    latched.count <= p.count &&
    latched.dir === p.dir &&
    latched.df === p.df &&
    latched.dataIsPtr === p.dataIsPtr;
  const result: IoResult = {
    ...nothing,
    route: 'completed',
    latched: { ...latched, state: SLOT_STATE.none },
    crash: same ? null : 'reissue',
  };
  if (request.dataIsPtr) return result;
  const data = request.dir === 1 ? low(latched.data, request.size) : null;
  return { ...result, rc: 'OKAY', reps: latched.count, data };
}

/**
 * `hvm_process_io_intercept` for the two handlers that stand in for a server: one that reads the page itself (`readHalf`),
 * one that drops writes and reads ones (`discard`). Element by element; the first that fails ends it.
 */
function processed(host: IoHost, p: IoreqRequest, base: IoResult, route: 'readHalf' | 'discard'): IoResult {
  const { size, count, dir, df, dataIsPtr } = p;
  let guestReads = 0;
  let data = ZERO;
  let n = 0;
  for (; n < count; n++) {
    const step = fromNumber(n * size);
    const operand = df ? sub64(p.data, step) : add64(p.data, step);
    let copied: U64 | 'okay' | 'bad' | 'crash' = 'okay';
    if (dir === 1) {
      let value: U64 | 'bad' | 'crash' = ONES;
      if (route === 'readHalf') {
        guestReads++;
        value = host.read(p.type !== IOREQ_TYPE.copy ? p.addr : df ? sub64(p.addr, step) : add64(p.addr, step), size);
      }
      if (typeof value === 'string') break;
      data = value;
      if (dataIsPtr) copied = host.write(operand, size, value);
    } else if (dataIsPtr) {
      guestReads++;
      copied = host.read(operand, size);
    }
    // What cannot be stored is dropped, what cannot be fetched reads as ones, as hardware would have it.
    if (copied === 'crash') return { ...base, route, guestReads, crash: 'copy' };
  }
  if (n === 0 && count > 0) return { ...base, route, guestReads };
  return { ...base, rc: 'OKAY', route, guestReads, data: dir === 1 && !dataIsPtr ? low(data, size) : null };
}

/** `hvmemul_do_io_buffer`: a read that cannot be handled reads as ones. */
export function doIoBuffer(host: IoHost, request: IoRequest, latched: Latched): IoResult {
  const result = doIo(host, request, latched);
  return result.rc === 'UNHANDLEABLE' && request.dir === 1 ? { ...result, data: low(ONES, request.size) } : result;
}

/**
 * The vCPU wakes (`handle_hvm_io_completion`). `answer`: the data of the response it waited for; null: no server has a
 * request of this vCPU any more, since the one that had is gone. Then the latch stays READY for ever, and every access to
 * come is UNHANDLEABLE, until `deadServerReset`; after it, the instruction is completed with what the latch holds.
 */
export function completeLatched(xen: Xen, latched: Latched, answer: U64 | null): Latched {
  const { at, on } = VCPU;
  const { effect } = Law.of(VCPU, xen).decide(at.blocked, answer === null ? on.orphaned : on.resume);
  if (effect === 'latchStays') return latched;
  if (latched.state !== SLOT_STATE.ready || latched.dataIsPtr) return { ...latched, state: SLOT_STATE.none };
  return { ...latched, state: SLOT_STATE.respReady, data: answer ?? latched.data };
}

/** The low `size` bytes. */
function low({ hi, lo }: U64, size: number): U64 {
  if (size <= 4) return { hi: 0, lo: (lo & mask(size)) >>> 0 };
  return { hi: size >= 8 ? hi : hi & mask(size - 4), lo };
}
