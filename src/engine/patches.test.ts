// The history as data: what each version has, in which order patches came, and which sets are no Xen.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { AUDIT_RULES } from './audit';
import { checkSet, PATCHES, patchesOf, PRESETS, VERSIONS, xenAt, xenWith } from './patches';
import type { PatchName, Version } from './patches';

const NAMES = PATCHES.map(({ name }) => name);
const V7: PatchName[] = ['writeDm'];
const X47: PatchName[] = [...V7, 'typeWithdrawn'];
const X48: PatchName[] = [...X47, 'typeRenamed'];
const CLAIM_ALONE: PatchName[] = [...X48, 'ownResult', 'lockThroughEmulation', 'claim'];
const CLAIM: PatchName[] = [...CLAIM_ALONE, 'rmwReads', 'asyncReset', 'syncSweep', 'sweepResolves'];
const X410: PatchName[] = [...CLAIM, 'rangeCheck'];
const FEB_2019: PatchName[] = [
  ...X410,
  'directionFlag',
  'mapHonours',
  'copyHonours',
  'frameMapHonours',
  'shadowHonours',
  'clippedRange',
];
const X412: PatchName[] = [...FEB_2019, 'countHelper'];
const AUG_2019: PatchName[] = [...X412, 'sweepAnswersZero', 'countLevel'];
const X413: PatchName[] = [...AUG_2019, 'markLevel'];
const X414: PatchName[] = [...X413, 'deadServerReset'];
const X420: PatchName[] = [...X414, 'unbufferable'];

describe('a version of Xen', () => {
  const SETS: Record<Version, readonly PatchName[]> = {
    'before-v7': [],
    v7: V7,
    '2016-02': [...V7, 'ramRangeset'],
    '4.7': X47,
    '4.8': X48,
    'claim-alone': CLAIM_ALONE,
    'claim-reads': CLAIM.slice(0, 7),
    'claim-async': CLAIM.slice(0, 8),
    'claim-sync': CLAIM.slice(0, 9),
    claim: CLAIM,
    '4.10': X410,
    '2019-02': FEB_2019,
    '4.12': X412,
    '2019-08': AUG_2019,
    '4.13': X413,
    '4.14': X414,
    '4.20': X420,
    today: [...X420, 'rangesetRemoval'],
  };

  test.each(Object.entries(SETS) as [Version, PatchName[]][])('%s has exactly its patches', (version, on) => {
    expect(PRESETS.find(({ name }) => name === version)!.on).toEqual(on);
    expect(VERSIONS[version]).toEqual(xenWith(on));
    expect(patchesOf(VERSIONS[version])).toEqual(on);
    expect(checkSet(on)).toEqual([]);
  });

  test('each is listed once, oldest first, and no two are the same', () => {
    expect(PRESETS.map(({ name }) => name)).toEqual(Object.keys(SETS));
    const dates = PRESETS.map(({ date }) => date);
    expect(dates).toEqual([...dates].sort());
    expect(new Set(PRESETS.map(({ on }) => on.join())).size).toBe(PRESETS.length);
  });

  test('is what the tree was at the end of its day, but for those between two commits of a day', () => {
    const within = PRESETS.filter(({ on, date }) => on.join() !== patchesOf(xenAt(date)).join());
    expect(within.map(({ name }) => name)).toEqual(['claim-alone', 'claim-reads', 'claim-async']);
  });
});

describe('a day', () => {
  test.each([
    ['2000-01-01', []],
    ['2015-01-06', []],
    ['2015-01-07', V7],
    ['2016-01-28', V7],
    ['2016-01-29', [...V7, 'ramRangeset']],
    ['2016-02-16', [...V7, 'ramRangeset']],
    // Reverted on that day.
    ['2016-02-17', V7],
    ['2017-04-06', [...X48, 'ownResult']],
    ['2017-04-07', CLAIM.slice(0, -1)],
    ['2017-06-27', CLAIM],
    ['2019-02-28', X412],
    ['2019-07-15', [...X412, 'sweepAnswersZero']],
    ['2019-08-28', X413],
    ['2025-04-11', [...X420, 'rangesetRemoval']],
    ['9999-12-31', [...X420, 'rangesetRemoval']],
  ])('at the end of %s Xen has %j', (day, on) => {
    expect(patchesOf(xenAt(day))).toEqual(on);
  });
});

describe('the patches', () => {
  test('stand in the order of their days, each once, and need only what came before and stayed as long', () => {
    const dates = PATCHES.map(({ date }) => date);
    expect(dates.every((date) => /^20[12]\d-[01]\d-[0-3]\d$/.test(date))).toBe(true);
    expect(dates).toEqual([...dates].sort());
    expect([new Set(NAMES).size, new Set(PATCHES.map(({ id }) => id)).size]).toEqual([PATCHES.length, PATCHES.length]);
    for (const { name, date, reverted, needs } of PATCHES) {
      if (reverted) expect(reverted > date).toBe(true);
      for (const need of needs) {
        expect(NAMES.indexOf(need), `${name} needs ${need}`).toBeLessThan(NAMES.indexOf(name));
        expect(PATCHES.find((p) => p.name === need)!.reverted).toBeUndefined();
      }
    }
  });

  test('protect rules that the audit knows, and one alone is a defect', () => {
    for (const { protects } of PATCHES) if (protects !== null) expect(AUDIT_RULES).toContain(protects);
    const defects = PATCHES.filter(({ breaks }) => breaks).map(({ name, breaks }) => [name, breaks]);
    expect(defects).toEqual([['countHelper', 'entry.count']]);
  });

  /** Patches that no rule asks for yet: switching them changes nothing. */
  const NO_SITE: readonly PatchName[] = ['ramRangeset'];

  test('are each asked for by name at a rule of the engine, or by a guard of a chart', () => {
    const dir = fileURLToPath(new URL('.', import.meta.url));
    const files = readdirSync(dir, { recursive: true, encoding: 'utf8' });
    const textOf = (path: RegExp) =>
      files
        .filter((f) => path.test(f) && !/test|^patches/.test(f))
        .map((f) => readFileSync(dir + f, 'utf8'))
        .join('\n');
    const rules = textOf(/^(xengt\/)?[\w-]+\.ts$/);
    const charts = textOf(/^machines\//);
    const unasked = NAMES.filter(
      (name) => !new RegExp(`\\bxen\\.${name}\\b`).test(rules) && !new RegExp(`(has|lacks): .*'${name}'`).test(charts),
    );
    expect(unasked.filter((name) => !NO_SITE.includes(name))).toEqual([]);
  });
});

describe('a set is no Xen', () => {
  test.each<[set: PatchName[], ...[patch: string, needs: string][]]>([
    [['countLevel'], ['countLevel', 'countHelper']],
    [['countHelper'], ['countHelper', 'asyncReset']],
    [
      ['claim', 'sweepResolves'],
      ['claim', 'typeRenamed'],
      ['sweepResolves', 'syncSweep'],
    ],
    [
      ['ramRangeset', 'typeWithdrawn', 'typeRenamed'],
      ['ramRangeset', 'writeDm'],
      ['typeWithdrawn', 'writeDm'],
    ],
    [X413.filter((name) => name !== 'countHelper'), ['countLevel', 'countHelper']],
    [
      X414.filter((name) => name !== 'claim'),
      ['rmwReads', 'claim'],
      ['asyncReset', 'claim'],
      ['mapHonours', 'claim'],
      ['copyHonours', 'claim'],
      ['frameMapHonours', 'claim'],
      ['shadowHonours', 'claim'],
    ],
    [X413.filter((name) => name !== 'sweepResolves'), ['sweepAnswersZero', 'sweepResolves']],
  ])('%j', (set, ...needs) => {
    expect(checkSet(set)).toEqual(needs.map(([patch, need]) => ({ patch, needs: need })));
  });

  test('but these are, of little use though they may be', () => {
    expect(checkSet(X47)).toEqual([]);
    expect(checkSet([...CLAIM, 'ramRangeset'])).toEqual([]);
    // As in Xen 4.11.3, which never had the helper.
    expect(checkSet([...X410, 'markLevel'])).toEqual([]);
    expect(checkSet([...X412, 'markLevel'])).toEqual([]);
    expect(checkSet(['rangeCheck', 'rangesetRemoval', 'unbufferable'])).toEqual([]);
  });

  prop.prop([fc.subarray(NAMES)])('unless it has, with each of its patches, all that those need', (set) => {
    const closed = (name: PatchName): PatchName[] => [
      name,
      ...PATCHES.find((p) => p.name === name)!.needs.flatMap(closed),
    ];
    expect(checkSet(set.flatMap(closed))).toEqual([]);
    expect(checkSet(set).length === 0).toBe(set.flatMap(closed).every((name) => set.includes(name)));
    for (const { patch, needs } of checkSet(set))
      expect([set.includes(patch), set.includes(needs)]).toEqual([true, false]);
  });
});
