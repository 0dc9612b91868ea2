/** Brings back what was kept: after a reload, at another visit, from the list. */
import { KEEP } from '../../words/library';
import type { Chosen } from '../desk.svelte';
import { recall, recallInTab, remember } from '../prefs';
import type { Parts } from './now';
import { fromHistoryLines, fromLines, readKept, type Kept } from './record';
import { late, TAB, type Tell, type Writer } from './writer';

/** Milliseconds that a reload waits for the page before it to let go of its session. */
const PATIENCE = 600;

/** `gone`: it, or the shipped scenario that it is of. `unreadable`: by this program. `refused`: the desk says why. */
export type Opening = 'opened' | 'here' | 'gone' | 'unreadable' | 'refused';

export class Opener {
  readonly #parts: Parts;
  readonly #writer: Writer;
  readonly #tell: Tell;

  constructor(parts: Parts, writer: Writer, tell: Tell) {
    this.#parts = parts;
    this.#writer = writer;
    this.#tell = tell;
  }

  /**
   * Brings back the session that this tab showed before a reload, else the one that was changed last of those that no other
   * tab shows. False: there is none, or it could not be brought back, which is said.
   */
  async resume(): Promise<boolean> {
    const { shelf, locks } = this.#writer;
    const own = recallInTab(TAB);
    await this.#takeLate();
    const all = await shelf.list();
    const records = all.map(readKept).filter((one) => one !== null);
    if (records.length < all.length) this.#tell.said(KEEP.unreadable(all.length - records.length));
    records.sort((a, b) => Number(b.id === own) - Number(a.id === own) || b.changed - a.changed);
    for (const record of records) {
      const release = await locks.take(record.id, record.id === own ? PATIENCE : 0);
      // A tab that was duplicated believes the session to be its own.
      if (!release && record.id !== own) continue;
      const opened = await this.#enter(record.id, release);
      if (opened === 'opened') this.#tell.said(this.#told(record, release !== null), true);
      else this.#tell.said(KEEP.notOpened(record.name, KEEP.why[opened]));
      return opened === 'opened';
    }
    return false;
  }

  /** Opens a session of the list; where another tab shows it, a copy. */
  async open(id: string): Promise<Opening> {
    if (id === this.#writer.mine?.id) return 'here';
    const release = await this.#writer.locks.take(id);
    const opened = await this.#enter(id, release);
    if (opened === 'opened' && !release) this.#tell.said(KEEP.copied(this.#writer.mine?.name ?? ''));
    return opened;
  }

  #told({ name, step }: Kept, held: boolean): string {
    return held ? KEEP.resumed(name, step) : KEEP.copied(this.#writer.mine?.name ?? name);
  }

  #enter(id: string, release: (() => void) | null): Promise<Opening> {
    return this.#writer.without(async () => {
      const opened = await this.#bring(id, release);
      if (opened !== 'opened') release?.();
      return opened;
    });
  }

  async #bring(id: string, release: (() => void) | null): Promise<Opening> {
    const read = await this.#writer.shelf.read(id);
    if (!read) return 'gone';
    const kept = readKept(read.record);
    if (!kept) return 'unreadable';
    const { desk, questions, histories, screen } = this.#parts;
    const { base, basis, file, overrides, step, hash, marks, revision, created } = kept;
    const shipped = desk.shipped.find(({ name }) => name === base);
    if (base !== null && !shipped) return 'gone';
    const scenario: unknown = shipped ? await shipped.load() : read.source;
    const chosen: Chosen = { name: base, file, scenario, overrides, opening: {} };
    const run = hash === '' ? null : { scenario, overrides, acts: fromLines(kept.acts), step, marks };
    if (!(await desk.resume(chosen, run, { step, hash, basis }))) return 'refused';
    if (run) {
      questions.restore(kept.answers);
      histories.restore(fromHistoryLines(kept.histories));
      if (kept.screen !== null) screen.show(kept.screen);
    }
    const name = kept.name === kept.title ? null : kept.name;
    const source = base === null ? scenario : null;
    await this.#writer.opened(chosen.opening, { id, name, created, revision, source, release, made: true });
    return 'opened';
  }

  /** Writes what pages have laid down when they went. */
  async #takeLate(): Promise<void> {
    const { shelf } = this.#writer;
    for (const { id, revision } of (await shelf.list()).map(readKept).filter((one) => one !== null)) {
      const text = recall(late(id));
      if (text === null) continue;
      remember(late(id), null);
      const record = readKept(parsed(text));
      if (record?.id === id && record.revision > revision) await shelf.write(record, revision);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
