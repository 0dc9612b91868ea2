/**
 * A session as it is kept: what it takes to come back to the same step of the same run. What is read is data from outside, be
 * it from this browser's own storage: it is checked and bounded, and what does not pass is not opened.
 */
import * as v from 'valibot';
import { MOST_STEPS } from '../../engine/history';
import type { ActAt } from '../../scenarios/acts';
import type { Answered, Fork, HistoryRecord } from '../../scenarios/lesson';
import { lineOfAct } from '../../scenarios/lines';
import * as file from '../../scenarios/schema-done';
import { switches, type Switches } from '../../scenarios/xen-set';
import type { Overrides } from '../../worker/protocol';

/** Version of the fields of a record. */
export const RECORD = 1;
export const MOST_NAME = 120;
const MOST_MARKS = 10_000;

/** What was done, as a file says it. */
export interface KeptAct {
  readonly step: number;
  readonly do: string;
}
export interface KeptHistory {
  readonly name: string;
  readonly acts: readonly KeptAct[];
  readonly step: number;
  readonly patches?: Switches;
  readonly fork?: Fork;
}

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const step = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_STEPS));
const time = v.pipe(v.number(), v.finite());
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
/** What a file's field must be, left as the file has it. */
const asInFile = <T>(schema: v.GenericSchema) => v.custom<T>((value) => v.safeParse(schema, value).success);

const kept = v.object({
  v: v.literal(RECORD),
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,40}$/)),
  /** Counts the times that it was written. */
  revision: v.pipe(whole, v.minValue(1)),
  /** Tells the shipped scenario that it is made from: as share/basis.ts makes it. */
  basis: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/))),
  /** What the user calls it; as long as he does not, the scenario's title. */
  name: v.pipe(text(MOST_NAME), v.minLength(1)),
  title: text(MOST_NAME),
  version: text(60),
  /** Name of a shipped scenario; null: the source is kept beside the record. */
  base: v.nullable(text(120)),
  /** Name of the file that it was opened from. */
  file: v.nullable(text(255)),
  overrides: v.pipe(
    v.object({ version: v.optional(text(60)), patches: v.optional(switches), memory: v.optional(whole) }),
    v.transform((found): Overrides => found),
  ),
  /** All that was done in this run, in place of what the scenario says of it. */
  acts: asInFile<readonly KeptAct[]>(file.acts),
  step,
  /** Steps of the run. */
  of: step,
  /** Of the state at that step; empty: it was brought in by a file, and nobody has opened it yet. */
  hash: text(64),
  marks: v.pipe(v.array(step), v.maxLength(MOST_MARKS)),
  screen: v.nullable(text(40)),
  histories: asInFile<readonly KeptHistory[]>(file.histories),
  answers: asInFile<readonly Answered[]>(file.answers),
  /** Milliseconds since 1970. */
  created: time,
  changed: time,
  /** About as many as a file of it would have. */
  bytes: whole,
});

export type Kept = Readonly<v.InferOutput<typeof kept>>;

/** What was kept, if this program can read it. An older form would be led up to this one here, a version after the other. */
export function readKept(record: unknown): Kept | null {
  const read = v.safeParse(kept, record);
  return read.success ? read.output : null;
}

/** A name that no other session has. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A name for a copy: the same with the next free number after it. */
export function copyName(name: string, taken: readonly string[]): string {
  const stem = name.replace(/ \(\d{1,4}\)$/, '').slice(0, MOST_NAME - 7);
  for (let n = 2; ; n++) if (!taken.includes(`${stem} (${n})`)) return `${stem} (${n})`;
}

export const toLines = (of: readonly ActAt[], numbered: number): KeptAct[] =>
  of.map(({ step: at, act }) => ({ step: at, do: lineOfAct(act, numbered) }));

export const historyLines = (of: readonly HistoryRecord[], numbered: number): KeptHistory[] =>
  of.map(({ name, acts, step: at, patches, fork }) => ({
    name,
    acts: toLines(acts, numbered),
    step: at,
    ...(patches && { patches }),
    ...(fork && { fork }),
  }));

/** Lines of a record are lines: `readKept` has looked. */
export const fromLines = (lines: readonly KeptAct[]): readonly ActAt[] => v.parse(file.acts, lines);
export const fromHistoryLines = (of: readonly KeptHistory[]): readonly HistoryRecord[] => v.parse(file.histories, of);
