import { describe, expect, test } from 'vitest';
import { eptPack, eptUnpack, EPT_FIELDS, type EptValues } from './ept-entry';
import { P2M, p2mTypeNames, p2mTypeNumber } from './p2m-type';
import {
  replayClasses,
  replayEptFlags,
  replayPtFlags,
  type ClassRow,
  type EptRow,
  type PtRow,
} from './replay/page-types';
import { GENERATIONS } from './replay/revision';
import { rowsOf } from './replay/types';
import { loadJson } from './vectors/load';
import { agreed, replayVectors } from './vectors/replay';

const oracle = [loadJson('types.json')];

describe('page types', () => {
  test('type names stand in the order of the oracle at every generation', () => {
    const { typeNumbers } = loadJson<{ typeNumbers: Record<string, string[]> }>('types.json');
    for (const [gen, names] of Object.entries(typeNumbers)) {
      expect(p2mTypeNames(GENERATIONS[+gen]!)).toEqual(names);
      names.forEach((name, n) => expect(p2mTypeNumber(name)).toBe(n));
    }
    expect(() => p2mTypeNumber('ram')).toThrow(RangeError);
  });

  test('every class and predicate has the members of the oracle', () => {
    expect(replayClasses(rowsOf<ClassRow>(oracle, 'classes'))).toEqual(agreed(1047));
  });
});

test('the file is replayed as a whole', () => {
  expect(replayVectors('types.json')).toEqual(agreed(3 + 1047 + 888 + 119));
});

test('entries of page tables agree with the oracle for every type and circumstance', () => {
  expect(replayPtFlags(rowsOf<PtRow>(oracle, 'pt'))).toEqual(agreed(119));
});

describe('EPT entries', () => {
  test('permissions agree with the oracle for every type, access and circumstance', () => {
    expect(replayEptFlags(rowsOf<EptRow>(oracle, 'ept'))).toEqual(agreed(888));
  });

  test('the fields tile the 64 bits, and packing undoes unpacking', () => {
    let bit = 0;
    for (const field of EPT_FIELDS) {
      expect(field.low).toBe(bit);
      bit += field.width;
    }
    expect(bit).toBe(64);
    for (const { name, width } of EPT_FIELDS) {
      const values = eptUnpack(0, 0);
      expect(eptPack(values)).toEqual([0, 0]);
      values[name] = 2 ** width - 1;
      const [lo, hi] = eptPack(values);
      expect(eptUnpack(lo, hi)).toEqual(values);
    }
    const all: EptValues = eptUnpack(0xffff_ffff, 0xffff_ffff);
    expect(all.mfn).toBe(2 ** 40 - 1);
    expect(all.sa_p2mt).toBe(63);
    expect(eptUnpack(...eptPack({ sa_p2mt: P2M.mmio_direct, mfn: 0x12_3456_789a })).mfn).toBe(0x12_3456_789a);
  });
});
