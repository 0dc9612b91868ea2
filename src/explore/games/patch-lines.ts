/**
 * What a patch costs to take over: lines that its commit adds and removes under xen/ in Xen's repository, as `git show --numstat`
 * counts them (the tools' and the policy's lines are not Xen's). Measured, as the ids and dates in engine/patches.ts are.
 */
import { PATCHES, type PatchName } from '../../engine/patches';

export const PATCH_LINES: Readonly<Record<PatchName, number>> = {
  writeDm: 21,
  ramRangeset: 30,
  typeWithdrawn: 12,
  typeRenamed: 24,
  ownResult: 273,
  lockThroughEmulation: 7,
  claim: 291,
  rmwReads: 34,
  asyncReset: 191,
  syncSweep: 76,
  sweepResolves: 51,
  rangeCheck: 6,
  directionFlag: 15,
  mapHonours: 17,
  copyHonours: 6,
  frameMapHonours: 3,
  shadowHonours: 5,
  clippedRange: 58,
  countHelper: 117,
  sweepAnswersZero: 16,
  countLevel: 3,
  markLevel: 4,
  deadServerReset: 14,
  unbufferable: 4,
  rangesetRemoval: 3,
};

/** A patch and all that it needs, in the order of the commits. */
export function withNeeds(name: PatchName): readonly PatchName[] {
  const all = new Set<PatchName>([name]);
  // What is needed is of an earlier commit.
  for (const patch of [...PATCHES].reverse()) if (all.has(patch.name)) patch.needs.forEach((need) => all.add(need));
  return PATCHES.flatMap((patch) => (all.has(patch.name) ? [patch.name] : []));
}

/** A patch and all that builds on it, in the order of the commits. */
export function withDependents(name: PatchName): readonly PatchName[] {
  return PATCHES.flatMap((patch) => (withNeeds(patch.name).includes(name) ? [patch.name] : []));
}

/** Lines of patches together. */
export const linesOf = (patches: Iterable<PatchName>): number =>
  [...patches].reduce((sum, name) => sum + PATCH_LINES[name], 0);

/** Lines that have to be taken over to have a patch beside `base`: what it needs and is not there comes along. */
export const priceOf = (name: PatchName, base: readonly PatchName[]): number =>
  linesOf(withNeeds(name).filter((one) => !base.includes(one)));
