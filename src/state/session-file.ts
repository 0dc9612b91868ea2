/**
 * A session as a file: the scenario, or the name of a shipped one and what differs from it, and what was done in it, where the
 * user was, what was answered. The same JSON is what a link carries.
 */
import { FORMAT, migrate } from '../scenarios/migrate';
import { formatBytes } from '../scenarios/quantities';
import type { Overrides } from '../worker/protocol';
import { RECORD, type Kept } from './keep/record';

export type Json = Readonly<Record<string, unknown>>;

/** As many marks as a file may have. */
const MOST_MARKS = 100;

interface Switched {
  readonly on?: readonly string[] | undefined;
  readonly off?: readonly string[] | undefined;
}

/**
 * The file of a session. `source`: the scenario that it was opened from, a parsed file or the text of one; of a shipped one the
 * file that comes with the program. Throws where a text is no JSON.
 */
export function fileOf(kept: Kept, source: unknown): Json {
  const whole = asObject(migrate(typeof source === 'string' ? (JSON.parse(source) as unknown) : source));
  const shipped = kept.base !== null;
  const { $schema, format, ...own } = shipped ? { format: FORMAT, base: kept.base } : whole;
  const { step, hash, screen } = kept;
  const unlessSame = <T>(name: string, value: readonly T[]): readonly T[] | undefined =>
    same(asList(whole[name]), value) ? (shipped ? undefined : (whole[name] as readonly T[] | undefined)) : value;
  const fields: Json = {
    $schema,
    format,
    ...own,
    ...(kept.name === kept.title ? {} : { title: kept.name }),
    ...changes(whole, kept.overrides, shipped),
    acts: unlessSame('acts', kept.acts),
    at: { step, hash },
    marks: unlessSame('marks', kept.marks.slice(0, MOST_MARKS)),
    ...(screen === null ? {} : { screen }),
    histories: kept.histories.length > 0 ? kept.histories : undefined,
    answers: kept.answers.length > 0 ? kept.answers : undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What was chosen on the page, as fields: another version is taken without the file's own patches. */
function changes(file: Json, { version, memory, patches }: Overrides, shipped: boolean): Json {
  const before: Switched = version === undefined ? asObject(file['patches']) : {};
  const over = (way: 'on' | 'off', other: 'on' | 'off'): string[] => [
    ...new Set([
      ...(before[way] ?? []).filter((name) => !patches?.[other]?.some((p) => p === name)),
      ...(patches?.[way] ?? []),
    ]),
  ];
  // Said even where there are none: else the file would take those of its base.
  const said = patches !== undefined || (version !== undefined && ('patches' in file || 'base' in file));
  const guest = shipped ? {} : asObject(file['guest']);
  return {
    ...(version === undefined ? {} : { version }),
    ...(said ? { patches: { on: over('on', 'off'), off: over('off', 'on') } } : {}),
    ...(memory === undefined ? {} : { guest: { ...guest, memory: formatBytes(memory) } }),
  };
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
