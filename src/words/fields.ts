/** The fields of an EPT entry in words: a short name under the bits, what the field is for, and who sets it. */

export interface FieldWords {
  readonly short: string;
  readonly means: string;
  readonly by: string;
}

/** By the name of the field in the engine's table. */
export const FIELD_WORDS: Readonly<Record<string, FieldWords>> = {
  suppress_ve: {
    short: 'v',
    means: 'suppress_ve: a violation here is never turned into an exception of the guest.',
    by: 'Xen, in every entry',
  },
  tm: {
    short: 'tm',
    means: 'Transient mapping, a hint for the IOMMU. Nothing in this model depends on it.',
    by: 'Xen',
  },
  access: {
    short: 'access',
    means: 'p2m_access: takes away from what the type allows. 7 is rwx, nothing is taken.',
    by: 'Xen, for a monitor',
  },
  sa_p2mt: {
    short: 'type',
    means: 'The p2m type. The processor ignores these bits, Xen keeps its books in them.',
    by: 'Xen, set_mem_type',
  },
  mfn: { short: 'mfn', means: 'The machine frame behind this guest frame, or the frame of the next table.', by: 'Xen' },
  snp: { short: 'snp', means: 'Snoop control for the IOMMU. Nothing in this model depends on it.', by: 'Xen' },
  recalc: {
    short: 'recalc',
    means: 'The type below is to be worked out again when the guest next comes here.',
    by: 'Xen, a global type change',
  },
  d: {
    short: 'd',
    means: 'Dirty: was written. Xen stores it set, so that the processor need not.',
    by: 'Xen, with the type',
  },
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

/** What the entry permits and why, by the code of the picture. */
export const READINGS: Readonly<Record<string, string>> = {
  nothing: 'Nothing is mapped here: every access exits.',
  writesTrapped: 'w is 0: a write exits, because the type asks for it.',
  claimed: 'w is 0: a write exits, because XenGT claimed the type.',
  unclaimed: 'w is 1: nobody holds the claim, so the page is plain RAM.',
  plain: 'r, w and x are 1: plain RAM, no access exits.',
  readOnly: 'w is 0: a write exits and is dropped.',
  logdirty: 'w is 0: the first write exits, to be noted.',
  direct: 'The frame belongs to a device: the guest reaches it itself.',
  other: 'The type alone decides what passes.',
};

export const SET_BY = 'set by';
