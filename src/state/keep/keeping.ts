/** All that keeps sessions, put together: fetched when there is something to keep or to bring back. */
import { KEEP } from '../../words/library';
import { idbShelf } from './idb-shelf';
import { Library } from './library.svelte';
import { browserLocks } from './locks';
import type { Parts } from './now';
import { Opener } from './opener';
import { memoryShelf, type Shelf } from './shelf';
import { Writer, type Tell } from './writer';

const DATABASE = 'p2mscope';

export interface Keeping {
  readonly writer: Writer;
  readonly opener: Opener;
  readonly library: Library;
}

/** Where the browser keeps nothing for this page, that is said, and the page's memory takes its place. */
export async function keeping(parts: Parts, tell: Tell): Promise<Keeping> {
  const writer = new Writer(parts, await shelf(tell), browserLocks(), tell);
  const opener = new Opener(parts, writer, tell);
  return { writer, opener, library: new Library(parts, writer, opener) };
}

async function shelf(tell: Tell): Promise<Shelf> {
  try {
    return await idbShelf(DATABASE, () => tell.trouble(KEEP.lost));
  } catch (error) {
    tell.trouble((error as Error).message === 'blocked' ? KEEP.blocked : KEEP.shut);
    return memoryShelf();
  }
}
