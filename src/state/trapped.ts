/** Where in a run writes were trapped, from the kinds of its steps. */
import { STEP_KINDS } from '../worker/protocol';

const TRAPPED = STEP_KINDS.indexOf('trapped');

/** The next step after `step` that way which trapped a write, one that broke a rule too; null: there is none. */
export function trappedFrom(kinds: Uint8Array | undefined, step: number, direction: 1 | -1): number | null {
  if (!kinds) return null;
  for (let s = step + direction; s >= 1 && s <= kinds.length; s += direction) if (kinds[s - 1]! >= TRAPPED) return s;
  return null;
}

/** Where a way on to step `to` ends: before the first marked step on it, unless that one is the next. */
export const stopBefore = (marks: readonly number[], step: number, to: number): number =>
  Math.min(to, (marks.find((mark) => mark > step + 1) ?? Infinity) - 1);
