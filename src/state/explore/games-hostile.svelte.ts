/**
 * The hostile scheduler: a level is opened as a session like any other, in which nobody acts until the player says who. What was played
 * is read from the session, so that it may be played and looked at anywhere; where the player stands is asked of a search.
 */
import type { AuditRule } from '../../engine/audit';
import type { Choice } from '../../engine/choice';
import type { BeginFound, DistanceFound } from '../../explore/games/distance-job';
import type { Told } from '../../explore/jobs';
import type { Chosen, Desk } from '../desk.svelte';
import { openRun } from '../open-run';
import type { Pool } from '../pool';
import { boardOf, OPEN, type Board } from './games-levels';
import { Work } from './games-work.svelte';
import { mapOf, withEntries } from './sets';

/** What was asked of where the player stands, and how much of the answer is shown. */
interface Asked {
  readonly way: string;
  readonly found: DistanceFound;
  /** The player has said that it cannot be done from here. */
  readonly claimed: boolean;
  /** Who is to act is told too. */
  readonly who: boolean;
}

export interface Best {
  readonly steps: number;
  readonly par: number | null;
  readonly hints: number;
}

export class Hostile {
  readonly desk: Desk;
  board = $state.raw<Board | null>(null);
  /** Which level, and whether its sound Xen. */
  level = $state.raw<{ readonly id: string; readonly sound: boolean } | null>(null);
  begun = $state.raw<BeginFound | null>(null);
  /** From where the level begins; null: not known yet. */
  par = $state.raw<DistanceFound | null>(null);
  hints = $state(0);
  best = $state.raw<ReadonlyMap<string, Best>>(mapOf());
  /** Levels that were proven not to be won. */
  proven = $state.raw<ReadonlyMap<string, DistanceFound>>(mapOf());
  readonly work: Work<'begin' | 'hint' | 'claim'>;
  /** Par is searched beside whatever is asked meanwhile. */
  readonly parWork: Work<'par'>;
  #asked = $state.raw<Asked | null>(null);
  #chosen = $state.raw<Chosen | null>(null);
  #pars: ReadonlyMap<string, DistanceFound> = mapOf();

  constructor(desk: Desk, pool: Pool) {
    this.desk = desk;
    this.work = new Work(pool);
    this.parWork = new Work(pool);
  }

  /** Its session is the one that is open. */
  readonly on = $derived.by(() => this.board !== null && this.desk.chosen === this.#chosen);
  /** Step at which the level begins. */
  readonly start = $derived(this.begun?.before.length ?? 0);
  /** Who has acted since, up to the step that is shown; null: something else was done than to let somebody act. */
  readonly way: readonly Choice[] | null = $derived.by(() => {
    const { whole, picture } = this.desk.session;
    if (!this.on || !whole || !picture) return null;
    const acts = whole.acts.filter(({ step }) => step >= this.start && step < picture.step);
    const way = acts.flatMap(({ act, step }, n) => ('choice' in act && step === this.start + n ? [act.choice] : []));
    return way.length === picture.step - this.start && way.length === acts.length ? way : null;
  });
  readonly steps = $derived(this.way?.length ?? 0);
  /** The rules that are broken at the step that is shown: the game is won. */
  readonly broken: readonly AuditRule[] = $derived.by(() => {
    if (this.way === null) return [];
    return (this.desk.session.picture?.audit ?? []).flatMap(({ rule, state }) => (state === 'broken' ? [rule] : []));
  });
  /** What is known of where the player stands. */
  readonly asked: Asked | null = $derived(this.way?.join() === this.#asked?.way ? this.#asked : null);
  /** Nothing is broken, but from here the run can never come to an end. */
  readonly endless = $derived(this.asked?.found.distance === 0 && this.broken.length === 0);
  readonly won = $derived(this.broken.length > 0 || this.endless);

  /** Opens a level; false: it could not be opened. */
  async begin(id: string, sound: boolean): Promise<boolean> {
    const board = await boardOf(this.desk, id, sound);
    if (!board) return false;
    const { title, scenario, changes, from } = board;
    const begun = await this.work.run('begin', 'begin', { scenario, changes, from });
    if (!begun) return false;
    const { before: choices } = begun;
    const run = { title, scenario, changes, choices, then: 'user', step: choices.length, stays: true } as const;
    if (!(await openRun(this.desk, run))) return false;
    Object.assign(this, { board, begun, hints: 0, level: { id, sound } });
    this.#chosen = this.desk.chosen;
    this.#asked = null;
    this.parWork.stop();
    this.par = (id === OPEN ? null : this.#pars.get(board.id)) ?? null;
    if (this.par === null) void this.findPar();
    return true;
  }

  async findPar(): Promise<void> {
    const board = this.board!;
    const found = await this.parWork.run('par', 'distance', toldOf(board, []));
    if (!found) return;
    this.#pars = withEntries(this.#pars, [[board.id, found]]);
    if (this.board === board) this.par = found;
  }

  /** Lets somebody act. */
  async choose(choice: Choice): Promise<void> {
    const { session } = this.desk;
    if (this.won || this.way === null) return;
    const taken = session.picture?.next?.choices.find((one) => one.choice === choice)?.taken;
    await (taken ? session.next() : session.perform({ choice }));
  }

  /** One step back. */
  async back(): Promise<void> {
    const { session } = this.desk;
    if (!this.on || session.step <= this.start) return;
    await (session.step < session.of ? session.prev() : session.takeBack());
  }
  /** To where the level begins; what was played stays among the histories. */
  async restart(): Promise<void> {
    if (!this.on) return;
    await this.desk.session.seek(this.start);
  }
  /** To the list of levels; the session stays open. */
  leave(): void {
    this.work.stop();
    this.parWork.stop();
    this.board = null;
  }
  /** The same level from its start, whatever is open now. */
  async again(): Promise<void> {
    if (this.level && this.level.id !== OPEN) await this.begin(this.level.id, this.level.sound);
  }

  /** How far it is from here; asked once more, who is to act. */
  async hint(): Promise<void> {
    const { way, asked } = this;
    if (way === null || this.won) return;
    if (asked && (asked.claimed || !asked.who) && asked.found.distance !== null) {
      this.hints++;
      this.#asked = { ...asked, who: asked.who || !asked.claimed, claimed: false };
      return;
    }
    if (asked) return;
    this.hints++;
    const found = await this.#distance('hint', way);
    if (found) this.#asked = { way: way.join(), found, claimed: false, who: false };
  }

  /** The player says that nothing can be broken from here: a search proves it, or shows how. */
  async claim(): Promise<void> {
    const { way, board } = this;
    if (way === null || this.won) return;
    const found = this.asked?.found ?? (await this.#distance('claim', way));
    if (!found) return;
    this.#asked = { way: way.join(), found, claimed: true, who: false };
    if (way.length === 0 && found.distance === null && found.end === 'complete' && board)
      this.proven = withEntries(this.proven, [[board.id, found]]);
  }

  /** Keeps what was won, if it is the best so far. */
  score(): void {
    const { board, steps, hints } = this;
    if (!this.won || !board) return;
    const par = this.par?.distance ?? null;
    const before = this.best.get(board.id);
    if (before && before.steps <= steps && before.par === par) return;
    const better = before && before.steps <= steps ? before : { steps, hints };
    this.best = withEntries(this.best, [[board.id, { ...better, par }]]);
  }

  async #distance(doing: 'hint' | 'claim', way: readonly Choice[]): Promise<DistanceFound | null> {
    if (way.length === 0 && this.par) return this.par;
    return this.work.run(doing, 'distance', toldOf(this.board!, way));
  }
}

const toldOf = ({ scenario, changes, from, bounds }: Board, way: readonly Choice[]): Told<'distance'> => ({
  scenario,
  changes,
  from,
  bounds,
  way,
});
