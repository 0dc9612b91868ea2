/** Where sessions are kept: the browser's database, or, where that is shut, this page's memory. What is read may be anything. */
import type { Kept } from './record';

/** A scenario that is no shipped one: a parsed file, or the text of one. It is kept apart, for it is large and does not change. */
export type Source = unknown;

export interface Shelf {
  /** Whether it outlasts the page. */
  readonly lasting: boolean;
  /** What is kept of every session, without its source, in no order. */
  list(): Promise<readonly unknown[]>;
  /** undefined: there is none. */
  read(id: string): Promise<{ readonly record: unknown; readonly source: Source } | undefined>;
  /**
   * Writes a session over the one of revision `over` (0: over none), unless somebody else has written it meanwhile: then nothing
   * is written. `source` undefined: as it was kept. Rejects where there is no room, or no database any more.
   */
  write(record: Kept, over: number, source?: Source): Promise<'written' | 'other'>;
  remove(id: string): Promise<void>;
}

/** What is known of the revision of something that was read; 0: nothing is there. */
export function revisionOf(record: unknown): number {
  const revision = typeof record === 'object' && record !== null ? (record as { revision?: unknown }).revision : 0;
  return typeof revision === 'number' ? revision : 0;
}

/** Sessions that are gone with the page. */
export function memoryShelf(): Shelf {
  const records = new Map<string, Kept>();
  const sources = new Map<string, Source>();
  return {
    lasting: false,
    list: async () => [...records.values()],
    read: async (id) => (records.has(id) ? { record: records.get(id), source: sources.get(id) } : undefined),
    write: async (record, over, source) => {
      if (revisionOf(records.get(record.id)) !== over) return 'other';
      records.set(record.id, structuredClone(record));
      if (source !== undefined) sources.set(record.id, source);
      return 'written';
    },
    remove: async (id) => {
      records.delete(id);
      sources.delete(id);
    },
  };
}
