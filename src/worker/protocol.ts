/**
 * What page and worker say to each other: types only. The page asks to open a scenario, to look at something, to be at a
 * step; the worker answers with the picture of that step. Large arrays travel as transferables, and the map of the guest as
 * the cells that changed since the picture before.
 */
import type { AuditRule } from '../engine/audit';
import type { Config, Op, ToolOp } from '../engine/config';
import type { CostTable } from '../engine/cost-table';
import type { Actor, AnyEvent, CostCounts, EventId } from '../engine/trace';
import type { PatchName } from '../engine/patches';
import type { ActAt } from '../scenarios/acts';
import type { Answer, Ask, Carried, Lesson, PatchSet, Place, StartView } from '../scenarios/lesson';
import type { Problem } from '../scenarios/schema';
import type { Switches } from '../scenarios/xen-set';
import type { Act, Picture } from './picture';

export * from './picture';
export { MOST_CHANGED } from '../scenarios/acts';

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
  /** What may happen next is looked at. */
  readonly next: boolean;
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
  next: false,
};

export interface FrameRange {
  readonly first: number;
  readonly last: number;
}

/** Steps of which the events fit into one picture. */
export const MOST_LANE_STEPS = 400;

/** Changes to a scenario made on the page: the version, patches switched over it, and the guest's memory in bytes. */
export interface Overrides {
  readonly version?: string | undefined;
  readonly patches?: Switches | undefined;
  readonly memory?: number | undefined;
}

/** A question: one of the scenario's own, by its index in SessionInfo.prompts; or about whatever step `step` belongs to. */
export type QuestionOf = { readonly prompt: number } | { readonly step: number; readonly ask: Ask | null };

export type ToWorker =
  /** `scenario`: a parsed file, or the text of one. `acts`: what is done in it, in place of what the file has. */
  | {
      readonly type: 'open';
      readonly id: number;
      readonly scenario: unknown;
      readonly overrides: Overrides;
      readonly acts?: readonly ActAt[];
    }
  /** Whether the text of a file is a scenario. */
  | { readonly type: 'check'; readonly id: number; readonly text: string }
  | { readonly type: 'question'; readonly id: number; readonly of: QuestionOf }
  /** The first step of a place in the run that is open. Answered as `find` is. */
  | { readonly type: 'where'; readonly id: number; readonly place: Place }
  | { readonly type: 'seek'; readonly id: number; readonly step: number; readonly view: View }
  /** Does something at a step; what came after it is run anew. Answered as `open` is. */
  | { readonly type: 'perform'; readonly id: number; readonly step: number; readonly act: Act }
  /**
   * The run without the last act that is not the file's. Or, with `to`, a run of the same guest in which those acts are done and
   * nothing else, cut off after so many steps if it goes on for longer. Answered as `open` is.
   */
  | {
      readonly type: 'undo';
      readonly id: number;
      readonly to?: { readonly acts: readonly ActAt[]; readonly steps?: number | undefined };
    }
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
  /** Answer to `check`. */
  | { readonly type: 'checked'; readonly id: number; readonly problems: readonly Problem[] }
  /** Answer to `question`; null: nothing can be asked there. */
  | { readonly type: 'asked'; readonly id: number; readonly question: Question | null }
  | { readonly type: 'refused'; readonly id: number; readonly problems: readonly Problem[] };

export type { Problem };

/** A question, what could be answered to it, and what is true. */
export interface Question {
  readonly ask: Ask;
  /** The player stands at step - 1 when it is put; the step that shows what is true. */
  readonly step: number;
  readonly until: number;
  /** What it is about, for words: the operation's first event, or that of the call. */
  readonly about: AnyEvent | null;
  /** The operation of a vCPU's program, or of the toolstack's, that it is or belongs to; null: it is a step of another's. */
  readonly operation?: Op | ToolOp | null;
  readonly gfn: number | null;
  readonly text: string | null;
  readonly after: string | null;
  /** Two to five, unlike each other, in an order that tells nothing. */
  readonly options: readonly QuestionOption[];
  /** Index of the true one. */
  readonly right: number;
}

export interface QuestionOption {
  readonly answer: Answer;
  /** Sets of patches under which a run of the same guest gives it, the nearest first; of the true one those that agree. */
  readonly sets: readonly PatchSet[];
}

/** A question of the scenario's, where this run has it. */
export interface PromptInfo {
  readonly step: number;
  readonly until: number;
  readonly ask: Ask;
}

/** What is told from a step on, until the next. */
export interface NoteInfo {
  readonly step: number;
  readonly text: string;
}

/** How a run ends. */
export interface EndInfo {
  readonly hash: string;
  readonly broken: readonly AuditRule[];
  readonly costs: CostCounts;
}

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
  /** Steps in which Xen decides about a hypercall, ascending. */
  readonly calls: Uint32Array;
  readonly writes: WriteColumns;
  readonly past: PastColumns;
  readonly samples: SampleColumns;
  /** The run ended by itself (false: it was stopped, or the bound on steps was reached). */
  readonly complete: boolean;
  /** Acts that can be taken back. One that the run does anyway at its step is none. */
  readonly undoable: number;
  /** All that the user did in it, and the file before: the run is the scenario and these. `line`: as typed at a console. */
  readonly acts: readonly (ActAt & { readonly line: string })[];
  /** It goes on only by the user's choices. */
  readonly free: boolean;
  readonly end: EndInfo;
  /** The shipped scenario that the file is made from. */
  readonly base: string | null;
  readonly lesson: Lesson | null;
  /** Questions, ascending; null: this run has no such place. */
  readonly prompts: readonly (PromptInfo | null)[];
  readonly notes: readonly NoteInfo[];
  readonly view: StartView;
  readonly carried: Carried;
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
