import { describe, expect, test } from 'vitest';
import { CELL_COUNTS } from '../engine/census';
import { GIB, type Op } from '../engine/config';
import { BUFIOREQ } from '../engine/ioreq';
import { P2M, P2M_TYPE_COUNT } from '../engine/p2m-type';
import { bound, configOf, go, PML4, PT } from '../engine/testing';
import { VERSIONS, type Version } from '../engine/patches';
import { QEMU } from '../engine/step';
import { World } from '../engine/world';
import { parseScenario, type Scenario } from '../scenarios/schema';
import { framesPicture, NO_ENTRY } from './frames-picture';
import { entryPicture, serverPictures, slotPictures } from './pictures';
import { FOLLOW } from './protocol';
import { Session } from './session';

/** `[type, order, frames]` of each run of equal frames. */
function runs({ types, orders }: { types: Uint8Array; orders: Uint8Array }): [number, number, number][] {
  const found: [number, number, number][] = [];
  types.forEach((type, i) => {
    const last = found.at(-1);
    if (last?.[0] === type && last[1] === orders[i]) last[2] += 1;
    else found.push([type, orders[i]!, 1]);
  });
  return found;
}

describe('a window of frames', () => {
  test('shows small pages, the hole, and the BIOS of the first 2 MiB, then a superpage', () => {
    const w = new World(configOf('claim', [[]], { order: 9 }));
    expect(runs(framesPicture(w, w, 0, 1024))).toEqual([
      [P2M.ram_rw, 0, 0xa0],
      [NO_ENTRY, 0, 0x20],
      [P2M.ram_ro, 0, 0x40],
      [P2M.ram_rw, 0, 0x100],
      [P2M.ram_rw, 9, 512],
    ]);
  });

  test('begins inside a superpage and ends past the last frame', () => {
    const w = new World(configOf('claim', [[]], { order: 9 }));
    expect(runs(framesPicture(w, w, 4096 - 512 + 100, 512))).toEqual([
      [P2M.ram_rw, 9, 412],
      [NO_ENTRY, 0, 100],
    ]);
  });

  test('shows where a superpage was split for one page of type 15', () => {
    const w = new World(configOf('claim', [[{ op: 'ppgtt_create' }]], { order: 9, tablePages: 'contiguous' }));
    go(w, 'dm.protect');
    expect(runs(framesPicture(w, w, PML4 - (PML4 % 512) - 512, 1536))).toEqual([
      [P2M.ram_rw, 9, 512],
      ...(PML4 % 512 === 0 ? [] : [[P2M.ram_rw, 0, PML4 % 512]]),
      [P2M.ioreq_server, 0, 1],
      [P2M.ram_rw, 0, 511 - (PML4 % 512)],
      [P2M.ram_rw, 9, 512],
    ]);
  });

  test('shows 1 GiB entries, the hole below 4 GiB and the aperture in it', () => {
    const w = new World(configOf('claim', [[]], { order: 18, memory: 8 * GIB }));
    expect(runs(framesPicture(w, w, 0x80000 - 512, 1024))).toEqual([[P2M.ram_rw, 18, 1024]]);
    expect(runs(framesPicture(w, w, 0xf0000 - 512, 1024))).toEqual([
      [P2M.ram_rw, 9, 512],
      [NO_ENTRY, 0, 512],
    ]);
    expect(runs(framesPicture(w, w, 0xf4000, 512))).toEqual([[P2M.mmio_direct, 9, 512]]);
  });

  test('of AMD’s tables shows the same as of Intel’s', () => {
    const program: Op[] = [{ op: 'ppgtt_create' }];
    const [ept, npt] = (['ept', 'npt'] as const).map((paging) => {
      const w = new World(configOf('claim', [program], { order: 9, tablePages: 'contiguous', paging }));
      go(w, 'dm.protect');
      return [0, PML4 - (PML4 % 512)].map((first) => runs(framesPicture(w, w, first, 1024)));
    });
    expect(npt).toEqual(ept);
    expect(npt![1]).toContainEqual([P2M.ioreq_server, 0, 1]);
  });

  test('an entry tells its superpage, its order and a frame inside it', () => {
    const w = new World(configOf('claim', [[]], { order: 9 }));
    const { path, ...entry } = entryPicture(w, w, 0x2ff, null);
    expect(entry).toEqual({
      gfn: 0x2ff,
      stored: 0,
      effective: 0,
      order: 9,
      mfn: 0x10002ff,
      reading: 'plain',
      setBy: null,
    });
    expect(path.map(({ level, index }) => [level, index])).toEqual([
      [3, 0],
      [2, 0],
      [1, 1],
    ]);
    expect(entryPicture(w, w, 0xa0, null)).toMatchObject({ stored: 4, mfn: null, reading: 'nothing' });
    expect(entryPicture(w, w, 0xc0, null)).toMatchObject({ stored: 3, reading: 'readOnly' });
  });
});

test('a server is drawn with its ranges, its claim and its pages', () => {
  const ranges = (version: 'claim' | 'v7') => serverPictures(bound(VERSIONS[version], []));
  expect(ranges('claim')).toEqual([
    {
      id: 1,
      name: 'XenGT',
      enabled: true,
      isDefault: false,
      claim: 2,
      entries: 4,
      cap: 256,
      memory: [{ start: 0xf0000000n, end: 0xf0ffffffn }],
      port: [],
      pci: [],
      others: [],
      types: [15],
      pages: null,
      ring: null,
    },
  ]);
  const tables = { start: BigInt(PML4) << 12n, end: (BigInt(PT + 1) << 12n) - 1n };
  expect(ranges('v7')).toMatchObject([{ claim: 0, entries: 0, memory: [tables, { start: 0xf0000000n }] }]);
});

describe('the pages that a server has watched', () => {
  const drawn = (more: object, xen = VERSIONS.claim) => serverPictures(bound(xen, [], more))[0]!;
  const tables = [PML4, PML4 + 1, PML4 + 2, PT];

  test('are in a rangeset of their own, by frame number, where the version has one', () => {
    expect(drawn({}, VERSIONS['2016-02']).others).toEqual([
      { kind: 'wp_mem', ranges: [{ start: BigInt(PML4), end: BigInt(PT) }] },
    ]);
    const kinds = drawn({ design: 'three_rangesets' }).others;
    expect(kinds.map(({ kind, ranges }) => [kind, ranges.length])).toEqual([
      ['write', 1],
      ['read', 0],
    ]);
  });

  test.each([
    [{ design: 'hash_table' }, { by: 'hash', frames: tables, of: 4, most: 1 }],
    [
      { design: 'page_track', trackers: 2 },
      { by: 'count', frames: tables, of: 4, most: 2 },
    ],
    [{ design: 'write_protect' }, { by: 'right', frames: tables, of: 4, most: 1 }],
    [{}, null],
  ] as const)('are told by %j as its registry has them', (more, pages) => {
    expect(drawn(more).pages).toEqual(pages);
  });

  test('are of each type that it has claimed', () => {
    expect(drawn({ numbered: 2 }).types).toEqual([15]);
    expect(drawn({}, VERSIONS.v7).types).toEqual([]);
  });
});

describe('an entry', () => {
  const entry = (w: World, gfn = PT) => entryPicture(w, w, gfn, null);

  test('of AMD’s tables is read by its own bits', () => {
    const w = bound(VERSIONS.claim, [], { paging: 'npt' });
    expect(entry(w)).toMatchObject({ stored: 15, effective: 15, reading: 'claimed', order: 0 });
    expect(entry(w, 0x300)).toMatchObject({ stored: 0, reading: 'plain', mfn: 0x1000300 });
    expect(entry(w, 0xa0)).toMatchObject({ stored: 4, mfn: null, reading: 'nothing' });
    // Writes are bit 1 in both formats, and a type-15 page has lost it.
    expect(entry(w).path.at(-1)!.low & 3).toBe(1);
  });

  test.each(['ept', 'npt'] as const)('%s: that a release has marked says that a touch will change it', (paging) => {
    const w = bound(VERSIONS.claim, [], { paging });
    w.p2m.setIoreqServer(w.xengt.server, 0);
    w.p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
    expect(entry(w)).toMatchObject({ stored: 15, effective: 0, reading: 'marked' });
  });

  test.each(['ept', 'npt'] as const)('%s: of a type that lost its owner without a mark is stranded', (paging) => {
    const w = bound(VERSIONS.claim, [], { paging });
    w.xengt.kill();
    expect(entry(w)).toMatchObject({ stored: 15, effective: 15, reading: 'stranded' });
  });
});

describe('the default server', () => {
  const vga: Op = { op: 'write', gpa: 0xb8000, size: 4, low: 1, high: 0 };
  const of = (bufioreq: 0 | 1 | 2) => bound(VERSIONS.claim, [vga, vga], { defaultServer: { bufioreq } });

  test('is drawn as QEMU, with how much its ring holds and where its hands are', () => {
    const w = of(BUFIOREQ.legacy);
    const qemu = () => serverPictures(w).find(({ isDefault }) => isDefault);
    expect(qemu()).toMatchObject({ id: w.qemu.server, name: 'QEMU', enabled: true, claim: 0 });
    expect(qemu()!.ring).toEqual({ read: 0, write: 0, pending: 0, cap: 511, atomic: false });
    for (let n = 0; n < 2; n++) go(w, 'io.buffered', (choice) => choice === 0);
    expect(qemu()!.ring).toMatchObject({ read: 0, write: 2, pending: 2 });
    go(w, 'qemu.drain', (choice) => choice === QEMU);
    expect(qemu()!.ring).toMatchObject({ read: 1, write: 2, pending: 1 });
    expect(serverPictures(w).find(({ name }) => name === 'XenGT')!.ring).toBe(null);
    expect(serverPictures(of(BUFIOREQ.atomic)).find(({ isDefault }) => isDefault)!.ring).toMatchObject({
      atomic: true,
    });
  });

  test('without a ring has slots that are used', () => {
    const w = of(BUFIOREQ.off);
    go(w, 'ioreq.ready');
    const { server } = w.qemu;
    expect(serverPictures(w).find(({ id }) => id === server)!.ring).toBe(null);
    expect(slotPictures(w)).toEqual([
      { vcpu: 0, server: w.xengt.server, state: 0, orphaned: false },
      { vcpu: 0, server, state: 1, orphaned: false },
    ]);
  });
});

test.each<[Version, number]>([
  ['claim', 1],
  ['4.14', 0],
])('%s: a request whose server is gone is drawn until Xen takes it back', (version, kept) => {
  const w = bound(VERSIONS[version], [{ op: 'write', gpa: PT * 4096, size: 8, low: 0, high: 0 }]);
  go(w, 'ioreq.ready');
  const { server } = w.xengt;
  w.xengt.kill();
  const orphan = { vcpu: 0, server, state: 1, orphaned: true };
  expect(slotPictures(w)).toEqual([orphan]);
  go(w, 'io.orphaned');
  expect(slotPictures(w)).toEqual(kept ? [orphan] : []);
});

test('the map travels as what changed since the last one: patches applied give the census', async () => {
  const vcpus = [[{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '8 KiB' }, { op: 'ppgtt_destroy' }]];
  const file = { format: 1, title: 'One buffer', version: 'claim', guest: { memory: '16 MiB' }, vcpus };
  const view = FOLLOW;
  const scenario = (parseScenario(file) as { scenario: Scenario }).scenario;
  const session = new Session(scenario);
  while (!session.run(1000));
  // Whatever was drawn before: the first picture brings every cell.
  const cells = new Uint16Array(8 * CELL_COUNTS).fill(7);
  const played = [...Array(session.history.length + 1).keys()];
  for (const n of [0, 40, 90, 12, ...played, 1, 60, 60]) {
    const { map } = session.picture(n, view);
    map.changed.forEach((cell, i) =>
      cells.set(map.counts.subarray(i * CELL_COUNTS, (i + 1) * CELL_COUNTS), cell * CELL_COUNTS),
    );
    const { census } = session.history.world;
    expect([...cells]).toEqual(
      [...cells.keys()].map((i) => census.count(Math.floor(i / CELL_COUNTS), i % CELL_COUNTS)),
    );
    expect(map.census).toEqual([...Array(P2M_TYPE_COUNT).keys()].map((type) => census.total(type)));
  }
  expect([...session.picture(60, view).map.changed]).toEqual([]);
});

test('an entry says why it permits what it does: claimed for reads too, or guarded by its access rights alone', () => {
  const read = (w: World) => {
    const { reading, setBy } = entryPicture(w, w, PT, { step: 1, code: 'dm.protect', actor: 'xengt' });
    return [reading, setBy!.function];
  };
  const { claim } = VERSIONS;
  expect(read(bound(claim, [], { numbered: 1, claimFlags: 3 }))).toEqual(['claimedReads', 'set_mem_type']);
  expect(read(bound(claim, [], { design: 'page_track' }))).toEqual(['guarded', 'kvm_write_track_add_gfn']);
  const servers = serverPictures(bound(claim, [], { numbered: 1, claimFlags: 3 }));
  expect(servers).toMatchObject([{ name: 'XenGT', claim: 3, entries: 4 }]);
});
