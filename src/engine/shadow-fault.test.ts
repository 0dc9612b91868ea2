import { describe, expect, test } from 'vitest';
import { p2mClasses } from './p2m-classes';
import { P2M, type P2mType } from './p2m-type';
import { VERSIONS, xenWith, type Xen } from './patches';
import { emulatedWrite, isForDeviceModel, shadowPageFault } from './shadow-fault';

const TRAPS = xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed']);
const OLD: readonly Xen[] = [VERSIONS.v7, TRAPS];
const fault = (xen: Xen, type: P2mType, write: boolean, mfn: number | null = 5, pageTable = false) =>
  shadowPageFault(xen, p2mClasses(xen), { type, mfn, pageTable }, write);

describe('a fault of a guest on shadow page tables', () => {
  test('a write to type 15 is meant for the device model until the claim, a read never is', () => {
    for (const xen of OLD) {
      expect(isForDeviceModel(xen, P2M.ioreq_server, true)).toBe(true);
      expect(isForDeviceModel(xen, P2M.ioreq_server, false)).toBe(false);
    }
    expect(isForDeviceModel(VERSIONS.claim, P2M.ioreq_server, true)).toBe(false);
    expect(isForDeviceModel(xenWith([]), P2M.ioreq_server, true)).toBe(false);
    expect(isForDeviceModel(VERSIONS.claim, P2M.mmio_dm, false)).toBe(true);
  });

  test('but as type 15 is no valid type before the claim, the guest gets the fault, for a read too', () => {
    for (const xen of OLD) {
      for (const write of [true, false]) {
        expect(fault(xen, P2M.ioreq_server, write, null)).toBe('guest');
        expect(fault(xen, P2M.ioreq_server, write)).toBe('guest');
      }
    }
  });

  test('since the claim type 15 is plain RAM here', () => {
    expect(fault(VERSIONS.claim, P2M.ioreq_server, true)).toBe('fixed');
  });

  test('other types: device memory, read-only pages, page tables, pages that are not there', () => {
    for (const xen of [...OLD, VERSIONS.claim]) {
      expect(fault(xen, P2M.mmio_dm, false, null)).toBe('deviceModel');
      expect(fault(xen, P2M.ram_ro, true)).toBe('readOnly');
      expect(fault(xen, P2M.grant_map_ro, true)).toBe('readOnly');
      expect(fault(xen, P2M.ram_ro, false)).toBe('fixed');
      expect(fault(xen, P2M.ram_rw, true)).toBe('fixed');
      expect(fault(xen, P2M.ram_rw, true, 5, true)).toBe('emulate');
      expect(fault(xen, P2M.ram_rw, false, 5, true)).toBe('fixed');
      expect(fault(xen, P2M.ram_rw, true, null)).toBe('guest');
      expect(fault(xen, P2M.ram_broken, false, null)).toBe('guest');
    }
  });
});

describe('a write emulated by the shadow code', () => {
  const write = (xen: Xen, type: P2mType) => emulatedWrite(xen, p2mClasses(xen), type);

  test('reached a type-15 page behind its device model until 2018', () => {
    expect(write(VERSIONS.claim, P2M.ioreq_server)).toBe('frame');
    expect(write({ ...VERSIONS.claim, shadowHonours: true }, P2M.ioreq_server)).toBe('bad');
    expect(write(VERSIONS.v7, P2M.ioreq_server)).toBe('bad');
  });

  test('is dropped on read-only pages', () => {
    expect([P2M.ram_rw, P2M.ram_ro, P2M.grant_map_ro, P2M.mmio_dm].map((t) => write(VERSIONS.claim, t))).toEqual([
      'frame',
      'dropped',
      'dropped',
      'bad',
    ]);
  });
});
