import { describe, expect, test } from 'vitest';
import { P2M, P2M_TYPE_COUNT } from './p2m-type';
import { VERSIONS } from './patches';
import {
  PT_FIELDS,
  PT_P,
  PT_US,
  ptFlags,
  ptFlagsOf,
  ptHi,
  ptLo,
  ptMarked,
  ptMfn,
  ptPack,
  ptType,
  ptUnpack,
  type PtValues,
} from './pt-entry';

describe('page-table entries of the p2m', () => {
  test('the fields tile the 64 bits, and packing undoes unpacking', () => {
    let bit = 0;
    for (const field of PT_FIELDS) {
      expect(field.low).toBe(bit);
      bit += field.width;
    }
    expect(bit).toBe(64);
    for (const { name, width } of PT_FIELDS) {
      const values = ptUnpack(0, 0);
      values[name] = 2 ** width - 1;
      expect(ptUnpack(...ptPack(values))).toEqual(values);
    }
    const all: PtValues = ptUnpack(0xffff_ffff, 0xffff_ffff);
    expect(all).toMatchObject({ mfn: 2 ** 40 - 1, p2mt: 127, iommu: 15, nx: 1 });
  });

  test('type and frame come back from the words, whatever the type', () => {
    for (let type = 0; type < P2M_TYPE_COUNT; type++) {
      const flags = ptFlags(type, { xen: VERSIONS.claim, writeClaim: false }, false);
      const [lo, hi] = [ptLo(0x12_3456_789a, flags), ptHi(0x12_3456_789a, flags)];
      expect([ptFlagsOf(lo, hi), ptType(lo, hi), ptMfn(lo, hi)]).toEqual([flags, type, 0x12_3456_789a]);
      expect(ptUnpack(lo, hi)).toMatchObject({ p2mt: type, mfn: 0x12_3456_789a });
    }
  });

  test('an entry of zeros is no plain RAM, though plain RAM is type 0', () => {
    expect(ptType(0, 0)).toBe(P2M.invalid);
    expect(ptType(PT_P, 0)).toBe(P2M.ram_rw);
  });

  test('the mark is a user bit that a present entry lacks', () => {
    expect([0, PT_P, PT_US, PT_P | PT_US].map(ptMarked)).toEqual([false, true, false, false]);
  });
});
