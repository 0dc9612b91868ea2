/** Every family of vector files and its replay. */
import { replayAccess } from './access';
import { replayBufioreq } from './bufioreq';
import { replayClaim } from './claim';
import { replayCopy } from './copy';
import { replayEpt, replayNpt } from './ept';
import { replayTypes } from './page-types';
import { replayRangeset } from './rangeset';
import { RELEASE, revisionOf, type Revision } from './revision';
import { replaySelect, replaySelectRelease } from './select';
import { replaySetMemType, replaySetMemTypeMulti } from './set-mem-type';
import type { Lines, Replay } from './types';

/** By the name of the file, without its ending. */
export const FAMILIES: Readonly<Record<string, Replay>> = {
  access: replayAccess,
  bufioreq: replayBufioreq,
  claim: replayClaim,
  copy: replayCopy,
  ept: replayEpt,
  npt: replayNpt,
  rangeset: replayRangeset,
  select: replaySelect,
  'select-release': replaySelectRelease,
  set_mem_type: replaySetMemType,
  set_mem_type_multi: replaySetMemTypeMulti,
  types: replayTypes,
};

/** What a path says of the file: under a folder `patches`, the folder that it lies in names the revision. */
export interface VectorFile {
  readonly family: string;
  /** The folder's name, where it names a revision that is not known. */
  readonly unknown?: string;
  readonly revision: Revision;
}

/** A vector file by its path, with `/` between folders; undefined: not the name of one. */
export function vectorFile(path: string): VectorFile | undefined {
  const folders = path.split('/');
  const file = folders.pop()!;
  const folder = folders.pop();
  const match = /^([\w-]+)\.jsonl?(\.gz)?$/.exec(file);
  if (!match) return undefined;
  const family = match[1]!;
  if (folder === undefined || folders.at(-1) !== 'patches') return { family, revision: RELEASE };
  const revision = revisionOf(folder);
  return revision ? { family, revision } : { family, unknown: folder, revision: RELEASE };
}

/** The text of a vector file as `Lines`. */
export function parseVectors(path: string, text: string): Lines {
  if (!/\.jsonl(\.gz)?$/.test(path)) return [JSON.parse(text)];
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);
}
