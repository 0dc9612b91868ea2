// Sets of switches: which can be built, which are minimal.
import { fc, test as prop } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { checkSet, PATCHES, patchesOf, VERSIONS, type PatchName } from '../../engine/patches';
import { switched } from '../../scenarios/xen-set';
import { changesTo, has, minimalSafe, namesOf, patchesWith, setsOf, sizeOf, type Safety } from './switches';

const FIVE: readonly PatchName[] = ['lockThroughEmulation', 'rmwReads', 'asyncReset', 'syncSweep', 'sweepResolves'];
const CLAIM = patchesOf(VERSIONS.claim);

test('of the 32 sets of the claim series 16 can be built, the smallest first, by the order of the switches', () => {
  const sets = setsOf(CLAIM, FIVE);
  expect(sets.map(sizeOf)).toEqual([0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5]);
  expect(sets.slice(1, 8).map((set) => namesOf(FIVE, set).join('+'))).toEqual([
    'lockThroughEmulation',
    'rmwReads',
    'asyncReset',
    'lockThroughEmulation+rmwReads',
    'lockThroughEmulation+asyncReset',
    'rmwReads+asyncReset',
    'asyncReset+syncSweep',
  ]);
});

test('what builds on a switch that is off is off with it, unless it is a switch that is on', () => {
  const today = patchesOf(VERSIONS.today);
  const without = patchesWith(today, ['claim'], 0)!;
  expect(today.filter((name) => !without.includes(name))).toContain('shadowHonours');
  expect(without).not.toContain('asyncReset');
  expect(patchesWith(today, ['claim', 'asyncReset'], 2)).toBeNull();
  expect(patchesWith(today, ['claim'], 1)).toEqual(today);
});

const NAMES = PATCHES.map(({ name }) => name);
prop.prop([fc.constantFrom(...Object.keys(VERSIONS)), fc.subarray(NAMES, { maxLength: 6 })])(
  'each set that can be built has all it needs and exactly its switches, and the changes of a file come to it',
  (version, switches) => {
    const base = patchesOf(VERSIONS[version as keyof typeof VERSIONS]);
    for (const set of setsOf(base, switches)) {
      const patches = patchesWith(base, switches, set)!;
      expect(checkSet(patches)).toEqual([]);
      expect(switches.map((name) => patches.includes(name))).toEqual(switches.map((_, n) => has(set, n)));
      const { patches: changes } = changesTo({}, base, patches);
      const { xen, problems } = switched(version as keyof typeof VERSIONS, changes);
      expect([problems, patchesOf(xen)]).toEqual([[], patches]);
    }
  },
);

test('changes that were there before stay, where they are not taken back', () => {
  const of = { memory: 5, patches: { on: ['rangeCheck'], off: ['rmwReads'] } } as const;
  const base = patchesOf(switched('claim', of.patches).xen);
  const wanted = patchesWith(base, ['rmwReads', 'rangeCheck', 'lockThroughEmulation'], 0b11)!;
  expect(changesTo(of, base, wanted)).toEqual({
    memory: 5,
    patches: { on: ['rangeCheck', 'rmwReads'], off: ['lockThroughEmulation'] },
  });
});

const verdicts = fc.dictionary(fc.nat({ max: 31 }).map(String), fc.constantFrom<Safety>('safe', 'broken', 'unknown'));
prop.prop([verdicts])('a set is minimal exactly if it is safe and every smaller one in it is broken', (all) => {
  const known = new Map(Object.entries(all).map(([set, safety]) => [Number(set), safety] as const));
  const minimal = minimalSafe(known);
  for (const [set, safety] of known) {
    const within = [...known].filter(([other]) => other !== set && (other & set) === other);
    expect(minimal.includes(set)).toBe(safety === 'safe' && within.every(([, it]) => it === 'broken'));
  }
});
