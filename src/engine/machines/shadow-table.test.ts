/**
 * Every simple path of the shadow table's chart, made by a real XenGT's tables: a page-table page of the guest's, its pages
 * watched or not as the state has it. Watching and letting go are asked for and answered in one step of the engine, so a step
 * may take more than one edge: the arrows that it takes are compared with those of the path, one by one.
 */
import { describe, expect, test } from 'vitest';
import { P2M } from '../p2m-type';
import { VERSIONS } from '../patches';
import { bound, PD, PT } from '../testing';
import type { World } from '../world';
import { Following } from '../xengt/following';
import { OutOfSync } from '../xengt/out-of-sync';
import { JOB, type Job } from '../xengt/work';
import { watching, type Taken } from './law';
import { edgeName, factSets, simplePaths, tries, type Edge, type Path } from './paths-testing';
import { arrowOf, factsOf } from './read-chart';
import { SHADOW_TABLE } from './shadow-table';

const xen = VERSIONS.claim;
const { at } = SHADOW_TABLE;
const { states } = SHADOW_TABLE;
const THRESHOLD = 2;
type Guarded = 'out_of_sync' | 'paravirtual';

const made = new Map<Guarded, World>();
function ready(design: Guarded): World {
  const knobs = { design, oosThreshold: THRESHOLD, oosPages: 1 };
  if (!made.has(design)) made.set(design, bound(xen, [], knobs));
  return made.get(design)!.fork();
}

/** The page table of the guest, as XenGT has it. */
class Table {
  readonly w: World;
  readonly oos: OutOfSync | null;
  readonly following: Following;
  readonly number: number;

  constructor(design: Guarded, from: string) {
    const w = ready(design);
    const { memory, calls, trace, xengt, ledger, config } = w;
    const { tables, work } = xengt;
    this.w = w;
    this.oos = design === 'out_of_sync' ? new OutOfSync(ledger, memory, tables, config) : null;
    const parts = { tables, work, memory, xen: calls, trace, design: w.design, oos: this.oos };
    this.following = new Following({ ...parts, server: () => xengt.server });
    this.number = tables.of(PT);
    expect(this.state()).toBe('tracked');
    if (from === 'untracked') {
      tables.free(this.number);
      this.#watch(false);
    } else {
      tables.at(this.number).state = at[from as 'tracked'];
      if (from === 'outOfSync') this.oos!.attach(PT, w.mapped(PT)!);
      if (from !== 'tracked') this.#watch(false);
    }
  }

  state = (): string => states[this.w.xengt.tables.at(this.number).state]!;

  /** Makes a step that begins with an edge; `next` is the edge after it. */
  act({ from, event, facts }: Edge, next?: Edge): void {
    const { w, following, number, oos } = this;
    const { tables, work } = w.xengt;
    const has = (fact: string): boolean => facts.includes(fact);
    const job = (kind: number, a = number): boolean => following.step({ ...NO_JOB, kind, a });
    const spt = tables.at(number);
    while (work.depth > 0) work.pop();
    switch (event) {
      case 'point':
        if (from === 'untracked') return following.begin(PT);
        work.push(JOB.protect, PT);
        return following.skipKnown({ ...NO_JOB });
      case 'track':
        if (has('refused')) this.#become(P2M.grant_map_rw);
        if (!has('page')) this.#useUp();
        job(JOB.protect, PT);
        return;
      case 'leave':
        spt.refs = from === 'untracked' ? 0 : has('others') ? 2 : 1;
        return following.changed(tables.of(PD), 0, number, { low: 0, high: 0 });
      case 'written':
        w.ledger.note(PT, (w.ledger.page(PT) & ~0x7fff) | (has('often') ? THRESHOLD - 1 : THRESHOLD));
        return following.guestWrite(PT * 4096, 8, 0x900083, 0);
      case 'letGo':
      case 'unwatched':
        if (event === 'letGo' && !has('page')) oos!.attach(PD, w.mapped(PD)!);
        else if (event === 'letGo' || has('refused')) this.#become(P2M.grant_map_rw);
        job(JOB.letGo);
        return;
      case 'resync':
      case 'watched':
        if (event === 'watched' ? has('refused') : from === 'outOfSync') this.#become(P2M.grant_map_rw);
        // A table in step is looked at only where another wants its page from the pool.
        if (from === 'tracked' && !oos!.hasPage(PT)) oos!.attach(PT, w.mapped(PT)!);
        // By another that is to be let go, while the pool has one page; or by a submission.
        if (from === 'tracked' || next?.facts.includes('evicted')) {
          if (tables.of(PD) === 0) tables.allocate(at.tracked, PD, 1, 0, 0);
          job(JOB.letGo, tables.of(PD));
        } else job(JOB.resync);
        return;
      case 'end':
        job(JOB.unprotect);
        return;
      case 'drop':
        job(JOB.drop);
        return;
      case 'forget':
        tables.each((other) => other !== number && tables.free(other));
        return following.forget();
    }
  }

  /** The guest's page becomes one that can be neither watched nor let go. */
  #become(type: number): void {
    const { p2m } = this.w;
    expect(p2m.setEntry(PT, p2m.frame(PT), 0, type as typeof P2M.grant_map_rw)).toBe(0);
  }

  #watch(on: boolean): void {
    if (this.w.design.guard) expect(this.w.calls.trap(PT, on)).toBe(0);
  }

  /** XenGT has as many tables as it can have. */
  #useUp(): void {
    const { space, base } = this.w.xengt.tables;
    space.put(base, 8192);
    space.put(base + 1, 0);
  }
}

const NO_JOB: Job = { kind: 0, a: 0, b: 0, c: 0, d: 0 };

/** The arrows that the engine takes along a path, and the state that it comes to rest in. */
function go(design: Guarded, path: Path): { arrows: string[]; rests: string; isAt: string } {
  const table = new Table(design, path[0]!.from);
  const arrows: string[] = [];
  let rests = path[0]!.from;
  const see = ({ chart, from, event, facts, decision }: Taken): void => {
    if (chart !== SHADOW_TABLE) return;
    const name = Object.keys(SHADOW_TABLE.on)[event]!;
    const arrow = arrowOf(chart, xen, states[from]!, name, factsOf(chart, facts));
    // What is asked first, and changes nothing yet, is not of a path, but of one that ends with it.
    const moves = decision.to !== from;
    if (moves) rests = states[decision.to]!;
    if (moves || arrow?.id === path.at(-1)!.arrow.id) arrows.push(arrow?.id ?? `no ${name}`);
  };
  while (arrows.length < path.length) {
    const done = arrows.length;
    watching(see, () => table.act(path[done]!, path[done + 1]));
    if (arrows.length === done) throw new Error(`the engine does not go ${path.map(edgeName).join(', ')}`);
  }
  return { arrows: arrows.slice(0, path.length), rests, isAt: table.state() };
}

const LOOSE = ['letGo', 'unwatched', 'resync', 'watched', 'synced'];
/** With nothing that is watched nothing is let go, or refused. */
const factsOfDesign = (design: Guarded) => (event: string) => {
  const sets = factSets(SHADOW_TABLE, event);
  if (design === 'out_of_sync') return sets.filter((facts) => !facts.includes('unguarded'));
  if (LOOSE.includes(event)) return [];
  const missing = event === 'end' ? (facts: readonly string[]) => !facts.includes('unguarded') : () => false;
  return sets.filter((facts) => !facts.includes('refused') && !facts.includes('often') && !missing(facts));
};

/** States in which a step of the engine may end. */
const REST: Readonly<Record<Guarded, readonly string[]>> = {
  out_of_sync: ['untracked', 'tracked', 'outOfSync', 'dropped'],
  paravirtual: ['untracked', 'tracked'],
};

describe.each<[Guarded, number, number]>([
  ['out_of_sync', 43, 19],
  ['paravirtual', 3, 8],
])('a table under %s', (design, paths, stays) => {
  const walks = REST[design].map((from) => ({ from, facts: factsOfDesign(design) }));

  test(`goes each of the ${paths} simple paths of the chart`, () => {
    const found = walks.flatMap((walk) => simplePaths(SHADOW_TABLE, xen, walk));
    expect(found.length).toBe(paths);
    for (const path of found) {
      const name = path.map(edgeName).join(', ');
      const { arrows, rests, isAt } = go(design, path);
      expect(arrows, name).toEqual(path.map(({ arrow }) => arrow.id));
      expect(isAt, name).toBe(rests);
    }
  });

  test(`stays where it is by each of the ${stays} events that lead nowhere`, () => {
    const found = walks.flatMap((walk) => tries(SHADOW_TABLE, xen, walk)).filter((path) => path.length === 1);
    expect(found.length).toBe(stays);
    for (const path of found) {
      const name = path.map(edgeName).join(', ');
      const { arrows, isAt } = go(design, path);
      expect(arrows, name).toEqual([path[0]!.arrow.id]);
      expect(isAt, name).toBe(path[0]!.from);
    }
  });
});
