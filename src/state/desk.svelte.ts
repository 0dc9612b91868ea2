/** What the user has put before the engine: a shipped scenario or a file, and the changes made to it on the page. */
import { REFUSAL } from '../words/labels';
import type { Overrides, Problem } from '../worker/protocol';
import type { Snapshot } from './asked';
import type { Session } from './session.svelte';

/** A scenario that comes with the page. */
export interface Shipped {
  readonly name: string;
  readonly title: string;
  readonly text?: string;
  load(): unknown;
}

interface Chosen {
  /** Name of a shipped scenario; null: a file. */
  readonly name: string | null;
  readonly file: string | null;
  readonly scenario: unknown;
  readonly overrides: Overrides;
}

const MIB = 2 ** 20;
/** 16 MiB to 64 GiB by powers of two. */
export const MEMORY_SIZES: readonly number[] = Array.from({ length: 13 }, (_, i) => 16 * MIB * 2 ** i);

export class Desk {
  readonly shipped: readonly Shipped[];
  readonly session: Session;
  /** What the open session was made of. */
  chosen = $state.raw<Chosen | null>(null);
  /** What was refused, and why; null: nothing. */
  refusal = $state.raw<{ readonly what: string | null; readonly problems: readonly Problem[] } | null>(null);

  constructor(session: Session, shipped: readonly Shipped[]) {
    this.session = session;
    this.shipped = shipped;
  }

  /** Opens a shipped scenario by name, as it was written. */
  async choose(name: string): Promise<void> {
    const found = this.shipped.find((s) => s.name === name);
    if (found) await this.#open({ name, file: null, scenario: await found.load(), overrides: {} });
  }

  /** Opens a scenario file of the user's. */
  async openFile(file: { readonly name: string; text(): Promise<string> }): Promise<void> {
    let scenario: unknown;
    try {
      scenario = JSON.parse(await file.text());
    } catch (error) {
      this.refusal = {
        what: file.name,
        problems: [{ path: '', message: `${REFUSAL.notJson}: ${(error as Error).message}` }],
      };
      return;
    }
    await this.#open({ name: null, file: file.name, scenario, overrides: {} });
  }

  /** The same scenario on another version of Xen, or with another amount of guest memory. */
  async override(part: Overrides): Promise<void> {
    const now = this.chosen;
    if (now) await this.#open({ ...now, overrides: { ...now.overrides, ...part } });
  }

  dismiss(): void {
    this.refusal = null;
  }

  async #open(chosen: Chosen): Promise<void> {
    this.refusal = null;
    const before = this.chosen;
    const left = this.session.snapshot;
    const opened = await this.session.open(chosen.scenario, chosen.overrides);
    if (opened) {
      this.chosen = chosen;
      const entered = this.session.snapshot;
      const undo = (): Promise<boolean> => this.#back(before!, left);
      if (before) this.session.changes.note({ what: 'open', undo, redo: () => this.#back(chosen, entered) });
    } else if (this.session.problems.length > 0) this.refusal = { what: chosen.file, problems: this.session.problems };
  }

  /** To what was open at some time, with all that was done in it. */
  async #back(chosen: Chosen, run: Snapshot): Promise<boolean> {
    const opened = await this.session.reopen(run);
    if (opened) this.chosen = chosen;
    return opened;
  }
}
