/** The picture of a step, as the worker draws it and the page shows it: types, and what they count by. */
import type { AuditRule } from '../engine/audit';
import type { Errno } from '../engine/errno';
import type { Actor, AnyEvent, CostCounts } from '../engine/trace';
import type { Act } from '../scenarios/acts';
import type { ServerPicture, SlotPicture } from './servers-picture';

export interface Picture {
  readonly step: number;
  readonly of: number;
  readonly hash: string;
  /** What this step did; empty at step 0. */
  readonly events: readonly AnyEvent[];
  /** What the step is about: a frame, an entry of it. */
  readonly focus: { readonly gfn: number; readonly index: number | null } | null;
  readonly map: MapPicture;
  readonly frames: FramesPicture;
  readonly ept: EptPicture;
  readonly entry: EntryPicture;
  readonly gtt: GttPicture;
  readonly lanes: LanesPicture;
  readonly servers: readonly ServerPicture[];
  readonly slots: readonly SlotPicture[];
  readonly audit: readonly AuditPicture[];
  readonly costs: { readonly write: CostCounts; readonly total: CostCounts };
  /** A guest write is between its exit and its end. */
  readonly inFlight: boolean;
  /** null: not asked for. */
  readonly charts: ChartsPicture | null;
  /**
   * The event asked for and what led to it, the first cause first. Each is the cause of the next; where there are more than
   * MOST_CAUSES, those after the first are left out.
   */
  readonly chain: readonly AnyEvent[];
  /** Hypercalls that the selected range could be given to; empty while none is selected. */
  readonly operations: readonly Offer[];
  /** What may happen next; null: not asked for. */
  readonly next: NextPicture | null;
}

export const MOST_CAUSES = 300;

/** The machines by which Xen and the device model decide (engine/machines), at this step. */
export interface ChartsPicture {
  readonly instances: readonly ChartInstance[];
  /** Arrows taken by this step, in order of the first time. */
  readonly taken: readonly ArrowTaken[];
  /** What could be done now: each enabled choice, and each hypercall that makes sense here. */
  readonly offers: readonly Offer[];
}

/** One thing that a chart tells of: a frame, the claim on a type, a server, a slot, a vCPU. */
export interface ChartInstance {
  readonly chart: string;
  /** Unlike any other of its chart: `0x1a4c3`, `ioreq_server`, `1`, `1/0` (server/vCPU), `0`. */
  readonly id: string;
  /** Leaf of the chart that it is in. */
  readonly state: string;
  /** It was in another before this step. */
  readonly before: string;
}

export interface ArrowTaken {
  readonly chart: string;
  /** Id of the arrow, as engine/machines/read-chart.ts names it. */
  readonly arrow: string;
  /** Leaves. */
  readonly from: string;
  readonly to: string;
  /** Times that this step took it. */
  readonly count: number;
}

export type { Act };
export * from './servers-picture';

export interface Offer {
  readonly act: Act;
  /** As typed at a console: `map_mem_type_to_ioreq_server id=1 flags=0`; for a choice the actor, as in `vcpu0`. */
  readonly line: string;
  /** Arrows that it would take, refused ones too. */
  readonly arrows: readonly { readonly chart: string; readonly arrow: string }[];
  /** What it would be refused with. */
  readonly errno: Errno | null;
}

/** Who may act next and what it would bring, each tried and taken back; the scheduler's choices, not the user's hand. */
export interface NextPicture {
  readonly choices: readonly NextChoice[];
  /** The run goes on from this step only by the user's choices. */
  readonly free: boolean;
}

export interface NextChoice {
  readonly choice: number;
  /** As typed at a console. */
  readonly line: string;
  readonly actor: Actor;
  /** The vCPU that it is for, where a device model takes a request or Xen acts for one. */
  readonly vcpu: number | null;
  /** What the step would bring. */
  readonly events: readonly AnyEvent[];
  readonly errno: Errno | null;
  /** Frames whose stored type it would change, at most 8, and how many in all; type numbers. */
  readonly types: readonly { readonly gfn: number; readonly from: number; readonly to: number }[];
  readonly changed: number;
  /** It is what the run does here. */
  readonly taken: boolean;
}

/** Types of the guest's frames, a cell being 512 frames (2 MiB). */
export interface MapPicture {
  readonly cells: number;
  /** Frames by stored type number, whole guest. */
  readonly census: readonly number[];
  /** Cells that differ from the picture before: their numbers, and CELL_COUNTS counts each (census.ts). */
  readonly changed: Uint32Array;
  readonly counts: Uint16Array;
  /** Cells in which this step changed an entry that maps frames, ascending. A mark on a table changes none. */
  readonly touched: Uint32Array;
}

export interface FramesPicture {
  readonly first: number;
  /** Stored type number of each frame; 255: no entry. */
  readonly types: Uint8Array;
  /** What get_entry answers for it; 255: no entry. */
  readonly effective: Uint8Array;
  /** Order of the entry that maps each frame: 0, 9, 18. */
  readonly orders: Uint8Array;
  /** Level of the highest mark for recalculation on the way to the frame, 3 root to 0; 255: none. */
  readonly pending: Uint8Array;
  /** 1: this step changed the entry that maps it, or another maps it now. */
  readonly touched: Uint8Array;
}

/** Bits of a byte in EptPicture.entries: what an entry is (two bits), and what is true of it. */
export const EPT_ENTRY = { kind: 3, empty: 0, leaf: 1, table: 2, marked: 4, below: 8, touched: 16 } as const;

/**
 * The tables of the p2m. Level 3 is the root; an entry of level 2 maps 1 GiB, of level 1 2 MiB, of level 0 a frame. What
 * Xen calls a mark is the entry's recalc bit, or its memory type set to one that makes the processor fault.
 */
export interface EptPicture {
  /** By level, 0 first. */
  readonly levels: readonly {
    /** Tables of this level, and of those the entries that are not empty; how many of them are marked. */
    readonly tables: number;
    readonly present: number;
    readonly marked: number;
  }[];
  /**
   * A byte for each entry of level 1, 2, 3 (at that index; [0] is empty) in address order, those without a table as empty:
   * room for whole tables, as many as the guest's frames reach into. `below`: marks lie in the tables under it, not counting
   * its own. `touched`: this step changed the entry itself.
   */
  readonly entries: readonly Uint8Array[];
  /** Tables that this step made and those it freed: level and first gfn. */
  readonly made: readonly { readonly level: number; readonly first: number }[];
  readonly freed: readonly { readonly level: number; readonly first: number }[];
  /** The p2m walk or fault of this step: the frame asked for, and the level at which it ended; null: none. */
  readonly access: { readonly gfn: number; readonly level: number; readonly faulted: boolean } | null;
  /** Type-15 entries outstanding. */
  readonly outstanding: number;
}

/** One entry of the p2m on the path of the selected frame, from level 3 down. */
export interface EntryStep {
  readonly level: number;
  readonly index: number;
  /** Machine frame of the table it lies in. */
  readonly table: number;
  /** The entry's 64 bits: low word, high word; and what they were before this step. */
  readonly low: number;
  readonly high: number;
  readonly lowBefore: number;
  readonly highBefore: number;
}

export interface EntryPicture {
  readonly gfn: number;
  readonly path: readonly EntryStep[];
  /** Stored type; what get_entry answers; both type numbers. */
  readonly stored: number;
  readonly effective: number;
  readonly order: number;
  readonly mfn: number | null;
  /** Why w is what it is, as a code for words. */
  readonly reading: string;
  /** Last event that changed this entry, if any since the first image. */
  readonly setBy: { readonly step: number; readonly actor: Actor; readonly function: string } | null;
}

/** A table of the guest's PPGTT and its shadow. */
export interface GttTable {
  /** 3 PML4, 2 PDP, 1 PD, 0 PT. */
  readonly level: number;
  readonly gfn: number;
  /** Machine frame of the shadow table; null while there is none. */
  readonly shadow: number | null;
  /** The shadow of the parent leads to this shadow (of the root: there is one). */
  readonly linked: boolean;
  /** Nobody watches it and the shadow is behind, by XenGT's own doing, until the next submission. */
  readonly outOfStep: boolean;
  /** Index of the parent in `tables`, and the entry of the parent that points here; -1 for the root. */
  readonly parent: number;
  readonly slot: number;
  /** First GPU address it covers, bytes. */
  readonly gma: number;
  /** Present entries in each 1/32 of the table (0..16), guest then shadow. */
  readonly guestFill: Uint8Array;
  readonly shadowFill: Uint8Array;
  /** Entries present in the guest's table, and in the shadow; entries that differ, and those that are wrong to. */
  readonly present: number;
  readonly shadowPresent: number;
  readonly differing: number;
  readonly wrong: number;
}

/**
 * An entry and its shadow. `inFlight`: XenGT has still to make it follow. `outOfStep`: it differs, and may until the guest
 * submits work or tells of it. `untranslated`: there is nothing that the shadow could hold. `stale`: it should hold
 * something else. `unfollowed`: XenGT follows no such table, so that there is no shadow to be wrong.
 */
export type GttRowState = 'empty' | 'same' | 'inFlight' | 'outOfStep' | 'untranslated' | 'stale' | 'unfollowed';

/**
 * How they differ. `missing`: the shadow's is not present. `left`: the guest's is not any more. `other`: the shadow has
 * another frame. `flags`: the frames are right, the low 12 bits are not. `noFrame`: the p2m has no frame for the guest's.
 * `notFollowed`: the entry leads to a frame that XenGT follows no table in.
 */
export type GttWhy = 'missing' | 'left' | 'other' | 'flags' | 'noFrame' | 'notFollowed';

/** One entry of a table, guest and shadow side by side. */
export interface GttRow {
  readonly index: number;
  readonly guestLow: number;
  readonly guestHigh: number;
  /** Frame in the guest's entry; what the p2m (of a table of tables: XenGT) has for it; frame in the shadow entry. */
  readonly gfn: number | null;
  readonly mfn: number | null;
  readonly shadow: number | null;
  readonly state: GttRowState;
  /** null: they do not differ. */
  readonly why: GttWhy | null;
  /** It differs, nothing is in flight, and the design promises that it does not. */
  readonly wrong: boolean;
}

/** An entry that differs from its shadow, and where it is. */
export interface GttDifference extends GttRow {
  readonly level: number;
  /** Frame of the guest table that it is in; index of that table in `tables`, -1: not among them. */
  readonly table: number;
  readonly at: number;
  /** First GPU address that it maps, bytes. */
  readonly gma: number;
}

export interface GttWalkEntry {
  /** Frame of the table: a gfn on the guest's side, an mfn on the shadow's. */
  readonly table: number;
  readonly low: number;
  readonly high: number;
  /** null: not present, the walk ends here. */
  readonly frame: number | null;
}

export interface GttWalkStep {
  readonly level: number;
  readonly index: number;
  /** null: the walk does not come so far. */
  readonly guest: GttWalkEntry | null;
  readonly shadow: GttWalkEntry | null;
}

/** A GPU address through the guest's tables, as the guest means it, and through the shadow, as the GPU goes. */
export interface GttWalk {
  readonly gma: number;
  /** From level 3 down, as far as one of the two comes. */
  readonly steps: readonly GttWalkStep[];
  /** Guest frame that the guest maps there, and the p2m's answer for it. */
  readonly gfn: number | null;
  readonly p2m: number | null;
  /** Machine frame that the GPU gets there. */
  readonly mfn: number | null;
  /** Where they part first; null: nowhere. `noShadow`: XenGT has none of this PPGTT. */
  readonly part: {
    readonly level: number;
    readonly why: GttWhy | 'noShadow';
    readonly state: GttRowState;
    readonly wrong: boolean;
  } | null;
}

export interface GttPicture {
  /** Some 64 tables a level: those looked at, some that differ, then the first ones; `counts` are of all, by level 0..3. */
  readonly tables: readonly GttTable[];
  readonly counts: readonly number[];
  /** XenGT has been told of this PPGTT, so that there should be a shadow; it follows it. */
  readonly known: boolean;
  readonly followed: boolean;
  /** The GPU address that is walked, bytes; null: none. */
  readonly gma: number | null;
  /** Walk of it from the root: indices into `tables` with the entry taken. One that nobody asked for ends at `table`. */
  readonly path: readonly { readonly table: number; readonly slot: number }[];
  readonly walk: GttWalk | null;
  /** Focused table (index into `tables`), its focused entry, and the rows round it. */
  readonly table: number;
  readonly slot: number;
  readonly rows: readonly GttRow[];
  /** Index in `tables` of the frame that is selected; -1: it is none of them. */
  readonly selected: number;
  /** Entries of the whole tree that differ, in order of address, at most 256, wrong ones first kept; how many in all. */
  readonly differences: readonly GttDifference[];
  readonly differing: number;
  readonly wrong: number;
}

/** No scenario is open, or nobody watches a PPGTT. */
export const NO_GTT: GttPicture = {
  tables: [],
  counts: [0, 0, 0, 0],
  known: false,
  followed: false,
  gma: null,
  path: [],
  walk: null,
  table: -1,
  slot: -1,
  rows: [],
  selected: -1,
  differences: [],
  differing: 0,
  wrong: 0,
};

/** Events round this step, actor by actor, some of them still to come. */
export interface LanesPicture {
  readonly from: number;
  readonly to: number;
  readonly events: readonly AnyEvent[];
  /** gfn lock held, by the vCPU or server named; steps inclusive. */
  readonly locks: readonly {
    readonly actor: Actor;
    readonly name: string;
    readonly from: number;
    readonly to: number;
  }[];
  /** A vCPU waiting for a response. */
  readonly waits: readonly { readonly actor: Actor; readonly from: number; readonly to: number }[];
  /** vCPUs that never go on after step `at`; one that had stopped before the stretch has `from` - 1. */
  readonly ends: readonly { readonly actor: Actor; readonly at: number }[];
}

export interface AuditPicture {
  readonly rule: AuditRule;
  /** `open`: does not apply while something is in flight. */
  readonly state: 'holds' | 'broken' | 'open' | 'none';
}
