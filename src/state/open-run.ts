/** Opens a run that was found beside the one that is shown: who acts in it is the script of a scenario file like any other. */
import { COMMAND, type Choice } from '../engine/choice';
import type { Chooser } from '../scenarios/acts';
import type { Changes } from '../scenarios/schema';
import type { Desk } from './desk.svelte';
import { pretty, withChanges } from './scenario-text';

export interface OtherRun {
  readonly title: string;
  /** Parsed file, or its text. */
  readonly scenario: unknown;
  readonly changes?: Changes | undefined;
  /** Who acts, from the first image on. */
  readonly choices: readonly Choice[];
  /** Who chooses after that; `seed` if not said. */
  readonly then?: Chooser;
  /** Step that is shown first; 0 if not said. */
  readonly step?: number;
  /** What the file says of itself; as in the scenario if not said. */
  readonly text?: string;
  /** The screen that is shown stays; the race if not said. */
  readonly stays?: true;
}

type File = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is File =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a file says of its own run, of what was tried in it, and of how it was opened. */
const OTHERS = new Set('$schema base lesson prompts narration marks look acts histories answers at'.split(' '));
/** As long as a title may be, characters. */
const MOST_TITLE = 120;

/** Opens it as a session of its own, in place of what is open; false: it was refused, as the desk says. */
export async function openRun(desk: Desk, run: OtherRun): Promise<boolean> {
  return desk.openText(run.title, `${pretty(await fileOfRun(run))}\n`);
}

/** The scenario file of a run. */
export async function fileOfRun(run: OtherRun): Promise<File> {
  const { title, scenario, changes = {}, choices, then = 'seed', step = 0 } = run;
  const [{ withBase }, { lineOfChoice, parseLine }] = await Promise.all([
    import('../scenarios/base'),
    import('../scenarios/lines'),
  ]);
  const read: unknown = typeof scenario === 'string' ? JSON.parse(scenario) : scenario;
  const whole = withChanges(await withBase(read), changes);
  if (!isObject(whole)) return {};
  const byHand = (line: unknown): boolean => {
    const act = typeof line === 'string' && parseLine(line);
    return act && act.ok && 'command' in act.act;
  };
  const done = (Array.isArray(whole['acts']) ? (whole['acts'] as readonly File[]) : []).filter((act) =>
    byHand(act['do']),
  );
  const hands = choices.flatMap((choice, at) => (choice >= COMMAND ? [at] : []));
  return {
    ...Object.fromEntries(Object.entries(whole).filter(([field]) => !OTHERS.has(field))),
    title: title.slice(0, MOST_TITLE),
    ...(run.text === undefined ? {} : { text: run.text }),
    // `undefined` is not written.
    screen: run.stays ? undefined : 'race',
    start: step,
    // What was done by hand in the scenario's own run is done again, at the steps at which it stands in this one.
    acts: hands.flatMap((at, n) => (done[n] ? [{ ...done[n], step: at }] : [])),
    schedule: { script: inRuns(choices.filter((choice) => choice < COMMAND).map(lineOfChoice)), then },
  };
}

/** `vcpu0 x12` for twelve times the same in a row. */
function inRuns(lines: readonly string[]): string[] {
  const runs: { line: string; times: number }[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last?.line === line) last.times++;
    else runs.push({ line, times: 1 });
  }
  return runs.map(({ line, times }) => (times === 1 ? line : `${line} x${times}`));
}
