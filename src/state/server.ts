/** What a session needs of the worker's client, and a run made again by it. */
import type { AuditRule } from '../engine/audit';
import type { Progress } from '../worker/client';
import type { Act, Overrides, Picture, SessionInfo, TraceFormat, View } from '../worker/protocol';
import type { Snapshot } from './asked';

export interface Server {
  open(scenario: unknown, overrides: Overrides, onProgress?: Progress): Promise<SessionInfo>;
  perform(step: number, act: Act, onProgress?: Progress): Promise<SessionInfo>;
  undo(onProgress?: Progress): Promise<SessionInfo>;
  seek(step: number, view: View, onProgress?: Progress): Promise<Picture | undefined>;
  firstBroken(rule: AuditRule, onProgress?: Progress): Promise<number | null>;
  trace(format: TraceFormat, onProgress?: Progress): Promise<readonly Uint8Array<ArrayBuffer>[]>;
  stop(): void;
  cancel(): void;
  close(): void;
}

/** Has a scenario run, and all done in it that the user did. */
export async function rerun(
  server: Server,
  { scenario, overrides, acts }: Pick<Snapshot, 'scenario' | 'overrides' | 'acts'>,
  onProgress: Progress,
): Promise<SessionInfo> {
  let info = await server.open(scenario, overrides, onProgress);
  for (const { step, act } of acts) info = await server.perform(step, act, onProgress);
  return info;
}
