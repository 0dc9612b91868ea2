/**
 * Writes the session down soon after each change. The tab has a lock on the session that it shows, and knows the revision that
 * it wrote last: what another tab has written is never written over, a copy with a name of its own is made instead.
 */
import { KEEP } from '../../words/library';
import { remember, rememberInTab } from '../prefs';
import type { Locks } from './locks';
import { isMade, now, type Parts, type Standing } from './now';
import { copyName, newId, readKept, type Kept } from './record';
import type { Shelf, Source } from './shelf';

/** Milliseconds from a change to its writing. */
const SOON = 500;
/** Characters that are written in the moment in which a page goes: then there is time for no database. */
const MOST_LATE = 200_000;
/** Remembered of this browser: something is kept. Of this tab: which session it shows. */
export const SOME = 'kept';
export const TAB = 'session';
/** Where a session is laid by a page that goes. */
export const late = (id: string): string => `late.${id}`;

/** What a tab knows of a session that it has shown. */
export interface Mine {
  id: string;
  /** null: it is called as the scenario is. */
  name: string | null;
  created: number;
  /** Of the record as this tab has seen it last; 0: there is none. */
  revision: number;
  source: Source;
  /** Lets go of the lock; null: this tab has it not. */
  release: (() => void) | null;
  /** The user has made something in it. */
  made: boolean;
}

/** What the user is told. */
export interface Tell {
  /** A quiet sentence. `back`: what it tells of can be left for a fresh start. */
  readonly said: (text: string, back?: boolean) => void;
  /** Why nothing is kept; empty: it is again. */
  readonly trouble: (text: string) => void;
}

export class Writer {
  readonly #parts: Parts;
  readonly #tell: Tell;
  readonly #clock: () => number;
  readonly #known = new WeakMap<object, Mine>();
  /** The session that is shown, once it was written. */
  #mine: Mine | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<unknown> = Promise.resolve();
  /** What has changed and is not written yet, as it was then. */
  #pending: Standing | null = null;
  /** What is being written: a page that goes takes the database along in the midst of it. */
  #writing: Standing | null = null;
  #held = false;

  /** `clock`: milliseconds since 1970. */
  constructor(
    parts: Parts,
    readonly shelf: Shelf,
    readonly locks: Locks,
    tell: Tell,
    clock: () => number = Date.now,
  ) {
    this.#parts = parts;
    this.#tell = tell;
    this.#clock = clock;
  }

  /** The session that this tab shows; null: it has no record yet. */
  get mine(): Readonly<Mine> | null {
    return this.#mine;
  }

  /** Something has changed: it is written soon, a new session at once, one that was left for another before that one. */
  touch(): void {
    // What is on its way makes another change when it is here.
    const it = this.#held ? null : now(this.#parts);
    if (!it) return;
    if (this.#pending && this.#pending.chosen.opening !== it.chosen.opening) void this.flush();
    this.#pending = it;
    const known = this.#known.get(it.chosen.opening);
    this.#timer ??= setTimeout(() => void this.flush(), known?.revision ? SOON : 0);
  }

  /** Writes at once what has changed; done when all is written. */
  flush(): Promise<unknown> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const it = this.#pending;
    this.#pending = null;
    if (!it) return this.#work;
    this.#writing = it;
    this.#work = this.#work
      .then(() => this.#save(it))
      .finally(() => {
        if (this.#writing === it) this.#writing = null;
      });
    return this.#work;
  }

  /** The page goes: what has changed is laid where it is written in this very moment. */
  leave(): void {
    const it = this.#pending ?? this.#writing;
    const mine = it && this.#known.get(it.chosen.opening);
    if (mine?.revision) {
      const record = this.#recordOf(it!, mine);
      // What is being written may yet be there, or not: this is later.
      const text = JSON.stringify(this.#writing ? { ...record, revision: record.revision + 1 } : record);
      if (text.length <= MOST_LATE) remember(late(mine.id), text);
    }
    void this.flush();
  }

  /** The session as it would be kept now, and what it was opened from; null: none is open, or another is on its way. */
  current(): { readonly kept: Kept; readonly source: Source } | null {
    const it = now(this.#parts);
    if (!it) return null;
    const mine = this.#known.get(it.chosen.opening) ?? this.#fresh();
    return { kept: this.#recordOf(it, mine), source: it.chosen.scenario };
  }

  /** What the user calls the session that is shown. */
  async rename(name: string): Promise<void> {
    if (!this.#mine) return;
    this.#mine.name = name;
    this.touch();
    await this.flush();
  }

  /** Nothing is written while `work` is under way: it opens another session. */
  async without<T>(work: () => Promise<T>): Promise<T> {
    await this.flush();
    this.#held = true;
    try {
      return await work();
    } finally {
      this.#held = false;
      this.touch();
    }
  }

  /** What is shown now was opened from a record. Without its lock it goes on as a copy. */
  async opened(opening: object, mine: Mine): Promise<void> {
    this.#known.set(opening, mine);
    if (!mine.release) await this.#fork(mine);
    this.#shows(mine);
  }

  async #save(it: Standing): Promise<void> {
    const { opening } = it.chosen;
    const mine = this.#known.get(opening) ?? this.#fresh();
    this.#known.set(opening, mine);
    mine.made = isMade(it);
    const left = this.#mine === mine ? null : this.#mine;
    try {
      mine.release ??= await this.locks.take(mine.id);
      if (!mine.release) await this.#fork(mine);
      if (!(await this.#write(it, mine))) {
        await this.#fork(mine);
        this.#tell.said(KEEP.forked(mine.name!));
        await this.#write(it, mine);
      }
      this.#shows(mine);
      if (left && !left.made) await this.#forget(left);
      // Where nothing lasts, that was said.
      if (this.shelf.lasting) this.#tell.trouble('');
    } catch (error) {
      this.#tell.trouble((error as Error).name === 'QuotaExceededError' ? KEEP.full : KEEP.lost);
    }
  }

  /** False: another tab has written it meanwhile. */
  async #write(it: Standing, mine: Mine): Promise<boolean> {
    const kept = this.#recordOf(it, mine);
    const { name: base, scenario } = it.chosen;
    const source = base === null ? scenario : null;
    const same = mine.revision > 0 && mine.source === source;
    if ((await this.shelf.write(kept, mine.revision, same ? undefined : source)) === 'other') return false;
    mine.revision = kept.revision;
    mine.source = source;
    return true;
  }

  #recordOf({ record, chosen }: Standing, { id, name, created, revision }: Mine): Kept {
    const whole = {
      ...record,
      id,
      name: name ?? record.title,
      created,
      revision: revision + 1,
      changed: this.#clock(),
    };
    const { name: base, scenario } = chosen;
    const source = base !== null ? 0 : typeof scenario === 'string' ? scenario.length : JSON.stringify(scenario).length;
    return { ...whole, bytes: JSON.stringify(whole).length + source };
  }

  #fresh(): Mine {
    const created = this.#clock();
    return { id: newId(), name: null, created, revision: 0, source: undefined, release: null, made: false };
  }

  /** It goes on under a name of its own; what it was stays with who has it. */
  async #fork(mine: Mine): Promise<void> {
    const names = (await this.shelf.list()).flatMap((one) => readKept(one)?.name ?? []);
    mine.release?.();
    const name = copyName(mine.name ?? this.#parts.desk.session.info?.title ?? '', names);
    Object.assign(mine, this.#fresh(), { name, made: true });
    mine.release = await this.locks.take(mine.id);
  }

  #shows(mine: Mine): void {
    if (this.shelf.lasting) {
      rememberInTab(TAB, mine.id);
      remember(SOME, '1');
    }
    if (this.#mine === mine) return;
    this.#mine?.release?.();
    if (this.#mine) this.#mine.release = null;
    this.#mine = mine;
  }

  /** Nobody looks for what was only looked at. */
  async #forget(mine: Mine): Promise<void> {
    await this.shelf.remove(mine.id);
    mine.revision = 0;
  }
}
