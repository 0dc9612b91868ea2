/** Which Xen a scenario runs on: a version of its history, and over it patches that are switched on or off. */
import * as v from 'valibot';
import { checkSet, PATCHES, patchesOf, VERSIONS, xenWith } from '../engine/patches';
import type { PatchName, Version, Xen } from '../engine/patches';
import { list, oneOf, strict, type Problem } from './fields';

export const PATCH_NAMES = PATCHES.map(({ name }) => name);

const names = list(oneOf(PATCH_NAMES), 100, 'patches', 'patches');

/** The field `patches` of a file. */
export const switches = v.pipe(
  strict({ on: v.optional(names), off: v.optional(names) }, 'a set of patches'),
  v.check(({ on = [], off = [] }) => !on.some((name) => off.includes(name)), 'has a patch that is both on and off'),
);

export interface Switches {
  readonly on?: readonly PatchName[] | undefined;
  readonly off?: readonly PatchName[] | undefined;
}

/** The version with those switched, in turn; a problem for each need that is not met then. */
export function switched(
  version: Version,
  ...changes: readonly (Switches | undefined)[]
): { xen: Xen; problems: Problem[] } {
  const set = new Set(patchesOf(VERSIONS[version]));
  for (const { on = [], off = [] } of changes.filter((change) => change !== undefined)) {
    for (const name of on) set.add(name);
    for (const name of off) set.delete(name);
  }
  const problems = checkSet(set).map(({ patch, needs }) => ({
    path: 'patches',
    message: `${patch} needs ${needs}, which is off`,
  }));
  return { xen: xenWith(set), problems };
}
