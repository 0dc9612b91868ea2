/** Histories as values: what each is, where two part, which one adds nothing to another. Pure functions. */
import type { ActAt } from '../scenarios/acts';
import type { HistoryRecord } from '../scenarios/lesson';
import { lineOfAct } from '../scenarios/lines';
import type { Turn } from '../words/histories';
import type { EndInfo, SessionInfo } from '../worker/protocol';

/** How a run came to its end. */
export interface Ending extends EndInfo {
  readonly steps: number;
  readonly complete: boolean;
  readonly free: boolean;
}

export interface Tried extends HistoryRecord {
  readonly id: number;
  /** The user gave it its name. */
  readonly named: boolean;
  /** null: it was brought along, and has not been run here. */
  readonly end: Ending | null;
}

/** What two histories are compared by. */
export type Way = Pick<Tried, 'acts' | 'end'>;

export const wayOf = ({ acts, ...info }: SessionInfo): Way => ({
  acts: acts.map(({ step, act }) => ({ step, act })),
  end: endingOf(info),
});

const endingOf = ({ steps, complete, free, end }: Omit<SessionInfo, 'acts'>): Ending => ({
  ...end,
  steps,
  complete,
  free,
});

const sameAct = (a: ActAt, b: ActAt): boolean =>
  a === b || (a.step === b.step && (a.act === b.act || lineOfAct(a.act) === lineOfAct(b.act)));

/** Acts from the first that both have in common. */
export function shared(a: readonly ActAt[], b: readonly ActAt[]): number {
  let n = 0;
  while (n < a.length && n < b.length && sameAct(a[n]!, b[n]!)) n++;
  return n;
}

export const sameActs = (a: readonly ActAt[], b: readonly ActAt[]): boolean =>
  a.length === b.length && shared(a, b) === a.length;

/** The step after which two are not the same any more; Infinity: nobody knows of any. */
export function partAt(a: Way, b: Way): number {
  const n = shared(a.acts, b.acts);
  const next = (way: Way): number => way.acts[n]?.step ?? way.end?.steps ?? Infinity;
  return Math.min(next(a), next(b));
}

/** Whether all of a history is in another, which goes on from its end. */
export const isPart = (a: Way, of: Way): boolean => a.end !== null && partAt(a, of) >= a.end.steps;

/** How a history goes on where it parts from another. */
export function turnOf(way: Way, from: Way, numbered: number): Turn {
  const next = way.acts[shared(way.acts, from.acts)];
  if (!next) return { what: 'ends' };
  if ('schedule' in next.act) return { what: next.act.schedule };
  return { what: 'line', line: lineOfAct(next.act, numbered) };
}
