/** Histories as values: what each is, where two part, which one adds nothing to another. Pure functions. */
import { patchesOf, VERSIONS, xenWith, type PatchName, type Version, type Xen } from '../engine/patches';
import type { ActAt } from '../scenarios/acts';
import type { Fork, HistoryRecord } from '../scenarios/lesson';
import { lineOfAct } from '../scenarios/lines';
import { differenceOf, withSwitches } from '../scenarios/switches';
import type { Switches } from '../scenarios/xen-set';
import type { Turn } from '../words/histories';
import type { EndInfo, SessionInfo } from '../worker/protocol';

/** How a run came to its end. */
export interface Ending extends EndInfo {
  readonly steps: number;
  readonly complete: boolean;
  readonly free: boolean;
}

export interface Tried extends Omit<HistoryRecord, 'patches' | 'fork'> {
  readonly id: number;
  /** The user gave it its name. */
  readonly named: boolean;
  /** null: it was brought along, and has not been run here. */
  readonly end: Ending | null;
  /** Its patches, as `setOf` has them. */
  readonly set: string;
  /** null: it is no other's history under other patches. */
  readonly fork: Fork | null;
}

/** What two histories are compared by. */
export type Way = Pick<Tried, 'acts' | 'end' | 'set' | 'fork'>;

export const wayOf = ({ acts, ...info }: SessionInfo, fork: Fork | null): Way => ({
  acts: acts.map(({ step, act }) => ({ step, act })),
  end: endingOf(info),
  set: setOf(info.patches),
  fork,
});

const endingOf = ({ steps, complete, free, end }: Omit<SessionInfo, 'acts'>): Ending => ({
  ...end,
  steps,
  complete,
  free,
});

/** A set of patches by name: two are the same if their names are. */
export const setOf = (patches: readonly PatchName[]): string => patches.join(' ');
export const namesIn = (set: string): readonly PatchName[] => (set === '' ? [] : (set.split(' ') as PatchName[]));
const xenOf = (set: string): Xen => xenWith(namesIn(set));

/** What is switched to come from one set to another. */
export const between = (from: string, to: string): Switches => differenceOf(xenOf(from), xenOf(to));
/** A set as a file says it, over its version; and back. */
export const overVersion = (version: string, set: string): Switches =>
  differenceOf(VERSIONS[version as Version], xenOf(set));
export const setOver = (version: string, patches: Switches): string =>
  setOf(patchesOf(withSwitches(VERSIONS[version as Version], patches)));

const sameAct = (a: ActAt, b: ActAt): boolean =>
  a === b || (a.step === b.step && (a.act === b.act || lineOfAct(a.act) === lineOfAct(b.act)));

/** Acts from the first that both have in common. */
export function shared(a: readonly ActAt[], b: readonly ActAt[]): number {
  let n = 0;
  while (n < a.length && n < b.length && sameAct(a[n]!, b[n]!)) n++;
  return n;
}

/** The same is done in both, under the same patches. */
export const sameWay = (a: Pick<Way, 'acts' | 'set'>, b: Pick<Way, 'acts' | 'set'>): boolean =>
  a.set === b.set && a.acts.length === b.acts.length && shared(a.acts, b.acts) === a.acts.length;

/** The step after which two are not the same any more; Infinity: nobody knows of any. */
export function partAt(a: Way, b: Way): number {
  const [x, y] = a.set === b.set ? [a.acts, b.acts] : [ownActs(a), ownActs(b)];
  const n = shared(x, y);
  const next = (acts: readonly ActAt[], { end }: Way): number => acts[n]?.step ?? end?.steps ?? Infinity;
  const own = Math.min(next(x, a), next(y, b));
  return a.set === b.set ? own : Math.min(own, a.fork?.parts ?? Infinity, b.fork?.parts ?? Infinity);
}

/** Without those that only keep it to the choices of another. */
function ownActs({ acts, fork }: Way): readonly ActAt[] {
  if (!fork || fork.along.length === 0) return acts;
  const along = new Set(fork.along);
  return acts.filter(({ step, act }) => !('choice' in act && along.has(step)));
}

/** Whether all of a history is in another, which goes on from its end. */
export const isPart = (a: Way, of: Way): boolean => a.set === of.set && a.end !== null && partAt(a, of) >= a.end.steps;

/** How a fork goes along once something else is done in it after `step`. */
export const forkUntil = (fork: Fork | null, step: number): Fork | null =>
  fork && { ...fork, along: fork.along.filter((at) => at < step) };

/** How a history goes on where it parts from another. */
export function turnOf(way: Way, from: Way, numbered: number): Turn {
  const next = way.acts[shared(way.acts, from.acts)];
  if (!next) return { what: 'ends' };
  if ('schedule' in next.act) return { what: next.act.schedule };
  return { what: 'line', line: lineOfAct(next.act, numbered) };
}
