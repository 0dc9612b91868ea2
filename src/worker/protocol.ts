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
import type { Actor, AnyEvent, CostCounts } from '../engine/trace';
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
}

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
  /** Ends an `open` or a `perform` early. */
  | { readonly type: 'stop'; readonly id: number };

export type FromWorker =
  | { readonly type: 'progress'; readonly id: number; readonly steps: number; readonly of: number | null }
  /** Another run, or this one as it is now. */
  | { readonly type: 'opened'; readonly id: number; readonly session: SessionInfo }
  | { readonly type: 'picture'; readonly id: number; readonly picture: Picture }
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
  /** Prices in cycles that the scenario sets itself. */
  readonly costs: Partial<CostTable>;
  /** A StepKind for each step 1..steps at index step - 1. */
  readonly kinds: Uint8Array;
  readonly writes: WriteColumns;
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
}

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

/** Stored types of the guest, a cell being 512 frames (2 MiB). */
export interface MapPicture {
  readonly cells: number;
  /** Frames by type number, whole guest. */
  readonly census: readonly number[];
  /** Cells that differ from the picture before: their numbers, and CELL_COUNTS counts each (census.ts). */
  readonly changed: Uint32Array;
  readonly counts: Uint16Array;
}

export interface FramesPicture {
  readonly first: number;
  /** Stored type number of each frame; 255: no entry. */
  readonly types: Uint8Array;
  /** Order of the entry that maps each frame: 0, 9, 18. */
  readonly orders: Uint8Array;
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
  /** Index of the parent in `tables`, and the entry of the parent that points here; -1 for the root. */
  readonly parent: number;
  readonly slot: number;
  /** First GPU address it covers, bytes. */
  readonly gma: number;
  /** Present entries in each 1/32 of the table (0..16), guest then shadow. */
  readonly guestFill: Uint8Array;
  readonly shadowFill: Uint8Array;
  readonly present: number;
}

/** `unfollowed`: XenGT follows no table of this PPGTT, so that there is no shadow to be wrong. */
export type GttRowState = 'empty' | 'same' | 'inFlight' | 'stale' | 'unfollowed';

/** One entry of the focused table, guest and shadow side by side. */
export interface GttRow {
  readonly index: number;
  readonly guestLow: number;
  readonly guestHigh: number;
  /** Frame in the guest's entry; the p2m's answer for it; frame in the shadow entry. null: not present. */
  readonly gfn: number | null;
  readonly mfn: number | null;
  readonly shadow: number | null;
  readonly state: GttRowState;
}

export interface GttPicture {
  /** At most 64 tables a level, nearest the focus first kept; `counts` are of all, by level 0..3. */
  readonly tables: readonly GttTable[];
  readonly counts: readonly number[];
  /** Walk of `gma` from the root: indices into `tables` with the entry taken; ends where an entry is not present. */
  readonly gma: number | null;
  readonly path: readonly { readonly table: number; readonly slot: number }[];
  /** Focused table (index into `tables`), its focused entry, and the rows round it. */
  readonly table: number;
  readonly slot: number;
  readonly rows: readonly GttRow[];
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
  readonly ring: RingPicture | null;
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
