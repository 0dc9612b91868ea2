/** One page led along every simple path of its chart: the map's own answers agree at each arrow. */
import { describe, expect, test } from 'vitest';
import { MFN } from '../claim-testing';
import { NO_ENVIRONMENT, setMemType } from '../dm';
import { hapNestedPageFault, NO_FAULT_ENVIRONMENT } from '../nested-page-fault';
import { P2m } from '../p2m';
import { P2M, P2M_ACCESS, type P2mType } from '../p2m-type';
import { VERSIONS, type Version } from '../patches';
import { addPage, breakPage, markPopulateOnDemand, memPaging, memSharing, populate, removePage } from '../physmap';
import { Store } from '../store';
import { watching } from './law';
import { PAGE_TYPE } from './page-type';
import { agreed, edgeName, everyArrow, factSets, lead, simplePaths, type Path, type Subject } from './paths-testing';

const GFN = 3;
/** Requests of the hypercall, by the page types that they are for. */
const MEM: Record<string, number> = { ram_rw: 0, ram_ro: 1, mmio_dm: 2 };

/** A map of one page, at gfn 3, with nothing in it yet. */
function mapOf(version: Version, numbered: number): P2m {
  const xen = VERSIONS[version];
  const meter = { add: () => undefined };
  const setup = {
    stateBase: 0,
    notesBase: 0,
    xen,
    vcpus: 1,
    poolSize: 8,
    poolMfn: 1 << 22,
    frames: 512,
    meter,
    numbered,
  };
  const p2m = new P2m(new Store(), { ...setup, mfnValid: (mfn) => mfn >= MFN });
  // What has been mapped once is in reach; only the page itself is left to be worked out anew.
  p2m.setEntry(1000, MFN + 1000, 0, P2M.ram_rw);
  p2m.setEntry(1000, null, 0, P2M.invalid);
  return p2m;
}

const muted = <T>(act: () => T): T => watching(() => undefined, act);

/** Who holds the types that servers may claim is said straight to the claims: this is about pages. */
function hold(p2m: P2m, flags: number): void {
  for (const type of p2m.serverTypes) {
    const held = p2m.claimOf(type);
    if (held) p2m.setIoreqServer(held.server, 0, type);
    if (p2m.numbered === 0 && p2m.xen.claim) {
      // As merged, entries of the type would be in the way of a claim.
      const entries = p2m.regs.entryCount;
      p2m.regs.entryCount = 0;
      p2m.regs.claimState = 0;
      if (flags > 0) p2m.setIoreqServer(1, flags, type);
      p2m.regs.entryCount = entries;
    } else if (flags > 0) p2m.setIoreqServer(1, flags, type);
  }
  // A claim of a numbered type marks the map.
  p2m.table.recalc(GFN);
}

function page(p2m: P2m): Subject {
  return {
    state: () => PAGE_TYPE.states[p2m.getEntry(GFN).type]!,
    act({ event, facts }) {
      const [what = '', which = ''] = event.split('.');
      muted(() => hold(p2m, what === 'recalc' && !facts.includes('owner') ? 0 : p2m.numbered > 0 ? 3 : 2));
      if (what === 'fault' && p2m.numbered > 0 && !facts.includes('forServer')) muted(() => hold(p2m, 0));
      if (what === 'set_mem_type') {
        const server = PAGE_TYPE.at[which as 'ioreq_server'] - P2M.ioreq_server;
        const type15 = p2m.xen.typeRenamed ? 4 : 3;
        setMemType(p2m, GFN, 1, MEM[which] ?? type15 + server, { done: 0 }, NO_ENVIRONMENT);
      } else if (what === 'recalc') recalc(p2m, which === 'dirty');
      else if (what === 'fault') {
        hapNestedPageFault(p2m, GFN, which as 'write', { ...NO_FAULT_ENVIRONMENT, populate: () => false });
      } else if (what === 'paging') {
        // A page comes back with a frame.
        if (which === 'resume') {
          muted(() => memPaging(p2m, GFN, 'prep', MFN + GFN));
          p2m.regs.globalLogdirty = facts.includes('dirty') ? 1 : 0;
        }
        memPaging(p2m, GFN, which as 'evict', MFN + GFN);
        p2m.regs.globalLogdirty = 0;
      } else other(p2m, event);
    },
  };
}

function recalc(p2m: P2m, dirty: boolean): void {
  p2m.logdirty.clear();
  if (dirty) p2m.logdirty.add(BigInt(GFN), BigInt(GFN));
  p2m.table.changeEntryTypeGlobal();
  p2m.table.recalc(GFN);
  p2m.logdirty.clear();
}

function other(p2m: P2m, event: string): void {
  const frame = MFN + GFN;
  if (event === 'add_page') addPage(p2m, GFN, frame);
  else if (event === 'grant.map_rw') addPage(p2m, GFN, frame, 'grant_map_rw');
  else if (event === 'grant.map_ro') addPage(p2m, GFN, frame, 'grant_map_ro');
  else if (event === 'map_mmio') addPage(p2m, GFN, frame, 'mmio_direct');
  else if (event === 'map_foreign') addPage(p2m, GFN, frame, 'map_foreign');
  else if (event === 'remove_page') removePage(p2m, GFN);
  else if (event === 'mark_pod') markPopulateOnDemand(p2m, GFN);
  else if (event === 'populate') populate(p2m, GFN, frame);
  else if (event === 'machine_check') breakPage(p2m, GFN);
  else memSharing(p2m, GFN, event as 'share');
}

/** Their simple paths and their arrows that lead back, counted. */
const CASES: [name: string, version: Version, numbered: number, paths: number, back: number][] = [
  ['v7', 'v7', 0, 13526, 277],
  ['the claim alone', 'claim-alone', 0, 10733, 277],
  ['the claim series', 'claim', 0, 14144, 277],
  ['two numbered types', 'claim', 2, 11132, 316],
];

/** Facts that can hold here, event by event; none: the event cannot come to pass. */
const factsHere =
  (numbered: number) =>
  (event: string, from: string): readonly (readonly string[])[] => {
    const server = event.startsWith('set_mem_type.ioreq')
      ? PAGE_TYPE.states.indexOf(event.slice(13) as 'ram_rw') - 15
      : 0;
    if (server >= Math.max(1, numbered)) return [];
    // Promised memory is given, or the page seen as mmio_dm, before anything else is looked into.
    if (from === 'populate_on_demand' && /^(fault|set_mem_type)/.test(event)) return [];
    const sets = factSets(PAGE_TYPE, event);
    const asked = sets.some((facts) => facts.includes('numbered'));
    return sets.filter(
      (facts) =>
        !facts.includes('large') &&
        (numbered > 0 || !facts.includes('forServer')) &&
        (!asked || facts.includes('numbered') === numbered > 0),
    );
  };

/** The first path on which the map and the chart do not agree, told; undefined: none. */
function firstDifference(paths: readonly Path[], version: Version, numbered: number): unknown {
  for (const path of paths) {
    const got = lead(PAGE_TYPE, VERSIONS[version], path, page(mapOf(version, numbered)));
    const want = agreed(path);
    if (JSON.stringify(got) !== JSON.stringify(want)) return { path: path.map(edgeName), got, want };
  }
  return undefined;
}

describe.each(CASES)('a page of %s', (_name, version, numbered, paths, back) => {
  const walk = { from: 'mmio_dm', facts: factsHere(numbered) };

  test(`goes the chart's way on every simple path: ${paths} of them`, { timeout: 60_000 }, () => {
    const all = simplePaths(PAGE_TYPE, VERSIONS[version], walk);
    // One that goes on is led as the beginning of the next.
    const whole = all.filter((path, i) => (all[i + 1]?.length ?? 0) <= path.length);
    expect(firstDifference(whole, version, numbered)).toBeUndefined();
    expect(all).toHaveLength(paths);
  });

  test(`takes every arrow, refused or not: ${back} of them`, () => {
    // Of a page that keeps its type nobody asks what log-dirty would make of it, nor of an entry that was never marked.
    const all = everyArrow(PAGE_TYPE, VERSIONS[version], walk).filter(
      (path) => !(/^recalc/.test(path.at(-1)!.event) && /^ioreq/.test(path.at(-1)!.from)),
    );
    expect(firstDifference(all, version, numbered)).toBeUndefined();
    expect(all).toHaveLength(back);
  });
});

test('an entry above 4 KiB of type 15 is given back whoever holds the type, and told from a page by that fact', () => {
  const { at, on, is } = PAGE_TYPE;
  const p2m = mapOf('claim', 0);
  p2m.setIoreqServer(1, 2);
  p2m.table.setEntry(512, MFN + 512, 9, P2M.ioreq_server, P2M_ACCESS.rwx);
  p2m.table.changeEntryTypeGlobal();
  const seen: unknown[] = [];
  watching(
    ({ chart, from, event, facts, decision }) => chart === PAGE_TYPE && seen.push([from, event, facts, decision.to]),
    () => p2m.table.recalc(512),
  );
  expect(seen).toEqual([[at.ioreq_server, on['recalc.clean'], is.owner | is.large, at.ram_rw]]);
  expect(p2m.getEntry(600).type).toBe(P2M.ram_rw satisfies P2mType);
});
