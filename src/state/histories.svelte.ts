/**
 * Histories that were tried and left, beside the one that is shown: runs of one guest, each told by what the user did in it, and
 * by its patches where a switch was flipped.
 * Whenever another takes the place of the one that is shown, that one is kept here, unless the new one only goes on from its
 * end. Another scenario has histories of its own; those of the one before come back with it.
 */
import type { Fork, HistoryRecord } from '../scenarios/lesson';
import { switchedBy } from '../scenarios/switches';
import type { Overrides, SessionInfo } from '../worker/protocol';
import { historyName, HISTORIES } from '../words/histories';
import type { Past, Run, Snapshot } from './asked';
import { withEntries } from './explore/sets';
import * as list from './history-list';
import { isPart, partAt, sameWay, turnOf, wayOf, type Tried, type Way } from './history-list';
import type { Session } from './session.svelte';

/** The oldest that nobody named goes first. */
export const MOST_HISTORIES = 100;
/** As the file format has it, characters. */
export const MOST_NAME = 120;
/** Scenarios whose histories come back when they are gone back to. */
const MOST_KEPT = 20;

/** What the runs of one tree are opened by: a scenario, and for each set of patches what is changed of it. */
interface Tree {
  readonly scenario: unknown;
  readonly sets: ReadonlyMap<string, Overrides>;
}
interface Kept extends Tree {
  readonly left: readonly Tried[];
  readonly name: Name;
}
interface Name extends Pick<Tried, 'named' | 'id' | 'fork'> {
  readonly text: string;
}

/** A history that was found beside those that were made: under other patches. */
export interface Branch extends Pick<Tried, 'name' | 'acts' | 'step' | 'end' | 'set'> {
  readonly fork: Fork;
}

export class Histories {
  readonly session: Session;
  #tried = $state.raw<readonly Tried[]>([]);
  #name = $state.raw<Name>({ text: HISTORIES.recorded, named: false, id: 0, fork: null });
  #kept: readonly Kept[] = [];
  #of: Tree | null = null;
  #ids = 0;
  /** Opens a run of the same tree under other patches, by whoever knows what is open. */
  turn: (run: Snapshot) => Promise<boolean>;

  constructor(session: Session) {
    this.session = session;
    this.turn = (run) => session.reopen(run);
    if (session.whole) this.#of = treeOf(session);
    session.ran = (then, left) => this.#ran(then, left);
  }

  /** The one that is shown; null: nothing is open. */
  readonly present: Tried | null = $derived.by(() => {
    const { whole: info } = this.session;
    const { text: name, named, id, fork } = this.#name;
    return info?.end ? { id, name, named, step: this.session.step, ...wayOf(info, fork) } : null;
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
    const version = this.session.whole?.version ?? '';
    const set = ({ patches }: HistoryRecord): string =>
      patches ? list.setOver(version, patches) : (present?.set ?? '');
    const here = present && records.find((record) => sameWay({ ...record, set: set(record) }, present));
    if (here)
      this.#name = {
        ...this.#name,
        text: here.name,
        named: here.name !== HISTORIES.recorded,
        fork: here.fork ?? null,
      };
    this.#tried = records
      .filter((record) => record !== here)
      .slice(-MOST_HISTORIES)
      .map((record) => {
        const { name, acts, step, fork = null } = record;
        return { id: ++this.#ids, name, acts, step, named: true, end: null, set: set(record), fork };
      });
  }

  /** Shows one again, at the step where it was left. */
  back(id: number): Promise<boolean> {
    const found = this.tried.find((one) => one.id === id);
    if (!found) return Promise.resolve(false);
    const { acts, end, step, set } = found;
    if (set !== this.present?.set) {
      const { scenario, marks } = this.session.snapshot;
      return this.turn({ scenario, overrides: this.#overrides(set), acts, step, marks });
    }
    return this.session.become({ acts, steps: end && !end.complete ? end.steps : undefined }, step);
  }

  /** Keeps one that was not made here. Its number; that of one which is the same if there is one. */
  keep(branch: Branch): number {
    const same = this.all.find((one) => sameWay(one, branch));
    if (same) return same.id;
    const { name, acts, step, end, set, fork } = branch;
    const kept = { id: ++this.#ids, name: name.slice(0, MOST_NAME), named: false, acts, step, end, set, fork };
    this.#change(
      () => (this.#tried = bounded([...this.#tried, kept])),
      () => (this.#tried = this.#tried.filter(({ id }) => id !== kept.id)),
    );
    return kept.id;
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
    if (this.#name.id === id) this.#name = { ...this.#name, text, named };
    else this.#tried = this.#tried.map((one) => (one.id === id ? { ...one, name: text, named } : one));
  }

  #record(): readonly HistoryRecord[] {
    const { present } = this;
    const version = this.session.whole?.version ?? '';
    const all = present && (present.named || present.fork) ? [...this.tried, present] : this.tried;
    return all.map(({ name, acts, step, set, fork }) => ({
      name,
      acts,
      step,
      ...(present && set !== present.set && { patches: list.overVersion(version, set) }),
      ...(fork && { fork }),
    }));
  }

  /** What a run under a set of patches is opened by: always the same object, by which its tree is known. */
  #overrides(set: string): Overrides {
    const known = this.#of?.sets.get(set);
    if (known) return known;
    const { overrides } = this.session.snapshot;
    const patches = switchedBy(overrides.patches ?? {}, list.between(this.present?.set ?? '', set));
    const made = { ...overrides, patches };
    if (this.#of) this.#of = { ...this.#of, sets: withEntries(this.#of.sets, [[set, made]]) };
    return made;
  }

  #ran(then: Run['then'], left: Past | null): void {
    const { session } = this;
    const info = session.whole;
    if (!info?.end) return;
    if (this.#of && isOf(this.#of, session)) {
      if (left?.info.end && then !== 'recovered') this.#parted(left, info);
      return;
    }
    this.#lay();
    const known = this.#kept.find((one) => isOf(one, session));
    this.#of = known ?? treeOf(session);
    this.#tried = known?.left ?? [];
    this.#name = known?.name ?? { text: HISTORIES.recorded, named: false, id: ++this.#ids, fork: null };
  }

  /** Puts those of a scenario that is left where they are found when one comes back to it. */
  #lay(): void {
    if (!this.#of) return;
    const { scenario, sets } = this.#of;
    const first = [...sets.values()][0];
    const others = this.#kept.filter((one) => one.scenario !== scenario || [...one.sets.values()][0] !== first);
    this.#kept = [...others, { scenario, sets, left: this.#tried, name: this.#name }].slice(-MOST_KEPT);
  }

  #parted({ info: was, step }: Past, info: SessionInfo): void {
    const { text: name, named, id, fork: its } = this.#name;
    const old: Tried = { id, name, named, step, ...wayOf(was, its) };
    const bare = wayOf(info, null);
    if (sameWay(old, bare)) return;
    const again = this.#tried.find((one) => sameWay(one, bare));
    const fork = again ? again.fork : this.#forkOf(bare, old);
    const now = { ...bare, fork };
    const goesOn = !again && isPart(old, now);
    if (again) this.#name = { text: again.name, named: again.named, id: again.id, fork };
    else if (goesOn) this.#name = { ...this.#name, fork };
    else this.#name = { text: this.#nameFor(now, old, info), named: false, id: ++this.#ids, fork };
    const left = this.#tried.filter((one) => one !== again).concat(goesOn ? [] : [old]);
    // Of one that is all in another nothing is lost.
    const adds = (one: Tried): boolean => !isPart(one, now) && !left.some((other) => swallows(other, one));
    this.#tried = bounded(left.filter((one) => one.named || adds(one)));
  }

  /** One that goes on from a fork under its patches goes as far along with the other. */
  #forkOf(now: Way, old: Tried): Fork | null {
    const of = old.set === now.set ? old : this.#tried.find(({ set }) => set === now.set);
    return of ? list.forkUntil(of.fork, partAt(of, now)) : null;
  }

  #nameFor(now: Way, old: Way, info: SessionInfo): string {
    if (info.undoable === 0 && now.acts.length === 0) return HISTORIES.recorded;
    return historyName(turnOf(now, old, info.numbered), partAt(now, old)).slice(0, MOST_NAME);
  }
}

const treeOf = ({ snapshot: { scenario, overrides }, whole }: Session): Tree => ({
  scenario,
  sets: new Map([[list.setOf(whole?.patches ?? []), overrides]]),
});
/** Whether what is open is of a tree. */
const isOf = ({ scenario, sets }: Tree, { snapshot }: Session): boolean =>
  scenario === snapshot.scenario && [...sets.values()].includes(snapshot.overrides);

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
