/**
 * One EPT entry: 64 bits as two words, `lo` (bits 31:0) and `hi` (bits 63:32), laid out as in Xen's ept_entry_t, and the
 * permissions that follow from a page's type and access.
 * Counterpart: xen/include/asm-x86/hvm/vmx/vmx.h (ept_entry_t), xen/arch/x86/mm/p2m-ept.c: ept_p2m_type_to_flags.
 * Left out: snoop control and #VE delivery have their bits here but no behaviour.
 */
import type { Xen } from './patches';
import { P2M, P2M_ACCESS, type P2mAccess, type P2mType } from './p2m-type';
import type { ServerClaims } from './server-claims';
import { TALLY_MARK } from './table-tally';

/** Name, lowest bit, width in bits, and a key for the words that explain it. An inspector draws an entry from this. */
export const EPT_FIELDS = [
  { name: 'r', low: 0, width: 1, meaning: 'read' },
  { name: 'w', low: 1, width: 1, meaning: 'write' },
  { name: 'x', low: 2, width: 1, meaning: 'execute' },
  { name: 'emt', low: 3, width: 3, meaning: 'memoryType' },
  { name: 'ipat', low: 6, width: 1, meaning: 'ignorePat' },
  { name: 'sp', low: 7, width: 1, meaning: 'superpage' },
  { name: 'a', low: 8, width: 1, meaning: 'accessed' },
  { name: 'd', low: 9, width: 1, meaning: 'dirty' },
  { name: 'recalc', low: 10, width: 1, meaning: 'recalc' },
  { name: 'snp', low: 11, width: 1, meaning: 'snoop' },
  { name: 'mfn', low: 12, width: 40, meaning: 'frame' },
  { name: 'sa_p2mt', low: 52, width: 6, meaning: 'type' },
  { name: 'access', low: 58, width: 4, meaning: 'access' },
  { name: 'tm', low: 62, width: 1, meaning: 'transientMapping' },
  { name: 'suppress_ve', low: 63, width: 1, meaning: 'suppressVe' },
] as const;
export type EptField = (typeof EPT_FIELDS)[number]['name'];

/** Bits of `lo`. */
export const EPT_R = 1;
export const EPT_W = 2;
export const EPT_X = 4;
export const EPT_RWX = 7;
export const EPT_EMT = 7 << 3;
export const EPT_IPAT = 1 << 6;
export const EPT_SP = 1 << 7;
export const EPT_A = 1 << 8;
export const EPT_D = 1 << 9;
export const EPT_RECALC = 1 << 10;
/** What `eptFlags` decides. */
export const EPT_FLAGS = EPT_RWX | EPT_A | EPT_D;
/** The memory type that no hardware accepts: Xen's marker for "work it out at the next touch". */
export const MTRR_NUM_TYPES = 7;
export const MTRR_TYPE_UNCACHABLE = 0;
export const MTRR_TYPE_WRBACK = 6;
export const EPT_EMT_INVALID = MTRR_NUM_TYPES << 3;
/** `hi` of an empty slot: suppress_ve alone does not count as content. */
export const EPT_EMPTY_HI = 0x8000_0000;
/** What a store without a frame leaves in the 40 bits of the frame number. */
export const EPT_NO_MFN = 0xff_ffff_ffff;

const TWO20 = 0x10_0000;
const TWO32 = 0x1_0000_0000;

export const eptMfn = (lo: number, hi: number): number => (hi & 0xf_ffff) * TWO20 + (lo >>> 12);
export const eptEmt = (lo: number): number => (lo >>> 3) & 7;
export const eptType = (hi: number): P2mType => ((hi >>> 20) & 0x3f) as P2mType;
export const eptAccess = (hi: number): P2mAccess => ((hi >>> 26) & 0xf) as P2mAccess;
export const eptPresent = (lo: number): boolean => (lo & EPT_RWX) !== 0;
/** `is_epte_valid`: anything but suppress_ve is set, and the type is not p2m_invalid. */
export const eptValid = (lo: number, hi: number): boolean => (lo | (hi << 1)) !== 0 && ((hi >>> 20) & 0x3f) !== 1;
/** Nothing was ever stored here, or it was taken out again. */
export const eptEmpty = (lo: number, hi: number): boolean => (lo | (hi << 1)) === 0;

/** `lo` with another frame number; the part of it that belongs into `hi` is `eptMfnHi`. */
export const eptLo = (mfn: number, flags: number): number => (((mfn % TWO20) << 12) | flags) >>> 0;
/** `hi` of a leaf: frame number above bit 19, type, access, suppress_ve. */
export const eptHi = (mfn: number, type: number, access: number): number =>
  (Math.floor(mfn / TWO20) | (type << 20) | (access << 26) | EPT_EMPTY_HI) >>> 0;

/** To be worked out anew, its type or no more than its memory type. */
export const eptMarked = (lo: number): boolean => (lo & EPT_RECALC) !== 0 || eptEmt(lo) === MTRR_NUM_TYPES;
/** What an entry counts for in the tally of its table. */
export const eptTally = (lo: number, hi: number): number => (eptEmpty(lo, hi) ? 0 : eptMarked(lo) ? 1 + TALLY_MARK : 1);

export type EptValues = Record<EptField, number>;

/** Every field of an entry as a number. */
export function eptUnpack(lo: number, hi: number): EptValues {
  const values: Partial<EptValues> = {};
  for (const { name, low, width } of EPT_FIELDS) {
    const bits = low >= 32 ? hi >>> (low - 32) : low + width <= 32 ? lo >>> low : (hi * TWO32 + (lo >>> 0)) / 2 ** low;
    values[name] = name === 'mfn' ? eptMfn(lo, hi) : bits & (2 ** width - 1);
  }
  return values as EptValues;
}

/** The two words of an entry with these fields; what is not named is zero. */
export function eptPack(values: Partial<EptValues>): [lo: number, hi: number] {
  const mfn = values.mfn ?? 0;
  let lo = (mfn % TWO20) << 12;
  let hi = Math.floor(mfn / TWO20);
  for (const { name, low } of EPT_FIELDS) {
    const value = values[name] ?? 0;
    if (name === 'mfn') continue;
    if (low < 32) lo |= value << low;
    else hi |= value << (low - 32);
  }
  return [lo >>> 0, hi >>> 0];
}

/** What the permissions of an entry depend on beside its type and access. */
export interface EptFlagContext {
  readonly xen: Xen;
  /** The processor has accessed and dirty bits. */
  readonly adSupported: boolean;
  /** Hardware page-modification logging is on for this guest. */
  readonly pml: boolean;
  /** A claim with the WRITE flag is held on type 15. */
  readonly writeClaim: boolean;
  /** Type 15 has x. Default not: it lost it in version 3 of the first series. */
  readonly executable?: boolean;
  /** Where types are numbered, this decides in place of `writeClaim`. */
  readonly claims?: Pick<ServerClaims, 'keeps' | 'flags'>;
}

const AD = EPT_A | EPT_D;
/**
 * Rights of a numbered type, by the flags of its claim. Nobody's: those of ram_rw, so executable too, which type 15 as
 * merged never is. Writes: the document takes away what was asked for and no more, so a fetch still passes; without the x
 * it would fault for ever, as it does on type 15, for nobody asked for it. Reads: no r, and no w either, which EPT cannot
 * give without r; a fetch is a reading of the page as well, and must not see past the device model.
 */
const NUMBERED = [EPT_RWX | AD, 0, EPT_R | EPT_X | EPT_A, 0] as const;

/**
 * Permission bits (r, w, x, a, d in place) of an entry of this type and access. `superpage` matters to ram_logdirty,
 * `mmioReadOnly` (the frame is one that no guest may write) to mmio_direct. Xen asserts that those two never meet.
 */
export function eptFlags(
  type: number,
  access: number,
  ctx: EptFlagContext,
  superpage: boolean,
  mmioReadOnly: boolean,
): number {
  let flags = ctx.claims?.keeps(type)
    ? NUMBERED[ctx.claims.flags(type)]!
    : typeFlags(type, ctx, superpage, mmioReadOnly);
  if (!ctx.adSupported) flags &= ~AD;
  if (access === P2M_ACCESS.rx2rw) access = P2M_ACCESS.rx;
  else if (access === P2M_ACCESS.n2rwx) access = 0;
  return flags & (access | AD);
}

/** What the type alone gives. */
function typeFlags(type: number, ctx: EptFlagContext, superpage: boolean, mmioReadOnly: boolean): number {
  switch (type) {
    case P2M.ram_rw:
      return EPT_RWX | AD;
    case P2M.ioreq_server:
      // From the claim on, a page of this type is plain memory until somebody asks for its writes.
      return (ctx.xen.claim && !ctx.writeClaim ? EPT_R | EPT_W | AD : EPT_R | EPT_A) | (ctx.executable ? EPT_X : 0);
    case P2M.mmio_direct:
      return mmioReadOnly ? EPT_R | EPT_X | EPT_A : EPT_RWX | AD;
    case P2M.ram_logdirty:
      // The processor logs 4 KiB pages by itself; a superpage must still fault, to be split.
      return EPT_R | EPT_X | EPT_A | (ctx.pml && !superpage ? EPT_W : 0);
    case P2M.ram_ro:
    case P2M.ram_shared:
      return EPT_R | EPT_X | EPT_A;
    case P2M.grant_map_rw:
    case P2M.map_foreign:
      return EPT_R | EPT_W | AD;
    case P2M.grant_map_ro:
      return EPT_R | EPT_A;
    default:
      return 0;
  }
}
