import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { GIB, MIB, type Config } from './config';
import { addressSpace, firstImage, firstMfn, GUEST_MFN, isRam, POOL_MFN, type Run } from './guest-layout';
import { P2M } from './p2m-type';
import { configOf } from './testing';

const config = (memory: number, order: 0 | 9 | 18 = 0): Config => configOf('claim', [[]], { memory, order });
const SIZES = [16 * MIB, 17 * MIB, 1 * GIB, 3840 * MIB, 3841 * MIB, 4 * GIB, 5 * GIB + MIB, 16 * GIB, 64 * GIB];
const ORDERS = [0, 9, 18] as const;
const isGuestRam = ({ type }: Run): boolean => type === P2M.ram_rw || type === P2M.ram_ro;

/** What must hold of every first image. */
function check(of: Config): void {
  const runs = firstImage(of);
  let end = 0;
  for (const run of runs) {
    const unit = 2 ** run.order;
    expect(run.gfn).toBeGreaterThanOrEqual(end);
    expect([run.gfn % unit, run.mfn % unit, run.frames % unit]).toEqual([0, 0, 0]);
    expect(run.frames).toBeGreaterThan(0);
    if (isGuestRam(run)) {
      expect(run.order).toBeLessThanOrEqual(of.order);
      expect([isRam(of, run.gfn), isRam(of, run.gfn + run.frames - 1)]).toEqual([true, true]);
      for (const hole of [0xa0, 0xf0000]) expect(run.gfn < hole && hole < run.gfn + run.frames).toBe(false);
      expect([run.mfn, firstMfn(of, run.gfn + run.frames - 1)]).toEqual([
        firstMfn(of, run.gfn),
        run.mfn + run.frames - 1,
      ]);
      expect(run.mfn).toBeGreaterThanOrEqual(GUEST_MFN);
    } else expect(run.mfn + run.frames).toBeLessThanOrEqual(POOL_MFN);
    end = run.gfn + run.frames;
  }
  expect(end).toBe(addressSpace(of));
  // Ascending, apart, and of this sum: every frame of RAM is in exactly one run.
  const ram = runs.filter(isGuestRam).reduce((sum, { frames }) => sum + frames, 0);
  expect(ram).toBe(of.memory / 4096 - 0x20);
  const machine = runs.map(({ mfn, frames }) => ({ mfn, frames })).sort((a, b) => a.mfn - b.mfn);
  machine.forEach(({ mfn }, i) => {
    const before = machine[i - 1];
    if (before) expect(before.mfn + before.frames).toBeLessThanOrEqual(mfn);
  });
}

describe('the first image', () => {
  test.each(SIZES.flatMap((memory) => ORDERS.map((order) => [memory / MIB, order] as const)))(
    'of %i MiB up to order %i covers every frame of RAM once, aligned and in order, each with a frame of its own',
    (mib, order) => check(config(mib * MIB, order)),
  );

  prop.prop([fc.integer({ min: 16, max: 65536 }), fc.constantFrom(...ORDERS)])('of any size does', (mib, order) =>
    check(config(mib * MIB, order)),
  );

  test('of 16 MiB in 4 KiB pages is RAM with the VGA hole and a read-only BIOS', () => {
    expect(firstImage(config(16 * MIB))).toEqual([
      { gfn: 0, frames: 0xa0, mfn: GUEST_MFN, type: P2M.ram_rw, order: 0 },
      { gfn: 0xc0, frames: 0x40, mfn: GUEST_MFN + 0xc0, type: P2M.ram_ro, order: 0 },
      { gfn: 0x100, frames: 0xf00, mfn: GUEST_MFN + 0x100, type: P2M.ram_rw, order: 0 },
    ]);
  });

  test('of 8 GiB in 1 GiB pages begins small, grows to 1 GiB, and leaves out the hole below 4 GiB', () => {
    const runs = firstImage(config(8 * GIB, 18)).filter(({ type }) => type === P2M.ram_rw);
    expect(runs.map(({ gfn, frames, order }) => [gfn, frames, order])).toEqual([
      [0, 0xa0, 0],
      [0x100, 0x100, 0],
      [0x200, 0x3fe00, 9],
      [0x40000, 0x40000, 18],
      [0x80000, 0x40000, 18],
      [0xc0000, 0x30000, 9],
      [0x100000, 0x40000, 18],
      [0x140000, 0x40000, 18],
      [0x180000, 0x40000, 18],
      [0x1c0000, 0x40000, 18],
      [0x200000, 0x10000, 9],
    ]);
  });

  test('of a guest that reaches past 4 GiB has the aperture passed through, of a smaller one nothing', () => {
    const direct = (memory: number) => firstImage(config(memory)).filter(({ type }) => type === P2M.mmio_direct);
    expect(direct(3840 * MIB)).toEqual([]);
    expect(direct(3841 * MIB)).toEqual([{ gfn: 0xf4000, frames: 0x4000, mfn: 0x3f4000, type: 5, order: 9 }]);
  });
});

test('RAM ends at its size, with the VGA hole and the hole below 4 GiB left out', () => {
  const small = config(16 * MIB);
  expect([0, 0x9f, 0xa0, 0xbf, 0xc0, 0xfff, 0x1000].map((gfn) => isRam(small, gfn))).toEqual([
    true,
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
  const large = config(4 * GIB);
  expect([0xeffff, 0xf0000, 0xfffff, 0x100000, 0x10ffff, 0x110000].map((gfn) => isRam(large, gfn))).toEqual([
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
  expect([addressSpace(small), addressSpace(large)]).toEqual([0x1000, 0x110000]);
});

test('machine frames are given in 1 GiB blocks from the last to the first', () => {
  const of = config(3 * GIB);
  expect([0, 0x3ffff, 0x40000, 0x80005].map((gfn) => firstMfn(of, gfn) - GUEST_MFN)).toEqual([
    0x80000, 0xbffff, 0x40000, 5,
  ]);
});
