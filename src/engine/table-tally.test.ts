import { expect, test } from 'vitest';
import { XenBug } from './bug';
import { P2M } from './p2m-type';
import { VERSIONS } from './patches';
import { machineOf, RAM_MFN } from './replay/machine';
import { expectCensusIsRecount } from './vectors/census';

const guest = (version: keyof typeof VERSIONS, paging: 'ept' | 'npt', order: 0 | 9 = 0) => {
  const machine = machineOf(VERSIONS[version], paging);
  machine.p2m.build([{ gfn: 512, frames: 1024, mfn: RAM_MFN, type: P2M.ram_rw, order }]);
  return machine;
};
/** `[present, marked]` of each table in use. */
const tallies = ({ p2m: { pool } }: ReturnType<typeof guest>) =>
  Array.from({ length: pool.inUse }, (_, table) => [pool.tally.present(table), pool.tally.marked(table)]);

test.each(['ept', 'npt'] as const)('%s: counts what is in each table, and its marks, which sink and go', (paging) => {
  const machine = guest('claim-async', paging);
  const { p2m } = machine;
  // Root, its two on the way to gfn 0, the empty one there, and those of 1024 frames.
  expect(tallies(machine)).toEqual([
    [1, 0],
    [1, 0],
    [3, 0],
    [0, 0],
    [512, 0],
    [512, 0],
  ]);
  p2m.table.changeEntryTypeGlobal();
  expect(tallies(machine).map(([, marked]) => marked)).toEqual([1, 0, 0, 0, 0, 0]);
  p2m.table.recalc(600);
  const left = { ept: [0, 0, 2, 0, 0, 0], npt: [0, 0, 2, 0, 511, 0] };
  expect(tallies(machine).map(([, marked]) => marked)).toEqual(left[paging]);
  p2m.setEntry(512, null, 9, P2M.invalid);
  expect(tallies(machine)[2]).toEqual([2, 2]);
  expectCensusIsRecount(machine);
});

test('a table that is split off has the marks of the entry that it takes the place of', () => {
  const machine = guest('claim-async', 'npt', 9);
  machine.p2m.table.changeEntryTypeRange(512, 1023);
  machine.p2m.table.changeEntryTypeRange(1030, 1040);
  expect(tallies(machine)).toEqual([
    [1, 0],
    [1, 0],
    [3, 1],
    [0, 0],
    [512, 11],
  ]);
  expectCensusIsRecount(machine);
});

test('where Xen stops over an entry, those before it are marked and counted', () => {
  const machine = guest('2019-08', 'ept');
  const { p2m } = machine;
  p2m.setIoreqServer(1, 2);
  expect(p2m.changeTypeOne(515, P2M.ram_rw, P2M.ioreq_server)).toBe(0);
  p2m.table.changeEntryTypeGlobal();
  expect(() => p2m.table.recalc(515)).toThrow(XenBug);
  expect(tallies(machine)[4]).toEqual([512, 3]);
  expectCensusIsRecount(machine);
});

test('taking a change back takes the count back', () => {
  const machine = guest('claim', 'ept');
  const { store, p2m } = machine;
  store.settle();
  const before = tallies(machine);
  const mark = store.mark();
  p2m.setEntry(3, RAM_MFN + 3, 0, P2M.ram_rw);
  p2m.memoryTypeChanged();
  expect(tallies(machine)).not.toEqual(before);
  store.rollback(mark);
  expect(tallies(machine)).toEqual(before);
});
