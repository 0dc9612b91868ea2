import { describe, expect, test } from 'vitest';
import { copyFromGuest, copyToGuest, mapGuestFrame, mapLinear, shadowTarget, type CopyHost, type Linear } from './copy';
import { NO_ENVIRONMENT } from './dm';
import { Memory } from './memory';
import type { P2m } from './p2m';
import { P2M, P2M_ACCESS, type P2mType } from './p2m-type';
import { PATCHES, VERSIONS, xenWith, type PatchName } from './patches';
import { machineOf, place, RAM_MFN } from './replay/machine';
import { BARE, WILLING } from './replay/set-mem-type';
import { agreed, replayVectors } from './vectors/replay';

describe("Xen's own copies and mappings: agrees with what Xen was measured to do", () => {
  test.each(['bfdd5e5876-before', 'bfdd5e5876', 'd7bff2bc00-before', 'd7bff2bc00'])('%s', (commit) => {
    expect(replayVectors(`patches/${commit}/copy.json`)).toEqual(agreed(77));
  });
});

const atRelease = PATCHES.filter(({ name }) => VERSIONS.claim[name]).map(({ name }) => name);
const with_ = (...names: PatchName[]) => xenWith([...atRelease, ...names]);

function guest(type: P2mType, xen = VERSIONS.claim, more: Partial<CopyHost> = {}): CopyHost {
  const { store, p2m } = machineOf(xen, 'ept');
  p2m.build([{ gfn: 0, frames: 16, mfn: RAM_MFN, type: P2M.ram_rw, order: 0 }]);
  p2m.setIoreqServer(1, 2);
  place(p2m, 5, type, BARE, P2M_ACCESS.rwx);
  return { p2m, memory: new Memory(store), environment: NO_ENVIRONMENT, ...more };
}
const PAGE = 0x5000;
const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => i + 1);

describe('a copy', () => {
  test('goes over page borders at any byte, and comes back', () => {
    const dirty: number[] = [];
    const host = guest(P2M.ram_rw, VERSIONS.claim, { markDirty: (gfn) => void dirty.push(gfn) });
    expect(copyToGuest(host, PAGE - 3, bytes(9))).toEqual({ result: 'okay', bytes: 9 });
    expect(dirty).toEqual([4, 5]);
    const back = new Uint8Array(9);
    expect(copyFromGuest(host, PAGE - 3, back)).toEqual({ result: 'okay', bytes: 9 });
    expect(back).toEqual(bytes(9));
  });

  test('that is refused at its second page has written the first', () => {
    const host = guest(P2M.ioreq_server, with_('copyHonours'));
    expect(copyToGuest(host, PAGE - 3, bytes(9), true)).toEqual({ result: 'bad_gfn_to_mfn', bytes: 3 });
    const back = new Uint8Array(3);
    copyFromGuest(host, PAGE - 3, back);
    expect(back).toEqual(bytes(3));
  });

  test('to a read-only page is dropped without a sound', () => {
    const host = guest(P2M.ram_ro);
    expect(copyToGuest(host, PAGE, bytes(4))).toEqual({ result: 'okay', bytes: 4 });
    const back = new Uint8Array(4);
    copyFromGuest(host, PAGE, back);
    expect(back).toEqual(new Uint8Array(4));
  });

  test('at generations 1 and 2 finds no page behind type 15: it is not RAM there', () => {
    for (const xen of [VERSIONS.v7, xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed'])]) {
      expect(copyToGuest(guest(P2M.ioreq_server, xen), PAGE, bytes(1)).result).toBe('bad_gfn_to_mfn');
    }
  });

  test('un-shares and populates where that can be done', () => {
    for (const type of [P2M.ram_shared, P2M.populate_on_demand]) {
      const host = guest(type, VERSIONS.claim, { environment: WILLING });
      expect(copyToGuest(host, PAGE, bytes(1)).result).toBe('okay');
      expect(host.p2m.getEntry(5).type).toBe(P2M.ram_rw);
    }
  });

  test.each<Exclude<Linear, number>>(['bad_linear_to_gfn', 'gfn_paged_out', 'gfn_shared'])(
    'by a linear address may end in the guest’s tables: %s',
    (result) => {
      const host = guest(P2M.ram_rw, VERSIONS.claim, { translate: () => result });
      expect(copyFromGuest(host, PAGE, bytes(1), true)).toEqual({ result, bytes: 0 });
      expect(mapLinear(host, PAGE, 1, false)).toEqual({
        outcome: 'error',
        error: result === 'bad_linear_to_gfn' ? 'EXCEPTION' : 'RETRY',
      });
      expect(shadowTarget(host, PAGE)).toBe('badGva');
    },
  );

  test('does not reach what Xen serves itself, and asks the pager for what is paged out', () => {
    const host = guest(P2M.ram_rw, VERSIONS.claim, { internal: (gfn) => gfn === 5 });
    expect(copyToGuest(host, PAGE, bytes(1)).result).toBe('bad_gfn_to_mfn');
    const asked: number[] = [];
    const environment = { ...NO_ENVIRONMENT, pageIn: (_: P2m, gfn: number) => void asked.push(gfn) };
    const paged = guest(P2M.ram_paging_out, VERSIONS.claim, { environment });
    expect(copyToGuest(paged, PAGE, bytes(1)).result).toBe('gfn_paged_out');
    expect(mapGuestFrame(paged, 5, false)).toBeNull();
    expect(asked).toEqual([5, 5]);
  });
});

describe('an operand', () => {
  test('of no bytes, or on more than two pages, cannot be mapped', () => {
    const unhandleable = { outcome: 'error', error: 'UNHANDLEABLE' };
    const host = guest(P2M.ram_rw);
    expect(mapLinear(host, PAGE, 0, true)).toEqual(unhandleable);
    expect(mapLinear(host, PAGE - 1, 4098, true)).toEqual(unhandleable);
    expect(mapLinear(host, PAGE - 1, 2, true)).toEqual({ outcome: 'mapped', mfns: [RAM_MFN + 4, RAM_MFN + 5] });
  });

  test('on type 15 is mapped, past its device model, until bfdd5e5876', () => {
    const host = guest(P2M.ioreq_server);
    expect(mapLinear(host, PAGE, 8, true)).toEqual({ outcome: 'mapped', mfns: [RAM_MFN + 5] });
    const mended = guest(P2M.ioreq_server, with_('mapHonours'));
    expect(mapLinear(mended, PAGE, 8, true)).toEqual({ outcome: 'null' });
    expect(mapLinear(mended, PAGE, 8, false)).toMatchObject({ outcome: 'mapped' });
  });
});

describe('a frame mapped into Xen', () => {
  test('of type 15 could be written until 1f04469a07', () => {
    const dirty: number[] = [];
    const markDirty = (gfn: number) => void dirty.push(gfn);
    const frame = { mfn: RAM_MFN + 5, writable: true };
    expect(mapGuestFrame(guest(P2M.ioreq_server, VERSIONS.claim, { markDirty }), 5, true)).toEqual(frame);
    const mended = guest(P2M.ioreq_server, with_('frameMapHonours'), { markDirty });
    expect(mapGuestFrame(mended, 5, true)).toEqual({ ...frame, writable: false });
    expect(mapGuestFrame(mended, 4, true, true)).toEqual({ mfn: RAM_MFN + 4, writable: true });
    expect(dirty).toEqual([5]);
  });

  test('is not writable where writes are dropped, and not there where no page is', () => {
    expect(mapGuestFrame(guest(P2M.ram_ro), 5, true)).toMatchObject({ writable: false });
    expect(mapGuestFrame(guest(P2M.mmio_dm), 5, true)).toBeNull();
    expect(mapGuestFrame(guest(P2M.ram_shared), 5, true)).toBeNull();
    expect(mapGuestFrame(guest(P2M.ram_shared), 5, false)).toEqual({ mfn: RAM_MFN + 5, writable: false });
  });
});

describe("the shadow pager's emulator", () => {
  test('wrote a type-15 page itself until 2190c8160a', () => {
    expect(shadowTarget(guest(P2M.ioreq_server), PAGE)).toBe(RAM_MFN + 5);
    expect(shadowTarget(guest(P2M.ioreq_server, with_('shadowHonours')), PAGE)).toBe('badGfn');
  });

  test('drops, gives up, or finds the frame', () => {
    expect(shadowTarget(guest(P2M.ram_rw), PAGE)).toBe(RAM_MFN + 5);
    expect(shadowTarget(guest(P2M.ram_ro), PAGE)).toBe('readOnly');
    expect(shadowTarget(guest(P2M.mmio_dm), PAGE)).toBe('badGfn');
    expect(shadowTarget(guest(P2M.grant_map_rw), PAGE)).toBe('badGfn');
  });
});
