/** What a session needs of the worker's client, and a run made again by it. */
import type { AuditRule } from '../engine/audit';
import type { Progress } from '../worker/client';
import type { ActAt } from '../scenarios/acts';
import type { Place } from '../scenarios/lesson';
import type {
  Act,
  Overrides,
  Picture,
  Problem,
  Question,
  QuestionOf,
  SessionInfo,
  TraceFormat,
  View,
} from '../worker/protocol';
import type { Snapshot } from './asked';

/** Another run of the same guest: what is done in it, and where it was cut off. */
export interface Instead {
  readonly acts: readonly ActAt[];
  readonly steps?: number | undefined;
}

export interface Server {
  open(scenario: unknown, overrides: Overrides, onProgress?: Progress, acts?: readonly ActAt[]): Promise<SessionInfo>;
  perform(step: number, act: Act, onProgress?: Progress): Promise<SessionInfo>;
  undo(onProgress?: Progress, to?: Instead): Promise<SessionInfo>;
  seek(step: number, view: View, onProgress?: Progress): Promise<Picture | undefined>;
  firstBroken(rule: AuditRule, onProgress?: Progress): Promise<number | null>;
  trace(format: TraceFormat, onProgress?: Progress): Promise<readonly Uint8Array<ArrayBuffer>[]>;
  check(text: string): Promise<readonly Problem[]>;
  question(of: QuestionOf, onProgress?: Progress): Promise<Question | null>;
  where(place: Place): Promise<number | null>;
  stop(): void;
  cancel(): void;
  close(): void;
}

/** Has a scenario run; where it was open before, with what was done in it then. */
export const rerun = (
  server: Server,
  {
    scenario,
    overrides,
    acts,
  }: Pick<Snapshot, 'scenario' | 'overrides'> & { readonly acts?: Snapshot['acts'] | undefined },
  onProgress: Progress,
): Promise<SessionInfo> => server.open(scenario, overrides, onProgress, acts);
