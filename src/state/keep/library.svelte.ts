/** The list of sessions that are kept, and what can be done with each. */
import { tooLarge } from '../../scenarios/bounds';
import { LIBRARY } from '../../words/library';
import type { Problem } from '../../worker/protocol';
import { bundleOf, entriesOf, fileOf, MOST_SESSIONS, type Entry, type Json } from '../session-file';
import { broughtIn } from './brought-in';
import type { Parts } from './now';
import type { Opener, Opening } from './opener';
import { copyName, MOST_NAME, newId, readKept, type Kept } from './record';
import type { Shelf, Source } from './shelf';
import type { Writer } from './writer';

export { MOST_NAME };

export interface Row {
  readonly id: string;
  /** null: this program cannot read it. */
  readonly kept: Kept | null;
  /** Which tab shows it; null: none. */
  readonly where: 'here' | 'elsewhere' | null;
}

/** What came of bringing in a file. */
export interface Report {
  readonly brought: number;
  readonly of: number;
  /** Entries that were not, by name; the name of the file where it is none at all. */
  readonly refused: readonly { readonly name: string; readonly problems: readonly Problem[] }[];
}

export class Library {
  /** null: not read yet. The one changed last first. */
  rows = $state.raw<readonly Row[] | null>(null);
  /** What was deleted last, until something else is done. */
  removed = $state.raw<{ readonly name: string; readonly record: unknown; readonly source: Source } | null>(null);
  report = $state.raw<Report | null>(null);
  /** Entries of a file that are being checked. */
  checking = $state.raw<{ readonly done: number; readonly of: number } | null>(null);
  readonly lasting: boolean;
  readonly #parts: Parts;
  readonly #writer: Writer;
  readonly #opener: Opener;
  readonly #shelf: Shelf;

  constructor(parts: Parts, writer: Writer, opener: Opener) {
    this.#parts = parts;
    this.#writer = writer;
    this.#opener = opener;
    this.#shelf = writer.shelf;
    this.lasting = writer.shelf.lasting;
  }

  async load(): Promise<void> {
    await this.#writer.flush();
    const [all, taken] = await Promise.all([this.#shelf.list(), this.#writer.locks.taken()]);
    const here = this.#writer.mine?.id;
    const rows = all.map((record): Row => {
      const kept = readKept(record);
      const id = kept?.id ?? idOf(record);
      return { id, kept, where: id === here ? 'here' : taken.has(id) ? 'elsewhere' : null };
    });
    this.rows = rows.sort((a, b) => (b.kept?.changed ?? 0) - (a.kept?.changed ?? 0));
  }

  open(id: string): Promise<Opening> {
    this.removed = null;
    return this.#opener.open(id);
  }

  /** An empty name: as the scenario is called. */
  async rename({ kept, where }: Row, typed: string): Promise<void> {
    if (!kept || where === 'elsewhere') return;
    const name = typed.trim().slice(0, MOST_NAME) || kept.title;
    this.removed = null;
    if (where === 'here') await this.#writer.rename(name);
    else await this.#shelf.write({ ...kept, name, revision: kept.revision + 1 }, kept.revision);
    await this.load();
  }

  async duplicate({ id }: Row): Promise<void> {
    this.removed = null;
    const found = await this.#read(id);
    if (found) await this.#add(found.kept, found.source, copyName(found.kept.name, this.#names));
    await this.load();
  }

  async remove({ id, kept, where }: Row): Promise<void> {
    if (where !== null) return;
    const found = await this.#shelf.read(id);
    await this.#shelf.remove(id);
    this.removed = found ? { ...found, name: kept?.name ?? '' } : null;
    await this.load();
  }

  /** Puts back what was deleted last. */
  async undo(): Promise<void> {
    if (!this.removed) return;
    const { record, source } = this.removed;
    this.removed = null;
    // As it was, be it something that this program cannot read.
    await this.#shelf.write(record as Kept, 0, source);
    await this.load();
  }

  /** The file of one session; null: it is gone. */
  async file(id: string): Promise<Json | null> {
    const found = await this.#read(id);
    return found && fileOf(found.kept, await this.#whole(found.kept, found.source));
  }

  /** One file of all that can be read. */
  async fileOfAll(): Promise<Json> {
    const entries: Entry[] = [];
    for (const { id, kept } of this.rows ?? []) {
      const file = kept && (await this.file(id));
      if (file) entries.push({ name: kept.name, file });
    }
    return bundleOf(entries);
  }

  /** Adds the sessions of a file, each under a new id: nothing is written over. */
  async bringIn(file: { readonly name: string; readonly size: number; text(): Promise<string> }): Promise<void> {
    this.removed = null;
    this.report = null;
    const entries = await entriesIn(file);
    if (typeof entries === 'string') {
      this.report = { brought: 0, of: 0, refused: [{ name: file.name, problems: [{ path: '', message: entries }] }] };
      return;
    }
    const refused: Report['refused'][number][] = [];
    for (const [i, { name, file: one }] of entries.entries()) {
      this.checking = { done: i, of: entries.length };
      const text = JSON.stringify(one) ?? '';
      const { desk } = this.#parts;
      const problems = await desk.session.worker
        .check(text)
        .catch((error: Error) => [{ path: '', message: error.message }]);
      if (problems.length > 0) refused.push({ name: name || file.name, problems });
      else await this.#add(broughtIn(one, { file: file.name, bytes: text.length, shipped: desk.shipped }), text, name);
    }
    this.checking = null;
    this.report = { brought: entries.length - refused.length, of: entries.length, refused };
    await this.load();
  }

  get #names(): readonly string[] {
    return (this.rows ?? []).flatMap(({ kept }) => kept?.name ?? []);
  }

  async #add(kept: Kept, source: Source, name: string): Promise<void> {
    const now = Date.now();
    const called = name.slice(0, MOST_NAME) || kept.title;
    const record = { ...kept, id: newId(), name: called, revision: 1, created: now, changed: now };
    await this.#shelf.write(record, 0, source);
  }

  async #read(id: string): Promise<{ readonly kept: Kept; readonly source: Source } | null> {
    const found = await this.#shelf.read(id);
    const kept = found && readKept(found.record);
    return kept ? { kept, source: found.source } : null;
  }

  /** What a session was opened from: of a shipped scenario the file that comes with the page. */
  async #whole({ base }: Kept, source: Source): Promise<Source> {
    return base === null ? source : await this.#parts.desk.shipped.find(({ name }) => name === base)?.load();
  }
}

/** The sessions in a file, or why there are none. */
async function entriesIn(file: Parameters<Library['bringIn']>[0]): Promise<readonly Entry[] | string> {
  const large = tooLarge(file.size);
  if (large) return large.message;
  try {
    const entries = entriesOf(await file.text());
    if (entries === 'newer') return LIBRARY.newer;
    if (entries === 'many') return LIBRARY.many(MOST_SESSIONS);
    return entries.length === 0 ? LIBRARY.nothing : entries;
  } catch {
    return LIBRARY.notJson;
  }
}

const idOf = (record: unknown): string => {
  const id = typeof record === 'object' && record !== null ? (record as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id : '';
};
