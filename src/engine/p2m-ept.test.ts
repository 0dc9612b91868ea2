import { describe, expect, test } from 'vitest';
import { replayEpt } from './replay/ept';
import { revisionOf } from './replay/revision';
import { replayTables, type TableSequence } from './replay/tables';
import { expectCensusIsRecount } from './vectors/census';
import { loadLines } from './vectors/load';

describe('the EPT tables against the oracle', () => {
  const sequences = loadLines<TableSequence>('ept.jsonl');

  test('the oracle has its 240 sequences', () => expect(sequences).toHaveLength(240));

  // All of them are replayed by `npm run conformance`; the census is no part of what was measured.
  test('every fourth leaves a census that is a recount', () => {
    for (const sequence of sequences.filter((s) => s.id % 4 === 0)) {
      expect(replayTables('ept', sequence, undefined, expectCensusIsRecount)).toBeUndefined();
    }
  });

  test('a Xen with other patches does not agree', () => {
    const lines = loadLines('patches/0c07431cf7/ept.jsonl');
    expect(replayEpt(lines, revisionOf('b806c91275')!).agreed).toBeLessThan(lines.length);
  });
});
