import { describe, expect, test } from 'vitest';
import { replayTables, type TableSequence } from './replay/tables';
import { expectCensusIsRecount } from './vectors/census';
import { loadLines } from './vectors/load';

describe('the EPT tables against the oracle', () => {
  const sequences = loadLines<TableSequence>('ept.jsonl');

  test('the oracle has its 240 sequences', () => expect(sequences).toHaveLength(240));

  test.each([0, 1, 2, 3])(
    'every result, path and final table agrees, and the census is a recount (part %i of 4)',
    (part) => {
      for (const sequence of sequences.filter((s) => s.id % 4 === part)) {
        expect(replayTables('ept', sequence, undefined, expectCensusIsRecount)).toBeUndefined();
      }
    },
  );
});
