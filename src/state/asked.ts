/** What the session carries from an event of the player's chart to what it does. */
import type { AuditRule } from '../engine/audit';
import type { Progress } from '../worker/client';
import type { Act, Overrides, SessionInfo } from '../worker/protocol';

/** What an event brings along for its effects. */
export interface Given {
  readonly scenario?: unknown;
  readonly overrides?: Overrides;
  readonly step?: number;
  readonly act?: Act;
  readonly rule?: AuditRule;
}

/** A run that the worker is to compute: how it is asked for, the step to show then, what is noted when its picture is here. */
export interface Run {
  readonly then: 'opened' | 'performed' | 'recovered';
  readonly ask: (onProgress: Progress) => Promise<SessionInfo>;
  readonly at: (info: SessionInfo) => number;
  readonly note: (info: SessionInfo) => void;
}
