/**
 * What the generic p2m layer and a table format (EPT, or page tables for AMD's NPT and for shadow mode) want of each other,
 * and the rule both use to work out a pending type. Counterpart: the function pointers of struct p2m_domain,
 * xen/include/asm-x86/p2m.h: p2m_recalc_type_range, xen/arch/x86/mm/p2m.c: p2m_is_logdirty_range.
 */
import type { Rc } from './errno';
import type { Law } from './machines/law';
import { PAGE_TYPE } from './machines/page-type';
import type { P2mClasses } from './p2m-classes';
import type { P2mAccess, P2mType } from './p2m-type';
import { P2M } from './p2m-type';
import type { Xen } from './patches';
import type { RecordOf } from './record';
import { record } from './record';
import type { ServerClaims } from './server-claims';
import type { Meter } from './trace';

/** Who walks the p2m: Intel's EPT, AMD's nested paging, or nobody but Xen, to make shadows of the guest's own tables. */
export type Paging = 'ept' | 'npt' | 'shadow';

/** An order of an entry: log2 of the 4 KiB frames it maps. */
export type Order = 0 | 9 | 18;

/** A frame of guest memory as the p2m reports it. Made once, filled by `getEntry`. */
export interface P2mEntry {
  /** What the type will be once pending changes are done. */
  type: P2mType;
  access: P2mAccess;
  /** log2 of the frames that the entry (or the hole) spans: 0, 9, 18 or 27. */
  order: number;
  /** Machine frame of this gfn, or null. */
  mfn: number | null;
}

export const newEntry = (): P2mEntry => ({ type: P2M.mmio_dm, access: 0, order: 0, mfn: null });

export type AccessKind = 'read' | 'write' | 'exec';

/** What the processor makes of an access. Made once, filled by `translate`. */
export interface Translation {
  outcome: 'ok' | 'violation' | 'misconfig';
  /** Level of the entry that decided: 3 root to 0. */
  level: number;
  /** Word addresses in `tables` of the entries read, from level 3 down; `steps` of them count. */
  path: number[];
  steps: number;
  /** Rights that all the entries read leave: r 1, w 2, x 4. */
  rights: number;
  /** Machine frame, when the walk got to a present leaf; else null. */
  mfn: number | null;
}

export const newTranslation = (): Translation => ({
  outcome: 'ok',
  level: 0,
  path: [0, 0, 0, 0],
  steps: 0,
  rights: 0,
  mfn: null,
});

/** Registers of a p2m. Server ids are kept plus one, so that 0 is nobody. */
export const P2mRegs = record({
  /** `max_mapped_pfn`: highest gfn that ever had a valid entry. */
  maxMapped: 1,
  /** `ioreq.entry_count`: type-15 entries outstanding. */
  entryCount: 1,
  /** `ioreq.server`, as id + 1. */
  claimServer: 1,
  /** State of the claim on type 15, as the chart of the claim numbers it; `ioreq.flags` follow from it. */
  claimState: 1,
  /** `global_logdirty`, 0 or 1. */
  globalLogdirty: 1,
  /** Hardware page-modification logging is on, 0 or 1. */
  pml: 1,
  /** `ept_spurious_misconfig`, a bit a vCPU. */
  spurious: 1,
  /** Times that Xen crashed the domain. */
  crashes: 1,
});
export type P2mRegs = RecordOf<typeof P2mRegs>;

/** What a table format is given of its guest. */
export interface P2mHost {
  readonly xen: Xen;
  readonly classes: P2mClasses;
  readonly pageLaw: PageLaw;
  readonly regs: P2mRegs;
  readonly claims: ServerClaims;
  readonly meter: Meter;
  /** vCPUs of the guest, at most 32. */
  readonly vcpus: number;
  /** The processor has EPT accessed and dirty bits. */
  readonly adSupported: boolean;
  /** Pages of type 15 may be executed. */
  readonly executable: boolean;
  /** A frame that Xen has a struct page for (`mfn_valid`): RAM, as opposed to a device's. */
  mfnValid(mfn: number): boolean;
  /** How much of gfns `first` to `last` is log-dirty: all 1, none 0, some -1. */
  logdirtyRange(first: number, last: number): 0 | 1 | -1;
  /** How much of the frames `first` to `last` no guest may write: all 1, none 0, some -1 (`mmio_ro_ranges`). */
  mmioReadOnly(first: number, last: number): 0 | 1 | -1;
}

/** A table format. A refusal's reasons are those of the implementation. */
export interface P2mTable {
  /** Maps exactly 2^order frames by one entry. `mfn` null: no frame. */
  setEntry(gfn: number, mfn: number | null, order: number, type: P2mType, access: P2mAccess): Rc;
  /** Looks a gfn up, pending changes reckoned with but not carried out. */
  getEntry(gfn: number, into: P2mEntry): P2mEntry;
  /** Carries out what is pending at `gfn`: 0 nothing was, 1 something changed, or an errno. */
  recalc(gfn: number): Rc;
  /** Marks every entry for recalculation of its type. */
  changeEntryTypeGlobal(): void;
  /** Marks gfns `first` to `last`, both inclusive. */
  changeEntryTypeRange(first: number, last: number): Rc;
  /** Marks every memory type as stale; page types stay. */
  memoryTypeChanged(): void;
  /** The guest tripped over a mark: whether it may go on. EPT tells a fault in vain from one with something to do. */
  handleMisconfig(gfn: number, vcpu: number): boolean;
  /** The processor's view of an access. */
  translate(gfn: number, kind: AccessKind, into: Translation): Translation;
  /** Machine frame behind `gfn`, or null: for those who hold a mapping of it already. Costs nothing. */
  frame(gfn: number): number | null;
  /** Word addresses in `tables` of the entries on the way to `gfn`, from the root down to the last that is there. */
  path(gfn: number): number[];
  /** Word address in `tables` of the entry where the walk for `gfn` ends. */
  lookup(gfn: number): number;
}

/** The chart of a page's type under this version's patches. */
export type PageLaw = Law<(typeof PAGE_TYPE.states)[number]>;

const { 'recalc.clean': CLEAN, 'recalc.dirty': DIRTY } = PAGE_TYPE.on;
const { numbered: NUMBERED, owner: OWNER, large: LARGE } = PAGE_TYPE.is;

/** Part of the frames, not all. */
export const SOME = -1;

/**
 * The type that pages `gfn` to `last` of type `type` have once a pending recalculation is done. SOME: they lie under one
 * `large` entry, some are log-dirty and some are not, and that makes a difference.
 */
export function recalcType(host: P2mHost, type: P2mType, gfn: number, last: number): P2mType;
export function recalcType(host: P2mHost, type: P2mType, gfn: number, last: number, large: true): P2mType | typeof SOME;
export function recalcType(
  host: P2mHost,
  type: P2mType,
  gfn: number,
  last: number,
  large = false,
): P2mType | typeof SOME {
  const { pageLaw: law, claims, regs } = host;
  const facts = (claims.numbered > 0 ? NUMBERED : 0) | (regs.claimServer !== 0 ? OWNER : 0) | (large ? LARGE : 0);
  // A type that log-dirty leaves alone needs no look at the ranges.
  const differs = law.would(type, CLEAN, facts) !== law.would(type, DIRTY, facts);
  const dirty = differs ? host.logdirtyRange(gfn, last) : 0;
  if (large && dirty < 0) return SOME;
  return law.decide(type, dirty !== 0 ? DIRTY : CLEAN, facts).to as P2mType;
}

/** Level of the root in either format. */
const ROOT = 3;

/**
 * Calls `mark` for parts of gfns `first` to `last`, each of them entries of one table of the level named, so that as few
 * entries as can be cover the range exactly. Answers the first refusal, at which it ends; else 1 if any call did.
 */
export function coverRange(
  first: number,
  last: number,
  mark: (level: number, from: number, to: number) => 0 | 1 | 'ENOMEM',
): 0 | 1 | 'ENOMEM' {
  let changed: 0 | 1 = 0;
  for (let level = 0; level <= ROOT;) {
    const size = 2 ** (9 * (level + 1));
    let from = first;
    let to = last;
    if (first % size !== 0) to = Math.min(first - (first % size) + size - 1, last);
    else if ((last + 1) % size !== 0) from = Math.max(first, last - (last % size));
    else {
      level++;
      continue;
    }
    const rc = mark(level, from, to);
    if (rc === 'ENOMEM') return rc;
    if (rc === 1) changed = 1;
    if (from === first && to === last) break;
    if (from === first) first = to + 1;
    else last = from - 1;
  }
  return changed;
}
