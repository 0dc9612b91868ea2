import { describe, expect, test } from 'vitest';
import { GIB } from '../engine/config';
import { P2M } from '../engine/p2m-type';
import { bound, configOf, go, PML4, PT } from '../engine/testing';
import { VERSIONS } from '../engine/patches';
import { World } from '../engine/world';
import { parseScenario, type Scenario } from '../scenarios/schema';
import { entryPicture, framesPicture, NO_ENTRY, serverPictures } from './pictures';
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
    expect(runs(framesPicture(w, 0, 1024))).toEqual([
      [P2M.ram_rw, 0, 0xa0],
      [NO_ENTRY, 0, 0x20],
      [P2M.ram_ro, 0, 0x40],
      [P2M.ram_rw, 0, 0x100],
      [P2M.ram_rw, 9, 512],
    ]);
  });

  test('begins inside a superpage and ends past the last frame', () => {
    const w = new World(configOf('claim', [[]], { order: 9 }));
    expect(runs(framesPicture(w, 4096 - 512 + 100, 512))).toEqual([
      [P2M.ram_rw, 9, 412],
      [NO_ENTRY, 0, 100],
    ]);
  });

  test('shows where a superpage was split for one page of type 15', () => {
    const w = new World(configOf('claim', [[{ op: 'ppgtt_create' }]], { order: 9, tablePages: 'contiguous' }));
    go(w, 'dm.protect');
    expect(runs(framesPicture(w, PML4 - (PML4 % 512) - 512, 1536))).toEqual([
      [P2M.ram_rw, 9, 512],
      ...(PML4 % 512 === 0 ? [] : [[P2M.ram_rw, 0, PML4 % 512]]),
      [P2M.ioreq_server, 0, 1],
      [P2M.ram_rw, 0, 511 - (PML4 % 512)],
      [P2M.ram_rw, 9, 512],
    ]);
  });

  test('shows 1 GiB entries, the hole below 4 GiB and the aperture in it', () => {
    const w = new World(configOf('claim', [[]], { order: 18, memory: 8 * GIB }));
    expect(runs(framesPicture(w, 0x80000 - 512, 1024))).toEqual([[P2M.ram_rw, 18, 1024]]);
    expect(runs(framesPicture(w, 0xf0000 - 512, 1024))).toEqual([
      [P2M.ram_rw, 9, 512],
      [NO_ENTRY, 0, 512],
    ]);
    expect(runs(framesPicture(w, 0xf4000, 512))).toEqual([[P2M.mmio_direct, 9, 512]]);
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
    },
  ]);
  const tables = { start: BigInt(PML4) << 12n, end: (BigInt(PT + 1) << 12n) - 1n };
  expect(ranges('v7')).toMatchObject([{ claim: 0, entries: 0, memory: [tables, { start: 0xf0000000n }] }]);
});

test('the map travels as what changed since the last one: patches applied give the census', async () => {
  const vcpus = [[{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '8 KiB' }, { op: 'ppgtt_destroy' }]];
  const file = { format: 1, title: 'One buffer', version: 'claim', guest: { memory: '16 MiB' }, vcpus };
  const view = { gfn: null, window: null, gma: null };
  const scenario = (parseScenario(file) as { scenario: Scenario }).scenario;
  const session = new Session(scenario);
  while (!session.run(1000));
  const cells = new Uint16Array(8 * 16);
  for (const n of [0, 40, 90, 12, session.history.length, 1, 60, 60]) {
    const { map } = session.picture(n, view);
    map.changed.forEach((cell, i) => cells.set(map.counts.subarray(i * 16, i * 16 + 16), cell * 16));
    const { census } = session.history.world;
    expect([...cells]).toEqual([...Array(128).keys()].map((i) => census.count(i >>> 4, i & 15)));
    expect(map.census).toEqual([...Array(16).keys()].map((type) => census.total(type)));
  }
  expect([...session.picture(60, view).map.changed]).toEqual([]);
});
