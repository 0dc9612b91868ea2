import { describe, expect, test } from 'vitest';
import { NESTED_STEPS, nestedRights, walkL0P2m, type SeriesText } from './nested';
import { p2mClasses } from './p2m-classes';
import { P2M, type P2mType } from './p2m-type';
import type { AccessKind } from './p2m-table';
import { VERSIONS, xenWith, type Xen } from './patches';

const TRAPS = xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed']);
const page = (type: P2mType, mfn: number | null = 5) => ({ type, mfn });
const walk = (xen: Xen, type: P2mType, kind: AccessKind, text?: SeriesText, mfn?: number | null) =>
  walkL0P2m(xen, p2mClasses(xen), page(type, mfn), kind, text);

describe('an access of a guest inside the guest', () => {
  test('to type 15 is left to the outer rule before the claim, for reads as well', () => {
    for (const xen of [VERSIONS.v7, TRAPS]) {
      expect(walk(xen, P2M.ioreq_server, 'write')).toBe('L0_ERROR');
      expect(walk(xen, P2M.ioreq_server, 'read')).toBe('L0_ERROR');
    }
    expect(NESTED_STEPS.L0_ERROR).toBe('asOuter');
  });

  test('to type 15 goes through as plain RAM since the claim as merged, and is writable though claimed', () => {
    expect(walk(VERSIONS.claim, P2M.ioreq_server, 'write')).toBe('DONE');
    expect(NESTED_STEPS.DONE).toBe('map');
    expect(nestedRights(VERSIONS.claim, P2M.ioreq_server)).toBe(3);
  });

  test('to type 15 is emulated if it writes, in the claim series as posted', () => {
    expect(walk(VERSIONS.claim, P2M.ioreq_server, 'write', 'posted')).toBe('MMIO');
    expect(walk(VERSIONS.claim, P2M.ioreq_server, 'read', 'posted')).toBe('DONE');
    expect(walk(TRAPS, P2M.ioreq_server, 'write', 'posted')).toBe('L0_ERROR');
    expect(NESTED_STEPS.MMIO).toBe('emulate');
  });

  test('to any other type has one answer in all versions', () => {
    for (const xen of [VERSIONS.v7, TRAPS, VERSIONS.claim]) {
      const answers = (kind: AccessKind) =>
        (['ram_rw', 'ram_logdirty', 'ram_ro', 'ram_shared', 'ram_paged', 'mmio_dm', 'mmio_direct'] as const).map(
          (name) => walk(xen, P2M[name], kind),
        );
      const late = ['L0_ERROR', 'L0_ERROR', 'MMIO', 'DIRECT_MMIO'];
      expect(answers('read')).toEqual(['DONE', 'DONE', 'DONE', ...late]);
      expect(answers('write')).toEqual(['DONE', 'L0_ERROR', 'L0_ERROR', ...late]);
      expect(walk(xen, P2M.ram_rw, 'read', 'merged', null)).toBe('L0_ERROR');
    }
  });
});
