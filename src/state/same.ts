/** Whether two things that were asked for come to the same. */
import type { SessionInfo, View } from '../worker/protocol';

export const sameView = (a: View, b: View): boolean =>
  (Object.keys(a) as (keyof View)[]).every((key) => a[key] === b[key]);

/** An act that the run does anyway changes nothing of it. */
export const sameRun = (a: SessionInfo, b: SessionInfo): boolean =>
  a.steps === b.steps && sameActs(a, b) && a.kinds.every((kind, i) => kind === b.kinds[i]);

const sameActs = (a: SessionInfo, b: SessionInfo): boolean =>
  a.undoable === b.undoable &&
  a.acts.length === b.acts.length &&
  a.acts.every(({ step, line }, i) => step === b.acts[i]!.step && line === b.acts[i]!.line);
