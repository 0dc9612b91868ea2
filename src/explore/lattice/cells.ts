/** What the search of one set of a lattice has found. */
import type { AuditRule } from '../../engine/audit';
import type { Choice } from '../../engine/choice';
import type { PatchName } from '../../engine/patches';
import type { SearchEnd } from '../search/search';
import { patchesWith, type Safety } from './switches';

/** What is broken: a rule, or nothing but that a run can go on for ever and never come to its end. */
export type Broken = AuditRule | 'livelock';

export interface Cell {
  readonly set: number;
  /** `refused`: the run under this set does not come to where the search begins. */
  readonly end: SearchEnd | 'refused';
  readonly broken: Broken | null;
  /** Of the shortest way to break it. */
  readonly steps: number;
  /** The same from the first image on; empty: nothing is broken. */
  readonly choices: readonly Choice[];
  readonly states: number;
  readonly depth: number;
  /** Patches that were asked for, whatever the answer. */
  readonly asked: readonly PatchName[];
}

export const safetyOf = ({ end, broken }: Pick<Cell, 'end' | 'broken'>): Safety =>
  broken !== null ? 'broken' : end === 'complete' ? 'safe' : 'unknown';

interface Switched {
  /** All patches of the scenario. */
  readonly base: readonly PatchName[];
  readonly switches: readonly PatchName[];
}

/** The cell of another set, if its search asks what this one has asked and gets the same answers. */
export function sameFor(found: Cell, set: number, { base, switches }: Switched): Cell | null {
  const [mine, its] = [patchesWith(base, switches, found.set), patchesWith(base, switches, set)];
  if (!mine || !its) return null;
  return found.asked.every((name) => mine.includes(name) === its.includes(name)) ? { ...found, set } : null;
}
