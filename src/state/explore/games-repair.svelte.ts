/** Repair: what breaks a level is found by a search, the player takes patches over, and a search says what has become of it. */
import { PATCHES, type PatchName } from '../../engine/patches';
import type { BeginFound, DistanceFound } from '../../explore/games/distance-job';
import { linesOf, withDependents, withNeeds } from '../../explore/games/patch-lines';
import type { RepairFound } from '../../explore/games/repair-job';
import { changesTo } from '../../explore/lattice/switches';
import type { Changes } from '../../scenarios/schema';
import type { Desk } from '../desk.svelte';
import type { Pool } from '../pool';
import { boardOf, type Board } from './games-levels';
import { Work } from './games-work.svelte';
import { mapOf, setOf, withEntries } from './sets';

/** What a search of the repaired Xen came to. */
export interface Tried {
  readonly added: readonly PatchName[];
  readonly lines: number;
  readonly changes: Changes;
  readonly found: DistanceFound;
}

export class Repair {
  readonly desk: Desk;
  board = $state.raw<Board | null>(null);
  begun = $state.raw<BeginFound | null>(null);
  /** What breaks it; of which `distance` null: nothing was found. */
  wound = $state.raw<DistanceFound | null>(null);
  #chosen = $state.raw<ReadonlySet<PatchName>>(setOf());
  /** The last one that was tried, and how many were. */
  tried = $state.raw<Tried | null>(null);
  tries = $state(0);
  cheapest = $state.raw<RepairFound | null>(null);
  revealed = $state(false);
  /** Lines of the best repair of a level so far, and of the cheapest where it is known. */
  best = $state.raw<ReadonlyMap<string, { readonly lines: number; readonly least: number | null }>>(mapOf());
  readonly work: Work<'begin' | 'wound' | 'try' | 'cheapest'>;

  constructor(desk: Desk, pool: Pool) {
    this.desk = desk;
    this.work = new Work(pool);
  }

  /** Patches that can be taken over: all that are off. */
  readonly offered: readonly PatchName[] = $derived(
    PATCHES.flatMap(({ name }) => (this.begun && !this.begun.patches.includes(name) ? [name] : [])),
  );
  /** Those that are chosen, what they need included, in the order of the commits. */
  readonly added: readonly PatchName[] = $derived(this.offered.filter((name) => this.#chosen.has(name)));
  readonly lines = $derived(linesOf(this.added));
  /** What was tried last is what is chosen now. */
  readonly current = $derived(this.tried?.added.join() === this.added.join());
  /** What was tried last keeps every rule, as a search of every state has proven. */
  readonly mended = $derived(this.tried?.found.end === 'complete' && this.tried.found.broken === null);

  async begin(id: string): Promise<boolean> {
    const board = await boardOf(this.desk, id, false);
    if (!board) return false;
    const { scenario, changes, from, bounds } = board;
    const begun = await this.work.run('begin', 'begin', { scenario, changes, from });
    if (!begun) return false;
    Object.assign(this, { board, begun, wound: null, tried: null, tries: 0, cheapest: null, revealed: false });
    this.#chosen = setOf();
    this.wound = await this.work.run('wound', 'distance', { scenario, changes, from, bounds, way: [] });
    return true;
  }

  /** A patch with all that it needs, or without it and all that builds on it. */
  toggle(name: PatchName): void {
    const before = [...this.#chosen];
    const off = withDependents(name);
    this.#chosen = this.isChosen(name)
      ? setOf(before.filter((one) => !off.includes(one)))
      : setOf([...before, ...withNeeds(name).filter((one) => this.offered.includes(one))]);
  }
  isChosen(name: PatchName): boolean {
    return this.#chosen.has(name);
  }

  /** Searches it with what is chosen, and what is clean against the cheapest repair that there is. */
  async try(): Promise<void> {
    const { board, begun, added, lines } = this;
    if (!board || !begun) return;
    const { scenario, from, bounds } = board;
    const changes = changesTo(board.changes, begun.patches, [...begun.patches, ...added]);
    const found = await this.work.run('try', 'distance', { scenario, changes, from, bounds, way: [] });
    if (!found) return;
    this.tried = { added, lines, changes, found };
    this.tries++;
    if (!this.mended) return;
    this.#note(board.id, lines);
    if (this.cheapest === null) await this.#findCheapest(board, begun);
    this.#note(board.id, lines);
  }

  /** Which is the cheapest: it is for the player to ask. */
  async reveal(): Promise<void> {
    const { board, begun } = this;
    if (board && begun && this.cheapest === null) await this.#findCheapest(board, begun);
    this.revealed = this.cheapest !== null;
  }

  /** To the list of levels. */
  leave(): void {
    this.work.stop();
    this.board = null;
  }

  async #findCheapest({ scenario, changes, from, bounds }: Board, { patches: base }: BeginFound): Promise<void> {
    this.cheapest = await this.work.run('cheapest', 'repair', { scenario, changes, base, from, bounds });
  }

  #note(id: string, lines: number): void {
    const before = this.best.get(id)?.lines ?? Infinity;
    const least = this.cheapest?.best?.lines ?? null;
    this.best = withEntries(this.best, [[id, { lines: Math.min(before, lines), least }]]);
  }
}
