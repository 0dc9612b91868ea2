/**
 * What `doIo` needs to know of a world, seen from one vCPU: servers, claims, slots, copies, and the two places where Xen
 * itself looks at an access first: the latch of port 0xcf8, and the VGA memory, whose writes are queued for the default
 * server. Counterpart: xen/arch/x86/hvm/io.c: hvm_access_cf8; stdvga.c: stdvga_mem_accept, stdvga_mem_write.
 * Left out: Xen's own devices, and the copy of VGA memory that it kept to answer reads until 2024.
 */
import { copyFromGuest, copyToGuest, type CopyHost } from './copy';
import type { IoHost, IoRequest } from './do-io';
import { IOREQ_TYPE } from './ioreq-select';
import { isIn, type P2mType } from './p2m-type';
import { SERVED } from './pager';
import { fromNumber, u64, type U64 } from './words64';
import type { World } from './world';

const VGA = { start: 0xa0000, end: 0xbffff } as const;

/** Xen's copies to and from the guest. */
export const copyHost = ({ p2m, memory }: World): CopyHost => ({ p2m, memory, environment: SERVED });

/** Whether a copy of Xen's went past XenGT into a table that it follows; booked if so. */
export function wroteBehind(w: World, vcpu: number, gfn: number, type: P2mType): boolean {
  return !isIn(w.p2m.classes.DISCARD_WRITE, type) && w.pastXengt(vcpu, gfn);
}

export function ioHost(w: World, vcpu: number): IoHost {
  const copies = copyHost(w);
  return {
    xen: w.xen,
    servers: w.servers,
    claimOn: (type, gfn) => w.design.ownerOf(w, gfn, type),
    typeOf: (gfn) => w.p2m.getEntry(gfn).type,
    slotOf: (server) => (w.hasServer(server) ? { slot: w.slot(server, vcpu), port: 0 } : null),
    read(gpa, size) {
      const bytes = new Uint8Array(size);
      const { result } = copyFromGuest(copies, toNumber(gpa), bytes);
      return result === 'okay' ? fromBytes(bytes) : 'bad';
    },
    write: (gpa, size, value) =>
      copyToGuest(copies, toNumber(gpa), toBytes(value, size)).result === 'okay' ? 'okay' : 'bad',
    intercept: (request) => (request.memory ? vga(w, request) : latchCf8(w, request)),
  };
}

/** Remembers which PCI function the next cycle is for; the write itself still goes to whoever has the port. */
function latchCf8(w: World, { addr, size, dir, data }: IoRequest): undefined {
  if (addr.lo === 0xcf8 && size === 4 && dir === 0) w.servers.cf8 = data.lo;
}

/** A single write into VGA memory need not be waited for: it is queued, unless the ring is full. */
function vga(
  w: World,
  { addr, size, reps, dir, data, dataIsPtr }: IoRequest,
): ReturnType<NonNullable<IoHost['intercept']>> {
  const { ring } = w.qemu;
  const at = toNumber(addr);
  if (!ring || dir !== 0 || reps !== 1 || at < VGA.start || at + size - 1 > VGA.end) return undefined;
  const { rc } = ring.send({ type: IOREQ_TYPE.copy, addr, size, count: 1, dir, dataIsPtr, data });
  return rc === 'OKAY' ? { rc, count: 1, data } : undefined;
}

const toNumber = ({ hi, lo }: U64): number => hi * 2 ** 32 + lo;

function toBytes({ hi, lo }: U64, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = (i < 4 ? lo >>> (8 * i) : hi >>> (8 * (i - 4))) & 0xff;
  return bytes;
}

const fromBytes = (bytes: Uint8Array): U64 =>
  bytes.length > 4
    ? u64(bytes.reduceRight((sum, b) => (sum << 8n) | BigInt(b), 0n))
    : fromNumber(bytes.reduceRight((sum, b) => sum * 256 + b, 0));

/** `count` elements of `size` bytes, all of one value, as a string instruction stores them. */
export function elements(low: number, high: number, size: number, count: number): Uint8Array {
  const one = toBytes({ hi: high, lo: low }, size);
  const all = new Uint8Array(size * count);
  for (let n = 0; n < count; n++) all.set(one, n * size);
  return all;
}
