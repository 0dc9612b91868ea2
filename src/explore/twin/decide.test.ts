// The way from one set of patches to another: one switch at a time, each set on it possible.
import { expect, test } from 'vitest';
import { checkSet, patchesOf, PRESETS, VERSIONS, xenWith } from '../../engine/patches';
import { switchedTo } from '../switched';
import { wayBetween } from './decide';

test('between any two versions each set on the way is one that Xen could be, and the last is the other', () => {
  for (const { on: from } of PRESETS)
    for (const { on: to } of PRESETS) {
      const names = new Set(from);
      const way = wayBetween(xenWith(from), xenWith(to));
      for (const { patch, on } of way) {
        if (on) names.add(patch);
        else names.delete(patch);
        expect(checkSet(names)).toEqual([]);
      }
      expect(patchesOf(xenWith(names))).toEqual([...to]);
    }
});

test('a patch comes with all that it needs, and goes with all that needs it', () => {
  const v7 = switchedTo(VERSIONS.v7, 'claim', true);
  expect(patchesOf(v7)).toEqual(['writeDm', 'typeWithdrawn', 'typeRenamed', 'claim']);
  expect(checkSet(patchesOf(switchedTo(VERSIONS.today, 'claim', false)))).toEqual([]);
  expect(patchesOf(switchedTo(VERSIONS.claim, 'asyncReset', false))).not.toContain('sweepResolves');
});
