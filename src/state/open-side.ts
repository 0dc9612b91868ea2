/** A side of a comparison as a session of its own: the file with what that side has, and what was done in it as far as it could be. */
import type { Changes } from '../scenarios/schema';
import type { Desk } from './desk.svelte';
import { pretty, withChanges } from './scenario-text';

type File = Readonly<Record<string, unknown>>;

/** What a file says of its own run under its own version. */
const OWN = new Set('$schema base lesson prompts narration marks screen look histories answers at search'.split(' '));
/** As long as a title may be, characters. */
const MOST_TITLE = 120;

export interface OtherSide {
  readonly scenario: unknown;
  readonly changes: Changes;
  readonly name: string;
  /** Step that is shown first. */
  readonly step: number;
  /** Acts at the end that cannot be done there. */
  readonly left: number;
}

/** false: it was refused, as the desk says. */
export async function openSide(desk: Desk, { scenario, changes, name, step, left }: OtherSide): Promise<boolean> {
  const { withBase } = await import('../scenarios/base');
  const read: unknown = typeof scenario === 'string' ? JSON.parse(scenario) : scenario;
  const whole = withChanges(await withBase(read), changes) as File;
  const acts = Array.isArray(whole['acts']) ? (whole['acts'] as readonly unknown[]) : [];
  const title = `${String(whole['title'])}: ${name}`.slice(0, MOST_TITLE);
  const file = {
    ...Object.fromEntries(Object.entries(whole).filter(([field]) => !OWN.has(field))),
    title,
    ...(acts.length > 0 ? { acts: acts.slice(0, acts.length - left) } : {}),
    start: step,
  };
  return desk.openText(title, `${pretty(file)}\n`);
}
