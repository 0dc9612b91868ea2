// Two actors at one page: what comes between Xen's look-up and its request, and what the lock prevents.
import { describe, expect, test } from 'vitest';
import { AUDIT } from './audit';
import type { Op } from './config';
import { HVMMEM, setMemType } from './dm';
import { P2M } from './p2m-type';
import { VERSIONS, xenWith, type Xen } from './patches';
import { apply, enabled, step, XENGT, XENGT_TAKE } from './step';
import { bound, go, guestWord, PD, PT, shadowWord, unbind } from './testing';
import type { World } from './world';

const ENTRY = PT * 4096;
const write = (gpa: number, low: number): Op => ({ op: 'write', gpa, size: 8, low, high: 0 });

describe('a claim released between fault and look-up', () => {
  test('makes Xen retry, and the same instruction faults again while the entry is unchanged', () => {
    const w = bound(VERSIONS.claim, [write(ENTRY + 8, 0x901083)]);
    go(w, 'fault.emulate');
    expect(w.p2m.setIoreqServer(w.xengt.server, 0)).toBe(0);
    const events = step(w, 0);
    expect(events.map(({ code }) => code)).toEqual(['io.retry']);
    expect([w.p2mLock, w.vcpus[0]!.gpa]).toEqual([null, ENTRY + 8]);
    expect(step(w, 0)).toMatchObject([{ code: 'exit.violation', params: { gpa: ENTRY + 8, low: 0x901083 } }]);
    expect(go(w, 'io.retry').map(({ code }) => code)).toEqual(['fault.emulate', 'io.retry']);
    expect(guestWord(w, PT, 8)).toBe(0);
  });

  test('and once the tables are marked the write goes past XenGT into plain RAM, which the audit sees', () => {
    const w = bound(VERSIONS.claim, [write(ENTRY + 8, 0x901083)]);
    go(w, 'fault.emulate');
    w.p2m.setIoreqServer(w.xengt.server, 0);
    go(w, 'io.retry');
    // The mark needs the p2m lock, so it comes after the retry.
    w.p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
    expect(AUDIT['owner.sees'](w)).toBe('holds');
    expect(go(w, 'guest.write').map(({ code }) => code)).toEqual(['exit.misconfig', 'fault.resolved', 'guest.write']);
    expect([guestWord(w, PT, 8), shadowWord(w, PT, 8)]).toEqual([0x901083, 0]);
    expect([AUDIT['owner.sees'](w), AUDIT['write.lost'](w)]).toEqual(['broken', 'holds']);
  });
});

describe('a page given back between fault and look-up', () => {
  test('loses the write when no lock is held, and the audit says so', () => {
    const w = bound(VERSIONS.v7, [write(ENTRY + 8, 0x901083)]);
    go(w, 'fault.emulate');
    expect(setMemType(w.p2m, PT, 1, HVMMEM.ram_rw)).toBe(0);
    expect(w.servers.unmapRange(1, 'memory', BigInt(ENTRY), BigInt(ENTRY + 4095))).toBe(0);
    expect(AUDIT['write.lost'](w)).toBe('holds');
    expect(go(w, 'io.discard')).toMatchObject([
      { code: 'io.select', params: { server: 0, by: 'none' } },
      { code: 'io.discard', params: { gfn: PT, type: P2M.ram_rw, write: true } },
    ]);
    expect([guestWord(w, PT, 8), AUDIT['write.lost'](w)]).toEqual([0, 'broken']);
  });

  /** vCPU 0 unlinks the PT, which XenGT has just been told; vCPU 1 writes to it, and Xen has looked its type up. */
  function race(xen: Xen): World {
    const w = bound(xen, [unbind(0, 1)], {}, [[write(ENTRY + 16, 0x902083)]]);
    do go(w, 'ioreq.inprocess', (choice) => choice !== 1);
    while (w.vcpus[0]!.gpa !== PD * 4096);
    expect(step(w, 1)).toMatchObject([{ code: 'exit.violation' }]);
    expect(step(w, 1)).toMatchObject([{ code: 'fault.emulate', params: { type: P2M.ioreq_server } }]);
    return w;
  }

  test('v7: XenGT gives it back in between, as it does in life', () => {
    const w = race(VERSIONS.v7);
    go(w, 'dm.unmapRange', (choice) => choice === XENGT);
    expect(step(w, 1)).toMatchObject([{ code: 'io.select' }, { code: 'io.discard', params: { type: P2M.ram_rw } }]);
    expect(AUDIT['write.lost'](w)).toBe('broken');
  });

  test.each([
    ['claim', VERSIONS.claim],
    ['v7 with d909cb9999', xenWith(['writeDm', 'lockThroughEmulation'])],
  ])('%s: XenGT must wait for the lock, and then gets a request for a page that it let go', (_, xen) => {
    const w = race(xen);
    while (enabled(w).includes(XENGT)) expect(step(w, XENGT)[0]!.code).toMatch(/^dm\.(write|shadowEntry)$/);
    expect(enabled(w)).toEqual([1]);
    expect(() => apply(w, XENGT)).toThrow('not enabled');
    step(w, 1);
    step(w, 1);
    expect([w.p2mLock, enabled(w)]).toEqual([null, [XENGT]]);
    go(w, 'dm.dropTable', (choice) => choice === XENGT);
    const events = go(w, 'dm.write', (choice) => choice === XENGT || choice === XENGT_TAKE + 1);
    expect(events.at(-1)).toMatchObject({ params: { gfn: PT, index: 2, tracked: false } });
    expect([guestWord(w, PT, 16), AUDIT['write.lost'](w)]).toEqual([0x902083, 'holds']);
  });
});
