/**
 * Sets of patches that differ in a few switches only: which of them there can be, and which of those that keep every rule can do
 * with no patch less. A set is a number: bit n is switch n.
 */
import { PATCHES, type PatchName } from '../../engine/patches';
import type { Changes } from '../../scenarios/schema';

/** Of so many switches all sets are tried: 512. */
export const MOST_SWITCHES = 9;

export const has = (set: number, n: number): boolean => ((set >>> n) & 1) === 1;

/** How many switches are on. */
export function sizeOf(set: number): number {
  let n = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) n++;
  return n;
}

/** The switches that are on in a set. */
export const namesOf = (switches: readonly PatchName[], set: number): PatchName[] =>
  switches.filter((_, n) => has(set, n));

/**
 * The patches of Xen with exactly these switches on; null: one of them needs what is not there, so no such Xen can be built.
 * What is no switch stays as it is in `base`, but for what builds on something that is off: that is off with it.
 */
export function patchesWith(
  base: readonly PatchName[],
  switches: readonly PatchName[],
  set: number,
): readonly PatchName[] | null {
  const on = new Set(namesOf(switches, set));
  const kept = new Set<PatchName>();
  // In the order of the commits: what is needed comes first.
  for (const { name, needs } of PATCHES) {
    const isSwitch = switches.includes(name);
    if (isSwitch ? !on.has(name) : !base.includes(name)) continue;
    if (needs.every((need) => kept.has(need))) kept.add(name);
    else if (isSwitch) return null;
  }
  return [...kept];
}

/** All sets that can be built, the smallest first. */
export function setsOf(base: readonly PatchName[], switches: readonly PatchName[]): readonly number[] {
  const all = Array.from({ length: 2 ** switches.length }, (_, set) => set);
  return all
    .filter((set) => patchesWith(base, switches, set) !== null)
    .sort((a, b) => sizeOf(a) - sizeOf(b) || inOrder(a, b));
}

/** Of two sets that first comes whose first switch comes first. */
function inOrder(a: number, b: number): number {
  const first = (a ^ b) & -(a ^ b);
  return first === 0 ? 0 : (a & first) !== 0 ? -1 : 1;
}

/** The changes by which a scenario whose patches are `base` comes to have `wanted`; `of`: those that `base` comes from. */
export function changesTo(of: Changes, base: readonly PatchName[], wanted: readonly PatchName[]): Changes {
  const added = wanted.filter((name) => !base.includes(name));
  const removed = base.filter((name) => !wanted.includes(name));
  const { on = [], off = [] } = of.patches ?? {};
  const all = (before: readonly PatchName[], now: readonly PatchName[], against: readonly PatchName[]): PatchName[] => [
    ...new Set([...before.filter((name) => !against.includes(name)), ...now]),
  ];
  return { ...of, patches: { on: all(on, added, removed), off: all(off, removed, added) } };
}

/** What is known of a set: every rule is kept, one is broken, or neither was found out. */
export type Safety = 'safe' | 'broken' | 'unknown';

/**
 * Safe sets of which no smaller set of those that can be built is safe. A set below which something was not found out is none:
 * it may be that less would do.
 */
export function minimalSafe(known: ReadonlyMap<number, Safety>): readonly number[] {
  const sets = [...known.keys()];
  return sets.filter(
    (set) =>
      known.get(set) === 'safe' &&
      sets.every((other) => other === set || (other & set) !== other || known.get(other) === 'broken'),
  );
}
