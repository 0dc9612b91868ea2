// Each proof of a patch is made again: where it is off every order of things is searched until a rule breaks, where it is on until
// there is no more, and what the search found is played as any run is.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { audit } from '../engine/audit';
import { History } from '../engine/history';
import { PATCHES, patchesOf, VERSIONS } from '../engine/patches';
import { World } from '../engine/world';
import { SCENARIOS } from '../scenarios';
import { PROOF_SCENARIOS } from '../scenarios/proofs';
import { switched, type Switches } from '../scenarios/xen-set';
import type { Begun } from './begin';
import { PROOFS, UNPROVEN } from './proofs';
import { Search } from './search/search';
import { searchFrom } from './search/search-from';

const MOST = { depth: 10_000, states: 1_000_000 };

async function searched(name: string, patches: Switches, all = false): Promise<Begun & { readonly search: Search }> {
  const begun = await searchFrom(await SCENARIOS.find((shipped) => shipped.name === name)!.load(), { patches });
  const search = new Search(begun.world, { bounds: MOST, all });
  while (!search.advance(10_000));
  return { ...begun, search };
}

describe.each(PROOFS)('$patch, by $scenario', ({ scenario: name, broken, sound, rule, also, found, clean }) => {
  test(`without it ${rule} breaks, after ${found.trace} steps and no fewer`, async () => {
    const { search, scenario, before } = await searched(name, broken);
    const [violation, ...more] = search.violations;
    expect([search.end, violation?.rule, more]).toEqual(['violation', rule, []]);
    expect({ states: search.states.length, trace: violation!.depth }).toEqual(found);
    const path = search.path(violation!.state);
    expect(path).toHaveLength(found.trace);
    const history = new History(new World(scenario.config));
    for (const choice of [...before, ...path.slice(0, -1)]) history.choose(choice);
    const breaks = () => audit(history.world).flatMap(({ rule: of, state }) => (state === 'broken' ? [of] : []));
    expect(breaks()).toEqual([]);
    history.choose(path.at(-1)!);
    expect(breaks().sort()).toEqual([rule, ...also].sort());
  });

  test('without it nothing else is the first to break, in any order', async () => {
    const { search } = await searched(name, broken, true);
    expect([...new Set(search.violations.map((violation) => violation.rule))]).toEqual([rule]);
  });

  test('with it nothing breaks, in any order', async () => {
    const { search } = await searched(name, sound);
    expect([search.end, search.violations]).toEqual(['complete', []]);
    const { states, transitions, depth } = search;
    expect({ states: states.length, transitions, depth }).toEqual(clean);
  });
});

test.each([
  ['two-frames-two-vcpus', { states: 660_289, transitions: 1_691_322, depth: 74 }],
  ['two-frames-quick', { states: 1813, transitions: 4393, depth: 27 }],
])('%s: nothing breaks in any order, and the lattice is about nine switches', async (name, all) => {
  const { search, scenario } = await searched(name, {});
  expect([search.end, search.violations]).toEqual(['complete', []]);
  const { states, transitions, depth } = search;
  expect({ states: states.length, transitions, depth }).toEqual(all);
  const { patches, states: most } = scenario.search!;
  expect([patches!.length, most! > all.states]).toEqual([9, true]);
});

describe('the table', () => {
  test('has every patch once, or says why not, and its rule is the one that the patch is said to protect or to break', () => {
    for (const { name, protects, breaks } of PATCHES) {
      const proofs = PROOFS.filter(({ patch }) => patch === name);
      const why = UNPROVEN[name];
      expect([name, proofs.length]).toEqual([name, why ? 0 : 1]);
      if (why === 'no rule') expect([name, protects]).toEqual([name, null]);
      else if (why === undefined) expect([name, proofs[0]!.rule]).toEqual([name, breaks ?? protects]);
    }
  });

  test('compares two sets that differ in the patch and in what needs it, both of which can be', async () => {
    for (const { patch, scenario: name, broken, sound } of PROOFS) {
      const [without, with_] = await Promise.all([broken, sound].map((patches) => setOf(name, patches)));
      const breaks = PATCHES.some((one) => one.name === patch && one.breaks);
      expect([patch, without!.includes(patch), with_!.includes(patch)]).toEqual([patch, breaks, !breaks]);
      const [less, more] = breaks ? [with_!, without!] : [without!, with_!];
      expect(less.every((one) => more.includes(one))).toBe(true);
      const needs = (one: string): boolean =>
        one === patch || PATCHES.find((p) => p.name === one)!.needs.some((need) => needs(need));
      expect(more.filter((one) => !less.includes(one) && !needs(one))).toEqual([]);
    }
  });

  test('is the one of model.md', () => {
    const text = readFileSync(new URL('./model.md', import.meta.url), 'utf8');
    const rows = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    for (const { patch, scenario: name, rule, also, found, clean } of PROOFS) {
      const row = rows.find((cells) => cells[2] === patch)!;
      expect([row[3], row[5]]).toEqual([`\`${name}\``, [rule, ...also].map((one) => `\`${one}\``).join(', ')]);
      const { states, transitions, depth } = clean;
      expect(row.slice(6, 11).map(Number)).toEqual([found.trace, found.states, states, transitions, depth]);
    }
    const why = rows.filter((cells) => cells.length === 4).flatMap((cells) => cells[1]!.split(', '));
    for (const patch of Object.keys(UNPROVEN)) expect(why).toContain(patch);
  });

  test('has every shipped proof in it', () => {
    const used = new Set(PROOFS.map(({ scenario }) => scenario));
    const proofs = PROOF_SCENARIOS.map(({ name }) => name).filter((name) => name.startsWith('proof-'));
    expect([...used].sort()).toEqual(proofs.sort());
  });
});

async function setOf(name: string, patches: Switches): Promise<readonly string[]> {
  const file = (await SCENARIOS.find((shipped) => shipped.name === name)!.load()) as { readonly version: 'today' };
  const { xen, problems } = switched(file.version, patches);
  expect([VERSIONS[file.version] !== undefined, problems]).toEqual([true, []]);
  return patchesOf(xen);
}
