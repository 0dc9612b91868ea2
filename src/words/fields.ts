/** The fields of a p2m entry in words, Intel's and AMD's: a short name under the bits, what it is for, and who sets it. */
import type { Config } from '../engine/config';

export interface FieldWords {
  readonly short: string;
  readonly means: string;
  readonly by: string;
}

const UNUSED = 'Nothing in this model depends on it.';
const MFN: FieldWords = {
  short: 'mfn',
  means: 'The machine frame behind this guest frame, or the frame of the next table.',
  by: 'Xen',
};
const TYPE: FieldWords = {
  short: 'type',
  means: 'The p2m type. The processor ignores these bits, Xen keeps its books in them.',
  by: 'Xen, set_mem_type',
};
const DIRTY: FieldWords = {
  short: 'd',
  means: 'Dirty: was written. Xen stores it set, so that the processor need not.',
  by: 'Xen, with the type',
};

const EPT: Readonly<Record<string, FieldWords>> = {
  suppress_ve: {
    short: 'v',
    means: 'suppress_ve: a violation here is never turned into an exception of the guest.',
    by: 'Xen, in every entry',
  },
  tm: {
    short: 'tm',
    means: `Transient mapping, a hint for the IOMMU. ${UNUSED}`,
    by: 'Xen',
  },
  access: {
    short: 'access',
    means: 'p2m_access: takes away from what the type allows. 7 is rwx, nothing is taken.',
    by: 'Xen, for a monitor',
  },
  sa_p2mt: TYPE,
  mfn: MFN,
  snp: { short: 'snp', means: `Snoop control for the IOMMU. ${UNUSED}`, by: 'Xen' },
  recalc: {
    short: 'recalc',
    means: 'The type below is to be worked out again when the guest next comes here.',
    by: 'Xen, a global type change',
  },
  d: DIRTY,
  a: {
    short: 'a',
    means: 'Accessed: was used. Xen stores it set, so that the processor need not.',
    by: 'Xen, with the type',
  },
  sp: { short: 'sp', means: 'Superpage: the entry maps 2 MiB or 1 GiB itself, there is no table below.', by: 'Xen' },
  ipat: { short: 'ipat', means: 'The memory type here counts alone, whatever the guest says in its PAT.', by: 'Xen' },
  emt: {
    short: 'emt',
    means: 'Memory type for the caches. 6 is write-back; 7 is none: the mark for recalculation.',
    by: 'Xen',
  },
  x: { short: 'x', means: 'Instructions may be fetched from here. Never set for type 15.', by: 'Xen, from the type' },
  w: {
    short: 'w',
    means: 'Writes pass without an exit. Clear on a page whose writes somebody asked for.',
    by: 'Xen, from type and claim',
  },
  r: { short: 'r', means: 'Reads pass without an exit.', by: 'Xen, from the type' },
};

const NPT: Readonly<Record<string, FieldWords>> = {
  nx: { short: 'nx', means: 'No instruction may be fetched from here. Set for type 15.', by: 'Xen, from the type' },
  iommu: { short: 'iommu', means: `Rights of an IOMMU that shares these tables. ${UNUSED}`, by: 'Xen' },
  p2mt: TYPE,
  mfn: MFN,
  next_level: { short: 'next', means: `Where an IOMMU that shares these tables goes on. ${UNUSED}`, by: 'Xen' },
  g: { short: 'g', means: `Global: outlives a switch of tables. ${UNUSED}`, by: 'nobody' },
  pse: { short: 'pse', means: 'Page size: the entry maps 2 MiB or 1 GiB itself, there is no table below.', by: 'Xen' },
  d: DIRTY,
  a: {
    short: 'a',
    means:
      'Accessed: was used. Xen stores it set, and takes it away together with us: the check that a mark is its own.',
    by: 'Xen, with the type',
  },
  pcd: { short: 'pcd', means: 'Not cached. Set for a frame that belongs to a device.', by: 'Xen, from the type' },
  pwt: { short: 'pwt', means: 'Written through. Set for a frame of a device that no guest may write.', by: 'Xen' },
  us: {
    short: 'us',
    means: "User. Every nested walk counts as a user's, so without it any access exits: the mark for recalculation.",
    by: 'Xen, a global type change',
  },
  rw: {
    short: 'rw',
    means: 'Writes pass without an exit. Clear on a page whose writes somebody asked for.',
    by: 'Xen, from type and claim',
  },
  p: { short: 'p', means: 'Present: a frame or a table is behind this entry.', by: 'Xen, from the type' },
};

/** By the name of the field in the engine's table. */
export const FIELD_WORDS: Readonly<Record<Config['paging'], Readonly<Record<string, FieldWords>>>> = {
  ept: EPT,
  npt: NPT,
};

/** What the entry permits and why, by the code of the picture; `w` is the bit that lets writes pass. */
const READINGS: Readonly<Record<string, (w: string, paging: Config['paging']) => string>> = {
  nothing: () => 'Nothing is mapped here: every access exits.',
  marked: () => 'Marked: the next touch exits, and Xen works the type out again.',
  writesTrapped: (w) => `${w} is 0: a write exits, because the type asks for it.`,
  claimed: (w) => `${w} is 0: a write exits, because XenGT claimed the type.`,
  claimedReads: () => 'No access passes: each exits, because XenGT claimed the type for reads too.',
  guarded: (w) => `${w} is 0 though the type is plain RAM: its access rights let no write pass.`,
  unclaimed: (w) => `${w} is 1: nobody holds the claim, so the page is plain RAM.`,
  stranded: (w) => `${w} is still 0 though nobody holds the claim: a write exits, and Xen lets it try again for ever.`,
  plain: (_, paging) =>
    `${paging === 'ept' ? 'r, w and x are 1' : 'us and rw are 1, nx is 0'}: plain RAM, no access exits.`,
  readOnly: (w) => `${w} is 0: a write exits and is dropped.`,
  logdirty: (w) => `${w} is 0: the first write exits, to be noted.`,
  direct: () => 'The frame belongs to a device: the guest reaches it itself.',
  other: () => 'The type alone decides what passes.',
};

export const readingOf = (code: string, paging: Config['paging']): string =>
  READINGS[code]?.(paging === 'ept' ? 'w' : 'rw', paging) ?? code;

export const SET_BY = 'set by';
