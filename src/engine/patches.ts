/**
 * Xen's history of this feature as data. A version of Xen is the set of patches it has; each rule site asks for its patch
 * by name (`xen.asyncReset`), so no rule is written twice for two generations. Commit ids and dates are those of Xen's
 * repository; the words for each patch are in src/words.
 */
const ROWS = [
  { id: 'b4986813c5', name: 'writeDm', date: '2015-01-07', needs: [] },
  { id: 'f5a32c5b8e', name: 'ramRangeset', date: '2016-01-29', reverted: '2016-02-17', needs: ['writeDm'] },
  { id: 'c858e932c1', name: 'typeWithdrawn', date: '2016-04-28', needs: ['writeDm'] },
  { id: 'cb34624af5', name: 'typeRenamed', date: '2016-08-04', needs: ['typeWithdrawn'] },
  { id: 'ae20ccf070', name: 'ownResult', date: '2017-01-25', needs: [] },
  { id: 'd909cb9999', name: 'lockThroughEmulation', date: '2017-04-07', needs: ['writeDm'] },
  { id: 'ca2b511d3f', name: 'claim', date: '2017-04-07', needs: ['typeRenamed'] },
  { id: '4b602cced9', name: 'rmwReads', date: '2017-04-07', needs: ['claim'] },
  { id: '1679e0df3d', name: 'asyncReset', date: '2017-04-07', needs: ['claim'] },
  { id: '6d774a9516', name: 'syncSweep', date: '2017-04-07', needs: ['asyncReset'] },
  { id: 'eb13199100', name: 'sweepResolves', date: '2017-05-17', needs: ['syncSweep'] },
  { id: 'd59e55b018', name: 'rangeCheck', date: '2017-10-12', needs: [] },
  { id: '60a56dc006', name: 'directionFlag', date: '2018-08-15', needs: [] },
  { id: 'bfdd5e5876', name: 'mapHonours', date: '2018-11-15', needs: ['claim'] },
  { id: 'd7bff2bc00', name: 'copyHonours', date: '2018-11-15', needs: ['claim'] },
  { id: '1f04469a07', name: 'frameMapHonours', date: '2018-11-15', needs: ['claim'] },
  { id: '2190c8160a', name: 'shadowHonours', date: '2018-11-15', needs: ['claim'] },
  { id: '7f28661f6a', name: 'clippedRange', date: '2018-12-22', needs: [] },
  { id: 'c7a4c088ad', name: 'countHelper', date: '2019-02-28', needs: ['asyncReset'] },
  { id: '0c07431cf7', name: 'sweepAnswersZero', date: '2019-04-10', needs: ['syncSweep'] },
  { id: 'ec2ab491b5', name: 'countLevel', date: '2019-07-16', needs: ['countHelper'] },
  { id: 'b806c91275', name: 'markLevel', date: '2019-08-28', needs: ['countHelper'] },
  { id: 'f7039ee41b', name: 'deadServerReset', date: '2020-06-09', needs: [] },
  { id: '2e0b545b84', name: 'unbufferable', date: '2024-10-08', needs: [] },
  { id: 'e118fc98e7', name: 'rangesetRemoval', date: '2025-04-11', needs: [] },
] as const;

export type PatchName = (typeof ROWS)[number]['name'];
export interface Patch {
  readonly id: string;
  readonly name: PatchName;
  /** Day of the commit, YYYY-MM-DD; and of its revert, for one that did not stay. */
  readonly date: string;
  readonly reverted?: string;
  readonly needs: readonly PatchName[];
}
export const PATCHES: readonly Patch[] = ROWS;

/** One switch a patch. */
export type Xen = Readonly<Record<PatchName, boolean>>;

/** The set of exactly these patches. */
export function xenWith(names: Iterable<PatchName>): Xen {
  const on = new Set(names);
  return Object.fromEntries(PATCHES.map((p) => [p.name, on.has(p.name)])) as Xen;
}

/** Versions a scenario can name. `v7`: the series of seed 1. `claim`: the merged series and its first fix. */
export const VERSIONS = {
  v7: xenWith(['writeDm']),
  claim: xenWith([
    'writeDm',
    'typeWithdrawn',
    'typeRenamed',
    'ownResult',
    'lockThroughEmulation',
    'claim',
    'rmwReads',
    'asyncReset',
    'syncSweep',
    'sweepResolves',
  ]),
} as const;
export type Version = keyof typeof VERSIONS;
