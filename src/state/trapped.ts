/** Where in a run writes were trapped, from the kinds of its steps. */
import { STEP_KINDS } from '../worker/protocol';

const TRAPPED = STEP_KINDS.indexOf('trapped');

/** The next step after `step` that way which trapped a write, one that broke a rule too; null: there is none. */
export function trappedFrom(kinds: Uint8Array | undefined, step: number, direction: 1 | -1): number | null {
  if (!kinds) return null;
  for (let s = step + direction; s >= 1 && s <= kinds.length; s += direction) if (kinds[s - 1]! >= TRAPPED) return s;
  return null;
}

/** Where a way on to step `to` ends: before the first marked step on it, or one that is asked about, unless that is the next. */
export function stopBefore(
  marks: readonly number[],
  step: number,
  to: number,
  due: (step: number) => boolean = () => false,
): number {
  for (let s = step + 2; s <= to; s++) if (marks.includes(s) || due(s)) return s - 1;
  return to;
}
