/**
 * Xen's own reads and writes of guest memory, which no table traps: hypercall buffers, and the emulator's operands.
 * Counterpart: xen/arch/x86/hvm/hvm.c: hvm_translate_get_page, __hvm_copy, _hvm_map_guest_frame; emulate.c:
 * hvmemul_map_linear_addr; xen/arch/x86/mm/shadow/hvm.c: emulate_gva_to_mfn (the last two by reading, not measured).
 * A write to type 15 belongs to a device model. Four patches of 2018 made these four places know: `copyHonours`,
 * `mapHonours`, `frameMapHonours`, `shadowHonours`. Before, they wrote behind its back.
 * Left out: page references, nested guests, and the guest's page tables: who calls gives the linear addresses' meaning.
 */
import { PAGE_SIZE } from './config';
import type { Environment } from './dm';
import { getPage, type GfnQuery } from './get-gfn';
import type { Memory, Value } from './memory';
import type { P2m } from './p2m';
import { isIn, P2M, type P2mType } from './p2m-type';

/** HVMTRANS_*. */
export type TranslationResult =
  'okay' | 'bad_linear_to_gfn' | 'bad_gfn_to_mfn' | 'unhandleable' | 'gfn_paged_out' | 'gfn_shared';

/** Where a linear address leads by the guest's own page tables: a guest-physical one, or why it does not. */
export type Linear = number | 'bad_linear_to_gfn' | 'gfn_paged_out' | 'gfn_shared';

export interface CopyHost {
  readonly p2m: P2m;
  readonly memory: Memory;
  readonly environment: Environment;
  /** Default: linear and guest-physical addresses are the same. */
  readonly translate?: (linear: number, write: boolean) => Linear;
  /** Xen serves this frame itself (`hvm_mmio_internal`). Default none. */
  readonly internal?: (gfn: number) => boolean;
  /** `paging_mark_dirty`. */
  readonly markDirty?: (gfn: number) => void;
}

/** Whether a write belongs to a device model: to type 15 as merged always, to a numbered type while it is claimed for writes. */
const isForServer = (p2m: P2m, type: P2mType): boolean =>
  p2m.numbered > 0 ? p2m.intercepts(type, true) : type === P2M.ioreq_server;

interface Found {
  readonly result: 'okay';
  readonly gfn: number;
  readonly mfn: number;
  readonly type: P2mType;
}
type Refused = { readonly result: Exclude<TranslationResult, 'okay'> };

/** `hvm_translate_get_page`: the page behind an address, un-shared if that can be done. */
export function translateGetPage(host: CopyHost, addr: number, linear: boolean, write: boolean): Found | Refused {
  const { p2m, environment } = host;
  const gpa = linear && host.translate ? host.translate(addr, write) : addr;
  if (typeof gpa === 'string') return { result: gpa };
  const gfn = Math.floor(gpa / PAGE_SIZE);
  if (host.internal?.(gfn)) return { result: 'bad_gfn_to_mfn' };
  const { type, mfn } = getPage(p2m, gfn, 'unshare', environment);
  if (mfn === null) return { result: 'bad_gfn_to_mfn' };
  const { PAGING, SHARED, GRANT } = p2m.classes;
  if (isIn(PAGING, type)) {
    environment.pageIn(p2m, gfn);
    return { result: 'gfn_paged_out' };
  }
  if (isIn(SHARED, type)) return { result: 'gfn_shared' };
  return isIn(GRANT, type) ? { result: 'unhandleable' } : { result: 'okay', gfn, mfn, type };
}

export interface Copied {
  readonly result: TranslationResult;
  /** Bytes before the page that refused. Those of a page whose writes are dropped count. */
  readonly bytes: number;
}

const value: Value = { low: 0, high: 0 };

/**
 * `__hvm_copy` to the guest, a page at a time; what went before a refusal stays written. A page whose writes are dropped
 * takes them without a sound. Type 15 answers bad_gfn_to_mfn since `copyHonours`, as if nothing were there.
 */
export function copyToGuest(host: CopyHost, addr: number, data: Uint8Array, linear = false): Copied {
  const { xen, classes } = host.p2m;
  return eachPage(host, addr, data.length, linear, true, ({ mfn, gfn, type }, offset, from, count) => {
    if (xen.copyHonours && isForServer(host.p2m, type)) return 'bad_gfn_to_mfn';
    if (isIn(classes.DISCARD_WRITE, type)) return 'okay';
    for (let i = 0; i < count; i++) host.memory.write(mfn, offset + i, 1, data[from + i]!, 0);
    host.markDirty?.(gfn);
    return 'okay';
  });
}

/** `__hvm_copy` from the guest into `data`. */
export function copyFromGuest(host: CopyHost, addr: number, data: Uint8Array, linear = false): Copied {
  return eachPage(host, addr, data.length, linear, false, ({ mfn }, offset, from, count) => {
    for (let i = 0; i < count; i++) data[from + i] = host.memory.read(mfn, offset + i, 1, value).low;
    return 'okay';
  });
}

function eachPage(
  host: CopyHost,
  addr: number,
  size: number,
  linear: boolean,
  write: boolean,
  copy: (page: Found, offset: number, from: number, count: number) => TranslationResult,
): Copied {
  for (let bytes = 0; bytes < size;) {
    const at = addr + bytes;
    const offset = at % PAGE_SIZE;
    const count = Math.min(PAGE_SIZE - offset, size - bytes);
    const page = translateGetPage(host, at, linear, write);
    const result = page.result === 'okay' ? copy(page, offset, bytes, count) : page.result;
    if (result !== 'okay') return { result, bytes };
    bytes += count;
  }
  return { result: 'okay', bytes: size };
}

/** Frames that the emulator maps side by side at most. */
const MAPPED_FRAMES = 2;

/** X86EMUL_* that a mapping can end in. OKAY: nothing is to be written, the instruction is complete. */
export type EmulError = 'OKAY' | 'RETRY' | 'UNHANDLEABLE' | 'EXCEPTION';

export type OperandMap =
  | { readonly outcome: 'mapped'; readonly mfns: readonly number[] }
  /** No mapping and no error: the access goes to `doIo` page by page. */
  | { readonly outcome: 'null' }
  | { readonly outcome: 'error'; readonly error: EmulError };

/**
 * `hvmemul_map_linear_addr`: the emulator wants its operand of `bytes` bytes as memory. Null where there is no page; since
 * `mapHonours` also for a write to type 15, which then takes the device model's way. OKAY for a page whose writes are
 * dropped; before `mapHonours` for reads of it too, which nobody asked for at that time.
 */
export function mapLinear(host: CopyHost, linear: number, bytes: number, write: boolean): OperandMap {
  const { xen, classes } = host.p2m;
  const first = Math.floor(linear / PAGE_SIZE);
  const frames = Math.floor((linear + bytes - 1) / PAGE_SIZE) - first + 1;
  if (bytes === 0 || frames > MAPPED_FRAMES) return { outcome: 'error', error: 'UNHANDLEABLE' };
  const mfns: number[] = [];
  for (let i = 0; i < frames; i++) {
    const page = translateGetPage(host, i === 0 ? linear : (first + i) * PAGE_SIZE, true, write);
    if (page.result === 'bad_gfn_to_mfn') return { outcome: 'null' };
    if (page.result !== 'okay') return { outcome: 'error', error: MAP_ERRORS[page.result] };
    const dropped = isIn(classes.DISCARD_WRITE, page.type);
    if (dropped && (write || !xen.mapHonours)) return { outcome: 'error', error: 'OKAY' };
    if (write && xen.mapHonours && isForServer(host.p2m, page.type)) return { outcome: 'null' };
    mfns.push(page.mfn);
  }
  return { outcome: 'mapped', mfns };
}

const MAP_ERRORS: Record<Exclude<TranslationResult, 'okay' | 'bad_gfn_to_mfn'>, EmulError> = {
  bad_linear_to_gfn: 'EXCEPTION',
  gfn_paged_out: 'RETRY',
  gfn_shared: 'RETRY',
  unhandleable: 'UNHANDLEABLE',
};

/** A frame mapped into Xen, as a task switch or nested virtualization wants it. */
export type FrameMap = { readonly mfn: number; readonly writable: boolean } | null;

/**
 * `hvm_map_guest_frame_rw` (`write`) and `_ro`: maps a frame; null where there is no page, or it is being paged, or for a
 * write shared. Not writable: a page whose writes are dropped; since `frameMapHonours` type 15.
 */
export function mapGuestFrame(host: CopyHost, gfn: number, write: boolean, permanent = false): FrameMap {
  const { p2m, environment } = host;
  const { xen, classes } = p2m;
  const query: GfnQuery = write ? 'unshare' : 'alloc';
  const { type, mfn } = getPage(p2m, gfn, query, environment);
  if (isIn(classes.PAGING, type)) environment.pageIn(p2m, gfn);
  if (mfn === null || isIn(classes.PAGING, type) || (write && isIn(classes.SHARED, type))) return null;
  const refused = isIn(classes.DISCARD_WRITE, type) || (xen.frameMapHonours && isForServer(p2m, type));
  const writable = write && !refused;
  if (writable && !permanent) host.markDirty?.(gfn);
  return { mfn, writable };
}

/** What the shadow pager's emulator finds for a write: a frame, or BAD_GVA_TO_GFN, BAD_GFN_TO_MFN, READONLY_GFN. */
export type ShadowTarget = number | 'badGva' | 'badGfn' | 'readOnly';

/**
 * `emulate_gva_to_mfn`: where the emulator of the shadow pager may write. `badGfn`: it gives up, the access takes the way of
 * I/O; since `shadowHonours` so does type 15. `readOnly`: the write is dropped.
 */
export function shadowTarget(host: CopyHost, linear: number): ShadowTarget {
  const { p2m, environment } = host;
  const { xen, classes } = p2m;
  const gpa = host.translate ? host.translate(linear, true) : linear;
  if (typeof gpa === 'string') return 'badGva';
  const { type, mfn } = getPage(p2m, Math.floor(gpa / PAGE_SIZE), 'alloc', environment);
  if (mfn === null || (xen.shadowHonours && isForServer(p2m, type))) return 'badGfn';
  if (isIn(classes.DISCARD_WRITE, type)) return 'readOnly';
  return isIn(classes.RAM, type) ? mfn : 'badGfn';
}
