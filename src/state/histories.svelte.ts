/**
 * Histories that were tried and left, beside the one that is shown: runs of one guest, each told by what the user did in it.
 * Whenever another takes the place of the one that is shown, that one is kept here, unless the new one only goes on from its
 * end. Another scenario has histories of its own; those of the one before come back with it.
 */
import type { HistoryRecord } from '../scenarios/lesson';
import type { SessionInfo } from '../worker/protocol';
import { historyName, HISTORIES } from '../words/histories';
import type { Past, Run } from './asked';
import { isPart, partAt, sameActs, turnOf, wayOf, type Tried, type Way } from './history-list';
import type { Session } from './session.svelte';

/** The oldest that nobody named goes first. */
export const MOST_HISTORIES = 100;
/** As the file format has it, characters. */
export const MOST_NAME = 120;
/** Scenarios whose histories come back when they are gone back to. */
const MOST_KEPT = 20;

interface Kept {
  readonly scenario: unknown;
  readonly overrides: unknown;
  readonly left: readonly Tried[];
  readonly name: Name;
}
interface Name {
  readonly text: string;
  readonly named: boolean;
  readonly id: number;
}

export class Histories {
  readonly session: Session;
  #tried = $state.raw<readonly Tried[]>([]);
  #name = $state.raw<Name>({ text: HISTORIES.recorded, named: false, id: 0 });
  #kept: readonly Kept[] = [];
  #of: Pick<Kept, 'scenario' | 'overrides'> | null = null;
  #ids = 0;

  constructor(session: Session) {
    this.session = session;
    if (session.whole) this.#of = session.snapshot;
    session.ran = (then, left) => this.#ran(then, left);
  }

  /** The one that is shown; null: nothing is open. */
  readonly present: Tried | null = $derived.by(() => {
    const { whole: info } = this.session;
    const { text: name, named, id } = this.#name;
    return info?.end ? { id, name, named, step: this.session.step, ...wayOf(info) } : null;
  });
  /** Those that were left, the oldest first. */
  readonly tried: readonly Tried[] = $derived(this.#tried);
  readonly all: readonly Tried[] = $derived(this.present ? [this.present, ...this.tried] : this.tried);
  /** Those that a view may tell of: short of the end only the one that is shown, as far as it has come. */
  readonly told: readonly Tried[] = $derived.by(() => {
    const { present, session } = this;
    if (!present || !(session.horizon < session.of)) return this.all;
    return [{ ...present, acts: present.acts.filter(({ step }) => step < session.horizon), end: null }];
  });

  readonly #records: readonly HistoryRecord[] = $derived(this.#record());
  /** Those that were left, and the one that is shown if it has a name of its own, as a file has them. */
  get left(): readonly HistoryRecord[] {
    return this.#records;
  }
  set left(records: readonly HistoryRecord[]) {
    this.restore(records);
  }
  record(): readonly HistoryRecord[] {
    return this.#records;
  }
  /** Takes the place of all that were left. One that is as the one that is shown gives it its name. */
  restore(records: readonly HistoryRecord[]): void {
    const { present } = this;
    const here = present && records.find(({ acts }) => sameActs(acts, present.acts));
    if (here) this.#name = { ...this.#name, text: here.name, named: here.name !== HISTORIES.recorded };
    this.#tried = records
      .filter((record) => record !== here)
      .slice(-MOST_HISTORIES)
      .map(({ name, acts, step }) => ({ id: ++this.#ids, name, acts, step, named: true, end: null }));
  }

  /** Shows one again, at the step where it was left. */
  back(id: number): Promise<boolean> {
    const found = this.tried.find((one) => one.id === id);
    if (!found) return Promise.resolve(false);
    const { acts, end, step } = found;
    return this.session.become({ acts, steps: end && !end.complete ? end.steps : undefined }, step);
  }

  /** An empty name is none. */
  rename(id: number, name: string): void {
    const text = name.trim().slice(0, MOST_NAME);
    const now = this.all.find((one) => one.id === id);
    if (!now || text === '' || text === now.name) return;
    this.#change(
      () => this.#call(id, text, true),
      () => this.#call(id, now.name, now.named),
    );
  }

  drop(id: number): void {
    const at = this.tried.findIndex((one) => one.id === id);
    const gone = this.tried[at];
    if (!gone) return;
    this.#change(
      () => (this.#tried = this.#tried.filter((one) => one.id !== id)),
      () => (this.#tried = [...this.#tried.slice(0, at), gone, ...this.#tried.slice(at)]),
    );
  }

  /** Does something to the list that can be taken back. */
  #change(does: () => unknown, undoes: () => unknown): void {
    does();
    const and = (what: () => unknown) => (): true => (what(), true);
    this.session.changes.note({ what: 'history', undo: and(undoes), redo: and(does) });
  }

  #call(id: number, text: string, named: boolean): void {
    if (this.#name.id === id) this.#name = { text, named, id };
    else this.#tried = this.#tried.map((one) => (one.id === id ? { ...one, name: text, named } : one));
  }

  #record(): readonly HistoryRecord[] {
    const { present } = this;
    const all = present?.named ? [...this.tried, present] : this.tried;
    return all.map(({ name, acts, step }) => ({ name, acts, step }));
  }

  #ran(then: Run['then'], left: Past | null): void {
    const { scenario, overrides } = this.session.snapshot;
    const info = this.session.whole;
    if (!info?.end) return;
    if (this.#of?.scenario === scenario && this.#of?.overrides === overrides) {
      if (left?.info.end && then !== 'recovered') this.#parted(left, info);
      return;
    }
    this.#lay();
    this.#of = { scenario, overrides };
    const known = this.#kept.find((one) => one.scenario === scenario && one.overrides === overrides);
    this.#tried = known?.left ?? [];
    this.#name = known?.name ?? { text: HISTORIES.recorded, named: false, id: ++this.#ids };
  }

  /** Puts those of a scenario that is left where they are found when one comes back to it. */
  #lay(): void {
    if (!this.#of) return;
    const { scenario, overrides } = this.#of;
    const others = this.#kept.filter((one) => one.scenario !== scenario || one.overrides !== overrides);
    this.#kept = [...others, { scenario, overrides, left: this.#tried, name: this.#name }].slice(-MOST_KEPT);
  }

  #parted({ info: was, step }: Past, info: SessionInfo): void {
    const { text: name, named, id } = this.#name;
    const old: Tried = { id, name, named, step, ...wayOf(was) };
    const now = wayOf(info);
    if (sameActs(old.acts, now.acts)) return;
    const again = this.#tried.find((one) => sameActs(one.acts, now.acts));
    const goesOn = !again && isPart(old, now);
    if (again) this.#name = { text: again.name, named: again.named, id: again.id };
    else if (!goesOn) this.#name = { text: this.#nameFor(now, old, info), named: false, id: ++this.#ids };
    const left = this.#tried.filter((one) => one !== again).concat(goesOn ? [] : [old]);
    // Of one that is all in another nothing is lost.
    const adds = (one: Tried): boolean => !isPart(one, now) && !left.some((other) => swallows(other, one));
    this.#tried = bounded(left.filter((one) => one.named || adds(one)));
  }

  #nameFor(now: Way, old: Way, info: SessionInfo): string {
    if (info.undoable === 0 && now.acts.length === 0) return HISTORIES.recorded;
    return historyName(turnOf(now, old, info.numbered), partAt(now, old)).slice(0, MOST_NAME);
  }
}

/** Of two that are the same the later one is kept. */
const swallows = (other: Tried, one: Tried): boolean =>
  other !== one && isPart(one, other) && !(isPart(other, one) && one.id > other.id);

function bounded(tried: readonly Tried[]): readonly Tried[] {
  if (tried.length <= MOST_HISTORIES) return tried;
  const first = Math.max(
    0,
    tried.findIndex(({ named }) => !named),
  );
  return bounded(tried.filter((_, i) => i !== first));
}
