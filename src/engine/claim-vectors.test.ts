/** The claim against the oracle, which `npm run conformance` replays: that it has what it should, and can disagree at all. */
import { expect, test } from 'vitest';
import { replayClaim, type ClaimSequence } from './replay/claim';
import { revisionOf } from './replay/revision';
import { loadLines } from './vectors/load';

test('the oracle has its sequences for each kind of table', () => {
  const lines = loadLines<ClaimSequence>('claim.jsonl');
  const count = (mode: string) => lines.filter((s) => s.mode === mode).length;
  expect([count('ept'), count('npt'), count('shadow')]).toEqual([122, 19, 9]);
});

test('a Xen with other patches does not agree', () => {
  const lines = loadLines<ClaimSequence>('patches/c7a4c088ad/claim.jsonl').filter((s) => s.mode === 'ept');
  expect(replayClaim(lines, revisionOf('b806c91275')!).agreed).toBeLessThan(10);
});
