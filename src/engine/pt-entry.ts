/**
 * One entry of the p2m in the processor's ordinary page-table format, which AMD's nested paging (NPT) walks and which Xen
 * uses for shadow-mode guests too: 64 bits as two words, `lo` (bits 31:0) and `hi` (bits 63:32). The page type lies in
 * bits that the processor leaves to software. There is no room for `p2m_access`: this format does not keep it.
 * Counterpart: xen/include/asm-x86/x86_64/page.h (get_pte_flags), p2m.h: p2m_flags_to_type,
 * xen/arch/x86/mm/p2m-pt.c: p2m_type_to_flags. Left out: what an IOMMU that shares the table keeps in its bits.
 */
import type { Xen } from './patches';
import { P2M, type P2mType } from './p2m-type';
import type { ServerClaims } from './server-claims';
import { TALLY_MARK } from './table-tally';

/** Name, lowest bit, width in bits, and a key for the words that explain it. An inspector draws an entry from this. */
export const PT_FIELDS = [
  { name: 'p', low: 0, width: 1, meaning: 'present' },
  { name: 'rw', low: 1, width: 1, meaning: 'write' },
  { name: 'us', low: 2, width: 1, meaning: 'user' },
  { name: 'pwt', low: 3, width: 1, meaning: 'writeThrough' },
  { name: 'pcd', low: 4, width: 1, meaning: 'cacheDisable' },
  { name: 'a', low: 5, width: 1, meaning: 'accessed' },
  { name: 'd', low: 6, width: 1, meaning: 'dirty' },
  { name: 'pse', low: 7, width: 1, meaning: 'superpage' },
  { name: 'g', low: 8, width: 1, meaning: 'global' },
  { name: 'next_level', low: 9, width: 3, meaning: 'iommuLevel' },
  { name: 'mfn', low: 12, width: 40, meaning: 'frame' },
  { name: 'p2mt', low: 52, width: 7, meaning: 'type' },
  { name: 'iommu', low: 59, width: 4, meaning: 'iommuFlags' },
  { name: 'nx', low: 63, width: 1, meaning: 'noExecute' },
] as const;
export type PtField = (typeof PT_FIELDS)[number]['name'];

/** Bits of `lo`. */
export const PT_P = 1;
export const PT_RW = 1 << 1;
export const PT_US = 1 << 2;
export const PT_PWT = 1 << 3;
export const PT_PCD = 1 << 4;
export const PT_A = 1 << 5;
export const PT_D = 1 << 6;
export const PT_PSE = 1 << 7;
/**
 * A present entry without the user bit is one to be recalculated: the processor takes every nested walk for a user's, so
 * it faults. The accessed bit goes along, as a check that it was Xen who took it away.
 */
export const PT_RECALC = PT_US | PT_A;
/** Bit of `hi`. */
export const PT_NX = 0x8000_0000;
/** What a store without a frame leaves in the 40 bits of the frame number. */
export const PT_NO_MFN = 0xff_ffff_ffff;

/** Xen's own packing of what is no frame number: bits 11:0 of an entry, and above them its bits 63:52. */
const FLAG_NX = 1 << 23;
const BASE = PT_P | PT_US | PT_A | PT_D;
/** Flags of an entry that points to a table. */
export const PT_TABLE = BASE | PT_RW;

const TWO20 = 0x10_0000;
const TWO32 = 0x1_0000_0000;

export const ptMfn = (lo: number, hi: number): number => (hi & 0xf_ffff) * TWO20 + (lo >>> 12);
/** Flags of an entry in Xen's packing. */
export const ptFlagsOf = (lo: number, hi: number): number => (lo & 0xfff) | ((hi >>> 20) << 12);
export const ptLo = (mfn: number, flags: number): number => (((mfn % TWO20) << 12) | (flags & 0xfff)) >>> 0;
export const ptHi = (mfn: number, flags: number): number => (Math.floor(mfn / TWO20) | ((flags >>> 12) << 20)) >>> 0;
/** The page type; an entry that is all zero holds none, though type 0 is plain RAM. */
export const ptType = (lo: number, hi: number): P2mType =>
  ((lo & 0xfff) | (hi >>> 20)) === 0 ? P2M.invalid : (((hi >>> 20) & 0x7f) as P2mType);
export const ptPresent = (lo: number): boolean => (lo & PT_P) !== 0;
/** Present and to be recalculated. */
export const ptMarked = (lo: number): boolean => (lo & (PT_P | PT_RECALC)) === PT_P;
/** Present, and shut to the guest altogether: no user bit either, but this one is not to be recalculated. */
export const ptShut = (lo: number): boolean => (lo & (PT_P | PT_RECALC)) === (PT_P | PT_A);
/** Nothing was ever stored here, or it was taken out again. */
export const ptEmpty = (lo: number, hi: number): boolean => (lo | hi) === 0;

/** What an entry counts for in the tally of its table. */
export const ptTally = (lo: number, hi: number): number => (ptEmpty(lo, hi) ? 0 : ptMarked(lo) ? 1 + TALLY_MARK : 1);

export type PtValues = Record<PtField, number>;

/** Every field of an entry as a number. */
export function ptUnpack(lo: number, hi: number): PtValues {
  const values: Partial<PtValues> = {};
  for (const { name, low, width } of PT_FIELDS) {
    const bits = low >= 32 ? hi >>> (low - 32) : low + width <= 32 ? lo >>> low : (hi * TWO32 + (lo >>> 0)) / 2 ** low;
    values[name] = name === 'mfn' ? ptMfn(lo, hi) : bits & (2 ** width - 1);
  }
  return values as PtValues;
}

/** The two words of an entry with these fields; what is not named is zero. */
export function ptPack(values: Partial<PtValues>): [lo: number, hi: number] {
  const mfn = values.mfn ?? 0;
  let lo = (mfn % TWO20) << 12;
  let hi = Math.floor(mfn / TWO20);
  for (const { name, low } of PT_FIELDS) {
    const value = values[name] ?? 0;
    if (name === 'mfn') continue;
    if (low < 32) lo |= value << low;
    else hi |= value << (low - 32);
  }
  return [lo >>> 0, hi >>> 0];
}

/** What the flags of an entry depend on beside its type. */
export interface PtFlagContext {
  readonly xen: Xen;
  /** A claim with the WRITE flag is held on type 15. */
  readonly writeClaim: boolean;
  /** Type 15 has x. Default not: it lost it in version 3 of the first series. */
  readonly executable?: boolean;
  /** Where types are numbered, this decides in place of `writeClaim`. */
  readonly claims?: Pick<ServerClaims, 'keeps' | 'flags'>;
}

/**
 * Rights of a numbered type, by the flags of its claim; the reasons are those of EPT's (ept-entry.ts). This format has no
 * bit for reads. An entry that is not present would be without its type and its marks, so one that is shut to reads stays
 * present and denies the user, who every nested walk is; the accessed bit tells it from a mark.
 */
const SHUT = BASE & ~PT_US;
const NUMBERED = [BASE | PT_RW, SHUT, BASE, SHUT] as const;

/**
 * Flags of an entry of this type, in Xen's packing, the type itself among them. They do not depend on the level.
 * `mmioReadOnly` (the frame is one that no guest may write) matters to mmio_direct alone; a debug build asserts that it
 * never meets a superpage (since somewhere before the renaming: then such a page also became write-through).
 */
export function ptFlags(type: number, ctx: PtFlagContext, mmioReadOnly: boolean): number {
  const flags = (type & 0x7f) << 12;
  if (ctx.claims?.keeps(type)) return flags | NUMBERED[ctx.claims.flags(type)]!;
  switch (type) {
    case P2M.ram_rw:
      return flags | BASE | PT_RW;
    case P2M.ram_ro:
    case P2M.ram_logdirty:
    case P2M.ram_shared:
      return flags | BASE;
    case P2M.grant_map_rw:
    case P2M.map_foreign:
      return flags | BASE | PT_RW | FLAG_NX;
    case P2M.grant_map_ro:
      return flags | BASE | FLAG_NX;
    case P2M.ioreq_server:
      // From the claim on, a page of this type is plain memory until somebody asks for its writes.
      return flags | BASE | (ctx.executable ? 0 : FLAG_NX) | (ctx.xen.claim && !ctx.writeClaim ? PT_RW : 0);
    case P2M.mmio_direct:
      if (!mmioReadOnly) return flags | BASE | PT_PCD | PT_RW;
      return flags | BASE | PT_PCD | (ctx.xen.typeRenamed ? PT_PWT : 0);
    default:
      return flags | FLAG_NX;
  }
}
