// The roads not taken on the way to the claim: where pages are entered, what that costs, and the limit of the type space.
import { describe, expect, test } from 'vitest';
import { AUDIT } from '../audit';
import { MIB, type Config, type Op } from '../config';
import { rangeKind } from '../ioreq';
import { P2M } from '../p2m-type';
import { VERSIONS, xenWith } from '../patches';
import { bind, bound, configOf, eventsOf, first, go, guestWord, PT, runOut } from '../testing';
import { World } from '../world';
import { tableFrame } from '../xengt/driver';
import { BUCKETS } from './hash-table';
import { heapOf } from './heap';
import { mostTypes, TYPE_BITS, TYPE_COSTS, typeSpace } from './type-space';

const write = (gpa: number, low: number): Op => ({ op: 'write', gpa, size: 8, low, high: 0 });
/** PML4, PDP, PD and `n` page tables, each in a frame away from the others: a range a page. */
const tables = (n: number, more: Partial<Config> = {}): Config => {
  const program: Op[] = [
    { op: 'ppgtt_create' },
    ...Array.from({ length: n }, (_, i) => bind(i * 2 ** 21, 1, 0x900 + i)),
  ];
  return configOf('v7', [program], { memory: 256 * MIB, ...more });
};
const comparisonsAt = (config: Config, n: number): number => {
  const ops = [...config.programs[0]!, write(tableFrame(config, n) * 4096 + 8, 1)];
  const { events } = runOut({ ...config, programs: [ops] });
  return eventsOf(events, 'io.select').at(-1)!.params.comparisons;
};

describe('a hash table of pages', () => {
  test('has no cap, and its look-up goes through one bucket', () => {
    const { w, events } = runOut(tables(300, { design: 'hash_table' }));
    expect(events.filter(({ errno }) => errno)).toEqual([]);
    expect([w.ledger.regs.live, w.servers.ranges(1, 'memory')!.count, AUDIT['shadow.equals'](w)]).toEqual([
      303,
      1,
      'holds',
    ]);
    expect(comparisonsAt(tables(300, { design: 'hash_table' }), 5)).toBeLessThanOrEqual(Math.ceil(303 / BUCKETS) + 1);
    expect(comparisonsAt(tables(200), 5)).toBeGreaterThan(1);
  });

  test('finds each page by its bucket, and frees nodes for the next', () => {
    const w = new World(tables(0, { design: 'hash_table' }));
    const { register, unregister, registered } = w.calls;
    const frames = [5, 5 + BUCKETS, 5 + 2 * BUCKETS, 6];
    expect(frames.map((gfn) => register(1, gfn))).toEqual([0, 0, 0, 0]);
    expect([register(1, 5), unregister(1, 7), registered(1)]).toEqual(['EEXIST', 'ENOENT', 4]);
    expect([unregister(1, 5 + BUCKETS), register(1, 7), registered(1), w.ledger.regs.nodes]).toEqual([0, 0, 4, 4]);
    expect(frames.map((gfn) => unregister(1, gfn))).toEqual([0, 'ENOENT', 0, 0]);
    w.design.registry(w.xen)!.clear(w);
    expect([w.ledger.regs.live, w.ledger.regs.nodes, register(1, 5)]).toEqual([0, 0, 0]);
  });

  test('sends a write that it finds there to the server, and leaves registers to the ranges', () => {
    const w = bound(VERSIONS.today, [write(PT * 4096 + 8, 0x901083)], { design: 'hash_table' });
    expect(first(go(w, 'io.select'), 'io.select')).toMatchObject({ server: 1, by: 'hash', comparisons: 1 });
    go(w, 'guest.done');
    expect(guestWord(w, PT, 8)).toBe(0x901083);
  });
});

describe('three rangesets', () => {
  test('let tables have all the 256 ranges, and the 257th is refused as before', () => {
    const full = runOut(tables(253, { design: 'three_rangesets' })).w;
    expect(['memory', 'write', 'read'].map((kind) => full.servers.ranges(1, kind as 'read')!.count)).toEqual([
      1, 256, 0,
    ]);
    expect(AUDIT['shadow.equals'](full)).toBe('holds');
    const { w, events } = runOut(tables(254, { design: 'three_rangesets' }));
    expect(events.filter(({ errno }) => errno)).toMatchObject([
      { code: 'dm.mapRange', params: { list: 'write' }, errno: 'ENOMEM' },
    ]);
    expect(AUDIT['shadow.equals'](w)).toBe('broken');
  });

  test('look a write up among those for both first, and then among those for writes', () => {
    // One range of registers, then the tables below and at the page: one more than without registers among them.
    const of = (design: Config['design']) => comparisonsAt(tables(4, { design, tablePages: 'scattered' }), 0);
    expect(of('three_rangesets')).toBe(1 + of('xen'));
  });
});

describe('a fourth rangeset, for write-protected RAM', () => {
  const fourth = xenWith(['writeDm', 'ramRangeset']);

  test('is there with its patch alone: number 3 is a kind of range then, and EINVAL without', () => {
    const servers = (xen: Config['xen']) => {
      const w = new World(tables(0, { xen }));
      w.servers.create(0);
      return w.servers;
    };
    const [on, off] = [servers(fourth), servers(VERSIONS.v7)];
    expect([on.kinds.length, off.kinds.length]).toEqual([4, 3]);
    expect(on.mapRange(1, rangeKind(3, on.kinds), 5n, 5n)).toBe(0);
    expect(off.mapRange(1, rangeKind(3, off.kinds), 5n, 5n)).toBe('EINVAL');
    expect(off.mapRange(1, 'wp_mem', 5n, 5n)).toBe('EINVAL');
    expect([on.list()[0]!.ranges, off.list()[0]!.ranges]).toEqual([
      [0, 0, 0, 1],
      [0, 0, 0],
    ]);
  });

  test('holds tables by frame number, apart from registers, with a cap of its own', () => {
    const full = runOut(tables(253, { xen: fourth })).w;
    expect([full.servers.ranges(1, 'memory')!.count, full.servers.ranges(1, 'wp_mem')!.count]).toEqual([1, 256]);
    const [[start, end]] = full.servers.ranges(1, 'wp_mem')!.list() as [[bigint, bigint]];
    expect([start, AUDIT['shadow.equals'](full)]).toEqual([end, 'holds']);
    const { events } = runOut(tables(254, { xen: fourth }));
    expect(events.filter(({ errno }) => errno)).toMatchObject([
      { code: 'dm.mapRange', params: { list: 'wp_mem' }, errno: 'ENOMEM' },
    ]);
  });

  test('is searched by the frame that an access to a trapped page begins in, and then alone', () => {
    const gfn = tableFrame(tables(0, { xen: fourth, memory: 16 * MIB }), 3);
    const w = bound(fourth, [write(gfn * 4096 + 8, 0x901083)], { tablePages: 'scattered' });
    expect(first(go(w, 'io.select'), 'io.select')).toMatchObject({ gfn, server: 1, by: 'range' });
    go(w, 'guest.done');
    expect([guestWord(w, gfn, 8), AUDIT['shadow.equals'](w)]).toEqual([0x901083, 'holds']);
  });

  test('is of no use once the type is claimed', () => {
    const w = new World(tables(2, { xen: { ...VERSIONS.claim, ramRangeset: true } }));
    expect(w.calls.registers).toBe(false);
  });
});

describe('a type that can be executed', () => {
  const fetch: Op = { op: 'exec', gpa: PT * 4096 };
  const run = (version: 'v7' | 'claim', more: Partial<Config>) => {
    const program: Op[] = [{ op: 'ppgtt_create' }, bind(0, 1, 0x900), fetch];
    return runOut(configOf(version, [program], { tablePages: 'contiguous', ...more }));
  };
  test.each(['ept', 'npt'] as const)(
    '%s: a fetch from a table passes without an exit, as before version 3',
    (paging) => {
      const { events } = run('v7', { paging, executable: true });
      expect(eventsOf(events, 'guest.exec')).toMatchObject([{ params: { gfn: PT } }]);
      expect(run('v7', { paging }).events.at(-1)).toMatchObject({ code: 'fault.fatal', params: { gfn: PT } });
    },
  );
});

describe('what a raised cap costs', () => {
  test('a range is 48 bytes of heap, and with a higher cap a guest can have as many as it has tables', () => {
    expect(heapOf(new World(tables(0)))).toEqual({ ranges: 0, nodes: 0, counters: 0, total: 0 });
    const { w } = runOut(tables(300, { rangeCap: 4096 }));
    expect(w.servers.ranges(1, 'memory')!.count).toBe(304);
    expect(heapOf(w)).toEqual({ ranges: 304 * 48, nodes: 0, counters: 0, total: 304 * 48 });
    expect(AUDIT['shadow.equals'](w)).toBe('holds');
  });

  test('a hash node is 32 bytes; a tracked guest has two bytes for each of its frames, tracked or not', () => {
    const hash = runOut(tables(10, { design: 'hash_table' })).w;
    expect(heapOf(hash)).toEqual({ ranges: 48, nodes: 13 * 32, counters: 0, total: 48 + 13 * 32 });
    const track = new World(tables(0, { design: 'page_track' }));
    expect(heapOf(track).counters).toBe(((256 * MIB) / 4096) * 2);
  });

  test('each look-up walks the list under its lock: with four times the tables the comparisons are sixteen times', () => {
    const walked = (n: number) => runOut(tables(n, { rangeCap: 4096 })).w.costs.rangeComparisons;
    expect(walked(400) / walked(100)).toBeGreaterThan(12);
    expect(runOut({ ...tables(400), xen: VERSIONS.claim }).w.costs.rangeComparisons).toBe(3);
  });
});

describe('the type space', () => {
  test('four bits are full with one type for servers; the entries have room for many', () => {
    expect(typeSpace(TYPE_BITS.software, 1)).toEqual({ values: 16, used: 16, left: 0, fits: true });
    expect(typeSpace(TYPE_BITS.software, 2)).toEqual({ values: 16, used: 17, left: -1, fits: false });
    expect([TYPE_BITS.software, TYPE_BITS.ept, TYPE_BITS.npt].map(mostTypes)).toEqual([1, 49, 113]);
    expect(typeSpace(TYPE_BITS.ept, 4)).toEqual({ values: 64, used: 19, left: 45, fits: true });
    expect(mostTypes(3)).toBe(0);
    expect(P2M.ioreq_server).toBe(15);
    expect(TYPE_COSTS).toEqual({ values: 1, claimBytes: 32, entryBytes: 0 });
  });
});
