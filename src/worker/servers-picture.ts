/** The ioreq servers and their slots at a step, as the worker draws them: types, and the states of a slot by number. */
import type { RANGE_KINDS, RangeKind } from '../engine/ioreq-table';

export interface RangePicture {
  readonly start: bigint;
  readonly end: bigint;
}

export interface ServerPicture {
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly isDefault: boolean;
  /** Flags of its claim on the type; 0 none. */
  readonly claim: number;
  readonly entries: number;
  readonly cap: number;
  readonly memory: readonly RangePicture[];
  readonly port: readonly RangePicture[];
  readonly pci: readonly RangePicture[];
  /** Further rangesets, where the version of Xen or the design has them: wp_mem holds frame numbers, the others bytes. */
  readonly others: readonly { readonly kind: OtherRanges; readonly ranges: readonly RangePicture[] }[];
  /** Numbers of the types that it has claimed. */
  readonly types: readonly number[];
  /** Pages that it has watched without ranges; null: the design keeps no such list. */
  readonly pages: PagesPicture | null;
  readonly ring: RingPicture | null;
}

export type OtherRanges = Exclude<RangeKind, (typeof RANGE_KINDS)[number]>;

/**
 * Watched pages that are in no rangeset. `hash`: in a hash table, `most` in one bucket. `count`: by a counter for each frame,
 * `most` listeners to a page. `right`: by the right to write alone; nobody keeps a list, so known are those that XenGT follows.
 */
export interface PagesPicture {
  readonly by: 'hash' | 'count' | 'right';
  /** Guest frames, ascending; and how many pages there are in all. */
  readonly frames: readonly number[];
  readonly of: number;
  readonly most: number;
}

/** A buffered ring: its two pointers, slots filled, slots in all. `atomic`: Xen folds the pointers back. */
export interface RingPicture {
  readonly read: number;
  readonly write: number;
  readonly pending: number;
  readonly cap: number;
  readonly atomic: boolean;
}

export const SLOT_STATES = ['NONE', 'READY', 'INPROCESS', 'RESP_READY'] as const;

export interface SlotPicture {
  readonly vcpu: number;
  readonly server: number;
  /** Index into SLOT_STATES. */
  readonly state: number;
  /** The server is gone with the slot: this is what Xen has noted of the request, and nobody will answer it. */
  readonly orphaned: boolean;
}
