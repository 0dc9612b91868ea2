/** Other Xens that a guest could have run on: every single patch switched, and every version, the nearest first. */
import type { Config } from '../../engine/config';
import { fitted } from '../../engine/designs';
import { checkSet, PATCHES, patchesOf, PRESETS, VERSIONS, xenWith } from '../../engine/patches';
import type { PatchName, Version, Xen } from '../../engine/patches';
import type { PatchSet } from '../../scenarios/lesson';

export interface OtherSet {
  readonly set: PatchSet;
  /** With all that the scenario's design makes of it. */
  readonly xen: Xen;
  /** One patch of the scenario's own set is switched; else it is a version as it was. */
  readonly single: boolean;
}

/**
 * Each set that a run of this guest is possible under and that is another than its own, once: with one patch switched, those
 * committed next to the version's last first; then versions, those next to its own first.
 */
export function otherSets(version: Version, config: Config): readonly OtherSet[] {
  const own = patchesOf(config.xen);
  const last = PATCHES.findIndex(({ name }) => name === own.at(-1));
  const nearest = PATCHES.map(({ name }, i) => ({ name, away: Math.abs(i - last) })).sort((a, b) => a.away - b.away);
  const single = nearest.flatMap(({ name }): PatchSet[] => {
    const names = new Set(own);
    if (!names.delete(name)) names.add(name);
    return checkSet(names).length > 0 ? [] : [setOf(version, names)];
  });
  const at = PRESETS.findIndex(({ name }) => name === version);
  const versions = PRESETS.map(({ name }, i) => ({ name, away: Math.abs(i - at) }))
    .sort((a, b) => a.away - b.away)
    .map(({ name }): PatchSet => ({ version: name, patches: {} }));
  const seen = new Set([signature(config.xen)]);
  return [...single, ...versions].flatMap((set, i): OtherSet[] => {
    const { xen } = fitted({ ...config, xen: xenOf(set) });
    if (seen.has(signature(xen)) || (config.numbered > 0 && !xen.claim)) return [];
    seen.add(signature(xen));
    return [{ set, xen, single: i < single.length }];
  });
}

/** The set of a file or of an answer, as a shipped version and what is switched over it. */
export function setOf(version: Version, names: Iterable<PatchName>): PatchSet {
  const xen = xenWith(names);
  const shipped = VERSIONS[version];
  const on = PATCHES.filter(({ name }) => xen[name] && !shipped[name]).map(({ name }) => name);
  const off = PATCHES.filter(({ name }) => !xen[name] && shipped[name]).map(({ name }) => name);
  return { version, patches: { ...(on.length > 0 ? { on } : {}), ...(off.length > 0 ? { off } : {}) } };
}

function xenOf({ version, patches: { on = [], off = [] } }: PatchSet): Xen {
  const names = new Set([...patchesOf(VERSIONS[version as Version]), ...on]);
  for (const name of off) names.delete(name);
  return xenWith(names);
}

const signature = (xen: Xen): string => patchesOf(xen).join();
