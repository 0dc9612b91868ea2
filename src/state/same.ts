/** Whether two things that were asked for come to the same. */
import type { SessionInfo, View } from '../worker/protocol';

export const sameView = (a: View, b: View): boolean =>
  (Object.keys(a) as (keyof View)[]).every((key) => a[key] === b[key]);

/** An act that the run does anyway changes nothing of it. What can be taken back has an end, so that the count may stay. */
export const sameRun = (a: SessionInfo, b: SessionInfo): boolean =>
  a.undoable === b.undoable && a.steps === b.steps && a.kinds.every((kind, i) => kind === b.kinds[i]);
