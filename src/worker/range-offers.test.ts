import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { MIB, PAGE_SIZE, type Config } from '../engine/config';
import { P2M, type P2mType } from '../engine/p2m-type';
import { VERSIONS, type Version } from '../engine/patches';
import { memPaging, memSharing } from '../engine/physmap';
import { apply, COMMAND } from '../engine/step';
import { bound, PML4, PT } from '../engine/testing';
import type { World } from '../engine/world';
import { parseScenario, type Scenario } from '../scenarios/schema';
import { FOLLOW, MOST_CHANGED, type Offer, type View } from './protocol';
import { rangeOffers } from './range-offers';
import { Session } from './session';

const { claim } = VERSIONS;
const told = (offers: readonly Offer[]) => offers.map(({ line, errno }) => [line, errno]);
const range = (first: number, nr: number) => ({ first, last: first + nr - 1 });
const offersOf = (w: World, first: number, nr: number) => rangeOffers(w, range(first, nr));

/** What doing it is refused with; the world stays as it is. */
function outcome(w: World, { act }: Offer) {
  const mark = w.store.mark();
  apply(w, COMMAND, 'command' in act ? act.command : undefined);
  const { errno } = w.trace.events.findLast((event) => event.errno) ?? {};
  w.store.rollback(mark);
  return errno ?? null;
}

describe('a range of frames', () => {
  test('is offered each memory type of the version, and as a range of each server’s', () => {
    const w = bound(claim, []);
    expect(told(offersOf(w, 0x300, 4))).toEqual([
      ['set_mem_type first_pfn=0x300 nr=4 type=HVMMEM_ram_rw', null],
      ['set_mem_type first_pfn=0x300 nr=4 type=HVMMEM_ram_ro', null],
      ['set_mem_type first_pfn=0x300 nr=4 type=HVMMEM_mmio_dm', null],
      ['set_mem_type first_pfn=0x300 nr=4 type=HVMMEM_ioreq_server', null],
      ['map_io_range_to_ioreq_server id=1 type=memory start=0x300000 end=0x303fff', null],
      ['unmap_io_range_from_ioreq_server id=1 type=memory start=0x300000 end=0x303fff', 'ENOENT'],
    ]);
    const [, readOnly] = offersOf(w, 0x300, 4);
    expect(readOnly!.arrows).toEqual([
      { chart: 'page-type', arrow: expect.stringContaining('set_mem_type.ram_ro') as string },
    ]);
  });

  test('none of it is offered while nothing is selected, and all that lies in the guest of what reaches beyond', () => {
    const w = bound(claim, []);
    expect(rangeOffers(w, null)).toEqual([]);
    expect(rangeOffers(w, { first: 4096, last: 5000 })).toEqual([]);
    expect(told(offersOf(w, 4095, 100))[0]).toEqual(['set_mem_type first_pfn=0xfff nr=1 type=HVMMEM_ram_rw', null]);
  });

  test('of one page is offered all that can be done to a page', () => {
    const lines = offersOf(bound(claim, []), 0x300, 1).map(({ line }) => line);
    expect(lines).toHaveLength(4 + 2 + 5 + 2 + 2);
    expect(lines).toContain('mem_paging nominate gfn=0x300');
    expect(lines).toContain('remove_from_physmap gfn=0x300');
    // No RAM is there, and never was.
    expect(offersOf(bound(claim, []), 0xa5, 1)).toHaveLength(4 + 2);
  });

  test('is given to no type as long as another holds the lock of the map, but still to a server', () => {
    const w = bound(claim, []);
    w.lockP2m(0);
    expect(offersOf(w, 0x300, 8).map(({ line }) => line.split(' ')[0])).toEqual([
      'map_io_range_to_ioreq_server',
      'unmap_io_range_from_ioreq_server',
    ]);
  });

  test('in a version with ranges of frames can be put on that list', () => {
    const w = bound(VERSIONS['2016-02'], []);
    const { kinds } = w.servers;
    expect(kinds).toContain('wp_mem');
    const lines = told(offersOf(w, 0x300, 2)).filter(([line]) => String(line).includes('wp_mem'));
    expect(lines).toEqual([
      ['map_io_range_to_ioreq_server id=1 type=wp_mem start=0x300 end=0x301', null],
      ['unmap_io_range_from_ioreq_server id=1 type=wp_mem start=0x300 end=0x301', 'ENOENT'],
    ]);
  });
});

describe('a long range', () => {
  const long = (w: World, first = 0x200, nr = 3000) =>
    told(offersOf(w, first, nr)).filter(([line]) => /^set/.test(String(line)));

  test('is refused where the first page is met that may not change', () => {
    const w = bound(claim, []);
    // The tables are of type 15: it may go back to ram_rw only.
    expect([PML4, PT]).toEqual([0x600, 0x603]);
    expect(long(w).map(([, errno]) => errno)).toEqual([null, 'EINVAL', 'EINVAL', 'EINVAL']);
    expect(long(w, 0x700, 2000).map(([, errno]) => errno)).toEqual([null, null, null, null]);
    // VGA memory: nothing is mapped there.
    expect(long(w, 0x80, 200).map(([, errno]) => errno)).toEqual(['EINVAL', 'EINVAL', null, 'EINVAL']);
  });

  test('of a version that answers what it did of the page before is said to have gone well', () => {
    const w = bound(VERSIONS.v7, []);
    expect([w.xen.ownResult, long(w)[1]![1]]).toEqual([false, null]);
    expect(long(w, 0x600, 2000)[1]![1]).toBe('EINVAL');
  });

  test('beyond what one step may change is offered to servers only', () => {
    const w = bound(claim, [], { memory: 512 * MIB });
    expect(offersOf(w, 0x1000, MOST_CHANGED)).toHaveLength(4 + 2);
    expect(told(offersOf(w, 0x1000, MOST_CHANGED + 1))).toEqual([
      ['map_io_range_to_ioreq_server id=1 type=memory start=0x1000000 end=0x11000fff', null],
      ['unmap_io_range_from_ioreq_server id=1 type=memory start=0x1000000 end=0x11000fff', 'ENOENT'],
    ]);
  });

  test('that the pool has no tables for is refused for that', () => {
    const w = bound(claim, [], { memory: 64 * MIB, order: 9 });
    const { pool } = w.p2m;
    pool.limit = pool.inUse + 2;
    expect(long(w, 0x1000, 2 * 512).map(([, errno]) => errno)).toEqual([null, null, null, null]);
    expect(long(w, 0x1000, 3 * 512).map(([, errno]) => errno)).toEqual(['ENOMEM', 'ENOMEM', 'ENOMEM', 'ENOMEM']);
  });
});

const change = fc.record({
  gfn: fc.integer({ min: 0x200, max: 0x700 }),
  n: fc.constantFrom(1, 1, 3, 40),
  to: fc.constantFrom<P2mType | 'paging' | 'evicted' | 'shared' | 'gone'>(
    P2M.ram_ro,
    P2M.mmio_dm,
    P2M.ram_broken,
    P2M.ioreq_server,
    'paging',
    'shared',
    'evicted',
    'gone',
  ),
});

property.prop(
  [
    fc.constantFrom<Version>('v7', 'claim', 'claim-async', '4.14'),
    fc.constantFrom<Config['paging']>('ept', 'npt'),
    fc.constantFrom<0 | 9>(0, 9),
    fc.constantFrom<0 | 2>(0, 2),
    fc.array(change, { maxLength: 4 }),
    fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
    fc.integer({ min: 0x80, max: 0x800 }),
    fc.integer({ min: 1, max: 2300 }),
    fc.boolean(),
  ],
  { numRuns: 120 },
)(
  'each offer is refused with what doing it is refused with',
  (version, paging, order, numbered, changes, spare, first, nr, released) => {
    const xen = VERSIONS[version];
    const w = bound(xen, [], { paging, order, numbered: xen.claim ? numbered : 0 });
    const { p2m } = w;
    for (const { gfn, n, to } of changes) {
      for (let at = gfn; at < gfn + n; at++) {
        const { mfn } = p2m.getEntry(at);
        if (typeof to === 'number') p2m.setEntry(at, mfn, 0, to);
        else if (to === 'gone') p2m.setEntry(at, null, 0, P2M.invalid);
        else if (to === 'shared') memSharing(p2m, at, 'share');
        else {
          memPaging(p2m, at, 'nominate');
          if (to === 'evicted') memPaging(p2m, at, 'evict');
        }
      }
    }
    if (released) p2m.table.changeEntryTypeGlobal();
    if (spare !== null) p2m.pool.limit = p2m.pool.inUse + spare;
    w.store.settle();
    const before = w.store.hash();
    const offers = offersOf(w, first, nr);
    expect(w.store.hash()).toBe(before);
    expect(told(offers)).toEqual(offers.map((offer) => [offer.line, outcome(w, offer)]));
    expect(offers.length).toBeGreaterThanOrEqual(first * PAGE_SIZE < 16 * MIB ? 4 : 0);
  },
);

test('what is offered at a step can be done there, and is seen in the next picture', () => {
  const vcpus = [[{ op: 'write', gpa: '0x30_0000', value: '0x1' }]];
  const file = { format: 1, title: 'A write', version: 'claim', guest: { memory: '16 MiB' }, vcpus };
  const session = new Session((parseScenario(file) as { scenario: Scenario }).scenario);
  while (!session.run(100));
  const view: View = { ...FOLLOW, gfn: 0x400, range: range(0x400, 100) };
  const step = session.history.length;
  const { operations } = session.picture(step, view);
  const offer = operations.find(({ line }) => line === 'set_mem_type first_pfn=0x400 nr=100 type=HVMMEM_ram_ro')!;
  expect([offer.errno, offer.arrows]).toEqual([null, []]);
  const rerun = session.perform(step, offer.act);
  if (typeof rerun === 'string') return expect.fail(rerun);
  while (!rerun.advance(100));
  session.keep(rerun);
  const { frames, map, events } = session.picture(step + 1, view);
  expect(events).toMatchObject([{ code: 'call.setMemType', params: { gfn: 0x400, frames: 100, type: P2M.ram_ro } }]);
  expect([[...map.touched], frames.touched.reduce((sum, n) => sum + n, 0)]).toEqual([[2], 100]);
  expect([...frames.types.subarray(0, 101)]).toEqual([...Array<number>(100).fill(P2M.ram_ro), P2M.ram_rw]);
  expect(session.picture(step + 1, FOLLOW).operations).toEqual([]);
});
