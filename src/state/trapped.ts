/** Where in a run writes were trapped, from the kinds of its steps. */
import { STEP_KINDS } from '../worker/protocol';

const TRAPPED = STEP_KINDS.indexOf('trapped');

/** The next step after `step` that way which trapped a write, one that broke a rule too; null: there is none. */
export function trappedFrom(kinds: Uint8Array | undefined, step: number, direction: 1 | -1): number | null {
  if (!kinds) return null;
  for (let s = step + direction; s >= 1 && s <= kinds.length; s += direction) if (kinds[s - 1]! >= TRAPPED) return s;
  return null;
}
