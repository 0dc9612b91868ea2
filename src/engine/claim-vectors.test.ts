/** The claim against the oracle: hypercall sequences measured on real Xen code, at each commit of the claim's history. */
import { describe, expect, test } from 'vitest';
import { replayClaim, type ClaimSequence } from './replay/claim';
import { replayEpt } from './replay/ept';
import { RELEASE, revisionOf } from './replay/revision';
import { loadLines } from './vectors/load';

const agreed = (total: number) => ({ total, agreed: total, differences: [] });

describe('claiming and releasing type 15, as real Xen did it', () => {
  const reference = loadLines<ClaimSequence>('claim.jsonl');

  test.each([
    ['ept', 122],
    ['npt', 19],
    ['shadow', 9],
  ])('at the reference version, %s', (mode, total) => {
    const lines = reference.filter((s) => s.mode === mode);
    expect({ ...replayClaim(lines, RELEASE) }).toEqual(agreed(total));
  });

  // Files that are the same byte for byte are kept once.
  test.each([
    ['ca2b511d3f-before', 'ca2b511d3f-before'],
    ['ca2b511d3f', 'ca2b511d3f'],
    ['4b602cced9', 'ca2b511d3f'],
    ['1679e0df3d', '1679e0df3d'],
    ['6d774a9516', '6d774a9516'],
    ['eb13199100', 'eb13199100'],
    ['c7a4c088ad-before', 'c7a4c088ad-before'],
    ['c7a4c088ad', 'c7a4c088ad'],
    ['0c07431cf7-before', 'c7a4c088ad'],
    ['0c07431cf7', 'c7a4c088ad'],
    ['ec2ab491b5', 'ec2ab491b5'],
    ['b806c91275', 'b806c91275'],
  ])('at %s', (id, file) => {
    const lines = loadLines<ClaimSequence>(`patches/${file}/claim.jsonl`);
    expect({ ...replayClaim(lines, revisionOf(id)!) }).toEqual(agreed(60));
  });

  test('a Xen with other patches does not agree', () => {
    const lines = loadLines<ClaimSequence>('patches/c7a4c088ad/claim.jsonl').filter((s) => s.mode === 'ept');
    expect(replayClaim(lines, revisionOf('b806c91275')!).agreed).toBeLessThan(10);
  });
});

test.each(['0c07431cf7-before', '0c07431cf7'])('the EPT tables at %s are as real Xen left them', (id) => {
  const lines = loadLines(`patches/${id}/ept.jsonl`);
  expect({ ...replayEpt(lines, revisionOf(id)!) }).toEqual(agreed(25));
});
