/**
 * Xen's history of this feature as data. A version of Xen is the set of patches it has; each rule site asks for its patch
 * by name (`xen.asyncReset`), so no rule is written twice for two generations. Commit ids and dates are those of Xen's
 * repository; the words for each patch are in src/words.
 */
import type { AuditRule } from './audit';

/** In the order of the commits, which for 7 April 2017 tells more than the day. */
const ROWS = [
  { id: 'b4986813c5', name: 'writeDm', date: '2015-01-07', needs: [], protects: 'shadow.equals' },
  {
    id: 'f5a32c5b8e',
    name: 'ramRangeset',
    date: '2016-01-29',
    reverted: '2016-02-17',
    needs: ['writeDm'],
    protects: 'shadow.equals',
  },
  { id: 'c858e932c1', name: 'typeWithdrawn', date: '2016-04-28', needs: ['writeDm'], protects: null },
  { id: 'cb34624af5', name: 'typeRenamed', date: '2016-08-04', needs: ['typeWithdrawn'], protects: 'shadow.equals' },
  { id: 'ae20ccf070', name: 'ownResult', date: '2017-01-25', needs: [], protects: null },
  { id: 'd909cb9999', name: 'lockThroughEmulation', date: '2017-04-07', needs: ['writeDm'], protects: 'write.lost' },
  { id: 'ca2b511d3f', name: 'claim', date: '2017-04-07', needs: ['typeRenamed'], protects: 'shadow.equals' },
  { id: '4b602cced9', name: 'rmwReads', date: '2017-04-07', needs: ['claim'], protects: 'write.lost' },
  { id: '1679e0df3d', name: 'asyncReset', date: '2017-04-07', needs: ['claim'], protects: 'vcpu.waits' },
  { id: '6d774a9516', name: 'syncSweep', date: '2017-04-07', needs: ['asyncReset'], protects: 'release.clean' },
  { id: 'eb13199100', name: 'sweepResolves', date: '2017-05-17', needs: ['syncSweep'], protects: 'release.clean' },
  { id: 'd59e55b018', name: 'rangeCheck', date: '2017-10-12', needs: [], protects: 'ranges.sorted' },
  { id: '60a56dc006', name: 'directionFlag', date: '2018-08-15', needs: [], protects: 'write.lost' },
  { id: 'bfdd5e5876', name: 'mapHonours', date: '2018-11-15', needs: ['claim'], protects: 'owner.sees' },
  { id: 'd7bff2bc00', name: 'copyHonours', date: '2018-11-15', needs: ['claim'], protects: 'owner.sees' },
  { id: '1f04469a07', name: 'frameMapHonours', date: '2018-11-15', needs: ['claim'], protects: 'owner.sees' },
  { id: '2190c8160a', name: 'shadowHonours', date: '2018-11-15', needs: ['claim'], protects: 'owner.sees' },
  { id: '7f28661f6a', name: 'clippedRange', date: '2018-12-22', needs: [], protects: null },
  {
    id: 'c7a4c088ad',
    name: 'countHelper',
    date: '2019-02-28',
    needs: ['asyncReset'],
    protects: null,
    breaks: 'entry.count',
  },
  { id: '0c07431cf7', name: 'sweepAnswersZero', date: '2019-04-10', needs: ['sweepResolves'], protects: null },
  { id: 'ec2ab491b5', name: 'countLevel', date: '2019-07-16', needs: ['countHelper'], protects: 'entry.count' },
  { id: 'b806c91275', name: 'markLevel', date: '2019-08-28', needs: [], protects: 'vcpu.waits' },
  { id: 'f7039ee41b', name: 'deadServerReset', date: '2020-06-09', needs: [], protects: 'vcpu.waits' },
  { id: '2e0b545b84', name: 'unbufferable', date: '2024-10-08', needs: [], protects: 'write.lost' },
  { id: 'e118fc98e7', name: 'rangesetRemoval', date: '2025-04-11', needs: [], protects: null },
] as const;

export type PatchName = (typeof ROWS)[number]['name'];
export interface Patch {
  readonly id: string;
  readonly name: PatchName;
  /** Day of the commit, YYYY-MM-DD; and of its revert, for one that did not stay. */
  readonly date: string;
  readonly reverted?: string;
  /** Patches it builds on: no Xen has had it without them, point releases included. */
  readonly needs: readonly PatchName[];
  /**
   * The rule that breaks without it, given a guest that does what it is about; null: none of the audit's. Proven by a search
   * where a world can come to it: src/explore/proofs.ts.
   */
  readonly protects: AuditRule | null;
  /** The rule that breaks with it, until a later patch mends it. */
  readonly breaks?: AuditRule;
}
export const PATCHES: readonly Patch[] = ROWS;

/** One switch a patch. */
export type Xen = Readonly<Record<PatchName, boolean>>;

/** The set of exactly these patches. */
export function xenWith(names: Iterable<PatchName>): Xen {
  const on = new Set(names);
  return Object.fromEntries(PATCHES.map((p) => [p.name, on.has(p.name)])) as Xen;
}

/** The patches that a set has, in the order of the commits. */
export const patchesOf = (xen: Xen): PatchName[] => PATCHES.flatMap(({ name }) => (xen[name] ? [name] : []));

/** The set that Xen's main branch had at the end of a day, YYYY-MM-DD: what was committed by then and not reverted. */
export const xenAt = (day: string): Xen => xenWith(inTree(day));

/** As `xenAt`; `last`: of that day, only the commits up to this one. */
function inTree(day: string, last?: PatchName): PatchName[] {
  const end = last ? PATCHES.findIndex(({ name }) => name === last) + 1 : PATCHES.length;
  const there = PATCHES.slice(0, end).filter(({ date, reverted }) => date <= day && !(reverted && reverted <= day));
  return there.map(({ name }) => name);
}

/** A patch that is on, and one it needs that is off. */
export interface Unmet {
  readonly patch: PatchName;
  readonly needs: PatchName;
}

/**
 * Each need of the set that is not met, in the order of the commits; none: such a Xen is possible. Possible, though
 * useless, are `typeWithdrawn` without `typeRenamed` (Xen 4.7: nobody can ask for the type) and `ramRangeset` beside
 * `claim` (an access to a claimed type is not looked up in any rangeset).
 */
export function checkSet(names: Iterable<PatchName>): readonly Unmet[] {
  const on = new Set(names);
  return PATCHES.filter(({ name }) => on.has(name)).flatMap(({ name: patch, needs }) =>
    needs.filter((need) => !on.has(need)).map((need) => ({ patch, needs: need })),
  );
}

/**
 * States that Xen's tree was in, oldest first: each with a day on which it was, and, for those that lasted no day, the last
 * commit. `v7` is the first series as committed, `claim` the second and its first fix. A release stands for the tree under its
 * tag: every commit here reached a first release (x.y.0) by ancestry and none by backport, so the main branch of the tag's
 * day has the same patches. Point releases differ: 4.12.2, say, has `countLevel` and `markLevel` under other commit ids.
 * Xen 4.5 has no `writeDm`, though tagged five days after it: it had branched off the day before.
 */
const POINTS = [
  ['before-v7', '2015-01-06'],
  ['v7', '2015-01-07'],
  ['2016-02', '2016-02-01'],
  ['4.7', '2016-06-20'],
  ['4.8', '2016-12-05'],
  ['claim-alone', '2017-04-07', 'claim'],
  ['claim-reads', '2017-04-07', 'rmwReads'],
  ['claim-async', '2017-04-07', 'asyncReset'],
  ['claim-sync', '2017-04-07', 'syncSweep'],
  ['claim', '2017-05-17'],
  ['4.10', '2017-12-13'],
  ['2019-02', '2019-02-27'],
  ['4.12', '2019-04-01'],
  ['2019-08', '2019-08-01'],
  ['4.13', '2019-12-17'],
  ['4.14', '2020-07-23'],
  ['4.20', '2025-03-04'],
  ['today', '2025-11-18'],
] as const;

/** Versions a scenario can name. */
export type Version = (typeof POINTS)[number][0];
export interface Preset {
  readonly name: Version;
  /** A day on which Xen's tree was so, YYYY-MM-DD. */
  readonly date: string;
  readonly on: readonly PatchName[];
}
export const PRESETS: readonly Preset[] = POINTS.map(([name, date, last]) => ({ name, date, on: inTree(date, last) }));
export const VERSIONS = Object.fromEntries(PRESETS.map(({ name, on }) => [name, xenWith(on)])) as Readonly<
  Record<Version, Xen>
>;
