/**
 * The revision of Xen that a vector file was measured at, as the folder it lies in names it, and what of Xen's history
 * beside the patches made a difference to the measurement.
 */
import { PATCHES, VERSIONS, xenWith, type PatchName, type Xen } from '../patches';

export interface Revision {
  /** `RELEASE-4.9.0`, `<commit>`, or `<commit>-before` for its first parent. */
  readonly id: string;
  /** Day of the commit, YYYY-MM-DD. */
  readonly date: string;
  readonly xen: Xen;
}

/** The revision of files that lie in no `patches` folder, but for the rows that name a generation. */
export const RELEASE: Revision = { id: 'RELEASE-4.9.0', date: '2017-06-27', xen: VERSIONS.claim };

/** Generations, as the column `gen` numbers them: b4986813c5, cb34624af5 and RELEASE-4.9.0. */
export const GENERATIONS: Readonly<Record<number, Xen>> = {
  1: xenWith(['writeDm']),
  2: xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed']),
  3: RELEASE.xen,
};

/** The newest revision at hand: it has every patch that stayed. */
const NEWEST = { id: 'c447b7308b', date: '2025-06-01' };

/** The revision a folder is named after; undefined for a name that is none. */
export function revisionOf(name: string): Revision | undefined {
  if (name === RELEASE.id) return RELEASE;
  const before = name.endsWith('-before');
  const id = before ? name.slice(0, -'-before'.length) : name;
  if (name === NEWEST.id) return { ...NEWEST, xen: upTo(PATCHES.length, NEWEST.date) };
  const index = PATCHES.findIndex((patch) => patch.id === id);
  if (index < 0) return undefined;
  const { date } = PATCHES[index]!;
  return { id: name, date, xen: upTo(before ? index : index + 1, date) };
}

/** The first `count` patches of the history, without those that had been reverted by then. */
function upTo(count: number, date: string): Xen {
  const names: PatchName[] = [];
  for (const { name, reverted } of PATCHES.slice(0, count)) if (!(reverted && reverted <= date)) names.push(name);
  return xenWith(names);
}

/** Servers stood in a list until 97a5a3e301, in an array since. */
export const serverTable = ({ date }: Revision): 'list' | 'array' => (date < '2018-04-03' ? 'list' : 'array');
/** 2c257bd69a did away with the default server; ids of others have begun at 0 since. */
export const hasDefaultServer = ({ date }: Revision): boolean => date < '2018-09-06';
