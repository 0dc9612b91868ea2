/** What is looked for among the intercepted writes, what was found, and which of it is pointed at or chosen. */
import { untrack } from 'svelte';
import { addressAxis, pagesOf } from '../../layout/address-axis';
import {
  FACETS,
  findWrites,
  NO_FILTER,
  parseSearch,
  placeAt,
  vcpusOf,
  type Facet,
  type Wanted,
} from '../../layout/writes-filter';
import { entryIndex, timeOf } from '../../layout/writes';
import type { Session } from '../../state/session.svelte';
import { OUTCOMES } from '../../worker/protocol';
import { OUTCOME_NAMES, WRITES } from '../../words/labels';
import { LEVEL_WORDS, shorten } from '../../words/format';
import { SCATTER } from '../../words/writes';
import { namesOf, NO_LEVEL, NO_NAMES, toggled, withServers } from './names';

const NONE = new Uint32Array(0);

export class WritesView {
  readonly session: Session;
  text = $state('');
  wanted = $state.raw<Wanted>(NO_FILTER);
  /** Places among the rows found: chosen, and pointed at. */
  picked = $state<number | null>(null);
  hover = $state<number | null>(null);
  /** Names by id of the servers that this run has shown: one that is gone keeps its name. */
  #servers = $state.raw(NO_NAMES);

  readonly columns = $derived.by(() => this.session.info?.writes);
  readonly length = $derived(this.columns?.length ?? 0);
  readonly #vcpus = $derived.by(() => {
    const { info } = this.session;
    return info ? vcpusOf(info.writes.from, info.past.actors, info.lanes) : new Uint8Array(0);
  });
  readonly #names = $derived.by(() => namesOf(this.#servers, this.#vcpus));
  readonly #search = $derived.by(() => parseSearch(this.text, this.#names));
  /** What was typed can be nothing that a write has. */
  readonly unknown = $derived.by(() => this.#search === 'unknown');
  readonly #all = $derived.by(() => this.columns && findWrites(this.columns, this.#vcpus, NO_FILTER, null));
  readonly #found = $derived.by(() => {
    const search = this.#search;
    if (search === 'unknown' || !this.columns) return undefined;
    const free = search === null && FACETS.every((facet) => this.wanted[facet].size === 0);
    return free ? this.#all : findWrites(this.columns, this.#vcpus, this.wanted, search);
  });
  /** Rows that match, ascending. */
  readonly rows = $derived.by(() => this.#found?.rows ?? NONE);
  readonly filtered = $derived.by(() => this.rows !== this.#all?.rows);
  /** Place of the last write that has begun; -1: none of those found has. */
  readonly last = $derived.by(() => (this.columns ? placeAt(this.columns.from, this.rows, this.session.step) : -1));
  /** Place of the write under way, -1: none. */
  readonly now = $derived.by(() => {
    const row = this.rows[this.last];
    return row !== undefined && timeOf(this.columns!, row, this.session.step) === 'now' ? this.last : -1;
  });
  /** The address axis is of the whole run: a filter moves nothing. */
  readonly #pages = $derived.by(() => pagesOf(this.columns?.gpa ?? []));

  constructor(session: Session) {
    this.session = session;
    let run = -1;
    $effect(() => {
      const { opened, picture } = session;
      const known = opened === run ? untrack(() => this.#servers) : NO_NAMES;
      if (opened !== run && run !== -1) this.clear();
      run = opened;
      this.#servers = withServers(known, picture?.servers ?? []);
    });
    // Another run, another filter: places among the rows found mean others.
    $effect(() => {
      void this.rows;
      this.picked = null;
      this.hover = null;
    });
  }

  /** Values of a facet that the run has, with their names and how many rows they would leave. */
  choices(facet: Facet): { value: number; name: string; full: string; rows: number; on: boolean }[] {
    const all = this.#all?.counts[facet] ?? NONE;
    const found = this.#found?.counts[facet];
    const values = [...all.keys()].filter((value) => all[value]! > 0 && !(facet === 'vcpu' && value === 255));
    return values.map((value) => {
      const full = this.nameOf(facet, value);
      return { value, full, name: shorten(full), rows: found?.[value] ?? 0, on: this.wanted[facet].has(value) };
    });
  }
  /** Facets in which there is anything to choose; outcomes always, as they say what the shapes mean. */
  readonly facets = $derived.by(() =>
    FACETS.filter((facet) => this.choices(facet).length > (facet === 'outcome' ? 0 : 1)),
  );

  toggle(facet: Facet, value: number): void {
    this.wanted = toggled(this.wanted, facet, value);
  }
  clear(): void {
    this.text = '';
    this.wanted = NO_FILTER;
  }

  nameOf(facet: Facet, value: number): string {
    return this.#names[facet].get(value) ?? (facet === 'server' ? WRITES.server(value) : String(value));
  }

  /** An axis for addresses, from pixel `height` at the foot up to 0. */
  axis(height: number) {
    return addressAxis(this.#pages, height, 0, Math.max(1, Math.floor(height / 26)));
  }

  /** Code of a row's outcome at this step: what will become of a write under way is not told before it has. */
  outcome(row: number): (typeof OUTCOMES)[number] {
    const { from, to, outcome } = this.columns!;
    const { step } = this.session;
    return OUTCOMES[from[row]! <= step && step < to[row]! ? 0 : outcome[row]!]!;
  }
  outcomeName(row: number): string {
    return OUTCOME_NAMES[OUTCOMES.indexOf(this.outcome(row))]!;
  }
  owner(row: number): string {
    return this.nameOf('server', this.columns!.server[row]!);
  }
  gfn(row: number): number {
    return Math.floor(this.columns!.gpa[row]! / 4096);
  }
  /** null: not known. */
  vcpu(row: number): number | null {
    const n = this.#vcpus[row] ?? 255;
    return n === 255 ? null : n;
  }
  entry(row: number): string {
    const { level, gpa } = this.columns!;
    return level[row] === NO_LEVEL ? '' : `${LEVEL_WORDS[level[row]!]} ${entryIndex(gpa[row]!)}`;
  }
  describe(row: number): string {
    const { from, gpa } = this.columns!;
    return SCATTER.mark(from[row]!, gpa[row]!, this.outcomeName(row), this.owner(row));
  }

  /** Points at a row found, here and as a frame in every other view. */
  point(place: number | null): void {
    this.hover = place;
    this.session.pointed = place === null ? null : this.gfn(this.rows[place]!);
  }
  go(place: number): void {
    const row = this.rows[place];
    if (row !== undefined) void this.session.seek(this.columns!.from[row]!);
  }
}
