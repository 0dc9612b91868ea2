/**
 * Keeps the session in this browser while it goes on, and brings it back; opens the session that the page's address carries.
 * What reads and writes is fetched when it is needed: a first visit does not wait for it.
 */
import { untrack } from 'svelte';
import { KEEP } from '../words/library';
import type { SessionInfo } from '../worker/protocol';
import { SCREENS, type Frame } from './frame.svelte';
import type { Keeping } from './keep/keeping';
import { signs, type Made } from './keep/signs';
import { recall } from './prefs';

export type { Made as Parts };

export class Keep {
  readonly parts: Made;
  /** Why nothing is kept; empty: it is. */
  trouble = $state('');
  /** What is told of the session that is open; `back`: it can be left for a fresh one. */
  said = $state.raw<{ readonly text: string; readonly back: boolean } | null>(null);
  #frame = $state.raw<Frame | null>(null);
  /** The screen that is asked for before there is one. */
  #screen: string | null = null;
  #first = '';
  #keeping: Promise<Keeping> | undefined;
  /** The same once it is here: a page that goes waits for nothing. */
  #kept: Keeping | null = null;
  #seen: readonly unknown[] = [];

  constructor(parts: Made) {
    this.parts = parts;
    parts.desk.brought = (info) => this.#bring(info);
  }

  /**
   * Opens what the page begins with: what its address carries, else what was left, else the scenario `first`. `keeps` false: it
   * is a guest in somebody's page, and keeps nothing.
   */
  async start(first: string, keeps = true): Promise<void> {
    this.#first = first;
    const { desk } = this.parts;
    const linked = carries() && (await this.#follow());
    const { refusal } = desk;
    if (!linked && !(keeps && (await this.#resume()))) await desk.choose(first);
    // What came by a link is refused, what else could be opened was.
    if (refusal) desk.refusal = refusal;
    addEventListener('hashchange', () => void (carries() && this.#follow()));
    if (!keeps) return;
    this.#watch();
    if (linked) (await this.keeping()).writer.touch();
  }

  /** The page is there, and its screens. */
  attach(frame: Frame): void {
    this.#frame = frame;
    if (this.#screen !== null) this.#show(this.#screen);
  }

  /** What reads and writes. */
  keeping(): Promise<Keeping> {
    this.#keeping ??= import('./keep/keeping').then(async ({ keeping }) => {
      const screen = { now: () => this.#frame?.screen ?? null, show: (name: string) => this.#show(name) };
      const said = (text: string, back = false): void => void (this.said = { text, back });
      const trouble = (text: string): void => void (this.trouble = text);
      return (this.#kept = await keeping({ ...this.parts, screen }, { said, trouble }));
    });
    return this.#keeping;
  }

  /** Leaves what was brought back for the scenario that a first visit begins with; it stays in the list. */
  startOver(): Promise<void> {
    this.said = null;
    return this.parts.desk.choose(this.#first);
  }

  async #resume(): Promise<boolean> {
    // As writer.ts remembers it: without it a first visit does not even look.
    if (recall('kept') === null) return false;
    try {
      const { opener } = await this.keeping();
      return await opener.resume();
    } catch {
      this.trouble = KEEP.lost;
      return false;
    }
  }

  async #follow(): Promise<boolean> {
    const { hash, pathname, search } = location;
    const { follow } = await import('./share/follow');
    const opened = await follow(this.parts.desk, hash);
    history.replaceState(history.state, '', pathname + search);
    return opened;
  }

  #watch(): void {
    $effect.root(() => {
      $effect(() => {
        const seen = signs(this.parts, this.#frame?.screen ?? null);
        untrack(() => this.#noted(seen));
      });
    });
    addEventListener('pagehide', () => this.#kept?.writer.leave());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void this.#kept?.writer.flush();
    });
  }

  #noted(seen: readonly unknown[]): void {
    if (seen.length === 0) return;
    const before = this.#seen;
    this.#seen = seen;
    if (before.length > 0 && !seen.every((one, i) => one === before[i]))
      this.keeping().then(
        ({ writer }) => writer.touch(),
        () => (this.trouble = KEEP.lost),
      );
  }

  /** What a scenario or a file carries for the page. */
  #bring({ carried, view }: SessionInfo): void {
    const { desk, questions, histories } = this.parts;
    if (carried?.answers.length) questions.restore(carried.answers);
    if (carried?.histories.length) histories.restore(carried.histories);
    if (view?.screen) this.#show(view.screen);
    if (view && (view.gfn !== null || view.gma !== null)) void desk.session.look({ gfn: view.gfn, gma: view.gma });
  }

  #show(name: string): void {
    this.#screen = name;
    const screen = SCREENS.find((known) => known === name);
    if (screen) this.#frame?.show(screen);
  }
}

/** Whether the page's address carries a session: as share/link.ts writes it. */
const carries = (): boolean => location.hash.startsWith('#s=');
