import { describe, expect, test } from 'vitest';
import { MIB, type Op } from '../engine/config';
import { VERSIONS } from '../engine/patches';
import { bind, bound, configOf, go, PD, PDP, PML4, PT } from '../engine/testing';
import { World } from '../engine/world';
import { gttPicture } from './gtt-picture';

describe('the tables of a PPGTT', () => {
  test('are drawn from the root down, each with its place in its parent and what it holds', () => {
    const w = bound(VERSIONS.claim, []);
    const { tables, counts, path, gma } = gttPicture(w, PT, 0, null, false);
    expect(counts).toEqual([1, 1, 1, 1]);
    expect(tables.map(({ level, gfn, parent, slot, present }) => [level, gfn, parent, slot, present])).toEqual([
      [3, PML4, -1, 0, 1],
      [2, PDP, 0, 0, 1],
      [1, PD, 1, 0, 1],
      [0, PT, 2, 0, 1],
    ]);
    expect(tables.map(({ shadow }) => shadow)).toEqual([1, 2, 3, 4].map((n) => w.xengt.tables.mfn(n)));
    expect(tables.map(({ guestFill, shadowFill }) => [guestFill[0], shadowFill[0]])).toEqual(Array(4).fill([1, 1]));
    expect([gma, path]).toEqual([0, [0, 1, 2, 3].map((table) => ({ table, slot: 0 }))]);
  });

  test('a walk of an address ends where an entry is not present', () => {
    const w = bound(VERSIONS.claim, []);
    const { path, table, slot, rows } = gttPicture(w, null, null, 5 * 2 ** 21 + 4096, false);
    expect(path).toEqual([
      { table: 0, slot: 0 },
      { table: 1, slot: 0 },
      { table: 2, slot: 5 },
    ]);
    expect([table, slot, rows.map(({ index }) => index)]).toEqual([2, 5, [1, 2, 3, 4, 5, 6, 7]]);
    expect(rows.map(({ state }) => state)).toEqual(Array(7).fill('empty'));
    const past = gttPicture(w, null, null, 2 ** 48 - 4096, false);
    expect([past.path, past.rows.map(({ index }) => index)]).toEqual([
      [{ table: 0, slot: 511 }],
      [505, 506, 507, 508, 509, 510, 511],
    ]);
  });

  test('at most 64 a level are kept, among them always those on the path', () => {
    const program: Op[] = [
      { op: 'ppgtt_create' },
      ...Array.from({ length: 80 }, (_, i) => bind(i * 2 ** 21, 1, 0x900)),
    ];
    const w = new World(configOf('claim', [program], { memory: 64 * MIB }));
    go(w, 'guest.done');
    const { tables, counts, path } = gttPicture(w, null, null, 79 * 2 ** 21, false);
    expect(counts).toEqual([80, 1, 1, 1]);
    const leaves = tables.filter(({ level }) => level === 0);
    expect(leaves.map(({ slot }) => slot)).toEqual([...Array.from({ length: 63 }, (_, i) => i), 79]);
    expect(path.map(({ table }) => tables[table]!.level)).toEqual([3, 2, 1, 0]);
    expect(tables[path[3]!.table]).toMatchObject({ slot: 79, gma: 79 * 2 ** 21, parent: 2 });
    expect(gttPicture(w, null, null, null, false)).toMatchObject({ table: -1, slot: -1, path: [], rows: [] });
  });

  test('an entry that the shadow lacks is stale, and in flight while a write is', () => {
    const w = bound(VERSIONS.claim, []);
    w.memory.write(w.p2m.frame(PT)!, 8, 8, 0x901083, 0);
    const state = (busy: boolean) =>
      gttPicture(w, PT, 1, null, busy)
        .rows.map((row) => row.state)
        .slice(0, 3);
    expect([state(false), state(true)]).toEqual([
      ['same', 'stale', 'empty'],
      ['same', 'inFlight', 'empty'],
    ]);
  });

  test('of a PPGTT that XenGT has let go of are not followed, which is not stale', () => {
    const w = bound(VERSIONS.claim, []);
    const states = () =>
      gttPicture(w, PT, 0, null, false)
        .rows.slice(0, 2)
        .map(({ state }) => state);
    expect(states()).toEqual(['same', 'empty']);
    w.xengt.kill();
    expect(states()).toEqual(['unfollowed', 'empty']);
  });
});
