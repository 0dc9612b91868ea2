/** A claim led along every simple path of its chart by the calls that servers and toolstack make: both agree at each arrow. */
import { describe, expect, test } from 'vitest';
import { changeClaim, markReleased } from '../claim';
import { domainOf, MFN } from '../claim-testing';
import { setMemType } from '../dm';
import type { Domain } from '../domain';
import { P2M } from '../p2m-type';
import { VERSIONS, type Version } from '../patches';
import { CLAIM } from './claim';
import { watching } from './law';
import { agreed, edgeName, everyArrow, factSets, lead, simplePaths, type Path, type Subject } from './paths-testing';

/** A page that is of the type, or is not. */
const GFN = 3;
const T15 = 4;
const FLAGS: Record<string, number> = { read: 1, write: 2, both: 3 };
const muted = (act: () => unknown): void => void watching(() => undefined, act);

/** Sees to it that Xen counts an entry of the type, or none. */
function outstanding({ p2m }: Domain, wanted: boolean): void {
  if ((p2m.outstanding(P2M.ioreq_server) !== 0) === wanted) return;
  p2m.changeTypeOne(GFN, p2m.getEntry(GFN).type, wanted ? P2M.ioreq_server : P2M.ram_rw);
}

function claim(domain: Domain): Subject {
  const { p2m } = domain;
  return {
    state: () => CLAIM.states[p2m.claimState()]!,
    act({ from, event, facts }) {
      if (event === 'count') return count(domain, from);
      // Whoever holds nothing has what he left behind.
      if (from.startsWith('claimed') || p2m.numbered > 0)
        muted(() => outstanding(domain, facts.includes('outstanding')));
      const server = facts.includes('noServer') ? 9 : 1;
      const type = facts.includes('meaningless') ? 77 : T15;
      if (event.startsWith('claim.')) changeClaim(domain, server, type, FLAGS[event.slice(6)]!);
      else if (event === 'release') {
        const other = from.startsWith('claimed') && !facts.includes('holder') && server === 1;
        changeClaim(domain, other ? 2 : server, type, 0);
      } else if (event === 'destroy') domain.destroyServer(1);
      else if (event === 'set_mem_type') {
        // A page that its own chart refuses, so that nothing comes of it.
        muted(() => p2m.setEntry(GFN + 1, MFN + GFN + 1, 0, P2M.ram_ro));
        setMemType(p2m, GFN + 1, 1, T15);
      } else if (event === 'log_dirty') {
        if (domain.setLogDirty(true) === 0) muted(() => domain.setLogDirty(false));
      } else p2m.releaseOver();
    },
  };
}

function count(domain: Domain, from: string): void {
  const { p2m } = domain;
  if (from === 'draining' || from === 'stranded') {
    // The last entry is reset when somebody touches it.
    muted(() => markReleased(p2m));
    domain.touch(GFN, 0);
  } else {
    muted(() => outstanding(domain, false));
    outstanding(domain, true);
  }
}

const CASES: [
  name: string,
  version: Version,
  numbered: number,
  paging: 'ept' | 'shadow',
  paths: number,
  back: number,
][] = [
  ['Xen 4.8', '4.8', 0, 'ept', 0, 7],
  ['the claim alone', 'claim-alone', 0, 'ept', 1, 24],
  ['the claim series', 'claim', 0, 'ept', 5, 53],
  ['the claim series, shadow paging', 'claim', 0, 'shadow', 1, 16],
  ['a numbered type', 'claim', 1, 'ept', 3, 74],
];

/** Facts that can hold, as they do: entries wait where somebody let go of them, reads are nobody's business as merged. */
const factsHere =
  (version: Version, numbered: number, paging: string) =>
  (event: string, from: string): readonly (readonly string[])[] => {
    const counted = VERSIONS[version].asyncReset || numbered > 0;
    const waits = from === 'draining' || from === 'stranded';
    const asked = (fact: string): boolean => factSets(CLAIM, event).some((facts) => facts.includes(fact));
    return factSets(CLAIM, event).filter((facts) => {
      const has = (fact: string): boolean => facts.includes(fact);
      if (has('reserved')) return false;
      if (asked('numbered') && has('numbered') !== numbered > 0) return false;
      if (asked('noHap') && has('noHap') !== (paging === 'shadow')) return false;
      if (numbered === 0 && /read|both/.test(event) && !has('meaningless')) return false;
      if (has('holder') && !from.startsWith('claimed')) return false;
      if (event === 'destroy' && !has('holder') && asked('holder')) return false;
      if (asked('outstanding') && event !== 'count') {
        if (waits) return has('outstanding');
        if (has('outstanding')) return counted && (numbered > 0 || from.startsWith('claimed'));
      }
      // Only a type that is counted can be counted wrongly; what is counted of a held one is somebody's.
      if (event === 'count') return counted && (waits || has('outstanding') || numbered > 0);
      return true;
    });
  };

function firstDifference(
  paths: readonly Path[],
  version: Version,
  numbered: number,
  paging: 'ept' | 'shadow',
): unknown {
  for (const path of paths) {
    const domain = domainOf(VERSIONS[version], false, { numbered, paging });
    const got = lead(CLAIM, VERSIONS[version], path, claim(domain));
    const want = agreed(path);
    if (JSON.stringify(got) !== JSON.stringify(want)) return { path: path.map(edgeName), got, want };
  }
  return undefined;
}

describe.each(CASES)('the claim on type 15, %s', (_name, version, numbered, paging, paths, back) => {
  const walk = { from: 'unclaimed', facts: factsHere(version, numbered, paging) };

  test(`goes the chart's way on every simple path: ${paths} of them`, () => {
    const all = simplePaths(CLAIM, VERSIONS[version], walk);
    expect(firstDifference(all, version, numbered, paging)).toBeUndefined();
    expect(all).toHaveLength(paths);
  });

  test(`takes every arrow, refused or not: ${back} of them`, () => {
    const all = everyArrow(CLAIM, VERSIONS[version], walk);
    expect(firstDifference(all, version, numbered, paging)).toBeUndefined();
    expect(all).toHaveLength(back);
  });
});
