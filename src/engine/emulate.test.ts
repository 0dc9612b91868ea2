import { describe, expect, test } from 'vitest';
import { AUDIT } from './audit';
import { MIB, type Op } from './config';
import { BAR } from './guest-layout';
import { P2M } from './p2m-type';
import { PATCHES, VERSIONS, xenWith, type Xen } from './patches';
import { enabled, step } from './step';
import { bind, bound, configOf, eventsOf, first, go, guestWord, PD, PDP, PML4, PT, shadowWord } from './testing';
import { World } from './world';
import { tableFrame } from './xengt/driver';

const ENTRY = PT * 4096;
const write = (gpa: number, low: number): Op => ({ op: 'write', gpa, size: 8, low, high: 0 });
const rmw = (how: 'or' | 'xor', gpa: number, low: number): Op => ({ op: 'rmw', how, gpa, size: 8, low, high: 0 });

/** Every step to the end of the write: actor, codes, and whether the gfn lock is held after it. */
function story(w: World): [string, string, boolean][] {
  const lines: [string, string, boolean][] = [];
  while (w.vcpus[0]!.phase !== 7) {
    const events = step(w, enabled(w)[0]!);
    lines.push([events[0]!.actor, events.map(({ code }) => code).join(), w.p2mLock === 0]);
  }
  return lines.slice(0, -1);
}

describe('one trapped write, step by step', () => {
  const steps = (locked: boolean) => [
    ['vcpu0', 'exit.violation', false],
    ['xen', 'fault.emulate', locked],
    ['xen', 'io.select', locked],
    ['xen', 'ioreq.ready', false],
    ['xengt', 'ioreq.inprocess', false],
    ['xengt', 'dm.write', false],
    ['xengt', 'dm.shadowEntry', false],
    ['xengt', 'ioreq.respReady', false],
    ['xen', 'vcpu.resume', false],
  ];

  test('claim: the lock is held from the look-up to the request', () => {
    const w = bound(VERSIONS.claim, [write(ENTRY + 8, 0x901083)]);
    expect(story(w)).toEqual(steps(true));
    const mfn = w.p2m.frame(0x901)!;
    expect([guestWord(w, PT, 8), shadowWord(w, PT, 8)]).toEqual([0x901083, ((mfn << 12) | 0x83) >>> 0]);
  });

  test('v7: the lock is not held at all', () => {
    expect(story(bound(VERSIONS.v7, [write(ENTRY + 8, 0x901083)]))).toEqual(steps(false));
  });

  test('claim asks who holds the type, v7 searches the ranges up to the one past the page', () => {
    const claim = go(bound(VERSIONS.claim, [write(ENTRY + 8, 1)]), 'io.select');
    expect(first(claim, 'io.select')).toEqual({ vcpu: 0, gfn: PT, server: 1, by: 'claim', comparisons: 0 });
    const scattered = configOf('v7', [[]]);
    const search = (n: number) => {
      const gfn = tableFrame(scattered, n);
      const events = go(bound(VERSIONS.v7, [write(gfn * 4096 + 8, 1)], { tablePages: 'scattered' }), 'io.select');
      expect(first(events, 'io.select')).toMatchObject({ gfn, server: 1, by: 'range' });
      return first(events, 'io.select').comparisons;
    };
    // The four tables ascend, and the register range of the GPU comes after them.
    expect([0, 1, 2, 3].map(search)).toEqual([2, 3, 4, 5]);
  });

  test.each(['claim', 'v7'] as const)('%s: a write to a register of the GPU goes by its range', (version) => {
    const w = bound(VERSIONS[version], [{ op: 'write', gpa: BAR.start, size: 4, low: 5, high: 0 }]);
    const events = go(w, 'vcpu.resume');
    expect(first(events, 'fault.emulate').type).toBe(P2M.mmio_dm);
    expect(first(events, 'io.select')).toMatchObject({ server: 1, by: 'range' });
    expect(first(events, 'dm.register')).toEqual({ offset: -0x78000, low: 5, asks: 'nothing' });
  });

  test.each(['claim', 'v7'] as const)('%s: a write to the BIOS is discarded and changes nothing', (version) => {
    const w = bound(VERSIONS[version], [write(0xc0000, 0x55)]);
    const { tables, frames } = w.store.bytes;
    const events = go(w, 'guest.done');
    expect(events.map(({ code }) => code)).toEqual([
      'exit.violation',
      'fault.emulate',
      'io.select',
      'io.discard',
      'guest.done',
    ]);
    expect(first(events, 'io.discard')).toEqual({ vcpu: 0, gfn: 0xc0, type: P2M.ram_ro, write: true });
    expect([guestWord(w, 0xc0), w.p2m.getEntry(0xc0).type, w.p2mLock]).toEqual([0, P2M.ram_ro, null]);
    expect([w.store.bytes.tables, w.store.bytes.frames]).toEqual([tables, frames]);
    expect(AUDIT['write.lost'](w)).toBe('holds');
  });

  test('a read where nothing is gives all ones, and is nobody’s', () => {
    const events = go(bound(VERSIONS.claim, [{ op: 'read', gpa: 0xa0000, size: 4 }]), 'guest.done');
    expect(first(events, 'io.discard')).toEqual({ vcpu: 0, gfn: 0xa0, type: P2M.mmio_dm, write: false });
  });
});

describe('a read-modify-write of a protected entry', () => {
  test('has its read half served by Xen, and XenGT gets the merged value', () => {
    const w = bound(VERSIONS.claim, [rmw('or', ENTRY, 0x18)]);
    const events = go(w, 'vcpu.resume');
    expect(events.map(({ code }) => code).slice(0, 6)).toEqual([
      'exit.violation',
      'fault.emulate',
      'io.readHalf',
      'io.select',
      'ioreq.ready',
      'ioreq.inprocess',
    ]);
    expect(first(events, 'io.readHalf')).toEqual({ vcpu: 0, gfn: PT, low: 0x900083, high: 0 });
    expect(first(events, 'ioreq.ready')).toMatchObject({ low: 0x90009b, high: 0, write: true });
    expect([guestWord(w, PT), shadowWord(w, PT)]).toEqual([0x90009b, ((w.p2m.frame(0x900)! << 12) | 0x9b) >>> 0]);
  });

  test.each([
    ['the claim series without 4b602cced9', without('rmwReads')],
    ['v7', VERSIONS.v7],
  ])('%s: XenGT gets a read, answers all ones, and the value is wrong', (_, xen) => {
    const w = bound(xen, [rmw('xor', ENTRY, 0x18)]);
    const events = go(w, 'dm.write');
    expect(first(events, 'ioreq.ready')).toMatchObject({ write: false });
    expect(first(events, 'dm.read')).toEqual({ gfn: PT });
    expect(first(events, 'vcpu.resume')).toMatchObject({ write: false, low: 0xffffffff, high: 0xffffffff });
    expect(first(events, 'dm.write')).toMatchObject({ old: 0x900083, low: 0xffffffe7, high: 0xffffffff });
    go(w, 'guest.done');
    expect([guestWord(w, PT), shadowWord(w, PT)]).toEqual([0xffffffe7, 0]);
  });
});

function without(name: string): Xen {
  const { claim } = VERSIONS;
  return xenWith(PATCHES.filter((p) => claim[p.name] && p.name !== name).map((p) => p.name));
}

describe('a paging pool without a frame for the split', () => {
  const programs: Op[] = [{ op: 'ppgtt_create' }, bind(0, 1, 0x900), bind(2 ** 21, 1, 0x901)];
  test('refuses the type with ENOMEM: the table stays plain RAM and its shadow empty', () => {
    // The upper tables and the first PT share a 2 MiB entry, the second PT lies in the next.
    const config = configOf('claim', [programs], { order: 9, pool: 5, memory: 32 * MIB });
    const [pd, pt] = [tableFrame(config, 2), tableFrame(config, 4)];
    expect([0, 1, 2, 3, 4].map((n) => tableFrame(config, n) >>> 9)).toEqual([6, 6, 6, 6, 7]);
    const w = new World(config);
    const events = go(w, 'guest.done');
    expect(w.p2m.pool.inUse).toBe(5);
    const refused = events.filter(({ errno }) => errno);
    expect(refused).toMatchObject([{ code: 'dm.protect', params: { gfn: pt, level: 0 }, errno: 'ENOMEM' }]);
    const [after] = events.slice(events.indexOf(refused[0]!) + 1);
    expect(after).toMatchObject({ code: 'dm.shadowEntry', params: { gfn: pd, index: 1, target: null } });
    expect(eventsOf(events, 'guest.write')).toMatchObject([{ params: { gpa: pt * 4096 } }]);
    expect(w.p2m.getEntry(pt)).toMatchObject({ type: P2M.ram_rw, order: 9 });
    expect(AUDIT['shadow.equals'](w)).toBe('broken');
  });
});

test('the tables of the one buffer are where these tests say', () => {
  const w = bound(VERSIONS.claim, []);
  expect([PML4, PDP, PD, PT].map((gfn) => w.xengt.tables.at(w.xengt.tables.of(gfn)).level)).toEqual([3, 2, 1, 0]);
});
