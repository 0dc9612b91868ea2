/** What a search is of: what is open, as a job can read it, with all that was done in it. */
import type { AuditRule } from '../../engine/audit';
import type { PatchName } from '../../engine/patches';
import type { Bounds } from '../../explore/search/search';
import type { Changes } from '../../scenarios/schema';
import type { Desk } from '../desk.svelte';

export interface Opened {
  readonly title: string;
  readonly scenario: unknown;
  readonly changes: Changes;
}

/** null: nothing is open. */
export function openedOf({ chosen, session }: Desk): Opened | null {
  const { whole } = session;
  if (!chosen || !whole) return null;
  const { scenario, overrides: changes } = chosen;
  const { title, acts, undoable } = whole;
  if (undoable === 0) return { title, scenario, changes };
  const file: unknown = typeof scenario === 'string' ? JSON.parse(scenario) : scenario;
  const done = acts.map(({ step, line }) => ({ step, do: line }));
  return { title, scenario: { ...(file as object), acts: done }, changes };
}

/** Where it begins: where the file says, at the first image, at the step that is shown. */
export type From = 'plan' | 'first' | 'step';

/** What is searched, within which bounds and for what: a run of it is of this, whatever is opened meanwhile. */
export interface Target extends Opened {
  readonly version: string;
  readonly patches: readonly PatchName[];
  /** Switched over the version. */
  readonly on: readonly PatchName[];
  readonly off: readonly PatchName[];
  /** Step of its own run. */
  readonly step: number;
  readonly from: From;
  readonly bounds: Bounds;
  /** null: all. */
  readonly rules: readonly AuditRule[] | null;
}
