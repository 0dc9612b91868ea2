import { describe, expect, test } from 'vitest';
import {
  eptFlags,
  eptPack,
  eptUnpack,
  EPT_FIELDS,
  EPT_A,
  EPT_D,
  EPT_R,
  EPT_W,
  EPT_X,
  type EptValues,
} from './ept-entry';
import { isIn, P2M_ACCESS_NAMES, p2mClasses, p2mTypeNames, p2mTypeNumber, P2M, type P2mClasses } from './p2m-type';
import { VERSIONS, xenWith, type Xen } from './patches';
import { loadJson, loadTable } from './vectors/load';

const GENERATIONS: Record<number, Xen> = {
  1: xenWith(['writeDm']),
  2: xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed']),
  3: VERSIONS.claim,
};

const PREDICATES: Record<string, keyof P2mClasses> = {
  p2m_allows_invalid_mfn: 'INVALID_MFN',
  p2m_has_emt: 'HAS_EMT',
  p2m_is_any_ram: 'ANY_RAM',
  p2m_is_readonly: 'RO',
};
const classOf = (name: string): keyof P2mClasses =>
  PREDICATES[name] ?? (name.replace(/^P2M_(.*)_TYPES$|^p2m_is_(.*)$/, '$1$2').toUpperCase() as keyof P2mClasses);

interface EptRow {
  gen: number;
  type: string;
  access: (typeof P2M_ACCESS_NAMES)[number];
  writeClaim: 0 | 1;
  pml: 0 | 1;
  superpage: 0 | 1;
  mmioReadOnly: 0 | 1;
  adSupported: 0 | 1;
  r: 0 | 1 | 'ASSERT';
  w: 0 | 1;
  x: 0 | 1;
  a: 0 | 1;
  d: 0 | 1;
}

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
    const rows = loadTable<{ gen: number; class: string; type: string; member: number }>('types.json', 'classes');
    expect(rows).toHaveLength(1047);
    for (const row of rows) {
      const mask = p2mClasses(GENERATIONS[row.gen]!)[classOf(row.class)];
      expect({ ...row, member: +isIn(mask, p2mTypeNumber(row.type)) }).toEqual(row);
    }
  });
});

describe('EPT entries', () => {
  test('permissions agree with the oracle for every type, access and circumstance', () => {
    const rows = loadTable<EptRow>('types.json', 'ept');
    expect(rows).toHaveLength(888);
    for (const row of rows) {
      if (row.r === 'ASSERT') {
        expect([row.type, row.superpage, row.mmioReadOnly]).toEqual(['mmio_direct', 1, 1]);
        continue;
      }
      const ctx = {
        xen: GENERATIONS[row.gen]!,
        adSupported: !!row.adSupported,
        pml: !!row.pml,
        writeClaim: !!row.writeClaim,
      };
      const access = P2M_ACCESS_NAMES.indexOf(row.access);
      const flags = eptFlags(p2mTypeNumber(row.type), access, ctx, !!row.superpage, !!row.mmioReadOnly);
      const bit = (mask: number): number => +((flags & mask) !== 0);
      const got = { r: bit(EPT_R), w: bit(EPT_W), x: bit(EPT_X), a: bit(EPT_A), d: bit(EPT_D) };
      expect({ ...row, ...got }).toEqual(row);
    }
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
