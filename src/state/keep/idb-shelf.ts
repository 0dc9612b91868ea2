/** Sessions in the browser's database: in one store what is kept of each, in another the scenarios that are files. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Kept } from './record';
import { revisionOf, type Shelf, type Source } from './shelf';

interface Schema extends DBSchema {
  sessions: { key: string; value: Kept };
  sources: { key: string; value: Source };
}
/** The database's own; a record says the version of its fields itself. */
const VERSION = 1;
const BOTH = ['sessions', 'sources'] as const;
/** Milliseconds that the browser may take to open it. */
const PATIENCE = 3000;

/** Rejects where the browser has none for this page, or another tab holds it in an older form. `lost`: it was taken away since. */
export async function idbShelf(name: string, lost: () => void): Promise<Shelf> {
  let refuse!: (error: Error) => void;
  const blocked = new Promise<never>((_, reject) => (refuse = reject));
  const opening = openDB<Schema>(name, VERSION, {
    upgrade(db, from) {
      // One step for each version, in turn, so that each older form is led up to this one.
      if (from < 1) for (const store of BOTH) db.createObjectStore(store);
    },
    blocked: () => refuse(new Error('blocked')),
    // Another tab has a newer program: it may lead the database up, and this one keeps nothing any more.
    blocking: (_, __, event) => {
      (event.target as IDBDatabase).close();
      lost();
    },
    terminated: lost,
  });
  const silent = setTimeout(() => refuse(new Error('silent')), PATIENCE);
  try {
    return shelf(await Promise.race([opening, blocked]));
  } finally {
    clearTimeout(silent);
  }
}

function shelf(db: IDBPDatabase<Schema>): Shelf {
  return {
    lasting: true,
    list: () => db.getAll('sessions'),
    async read(id) {
      const open = db.transaction(BOTH, 'readonly');
      const [record, source] = await Promise.all([
        open.objectStore('sessions').get(id),
        open.objectStore('sources').get(id),
      ]);
      return record === undefined ? undefined : { record, source };
    },
    async write(record, over, source) {
      const open = db.transaction(BOTH, 'readwrite');
      // What fails is told by `done`; nobody waits for the single requests.
      const done = open.done;
      done.catch(() => undefined);
      const before = await open.objectStore('sessions').get(record.id);
      if (revisionOf(before) !== over) {
        await done;
        return 'other';
      }
      const puts = [open.objectStore('sessions').put(record, record.id)];
      if (source !== undefined) puts.push(open.objectStore('sources').put(source, record.id));
      await Promise.all([...puts, done]);
      return 'written';
    },
    async remove(id) {
      const open = db.transaction(BOTH, 'readwrite');
      await Promise.all([...BOTH.map((store) => open.objectStore(store).delete(id)), open.done]);
    },
  };
}
