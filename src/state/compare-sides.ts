/** The sides of a comparison as the user chooses them, and the pair that it begins with. */
import type { DesignName } from '../engine/designs/names';
import { patchesOf, VERSIONS, xenWith, type PatchName, type Version } from '../engine/patches';
import { switchedTo } from '../explore/switched';
import type { Changes, Scenario } from '../scenarios/schema';

/** A version of Xen, what is switched over it, and the design; null: as the file has it. */
export interface SideChoice {
  readonly version: string;
  readonly on: readonly PatchName[];
  readonly off: readonly PatchName[];
  readonly design: DesignName | null;
}

export function changesOf({ version, on, off, design }: SideChoice, memory: number | undefined): Changes {
  const patches = { ...(on.length > 0 ? { on } : {}), ...(off.length > 0 ? { off } : {}) };
  return { version, patches, ...(design === null ? {} : { design }), ...(memory === undefined ? {} : { memory }) };
}

/** The patches that a side has, before its design. */
export function patchesIn({ version, on, off }: SideChoice): ReadonlySet<PatchName> {
  const names = new Set<PatchName>([...patchesOf(VERSIONS[version as Version]), ...on]);
  for (const name of off) names.delete(name);
  return names;
}

/** A patch switched, and with it what it needs or what needs it. */
export function withPatch(side: SideChoice, patch: PatchName, is: boolean): SideChoice {
  const xen = switchedTo(xenWith(patchesIn(side)), patch, is);
  const own = VERSIONS[side.version as Version];
  return {
    ...side,
    on: patchesOf(xen).filter((name) => !own[name]),
    off: patchesOf(own).filter((name) => !xen[name]),
  };
}

/** Versions whose mistakes were mended, and the first in which they were; for the others, the one that they took the place of. */
const OTHER: Readonly<Record<Version, Version>> = {
  'before-v7': 'v7',
  v7: 'claim',
  '2016-02': 'v7',
  '4.7': 'claim',
  '4.8': 'claim',
  'claim-alone': 'claim',
  'claim-reads': 'claim',
  'claim-async': 'claim',
  'claim-sync': 'claim',
  claim: 'v7',
  '4.10': '4.8',
  '2019-02': 'v7',
  '4.12': '4.13',
  '2019-08': '4.13',
  '4.13': '4.14',
  '4.14': '4.13',
  '4.20': 'today',
  today: 'v7',
};

/** What a shipped scenario asks its reader to try. */
const ASKED: Readonly<Record<string, Partial<SideChoice>>> = {
  'released-meanwhile': { off: ['lockThroughEmulation'] },
  'read-modify-write': { off: ['rmwReads'] },
  'xsa-238': { version: '4.10' },
  'backward-string': { version: '4.12' },
  'behind-the-back': { version: '2019-02' },
  'asynchronous-reset': { version: 'claim' },
};

/** `switched`: patches over the version that it runs on; `name`: of a shipped scenario. */
export function firstPair(
  { version, config }: Scenario,
  switched: Pick<SideChoice, 'on' | 'off'>,
  name: string | null,
): readonly [SideChoice, SideChoice] {
  const a: SideChoice = { version, ...switched, design: null };
  const plain: SideChoice = { version, on: [], off: [], design: null };
  const asked = name === null ? undefined : ASKED[name];
  if (asked) return [a, { ...plain, ...asked }];
  // Numbered types are a claim's.
  if (config.numbered > 0) return [a, { ...plain, version: version === 'today' ? 'claim' : 'today' }];
  if (config.design !== 'xen') return [a, { ...plain, design: 'xen' }];
  if (switched.on.length + switched.off.length > 0) return [a, plain];
  return [a, { ...plain, version: OTHER[version] }];
}
