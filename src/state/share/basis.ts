/**
 * What tells one text of a shipped scenario from another: a session that is made from it says so, and where its run comes out
 * otherwise the page knows whether it was the scenario that changed or the simulator. No proof against malice.
 */

const PRIME = 0x01000193;
const known = new WeakMap<object, string>();

/** Of a parsed file, 16 hexadecimal digits: FNV-1a of its JSON, forth and back. */
export function basisOf(scenario: object): string {
  const found = known.get(scenario);
  if (found !== undefined) return found;
  const text = JSON.stringify(scenario);
  let [forth, back] = [0x811c9dc5, 0x811c9dc5];
  for (let at = 0, end = text.length; at < end; at++) {
    forth = Math.imul(forth ^ text.charCodeAt(at), PRIME);
    back = Math.imul(back ^ text.charCodeAt(end - 1 - at), PRIME);
  }
  const basis = [forth, back].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  known.set(scenario, basis);
  return basis;
}
