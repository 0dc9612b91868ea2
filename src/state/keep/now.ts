/** What would be kept of the session now. */
import type { Chosen } from '../desk.svelte';
import { historyLines, MOST_NAME, RECORD, type Kept } from './record';
import type { Made } from './signs';

/** What a session is made of. The screen is of the page, which may not be there yet. */
export interface Parts extends Made {
  readonly screen: { readonly now: () => string | null; readonly show: (name: string) => void };
}

/** What is the session's own to say; its name and when it was written are its keeper's. */
export type Now = Omit<Kept, 'id' | 'revision' | 'name' | 'created' | 'changed' | 'bytes'>;

/** The session as it stands, and what it was opened from. */
export interface Standing {
  readonly record: Now;
  readonly chosen: Chosen;
  /** The scenario's own: where it begins, its marks. */
  readonly start: number;
  readonly marks: readonly number[];
  /** Things that the user did in it, beside those that the scenario has done. */
  readonly done: number;
}

/** null: nothing is open, or another run is on its way. */
export function now({ desk, questions, histories, screen }: Parts): Standing | null {
  const { session, chosen } = desk;
  const { whole: info, picture, snapshot } = session;
  if (!info || !picture || !chosen || session.status === 'opening') return null;
  // The desk is told a turn after the session: until then the two speak of different runs.
  if (chosen.scenario !== snapshot.scenario || chosen.overrides !== snapshot.overrides) return null;
  const record: Now = {
    v: RECORD,
    title: info.title.slice(0, MOST_NAME),
    version: info.version,
    base: chosen.name,
    ...(desk.basis === null ? {} : { basis: desk.basis }),
    file: chosen.file?.slice(0, 255) ?? null,
    overrides: plain(chosen.overrides),
    acts: info.acts.map(({ step, line }) => ({ step, do: line })),
    step: picture.step,
    of: info.steps,
    hash: picture.hash,
    marks: [...snapshot.marks],
    screen: screen.now(),
    histories: historyLines(histories.record(), info.numbered),
    answers: [...questions.answers],
  };
  return { record, chosen, start: info.start, marks: info.marks, done: info.undoable };
}

/** Without what is not there, which JSON and the database write unlike. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Whether there is something in it that the user made: more than a scenario opened and looked at where it begins. */
export const isMade = ({ record, start, marks, done }: Standing): boolean =>
  done + record.histories.length + record.answers.length > 0 ||
  record.step !== start ||
  record.base === null ||
  Object.keys(record.overrides).length > 0 ||
  String(record.marks) !== String(marks);
