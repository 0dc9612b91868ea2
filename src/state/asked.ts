/** What the session carries from an event of the player's chart to what it does. */
import type { AuditRule } from '../engine/audit';
import type { Progress } from '../worker/client';
import type { ActAt } from '../scenarios/acts';
import type { Act, Overrides, Phase, SessionInfo } from '../worker/protocol';
import type { Instead } from './server';

/** A run as the user made it: what was opened, what was done in it, and where the user was. */
export interface Snapshot {
  readonly scenario: unknown;
  readonly overrides: Overrides;
  /** All that was done in it: what a file has, too. */
  readonly acts: readonly ActAt[];
  readonly step: number;
  readonly marks: readonly number[];
}

/** What an event brings along for its effects. */
export interface Given {
  readonly scenario?: unknown;
  readonly overrides?: Overrides;
  readonly past?: Pick<Snapshot, 'acts' | 'step' | 'marks'>;
  readonly step?: number;
  readonly act?: Act;
  /** Another run of the same guest, to be shown in place of this one. */
  readonly instead?: Instead;
  readonly rule?: AuditRule;
}

/** A run that the worker is to compute: how it is asked for, the step to show then, what is noted when its picture is here. */
export interface Run {
  readonly then: 'opened' | 'performed' | 'recovered';
  readonly ask: (onProgress: Progress) => Promise<SessionInfo>;
  readonly at: (info: SessionInfo) => number;
  readonly note: (info: SessionInfo) => void;
}

/** A run as it was when another took its place. */
export interface Past {
  readonly info: SessionInfo;
  /** Step that was shown. */
  readonly step: number;
}

/** How far a run is; in the phase `build` frames are counted, in the others steps. */
export interface Headway {
  readonly steps: number;
  readonly of: number | null;
  readonly phase: Phase;
}
