/** A release led along every simple path of the chart of the sweep: what Xen does next is what the chart says. */
import { describe, expect, test } from 'vitest';
import { changeClaim, markReleased, released, resumed, sweepBatch } from '../claim';
import { domainOf, MFN } from '../claim-testing';
import type { Domain } from '../domain';
import { P2M } from '../p2m-type';
import { VERSIONS, type Version } from '../patches';
import { watching } from './law';
import { agreed, edgeName, everyArrow, factSets, lead, simplePaths, type Path, type Subject } from './paths-testing';
import { SWEEP } from './sweep';

const T15 = 4;
/** A batch from here on is the last; one from 0 is not. */
const LAST = 768;
const muted = (act: () => unknown): void => void watching(() => undefined, act);

function eneveryArrow({ p2m }: Domain, wanted: boolean): void {
  // Past the batch that is swept first.
  for (const gfn of [3, 300]) p2m.changeTypeOne(gfn, p2m.getEntry(gfn).type, wanted ? P2M.ioreq_server : P2M.ram_rw);
}

function sweep(domain: Domain): Subject {
  const { p2m } = domain;
  let state: number = SWEEP.at.idle;
  return {
    state: () => SWEEP.states[state]!,
    act({ event, facts }) {
      const has = (fact: string): boolean => facts.includes(fact);
      muted(() => eneveryArrow(domain, has('outstanding')));
      if (event === 'release') {
        muted(() => changeClaim(domain, 1, T15, 0));
        state = released(p2m);
      } else if (event === 'mark') state = markReleased(p2m);
      else if (event === 'again') state = resumed(p2m, has('more') ? 256 : p2m.maxMapped + 1).to;
      else {
        if (has('failed')) muted(() => runDry(domain));
        state = sweepBatch(p2m, has('more') && !has('failed') ? 0 : has('failed') ? 512 : LAST, () =>
          has('urgent'),
        ).next;
      }
    },
  };
}

/** A 2 MiB entry across the border of a log-dirty range, and no frame to split it. */
function runDry({ p2m }: Domain): void {
  p2m.logdirty.add(500n, 600n);
  p2m.setEntry(512, MFN + 512, 9, P2M.ram_rw);
  p2m.table.changeEntryTypeGlobal();
  p2m.pool.limit = p2m.pool.inUse;
}

const CASES: [name: string, version: Version, paths: number, back: number][] = [
  ['marks alone', 'claim-async', 1, 3],
  ['marks and sweeps', 'claim', 3, 11],
];

const here = (event: string): readonly (readonly string[])[] =>
  factSets(SWEEP, event).filter((facts) => !facts.includes('numbered') && !facts.includes('noHap'));

function firstDifference(paths: readonly Path[], version: Version): unknown {
  for (const path of paths) {
    const domain = domainOf(VERSIONS[version]);
    domain.mapMemType(1, T15, 2);
    const got = lead(SWEEP, VERSIONS[version], path, sweep(domain));
    const want = agreed(path);
    if (JSON.stringify(got) !== JSON.stringify(want)) return { path: path.map(edgeName), got, want };
  }
  return undefined;
}

describe.each(CASES)('a release that %s', (_name, version, paths, back) => {
  test(`goes the chart's way on every simple path: ${paths} of them`, () => {
    const all = simplePaths(SWEEP, VERSIONS[version], { from: 'idle', facts: here });
    expect(firstDifference(all, version)).toBeUndefined();
    expect(all).toHaveLength(paths);
  });

  test(`takes every arrow, whatever goes on or ends it: ${back} of them`, () => {
    const all = everyArrow(SWEEP, VERSIONS[version], { from: 'idle', facts: here });
    expect(firstDifference(all, version)).toBeUndefined();
    expect(all).toHaveLength(back);
  });
});
