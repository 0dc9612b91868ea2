/**
 * Which ioreq server an access goes to (xen/arch/x86/hvm/ioreq.c: hvm_select_ioreq_server): the first enabled one, in the
 * table's order, that holds all of it in one range of the right kind; else the default server; else none.
 * An access to a p2m type that a server has claimed never comes here. Where there is a rangeset for write-protected RAM
 * (f5a32c5b8e), an access to a page of type 15 is looked for there alone, by the frame that it begins in.
 * Left out: AMD's extended configuration space (bits 27:24 of the latch).
 */
import { PAGE_SIZE } from './config';
import type { IoreqTable, RangeKind } from './ioreq-table';
import { SERVER } from './machines/server';
import { P2M, type P2mType } from './p2m-type';
import type { Xen } from './patches';
import { add64, mul32, sub64, type U64 } from './words64';

/** IOREQ_TYPE_* of Xen's public header. */
export const IOREQ_TYPE = { pio: 0, copy: 1, pciConfig: 2, timeoffset: 7, invalidate: 8 } as const;

/** What selection looks at in a request. */
export interface IoreqAddress {
  /** One of IOREQ_TYPE, or a number that Xen does not know. */
  readonly type: number;
  /** Guest-physical byte address, or port. */
  readonly addr: U64;
  /** Bytes of one element, and how many of them a string instruction moves. */
  readonly size: number;
  readonly count: number;
  /** Direction flag: a string instruction that goes downwards from `addr`. */
  readonly df: boolean;
  /** 1 read, 0 write. Matters only where sets are kept apart by it; default a write. */
  readonly dir?: number;
}

export interface Selection {
  /** Id of the chosen server; null: nobody's (writes vanish, reads give all ones). */
  readonly server: number | null;
  readonly isDefault: boolean;
  /** The request as the server gets it: a PCI configuration cycle is rewritten. */
  readonly type: number;
  readonly addr: U64;
  /** A debug build stopped: the access wraps around the address space, or is empty. */
  readonly asserted: boolean;
}

interface Key {
  /** Kinds of set in which it may be, in the order in which they are searched. */
  readonly kinds: readonly RangeKind[];
  readonly first: U64;
  readonly last: U64;
  readonly type: number;
  readonly addr: U64;
}

/** A page of type 15, where such have a rangeset of their own. */
function trappedRam(
  { kinds }: IoreqTable,
  { type, addr }: IoreqAddress,
  typeOf: ((gfn: number) => P2mType) | undefined,
): Key | undefined {
  if (type !== IOREQ_TYPE.copy || !kinds.includes('wp_mem')) return undefined;
  const gfn = Math.floor((addr.hi * 2 ** 32 + addr.lo) / PAGE_SIZE);
  if (typeOf?.(gfn) !== P2M.ioreq_server) return undefined;
  const at = { hi: Math.floor(gfn / 2 ** 32), lo: gfn >>> 0 };
  return { kinds: ['wp_mem'], first: at, last: at, type, addr };
}

/** Indices of the sets to search; memory may have one more, for the direction. */
function setsOf({ kinds }: IoreqTable, wanted: readonly RangeKind[], dir = 0): number[] {
  const side = wanted.includes('memory') ? kinds.indexOf(dir === 1 ? 'read' : 'write') : -1;
  const sets = wanted.map((kind) => kinds.indexOf(kind));
  return side < 0 ? sets : [...sets, side];
}

/** Chooses the server for a request. Counts a rangeset look-up for each server asked; changes nothing. */
export function selectServer(servers: IoreqTable, request: IoreqAddress, typeOf?: (gfn: number) => P2mType): Selection {
  const { type, addr } = request;
  const { defaultSlot, options } = servers;
  const key = trappedRam(servers, request, typeOf) ?? keyOf(request, servers.cf8, options.xen);
  if (key) {
    const { first, last } = key;
    const sets = setsOf(servers, key.kinds, request.dir);
    const disordered = first.hi > last.hi || (first.hi === last.hi && first.lo > last.lo);
    for (const slot of servers.order()) {
      const { server, ranges } = servers.slots[slot]!;
      if (slot === defaultSlot || server.state !== SERVER.at.enabled) continue;
      if (disordered && options.assertions) return { server: null, isDefault: false, type, addr, asserted: true };
      if (sets.some((set) => ranges[set]!.containsWords(first.hi, first.lo, last.hi, last.lo))) {
        return { server: server.id, isDefault: false, type: key.type, addr: key.addr, asserted: false };
      }
    }
  }
  const isDefault = defaultSlot >= 0;
  return { server: isDefault ? servers.slots[defaultSlot]!.server.id : null, isDefault, type, addr, asserted: false };
}

/** The request as server `id` gets it: a PCI configuration cycle is rewritten, but for the default server. */
export function asServerSees(servers: IoreqTable, id: number, request: IoreqAddress): { type: number; addr: U64 } {
  const isDefault = servers.slotOf(id) === -1;
  const { type, addr } = (isDefault ? undefined : keyOf(request, servers.cf8, servers.options.xen)) ?? request;
  return { type, addr };
}

/** What to look for in which rangesets; undefined: only the default server takes such a request. */
function keyOf(request: IoreqAddress, cf8: number, xen: Pick<Xen, 'directionFlag'>): Key | undefined {
  const { type, addr, size } = request;
  if (type === IOREQ_TYPE.copy) return { kinds: ['memory'], ...memorySpan(request, xen), type, addr };
  if (type !== IOREQ_TYPE.pio) return undefined;
  // The data port of a configuration cycle, with the latch's enable bit: the function alone decides, not the register.
  if (addr.hi === 0 && addr.lo >= 0xcfc && addr.lo <= 0xcff && cf8 >>> 31 === 1) {
    const sbdf = (cf8 >>> 8) & 0xffff;
    const at = { hi: 0, lo: sbdf };
    const config = { hi: sbdf, lo: (cf8 & 0xfc) | (addr.lo & 3) };
    return { kinds: ['pci'], first: at, last: at, type: IOREQ_TYPE.pciConfig, addr: config };
  }
  return { kinds: ['port'], first: addr, last: lastByte(addr, { hi: 0, lo: size }), type, addr };
}

/** First and last byte of a memory access of size x count bytes. */
function memorySpan(
  { addr, size, count, df }: IoreqAddress,
  xen: Pick<Xen, 'directionFlag'>,
): { first: U64; last: U64 } {
  if (xen.directionFlag) {
    const bytes = mul32(size, count);
    const one = { hi: 0, lo: size };
    if (df) return { first: add64(sub64(addr, bytes), one), last: lastByte(addr, one) };
    return { first: addr, last: lastByte(addr, bytes) };
  }
  // Before the patch: upwards whatever the direction, and the product cut to 32 bits.
  return { first: addr, last: lastByte(addr, { hi: 0, lo: Math.imul(size, count) >>> 0 }) };
}

const lastByte = (first: U64, bytes: U64): U64 => sub64(add64(first, bytes), { hi: 0, lo: 1 });
