/**
 * What was answered, by what was opened: who opens something else and comes back by Undo finds it again. A run is what was
 * opened, on a version and a guest; what was answered in one is not asked there again until the user starts over.
 */
import { untrack } from 'svelte';
import type { Answered } from '../../scenarios/lesson';
import type { Session } from '../session.svelte';

export interface Entry {
  readonly answered: Answered;
  /** The question as it was put; null: it came with a file. */
  readonly text: string | null;
  readonly version: string;
  /** Index of the scenario's prompt; null: none of them, or not known. */
  readonly prompt: number | null;
}

interface Kept extends Entry {
  readonly opening: unknown;
  /** The run that it belongs to; null: to one that the user has started over. */
  readonly run: string | null;
}

export class Answers {
  readonly #session: Session;
  #all = $state.raw<readonly Kept[]>([]);
  /** Steps at which nothing is asked in a run: the user passed over it, or nothing can be. */
  #passed = $state.raw<readonly string[]>([]);

  /** What is open, as one thing whatever it runs on. */
  opening: () => unknown = () => this.#session.snapshot.scenario;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Of what is open, oldest first. */
  readonly here: readonly Entry[] = $derived.by(() => {
    const { opening } = this.#place();
    return this.#all.filter((one) => one.opening === opening);
  });
  readonly #inRun: readonly Kept[] = $derived.by(() => {
    const { opening, run } = this.#place();
    return this.#all.filter((one) => one.opening === opening && one.run === run);
  });

  /** The same entry is what `change` takes. */
  add(entry: Entry): Entry {
    const kept = { ...entry, ...this.#place() };
    this.#all = [...this.#all, kept];
    return kept;
  }
  change(entry: Entry, part: Partial<Answered>): Entry {
    const changed = { ...entry, answered: { ...entry.answered, ...part } } as Kept;
    this.#all = this.#all.map((one) => (one === entry ? changed : one));
    return changed;
  }

  /** In place of those of what is open. */
  restore(answers: readonly Answered[]): void {
    const place = this.#place();
    const version = this.#session.info?.version ?? '';
    this.#all = [
      ...this.#all.filter(({ opening }) => opening !== place.opening),
      ...answers.map((answered) => ({ answered, text: null, version, prompt: null, ...place })),
    ];
  }

  pass(step: number): void {
    this.#passed = [...this.#passed, this.#passing(step)];
  }
  /** Everything may be asked in this run once more; what was answered stays in the list. */
  startOver(): void {
    const { opening, run } = this.#place();
    this.#all = this.#all.map((one) => (one.opening === opening && one.run === run ? { ...one, run: null } : one));
    this.#passed = [];
  }

  /** Whether a question was answered in this run, or the step is passed over. */
  has(step: number, ask: Answered['ask'], prompt: number | null): boolean {
    return (
      this.#passed.includes(this.#passing(step)) ||
      this.#inRun.some((one) =>
        one.prompt === null || prompt === null
          ? one.answered.step === step && one.answered.ask === ask
          : one.prompt === prompt,
      )
    );
  }

  #passing(step: number): string {
    return `${this.#session.opened} ${step}`;
  }
  /** Read anew for every session that is opened. */
  #place(): { readonly opening: unknown; readonly run: string } {
    void this.#session.opened;
    const { overrides } = untrack(() => this.#session.snapshot);
    return { opening: this.opening(), run: JSON.stringify(overrides) };
  }
}
