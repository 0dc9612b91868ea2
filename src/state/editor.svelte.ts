/**
 * The text of a scenario while it is edited. It is kept when the editor closes, when something else is opened, and in this tab
 * over a reload, until it is opened or given up.
 */
import type { Place } from '../scenarios/lesson';
import type { Problem } from '../worker/protocol';
import type { Desk } from './desk.svelte';
import { recallInTab, rememberInTab } from './prefs';
import { pretty, textOf } from './scenario-text';

/** UTF-16 units that are edited in the page; more is opened from a file. */
export const MOST_EDITED = 2 ** 20;
const DEBOUNCE = 300;
const KEPT = 'draft';

/** What `New` begins with: a small guest that does a little of everything. */
const TEMPLATE = {
  format: 2,
  title: 'A scenario of my own',
  version: 'claim',
  guest: { memory: '1 GiB' },
  seed: 1,
  vcpus: [
    [
      { op: 'ppgtt_create' },
      { op: 'bind', gma: '0x40000000', size: '16 KiB' },
      { op: 'unbind', gma: '0x40000000', size: '16 KiB' },
      { op: 'ppgtt_destroy' },
    ],
    [{ op: 'write', gpa: '0x300000', value: '0x11' }],
  ],
};

/** What a draft began with. */
interface Begun {
  /** Name of the file that it becomes. */
  readonly name: string;
  /** Name of the shipped scenario that it was; null: none. */
  readonly shipped: string | null;
  /** null: not known any more. */
  readonly text: string | null;
}

export type Checked = 'no' | 'now' | 'good' | 'bad';

export class Draft {
  readonly desk: Desk;
  #begun = $state.raw<Begun>({ name: '', shipped: null, text: '' });
  #text = $state.raw('');
  /** What is wrong with the text, as of `checked`. */
  problems = $state.raw<readonly Problem[]>([]);
  /** Whether the text as it is was checked: not, it is being, or what came of it. */
  checked = $state.raw<Checked>('no');
  /** Where the caret was when the editor was closed. */
  caret = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(desk: Desk) {
    this.desk = desk;
    const kept = recallDraft();
    if (kept) {
      this.#begun = { name: kept.name, shipped: kept.shipped, text: null };
      this.#text = kept.text;
    }
  }

  get text(): string {
    return this.#text;
  }
  get name(): string {
    return this.#begun.name;
  }
  get shipped(): string | null {
    return this.#begun.shipped;
  }
  // No $derived: the draft is made within a component, and such a value would stand still when the component is gone.
  /** There is something in it that was never opened. */
  get changed(): boolean {
    return this.#text !== this.#begun.text;
  }
  /** Too long to be edited here. */
  get long(): boolean {
    return this.#text.length > MOST_EDITED;
  }
  get empty(): boolean {
    return this.#text.trim() === '';
  }

  /** The editor is opened: with what was not finished, else with the text of what is open. */
  begin(): void {
    if (!this.changed) this.#follow();
    this.#later(0);
  }

  /** The text is another now. */
  edit(text: string): void {
    this.#text = text;
    this.#later(DEBOUNCE);
  }

  /** Back to the text of what is open. */
  discard(): void {
    this.#follow();
    this.#later(0);
  }
  /** Another file is begun: the text of it. Nothing is given up before it is edited. */
  blank(): string {
    this.#begun = { name: 'new.json', shipped: null, text: null };
    return `${pretty(TEMPLATE)}\n`;
  }
  /** The shipped scenario as it was written; null: there is none. */
  async original(): Promise<string | null> {
    const found = this.desk.shipped.find(({ name }) => name === this.shipped);
    return found ? textOf({ scenario: await found.load(), overrides: {} }) : null;
  }

  /** Opens the text. Refused: `problems` say why, and what was open stays. */
  async apply(): Promise<boolean> {
    const { text } = this;
    const opened = await this.desk.openText(this.name, text);
    if (opened) {
      this.#begun = { ...this.#begun, text };
      this.#store();
      return true;
    }
    const refused = this.desk.refusal;
    if (!refused || text !== this.text) return false;
    this.desk.dismiss();
    this.#say(refused.problems);
    return false;
  }

  /** Opens the text if it is not what is open, and goes to where a place in it begins. */
  async runFrom(place: Place): Promise<'there' | 'never' | 'refused'> {
    if (!this.#isOpen && !(await this.apply())) return 'refused';
    const { session } = this.desk;
    const step = await session.worker.where(place).catch(() => null);
    if (step === null) return 'never';
    return (await session.seek(step)) ? 'there' : 'refused';
  }

  /** What is open is this text, as it is. */
  get #isOpen(): boolean {
    const { chosen } = this.desk;
    return chosen !== null && !this.changed && textOf(chosen) === this.text;
  }

  #follow(): void {
    const { chosen } = this.desk;
    const text = chosen ? textOf(chosen) : '';
    const name = chosen?.file ?? (chosen?.name ? `${chosen.name}.json` : 'new.json');
    // What is applied is a file then, and still a copy of the shipped one.
    const same = name === this.#begun.name;
    this.#begun = { name, shipped: chosen?.name ?? (same ? this.#begun.shipped : null), text };
    this.#text = text;
    this.caret = Math.min(this.caret, text.length);
  }

  #later(wait: number): void {
    clearTimeout(this.#timer);
    this.#turn++;
    this.checked = 'no';
    this.#timer = setTimeout(() => {
      this.#store();
      void this.#check();
    }, wait);
  }

  async #check(): Promise<void> {
    if (this.long || this.empty) return this.#forget();
    const turn = ++this.#turn;
    this.checked = 'now';
    try {
      const problems = await this.desk.session.worker.check(this.text);
      if (turn === this.#turn) this.#say(problems);
    } catch {
      // The worker broke; the page says so. It is checked again after the next change.
      if (turn === this.#turn) this.#forget();
    }
  }

  #say(problems: readonly Problem[]): void {
    this.problems = problems;
    this.checked = problems.length > 0 ? 'bad' : 'good';
  }
  #forget(): void {
    this.problems = [];
    this.checked = 'no';
  }

  #store(): void {
    const { name, shipped } = this.#begun;
    const keeps = this.changed && !this.long;
    rememberInTab(KEPT, keeps ? JSON.stringify({ name, shipped, text: this.text }) : null);
  }
}

/** What was kept in this tab, if that is what it is. */
function recallDraft(): { readonly name: string; readonly shipped: string | null; readonly text: string } | null {
  try {
    const kept = JSON.parse(recallInTab(KEPT) ?? 'null') as Partial<
      Record<'name' | 'shipped' | 'text', unknown>
    > | null;
    if (typeof kept?.name !== 'string' || typeof kept.text !== 'string' || kept.text.length > MOST_EDITED) return null;
    return { name: kept.name, shipped: typeof kept.shipped === 'string' ? kept.shipped : null, text: kept.text };
  } catch {
    return null;
  }
}

const drafts = new WeakMap<Desk, Draft>();

/** The draft of a page. It is made when it is asked for first. */
export function draftOf(desk: Desk): Draft {
  let found = drafts.get(desk);
  if (!found) drafts.set(desk, (found = new Draft(desk)));
  return found;
}
