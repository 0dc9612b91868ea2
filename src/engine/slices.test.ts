// Long work with pauses comes to the same as without, and says how far it is.
import { expect, test } from 'vitest';
import { GIB, type Config } from './config';
import { History } from './history';
import { finish } from './slices';
import { configOf } from './testing';
import { World } from './world';

const guest = (memory: number, order: Config['order']): Config =>
  configOf('claim', [[]], { memory, order, pool: 256 + (2 * memory) / 2 ** 20 });

test.each([
  ['4 KiB', 0, [262_112, 524_256, 786_400, 983_008, 1_261_536]],
  ['2 MiB', 9, []],
  ['1 GiB', 18, []],
] as const)('a guest of 5 GiB in %s pages is the same in slices of at least 131,072 entries', (_, order, frames) => {
  const config = guest(5 * GIB, order);
  const done: number[] = [];
  const work = World.build(config);
  let slice = work.next();
  for (; !slice.done; slice = work.next()) {
    done.push(slice.value.done);
    expect(slice.value.of).toBe(5 * 2 ** 18 - 32 + 16_384);
  }
  expect(done).toEqual(frames);
  const straight = new World(config);
  expect(slice.value.store.bytes).toEqual(straight.store.bytes);
  expect(slice.value.p2m.pool.inUse).toBe(straight.p2m.pool.inUse);
  for (const gfn of [0, 0x9f, 0xc0, 0x100, 0xe_ffff, 0x10_0000, 0x14_ffff])
    expect({ ...slice.value.p2m.getEntry(gfn) }).toEqual({ ...straight.p2m.getEntry(gfn) });
  expect(slice.value.census.total(0)).toBe(straight.census.total(0));
});

test('a pool that is too small is refused in the midst of it', () => {
  expect(() => finish(World.build({ ...guest(2 * GIB, 0), pool: 600 }))).toThrow('the paging pool is too small');
});

test('a seek goes on from the step that is shown, or from the checkpoint before the step if that is nearer', () => {
  const write = { op: 'write', gpa: 0x30_0000, size: 8, low: 1, high: 0 } as const;
  const history = new History(new World(configOf('claim', [Array.from({ length: 1200 }, () => write)])));
  history.run(5000);
  history.seek(700);
  expect([699, 700, 701, 999, 1000, 1001, 499, 500].map((n) => history.from(n))).toEqual([
    500, 700, 700, 700, 1000, 1000, 0, 500,
  ]);
});
