/** What a comparison is told, and what it finds: data only. */
import type { AuditRule, AuditState } from '../../engine/audit';
import type { Config } from '../../engine/config';
import type { DesignName } from '../../engine/designs';
import type { PatchName } from '../../engine/patches';
import type { AnyEvent, CostCounts, EventCode } from '../../engine/trace';
import type { ActAt } from '../../scenarios/acts';
import type { Changes } from '../../scenarios/schema';
import type { Row } from './row';
import type { TwinState } from './state';

export interface TwinTold {
  /** Parsed file, or its text. */
  readonly scenario: unknown;
  /** Two to four; the first is what the others are compared with. */
  readonly variants: readonly Changes[];
  /** What the user did, in place of what the file has. */
  readonly acts?: readonly ActAt[] | undefined;
  /** First place of the axis whose instructions are wanted; if not said, those about the pin. */
  readonly from?: number | undefined;
}

/** A side, and how its run ended. */
export interface TwinSide {
  readonly version: string;
  readonly design: DesignName;
  readonly patches: readonly PatchName[];
  /** Over what the version and the design have. */
  readonly switched: { readonly on: readonly PatchName[]; readonly off: readonly PatchName[] };
  readonly paging: Config['paging'];
  readonly rangeCap: number;
  readonly typeNames: readonly string[];
  readonly claims: boolean;
  readonly steps: number;
  readonly instructions: number;
  /** By itself; else it was cut off or waits for its user. */
  readonly over: boolean;
  readonly hash: string;
  readonly costs: CostCounts;
  /** Bytes of the hypervisor's heap at the end. */
  readonly heap: number;
  readonly audit: readonly { readonly rule: AuditRule; readonly state: AuditState }[];
  /** Acts that could not be done there. */
  readonly left: number;
}

/** What led to it on one side, from the instruction or the call on. */
export interface PinSide {
  /** Step to be shown: of what tells the difference, or of the instruction; null: it does not come to it. */
  readonly step: number | null;
  /** The instruction at the pin. */
  readonly row: Row | null;
  readonly events: readonly AnyEvent[];
}

export interface Pin {
  /** Place on the axis. */
  readonly at: number;
  /** The call that differs, nth of its kind; null: the instruction does. */
  readonly call: { readonly code: EventCode; readonly n: number } | null;
  /** Of each side the first that has come to the same. */
  readonly groups: readonly number[];
  readonly sides: readonly PinSide[];
  readonly decided: Decided;
  readonly chance: Chance;
}

/**
 * Whether the order of the actors has made them part, which the seed chooses anew once a side needs a step more or less. `a` is the
 * first side, `b` the first that has come to something else.
 * `none`: until then both have had the same order, step for step.
 * `order`: in the other's order each comes to what the other does: nothing else tells them from each other here.
 * `a`, `b`: only that side does; the other cannot, or comes to something else: the order plays a part.
 * `against`: neither does: they part in each other's order as well.
 * `unknown`: too long a run to try it.
 */
export type Chance = 'none' | 'order' | 'a' | 'b' | 'against' | 'unknown';

/** What makes two of the sides part. */
export type Decided =
  | { readonly by: 'design' | 'memory' | 'other' }
  /** Too long a run to try it. */
  | { readonly by: 'unknown' }
  /**
   * Between sides `a` and `b`. `on`: b has it, a has it not. `alone`: a with this (and what it needs) does as b does, so that
   * nothing else between them is needed for it. `tried`: runs that were made for this.
   */
  | {
      readonly by: 'patch';
      readonly a: number;
      readonly b: number;
      readonly patch: PatchName;
      readonly on: boolean;
      readonly alone: boolean;
      readonly tried: number;
    };

/** The axis as far as it is told in full. */
export interface TwinWindow {
  readonly from: number;
  readonly to: number;
  /** By side, of each place from `from` on; null: the side does not come to it. */
  readonly rows: readonly (readonly (Row | null)[])[];
  /** By side, of each place the first side that has come to the same in the same way; a side that does not come to it is as others that do not. */
  readonly groups: readonly Uint8Array[];
  /** Of each place one of DIFFERS. */
  readonly differs: Uint8Array;
  /** By side, by step; the first is the state at the window's beginning. */
  readonly states: readonly (readonly TwinState[])[];
}

/** The whole axis in bins of `size` places. */
export interface TwinBins {
  readonly size: number;
  /** By side: trapped instructions in each bin. */
  readonly trapped: readonly Uint32Array[];
  /** The most that is different in each bin, one of DIFFERS. */
  readonly differs: Uint8Array;
}

export interface TwinFound {
  readonly sides: readonly TwinSide[];
  /** Places of the axis. */
  readonly length: number;
  readonly vcpus: number;
  readonly pin: Pin | null;
  /**
   * Places that differ: the first of them, and how many there are. `seen`: of them those that the guest or device model can tell;
   * `order`: of these those that only another order of the actors accounts for.
   */
  readonly differing: Int32Array;
  readonly differ: { readonly all: number; readonly seen: number; readonly order: number };
  readonly bins: TwinBins;
  /** Frames of the guest's table pages, by their number in states. */
  readonly pages: readonly number[];
  readonly window: TwinWindow;
}
