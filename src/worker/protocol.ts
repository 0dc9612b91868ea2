/**
 * What page and worker say to each other: types only. The page asks to open a scenario, to look at something, to be at a
 * step; the worker answers with the picture of that step. Large arrays travel as transferables, and the map of the guest as
 * the cells that changed since the picture before.
 */
import type { AuditRule } from '../engine/audit';
import type { Command } from '../engine/command';
import type { Config } from '../engine/config';
import type { CostTable } from '../engine/cost-table';
import type { Errno } from '../engine/errno';
import type { RANGE_KINDS, RangeKind } from '../engine/ioreq-table';
import type { Actor, AnyEvent, CostCounts, EventId } from '../engine/trace';
import type { PatchName } from '../engine/patches';
import type { Problem } from '../scenarios/schema';

/** What the page looks at. null: follow what the step is about. */
export interface View {
  /** Selected guest frame. */
  readonly gfn: number | null;
  /** Frames of which the page wants each one's type: at most 8192, first a multiple of 512. */
  readonly window: { readonly first: number; readonly frames: number } | null;
  /** GPU address whose walk is shown. */
  readonly gma: number | null;
  /** The charts are looked at: where each stands, what moved, what could be done next. */
  readonly charts: boolean;
  /** Frames selected together, both ends inclusive. */
  readonly range: FrameRange | null;
  /** Which types the map's cells count: as the entries say, or as get_entry answers. */
  readonly counts: 'stored' | 'effective';
  /** Steps whose events are wanted, both inclusive, at most MOST_LANE_STEPS; null: those that this step belongs with. */
  readonly stretch: { readonly from: number; readonly to: number } | null;
  /** The event whose causes are wanted; null: the last of this step. */
  readonly event: EventId | null;
}

/** Following the run: nothing is selected. */
export const FOLLOW: View = {
  gfn: null,
  window: null,
  gma: null,
  charts: false,
  range: null,
  counts: 'stored',
  stretch: null,
  event: null,
};

export interface FrameRange {
  readonly first: number;
  readonly last: number;
}

/** Frames of a range that one hypercall is offered to change the types of: it is one step, and a longer one would take long. */
export const MOST_CHANGED = 65_536;

/** Steps of which the events fit into one picture. */
export const MOST_LANE_STEPS = 400;

/** Changes to a scenario made on the page: the version and the guest's memory in bytes. */
export interface Overrides {
  readonly version?: string | undefined;
  readonly memory?: number | undefined;
}

export type ToWorker =
  | { readonly type: 'open'; readonly id: number; readonly scenario: unknown; readonly overrides: Overrides }
  | { readonly type: 'seek'; readonly id: number; readonly step: number; readonly view: View }
  /** Does something at a step; what came after it is run anew. Answered as `open` is. */
  | { readonly type: 'perform'; readonly id: number; readonly step: number; readonly act: Act }
  /** Brings back the run as it was before the last `perform`. Answered as `open` is. */
  | { readonly type: 'undo'; readonly id: number }
  /** Where `rule` of the audit is first broken. */
  | { readonly type: 'find'; readonly id: number; readonly rule: AuditRule }
  /** All events of the run as a file, see trace-file.ts. */
  | { readonly type: 'trace'; readonly id: number; readonly format: TraceFormat }
  /**
   * Ends an `open` or a `perform` early: what has been run by then is the run. A guest that is still being built, a `find` and
   * a `trace` are given up: refused with no problems.
   */
  | { readonly type: 'stop'; readonly id: number };

export type TraceFormat = 'json' | 'csv';

/** What long work is at. Its progress counts steps, while a guest is built frames. */
export type Phase = 'build' | 'run' | 'seek' | 'find' | 'trace';

export type FromWorker =
  | {
      readonly type: 'progress';
      readonly id: number;
      readonly phase: Phase;
      readonly steps: number;
      readonly of: number | null;
    }
  /** Another run, or this one as it is now. */
  | { readonly type: 'opened'; readonly id: number; readonly session: SessionInfo }
  | { readonly type: 'picture'; readonly id: number; readonly picture: Picture }
  /** Answer to a `seek` that took long, and whose place another has taken before its picture was drawn. */
  | { readonly type: 'superseded'; readonly id: number }
  /** The file, UTF-8, in parts. */
  | { readonly type: 'traced'; readonly id: number; readonly parts: readonly Uint8Array<ArrayBuffer>[] }
  /** Answer to `find`; null: nowhere, or another scenario was opened meanwhile. */
  | { readonly type: 'found'; readonly id: number; readonly step: number | null }
  | { readonly type: 'refused'; readonly id: number; readonly problems: readonly Problem[] };

export type { Problem };

export interface SessionInfo {
  readonly title: string;
  readonly version: string;
  /** Names of the 16 p2m types in this version, by number. */
  readonly typeNames: readonly string[];
  /** A claim, not a server's ranges, decides who gets a write. */
  readonly claims: boolean;
  /** Patches of this version of Xen. */
  readonly patches: readonly PatchName[];
  /** Types for servers, numbered as in the design document; 0: as merged. */
  readonly numbered: number;
  /** Whose tables the processor walks: Intel's or AMD's. */
  readonly paging: Config['paging'];
  readonly guest: { readonly bytes: number; readonly frames: number; readonly vcpus: number };
  readonly lanes: readonly Actor[];
  /** Steps in the journal. */
  readonly steps: number;
  /** Step to begin at. */
  readonly start: number;
  /** Steps before which playing stops, as the scenario has them, ascending. */
  readonly marks: readonly number[];
  /** Prices in cycles that the scenario sets itself. */
  readonly costs: Partial<CostTable>;
  /** A StepKind for each step 1..steps at index step - 1. */
  readonly kinds: Uint8Array;
  readonly writes: WriteColumns;
  readonly past: PastColumns;
  readonly samples: SampleColumns;
  /** The run ended by itself (false: it was stopped, or the bound on steps was reached). */
  readonly complete: boolean;
  /** Acts that can be taken back. One that the run does anyway at its step is none. */
  readonly undoable: number;
}

/** For the timeline: the most telling thing that a step did. */
export const STEP_KINDS = ['quiet', 'plain', 'exit', 'trapped', 'violation'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/**
 * What became of an intercepted write. `bypassed`: it got into a page that XenGT follows without XenGT. `buffered`: queued,
 * nobody waits. `copied`: Xen made it itself. `orphaned`: the device model died over it. `stopped`: its vCPU stopped with it.
 */
export const OUTCOMES = [
  'pending',
  'forwarded',
  'discarded',
  'retried',
  'lost',
  'bypassed',
  'buffered',
  'copied',
  'orphaned',
  'stopped',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Every write of the guest to memory that exited, a row each, in order of the step that began it. */
export interface WriteColumns {
  readonly length: number;
  /** Step of the instruction; step in which it ended (0: never). */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Guest physical address in bytes. */
  readonly gpa: Float64Array;
  readonly size: Uint8Array;
  /** Words low, high before and after. */
  readonly old: Uint32Array;
  readonly new: Uint32Array;
  /** Index into OUTCOMES. */
  readonly outcome: Uint8Array;
  /** Id of the ioreq server that got it; 0 none. */
  readonly server: Uint8Array;
  /** Level of the GTT table written: 0 PT .. 3 PML4; 255: not a GTT page. */
  readonly level: Uint8Array;
}

/** Who acted when, and what was held and waited for: the whole run, for a picture of all its lanes. */
export interface PastColumns {
  /** For each step 1..steps at index step - 1 the lane (index into SessionInfo.lanes) of its first event. */
  readonly actors: Uint8Array;
  /** The gfn lock, each time it was held over a step's end: from and to, steps inclusive. */
  readonly lockFrom: Uint32Array;
  readonly lockTo: Uint32Array;
  /** Each time a vCPU waited for a device model: which, from and to, steps inclusive. */
  readonly waitVcpu: Uint8Array;
  readonly waitFrom: Uint32Array;
  readonly waitTo: Uint32Array;
}

/** Running totals at some steps of the run, at most MOST_SAMPLES: first is step 0, last the run's end. */
export interface SampleColumns {
  readonly at: Uint32Array;
  /** Count of a primitive spent by an actor so far: at (sample * lanes + lane) * COSTS.length + cost. */
  readonly costs: Float64Array;
  /** Type-15 entries outstanding (`entry_count`; of numbered types their sum). */
  readonly outstanding: Uint32Array;
}
export const MOST_SAMPLES = 1024;

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

/** What can be done at a step: a choice of the scheduler's, or a hypercall by the user's hand. */
export type Act = { readonly choice: number } | { readonly command: Command };

export interface Offer {
  readonly act: Act;
  /** As typed at a console: `map_mem_type_to_ioreq_server id=1 flags=0`; for a choice the actor, as in `vcpu0`. */
  readonly line: string;
  /** Arrows that it would take, refused ones too. */
  readonly arrows: readonly { readonly chart: string; readonly arrow: string }[];
  /** What it would be refused with. */
  readonly errno: Errno | null;
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

export interface AuditPicture {
  readonly rule: AuditRule;
  /** `open`: does not apply while something is in flight. */
  readonly state: 'holds' | 'broken' | 'open' | 'none';
}
