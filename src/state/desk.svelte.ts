/** What the user has put before the engine: a shipped scenario or a file, and the changes made to it on the page. */
import { isScript, tooLarge } from '../scenarios/bounds';
import type { Carried } from '../scenarios/lesson';
import type { Overrides, Problem, SessionInfo } from '../worker/protocol';
import type { Snapshot } from './asked';
import type { Session } from './session.svelte';
import { basisOf } from './share/basis';

/** A scenario that comes with the page. */
export interface Shipped {
  readonly name: string;
  readonly title: string;
  readonly text?: string;
  /** It is made to be searched, and stands apart. */
  readonly proof?: true;
  load(): unknown;
}

export interface Chosen {
  /** Name of a shipped scenario; null: a file. */
  readonly name: string | null;
  readonly file: string | null;
  readonly scenario: unknown;
  readonly overrides: Overrides;
  /** The opening that it comes from: the same object for all that was made of one. */
  readonly opening: object;
}
/** Where it came out otherwise than it was kept or sent: the state that was meant, and the one that is there. */
export interface Astray {
  readonly step: number;
  readonly meant: string;
  /** null: the run does not come so far. */
  readonly found: string | null;
  /** What has changed since: the shipped scenario that it is made from, the simulator, or one of them. */
  readonly why: 'scenario' | 'simulator' | 'either';
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

  /** What was opened last has another state at the step that it was handed over at; null: the same, or it said none. */
  astray = $state.raw<Astray | null>(null);

  /** Tells the shipped scenario that the open session is made from, as share/basis.ts makes it; null: none, or not known yet. */
  basis = $state.raw<string | null>(null);

  /** Hears of what was opened as it was written: what it carries beside the run is not the desk's. */
  brought: (info: SessionInfo) => void = () => undefined;

  constructor(session: Session, shipped: readonly Shipped[]) {
    this.session = session;
    this.shipped = shipped;
  }

  /** Opens a shipped scenario by name, as it was written. */
  async choose(name: string): Promise<void> {
    const found = this.shipped.find((s) => s.name === name);
    if (found) await this.#open({ name, file: null, scenario: await found.load(), overrides: {}, opening: {} });
  }

  /** Opens a scenario file of the user's. */
  async openFile(file: { readonly name: string; readonly size: number; text(): Promise<string> }): Promise<void> {
    if (!this.#refuses(file.name, tooLarge(file.size))) await this.openText(file.name, await file.text());
  }
  /** The same, where its text is at hand. The worker reads it: a large one would hold the page up. */
  async openText(name: string, text: string): Promise<boolean> {
    if (this.#refuses(name, tooLarge(text.length))) return false;
    const scenario = isScript(text) ? await this.#read(name, text) : text;
    if (scenario === undefined) return false;
    return this.#open({ name: null, file: name, scenario, overrides: {}, opening: {} });
  }
  /** The file that a script comes to. */
  async #read(name: string, text: string): Promise<unknown> {
    const { parseScript } = await import('../scenarios/script');
    const read = await parseScript(text);
    if (read.ok) return read.file;
    this.refusal = { what: name, problems: read.problems };
    return undefined;
  }

  /** The same scenario on another version of Xen, or with another amount of guest memory. */
  async override(part: Overrides): Promise<void> {
    const now = this.chosen;
    if (now) await this.#open({ ...now, overrides: { ...now.overrides, ...part } });
  }

  /** Another run of what is open, under other patches: a history of the same tree. */
  turn(run: Snapshot): Promise<boolean> {
    const now = this.chosen;
    if (!now) return Promise.resolve(false);
    return this.#enter({ ...now, overrides: run.overrides }, () => this.session.reopen(run), null);
  }

  dismiss(): void {
    this.refusal = null;
  }

  #refuses(what: string, problem: Problem | undefined): boolean {
    if (problem) this.refusal = { what, problems: [problem] };
    return problem !== undefined;
  }

  /** Opens what was kept, with all that was done in it; `run` null: as it was written. `at`: where it was left. */
  resume(chosen: Chosen, run: Snapshot | null, at: Carried['at']): Promise<boolean> {
    return run ? this.#enter(chosen, () => this.session.reopen(run), at) : this.#open(chosen);
  }

  async #open(chosen: Chosen): Promise<boolean> {
    const opened = await this.#enter(chosen, () => this.session.open(chosen.scenario, chosen.overrides));
    if (opened && Object.keys(chosen.overrides).length === 0) this.brought(this.session.info!);
    return opened;
  }

  async #enter(chosen: Chosen, open: () => Promise<boolean>, kept?: Carried['at']): Promise<boolean> {
    this.refusal = null;
    const { session, chosen: before } = this;
    const left = session.snapshot;
    const opened = await open();
    if (opened) {
      this.chosen = chosen;
      // What was changed on the page was not when the file was made.
      const changed = Object.keys(chosen.overrides).length > 0;
      const at = kept === undefined && !changed ? session.info?.carried?.at : kept;
      const entered = session.snapshot;
      const undo = (): Promise<boolean> => this.back(before!, left);
      if (before) session.changes.note({ what: 'open', undo, redo: () => this.back(chosen, entered) });
      await this.#compare(chosen, at);
    } else if (session.problems.length > 0) this.refusal = { what: chosen.file, problems: session.problems };
    return opened;
  }

  /** What is open, beside what it was made from and what it was meant to come to. */
  async #compare(chosen: Chosen, at: Carried['at'] | undefined): Promise<void> {
    const { session, shipped } = this;
    const found = at ? astray(session, at) : null;
    const name = chosen.name ?? session.info?.base ?? null;
    this.astray = null;
    this.basis = null;
    const base = chosen.name === null ? await shipped.find((one) => one.name === name)?.load() : chosen.scenario;
    if (this.chosen !== chosen) return;
    this.basis = typeof base === 'object' && base !== null ? basisOf(base) : null;
    const same = at?.basis === undefined ? 'either' : at.basis === this.basis ? 'simulator' : 'scenario';
    if (found) this.astray = { ...found, why: name === null ? 'simulator' : same };
  }

  /** To what was open at some time, with all that was done in it. */
  async back(chosen: Chosen, run: Snapshot): Promise<boolean> {
    const opened = await this.session.reopen(run);
    if (opened) {
      this.chosen = chosen;
      await this.#compare(chosen, null);
    }
    return opened;
  }
}

/** Whether the picture that is shown is that of the state that was meant. */
function astray({ picture, of }: Session, at: NonNullable<Carried['at']>): Omit<Astray, 'why'> | null {
  if (!picture || (picture.step === at.step && picture.hash === at.hash)) return null;
  if (at.step > of) return { step: at.step, meant: at.hash, found: null };
  return picture.step === at.step ? { step: at.step, meant: at.hash, found: picture.hash } : null;
}
