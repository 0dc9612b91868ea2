/** types.json: the numbers of page types, their classes, and what the table formats make of them. */
import { eptFlags, EPT_A, EPT_D, EPT_R, EPT_W, EPT_X } from '../ept-entry';
import { PT_A, PT_D, PT_NX, PT_P, PT_PCD, PT_PWT, PT_RW, PT_US, ptFlags, ptHi, ptLo, ptType } from '../pt-entry';
import { p2mClasses, type P2mClasses } from '../p2m-classes';
import { isIn, P2M_ACCESS_NAMES, p2mTypeNames, p2mTypeNumber } from '../p2m-type';
import type { Xen } from '../patches';
import { GENERATIONS } from './revision';
import { compare, compareRow, eachItem, rowsOf, Tally, type Replay } from './types';

const PREDICATES: Record<string, keyof P2mClasses> = {
  p2m_allows_invalid_mfn: 'INVALID_MFN',
  p2m_has_emt: 'HAS_EMT',
  p2m_is_any_ram: 'ANY_RAM',
  p2m_is_readonly: 'RO',
};
const classOf = (name: string): keyof P2mClasses =>
  PREDICATES[name] ?? (name.replace(/^P2M_(.*)_TYPES$|^p2m_is_(.*)$/, '$1$2').toUpperCase() as keyof P2mClasses);

type Bit = 0 | 1;
export interface ClassRow {
  readonly gen: number;
  readonly class: string;
  readonly type: string;
  readonly member: Bit;
}
export interface EptRow {
  readonly gen: number;
  readonly type: string;
  readonly access: (typeof P2M_ACCESS_NAMES)[number];
  readonly writeClaim: Bit;
  readonly pml: Bit;
  readonly superpage: Bit;
  readonly mmioReadOnly: Bit;
  readonly adSupported: Bit;
  readonly r: Bit | 'ASSERT';
  readonly w: Bit;
  readonly x: Bit;
  readonly a: Bit;
  readonly d: Bit;
}
export interface PtRow {
  readonly gen: number;
  readonly type: string;
  readonly writeClaim: Bit;
  readonly mmioReadOnly: Bit;
  readonly level: number | null;
  readonly present: Bit | 'ASSERT';
  readonly rw: Bit;
  readonly user: Bit;
  readonly accessed: Bit;
  readonly dirty: Bit;
  readonly nx: Bit;
  readonly pwt: Bit;
  readonly pcd: Bit;
  readonly typeField: number;
}

export const replayTypes: Replay = (lines) => {
  const { typeNumbers = {} } = lines[0] as { typeNumbers?: Record<string, string[]> };
  const tally = eachItem(Object.entries(typeNumbers), ([gen, names]) =>
    compare(`typeNumbers ${gen}`, names, p2mTypeNames(GENERATIONS[+gen]!)),
  );
  replayClasses(rowsOf(lines, 'classes'), tally);
  replayEptFlags(rowsOf(lines, 'ept'), tally);
  return replayPtFlags(rowsOf(lines, 'pt'), tally);
};

export const replayClasses = (rows: readonly ClassRow[], tally = new Tally()): Tally =>
  eachItem(
    rows,
    (row) => {
      const members = p2mClasses(GENERATIONS[row.gen]!)[classOf(row.class)];
      return compareRow('classes', row, { member: bit(isIn(members, p2mTypeNumber(row.type))) });
    },
    tally,
  );

export const replayEptFlags = (rows: readonly EptRow[], tally = new Tally()): Tally =>
  eachItem(
    rows,
    (row) => {
      const { superpage, mmioReadOnly } = row;
      const xen = GENERATIONS[row.gen]!;
      if (asserts(xen, row, superpage)) return compareRow('ept', row, { r: 'ASSERT' });
      const ctx = {
        xen,
        adSupported: !!row.adSupported,
        pml: !!row.pml,
        writeClaim: !!row.writeClaim,
      };
      const access = P2M_ACCESS_NAMES.indexOf(row.access);
      const flags = eptFlags(p2mTypeNumber(row.type), access, ctx, !!superpage, !!mmioReadOnly);
      const has = (mask: number): Bit => bit((flags & mask) !== 0);
      return compareRow('ept', row, { r: has(EPT_R), w: has(EPT_W), x: has(EPT_X), a: has(EPT_A), d: has(EPT_D) });
    },
    tally,
  );

export const replayPtFlags = (rows: readonly PtRow[], tally = new Tally()): Tally =>
  eachItem(
    rows,
    (row) => {
      const xen = GENERATIONS[row.gen]!;
      if (asserts(xen, row, row.level ?? 0)) return compareRow('pt', row, { present: 'ASSERT' });
      const ctx = { xen, writeClaim: !!row.writeClaim };
      const flags = ptFlags(p2mTypeNumber(row.type), ctx, !!row.mmioReadOnly);
      const [lo, hi] = [ptLo(0, flags), ptHi(0, flags)];
      const has = (mask: number): Bit => bit((lo & mask) !== 0);
      return compareRow('pt', row, {
        present: has(PT_P),
        rw: has(PT_RW),
        user: has(PT_US),
        accessed: has(PT_A),
        dirty: has(PT_D),
        nx: bit((hi & PT_NX) !== 0),
        pwt: has(PT_PWT),
        pcd: has(PT_PCD),
        typeField: ptType(lo, hi),
      });
    },
    tally,
  );

/**
 * A debug build stops at a large mapping of device memory that no guest may write: who maps it splits it before. So it has
 * been since some time between the first two generations.
 */
const asserts = (xen: Xen, { type, mmioReadOnly }: { type: string; mmioReadOnly: Bit }, large: number): boolean =>
  xen.typeRenamed && type === 'mmio_direct' && mmioReadOnly === 1 && large > 0;

const bit = (on: boolean): Bit => (on ? 1 : 0);
