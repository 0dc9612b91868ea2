/**
 * A session as a file: the scenario, or the name of a shipped one and what differs from it, and what was done in it, where the
 * user was, what was answered. The same JSON is what a link carries.
 */
import { FORMAT, migrate } from '../scenarios/migrate';
import { changedFields } from './changed-fields';
import { RECORD, type Kept } from './keep/record';

export type Json = Readonly<Record<string, unknown>>;

/** As many marks as a file may have. */
const MOST_MARKS = 100;

/**
 * The file of a session. `source`: the scenario that it was opened from, a parsed file or the text of one; of a shipped one the
 * file that comes with the program. Throws where a text is no JSON.
 */
export function fileOf(kept: Kept, source: unknown): Json {
  const whole = asObject(migrate(typeof source === 'string' ? (JSON.parse(source) as unknown) : source));
  const shipped = kept.base !== null;
  const { $schema, format, ...own } = shipped ? { format: FORMAT, base: kept.base } : whole;
  const { step, hash, basis, screen } = kept;
  const unlessSame = <T>(name: string, value: readonly T[]): readonly T[] | undefined =>
    same(asList(whole[name]), value) ? (shipped ? undefined : (whole[name] as readonly T[] | undefined)) : value;
  const fields: Json = {
    $schema,
    format,
    ...own,
    ...(kept.name === kept.title ? {} : { title: kept.name }),
    ...changedFields(own, kept.overrides, whole),
    acts: unlessSame('acts', kept.acts),
    at: basis === undefined ? { step, hash } : { step, hash, basis },
    marks: unlessSame('marks', kept.marks.slice(0, MOST_MARKS)),
    ...(screen === null ? {} : { screen }),
    histories: kept.histories.length > 0 ? kept.histories : undefined,
    answers: kept.answers.length > 0 ? kept.answers : undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const asObject = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const same = (a: readonly unknown[], b: readonly unknown[]): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Many sessions in one file. */
const SESSIONS = 'p2mscope sessions';
/** Sessions that one file may bring. */
export const MOST_SESSIONS = 500;

export interface Entry {
  /** Empty: as the scenario is called. */
  readonly name: string;
  readonly file: unknown;
}

export const bundleOf = (entries: readonly Entry[]): Json => ({ kind: SESSIONS, format: RECORD, sessions: entries });

/**
 * The sessions of a file, be it one of many or of one; the files in it are not checked. `newer`: it is of a format that this
 * program does not know. Throws where it is no JSON.
 */
export function entriesOf(text: string): readonly Entry[] | 'newer' | 'many' {
  const file = asObject(JSON.parse(text) as unknown);
  if (file['kind'] !== SESSIONS) return [{ name: '', file }];
  if (file['format'] !== RECORD) return 'newer';
  const sessions = asList(file['sessions']).map(asObject);
  if (sessions.length > MOST_SESSIONS) return 'many';
  return sessions.map(({ name, file: one }) => ({ name: typeof name === 'string' ? name : '', file: one }));
}
