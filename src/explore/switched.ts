/** A set of patches with one of them switched: on with all that it needs, off with all that needs it. */
import { PATCHES, patchesOf, xenWith, type PatchName, type Xen } from '../engine/patches';

export function switchedTo(xen: Xen, patch: PatchName, on: boolean): Xen {
  const names = new Set<PatchName>([patch]);
  // In the order of the commits what is needed comes first.
  if (on) {
    for (const { name, needs } of [...PATCHES].reverse()) if (names.has(name)) needs.forEach((need) => names.add(need));
    return xenWith([...patchesOf(xen), ...names]);
  }
  for (const { name, needs } of PATCHES) if (needs.some((need) => names.has(need))) names.add(name);
  return xenWith(patchesOf(xen).filter((name) => !names.has(name)));
}
