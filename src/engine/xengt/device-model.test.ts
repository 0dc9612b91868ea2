import { describe, expect, test } from 'vitest';
import { AUDIT, audit, shadowEquals } from '../audit';
import { MIB, type Config, type Op } from '../config';
import { G2V_NOTIFY, PDP0_HIGH, PDP0_LOW, PPGTT_L4_CREATE, PPGTT_L4_DESTROY, PVINFO } from '../guest-layout';
import { P2M } from '../p2m-type';
import type { Version } from '../patches';
import { enabled, step } from '../step';
import { bind, configOf, eventsOf, PD, PDP, PML4, PT, unbind } from '../testing';
import type { AnyEvent } from '../trace';
import { World } from '../world';

/** Frames that a test uses as page tables of its own making: what the driver never takes. */
const [A, B, C, D] = [0x310, 0x311, 0x312, 0x313];
const entry = (table: number, slot: number, frame: number): Op => {
  const [low, high] = [((frame << 12) | 3) >>> 0, Math.floor(frame / 2 ** 20)];
  return { op: 'write', gpa: table * 4096 + slot * 8, size: 8, low, high };
};
const clear = (table: number, slot: number): Op => ({
  op: 'write',
  gpa: table * 4096 + slot * 8,
  size: 8,
  low: 0,
  high: 0,
});
const register = (offset: number, low: number): Op => ({ op: 'write', gpa: PVINFO + offset, size: 4, low, high: 0 });
const notify = (root: number, message: number): Op[] => [
  register(PDP0_LOW, root * 4096),
  register(PDP0_HIGH, 0),
  register(G2V_NOTIFY, message),
];

/** Runs to the end, lowest choice first, and answers the world and every event. */
function run(version: Version, program: readonly Op[], more: Partial<Config> = {}): { w: World; events: AnyEvent[] } {
  const w = new World(configOf(version, [program], more));
  const events: AnyEvent[] = [];
  for (let choice = enabled(w)[0]; choice !== undefined; choice = enabled(w)[0]) events.push(...step(w, choice));
  expect(w.vcpus[0]!.phase).toBe(7);
  return { w, events };
}

/** Frame and level of each event of this code. */
const tables = (events: readonly AnyEvent[], code: 'dm.protect' | 'dm.shadowTable' | 'dm.dropTable') =>
  eventsOf(events, code).map(({ params: { gfn, level } }) => [gfn, level]);
const type = (w: World, gfn: number) => w.p2m.getEntry(gfn).type;
const refs = (w: World, gfn: number) => w.xengt.tables.at(w.xengt.tables.of(gfn)).refs;
const low = (w: World, mfn: number, slot: number) => w.memory.read(mfn, slot * 8, 8, { low: 0, high: 0 }).low;
const shadowMfn = (w: World, gfn: number) => w.xengt.tables.mfn(w.xengt.tables.of(gfn));

describe('XenGT starts', () => {
  test.each([
    ['claim', ['dm.create', 'dm.mapRange', 'dm.claim', 'dm.enable', 'domain.unpause']],
    ['v7', ['dm.create', 'dm.mapRange', 'dm.enable', 'domain.unpause']],
  ] as const)('%s: by %j', (version, codes) => {
    const { w, events } = run(version, []);
    expect(events.slice(0, -1).map(({ code }) => code)).toEqual(codes);
    expect(w.servers.list()).toMatchObject([{ id: 1, enabled: true, ranges: [0, 1, 0] }]);
    expect(w.p2m.claimHolder).toBe(version === 'claim' ? 1 : null);
  });
});

describe('a table', () => {
  test('that the guest links is protected, shadowed and then pointed to; unlinked, it is let go in the reverse order', () => {
    const { w, events } = run('claim', [{ op: 'ppgtt_create' }, bind(0, 1, 0x900), unbind(0, 1)], {
      tablePages: 'contiguous',
    });
    const after = events.slice(events.findLastIndex(({ code }) => code === 'dm.write'));
    expect(after.map(({ code }) => code)).toEqual([
      'dm.write',
      'dm.shadowEntry',
      'dm.unprotect',
      'dm.dropTable',
      'dm.shadowEntry',
      'ioreq.respReady',
      'vcpu.resume',
      'guest.done',
    ]);
    expect(tables(events, 'dm.protect')).toEqual([
      [PML4, 3],
      [PDP, 2],
      [PD, 1],
      [PT, 0],
    ]);
    expect(tables(events, 'dm.dropTable')).toEqual([
      [PT, 0],
      [PD, 1],
      [PDP, 2],
    ]);
    expect([PML4, PDP, PT].map((gfn) => type(w, gfn))).toEqual([P2M.ioreq_server, P2M.ram_rw, P2M.ram_rw]);
    expect([w.xengt.tables.live, w.p2m.regs.entryCount]).toEqual([1, 1]);
  });

  test('is translated when it is found full', () => {
    const program = [entry(D, 5, 0x900), entry(C, 0, D), entry(B, 0, C), entry(A, 7, B), ...notify(A, PPGTT_L4_CREATE)];
    const { w, events } = run('claim', program);
    expect(
      eventsOf(events, 'dm.shadowTable').map(({ params: { gfn, level, entries } }) => [gfn, level, entries]),
    ).toEqual([
      [A, 3, 1],
      [B, 2, 1],
      [C, 1, 1],
      [D, 0, 1],
    ]);
    expect(low(w, shadowMfn(w, A), 7)).toBe(((shadowMfn(w, B) << 12) | 3) >>> 0);
    expect(low(w, shadowMfn(w, D), 5)).toBe(((w.p2m.frame(0x900)! << 12) | 3) >>> 0);
  });

  test.each(['claim', 'v7'] as const)('%s: that two entries point to is kept until the second goes', (version) => {
    const begin = [...notify(A, PPGTT_L4_CREATE), entry(A, 0, B), entry(A, 1, B)];
    expect(refs(run(version, begin).w, B)).toBe(2);
    const one = run(version, [...begin, clear(A, 0)]).w;
    expect([refs(one, B), type(one, B), low(one, shadowMfn(one, A), 0)]).toEqual([1, P2M.ioreq_server, 0]);
    expect(low(one, shadowMfn(one, A), 1)).toBe(((shadowMfn(one, B) << 12) | 3) >>> 0);
    const none = run(version, [...begin, clear(A, 0), clear(A, 1)]).w;
    expect([none.xengt.tables.of(B), type(none, B), none.xengt.tables.live]).toEqual([0, P2M.ram_rw, 1]);
  });

  test.each(['claim', 'v7'] as const)('%s: that is found under two entries at once is shadowed once', (version) => {
    const begin = [entry(B, 3, C), entry(A, 0, B), entry(A, 1, B), ...notify(A, PPGTT_L4_CREATE)];
    const { w, events } = run(version, begin);
    expect(events.filter(({ errno }) => errno)).toEqual([]);
    expect(tables(events, 'dm.shadowTable')).toEqual([
      [A, 3],
      [B, 2],
      [C, 1],
    ]);
    expect([refs(w, B), refs(w, C)]).toEqual([2, 1]);
    const end = run(version, [...begin, ...notify(A, PPGTT_L4_DESTROY)]);
    expect(tables(end.events, 'dm.dropTable')).toHaveLength(3);
    expect([end.w.xengt.tables.live, end.w.census.total(P2M.ioreq_server)]).toEqual([0, 0]);
    expect(end.w.servers.ranges(1, 'memory')!.count).toBe(1);
  });

  test('whose entry only changes its flags keeps its shadow and its one pointer', () => {
    const { w, events } = run('claim', [
      ...notify(A, PPGTT_L4_CREATE),
      entry(A, 0, B),
      { op: 'write', gpa: A * 4096, size: 1, low: 0x1b, high: 0 },
    ]);
    expect(refs(w, B)).toBe(1);
    expect([eventsOf(events, 'dm.protect').length, eventsOf(events, 'dm.dropTable').length]).toEqual([2, 0]);
    expect(low(w, shadowMfn(w, A), 0)).toBe(((shadowMfn(w, B) << 12) | 0x1b) >>> 0);
  });

  test.each([
    ['a hole', 0xa0],
    ['past the end of memory', 0x123456],
    ['past 32 bits, where a short number would name another frame', 2 ** 32 + 0x900],
    ['past 32 bits, where a short number would name the table itself', 2 ** 32 + A],
  ])('in %s is refused and leaves the entry empty, no range behind, and no other page trapped', (_, gfn) => {
    for (const version of ['claim', 'v7'] as const) {
      const { w, events } = run(version, [...notify(A, PPGTT_L4_CREATE), entry(A, 0, gfn)]);
      expect(events.filter(({ errno }) => errno)).toMatchObject([{ code: 'dm.protect', errno: 'EINVAL' }]);
      expect(eventsOf(events, 'dm.shadowEntry')).toMatchObject([{ params: { gfn: A, index: 0, target: null } }]);
      expect([w.xengt.tables.live, w.census.total(P2M.ioreq_server)]).toEqual([1, 1]);
      expect(w.servers.ranges(1, 'memory')!.count).toBe(version === 'v7' ? 2 : 1);
    }
  });

  test('maps a page that the guest does not have to nothing', () => {
    const program = (gfn: number) => [{ op: 'ppgtt_create' } as const, bind(0, 1, 0x900), entry(PT, 1, gfn)];
    for (const gfn of [0xa0, 0x2000, 2 ** 32 + 0x900]) {
      const { w, events } = run('claim', program(gfn), { tablePages: 'contiguous' });
      expect(eventsOf(events, 'dm.shadowEntry').at(-1)).toMatchObject({
        params: { gfn: PT, index: 1, target: null },
      });
      expect(AUDIT['shadow.equals'](w)).toBe('holds');
    }
  });
});

describe('the 257th page', () => {
  /** Large enough that no two table frames touch: a range a page. */
  const large = { memory: 256 * MIB };
  /** PML4, PDP, PD and `n` page tables, one page bound in each. */
  const program = (n: number): Op[] => [
    { op: 'ppgtt_create' },
    ...Array.from({ length: n }, (_, i) => bind(i * 2 ** 21, 1, 0x900 + i)),
  ];

  test('v7: gets ENOMEM from a full rangeset, goes unwatched, and the shadow is not that of the guest', () => {
    // The register range is one, the upper three tables are three: 252 page tables fill the 256.
    const full = run('v7', program(252), large).w;
    expect([full.servers.ranges(1, 'memory')!.count, AUDIT['shadow.equals'](full)]).toEqual([256, 'holds']);
    const { w, events } = run('v7', program(253), large);
    const refused = events.filter(({ errno }) => errno);
    expect(refused).toMatchObject([{ code: 'dm.mapRange', params: { ranges: 256 }, errno: 'ENOMEM' }]);
    expect(w.census.total(P2M.ioreq_server)).toBe(255);
    expect(shadowEquals(w)).toBe(false);
    expect(audit(w).filter(({ state }) => state === 'broken')).toEqual([{ rule: 'shadow.equals', state: 'broken' }]);
  });

  test('claim: is like the first', () => {
    const { w, events } = run('claim', program(253), large);
    expect(events.filter(({ errno }) => errno)).toEqual([]);
    expect([w.p2m.regs.entryCount, w.servers.ranges(1, 'memory')!.count]).toEqual([256, 1]);
    expect(AUDIT['shadow.equals'](w)).toBe('holds');
  });
});
