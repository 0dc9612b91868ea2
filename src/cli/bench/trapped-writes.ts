/**
 * What simulating a trapped write costs, from the guest's instruction to its end: for each generation, by the guest's size
 * and by the number of protected pages. It should grow only where Xen's own work does: with the ranges that are searched.
 */
import { defaultPool, GIB, PLAIN, type Op } from '../../engine/config';
import { History } from '../../engine/history';
import { VERSIONS, type Version } from '../../engine/patches';
import { World } from '../../engine/world';
import { tableFrame } from '../../engine/xengt/driver';
import { perSecond, row } from './measure';

const GENERATIONS: readonly Version[] = ['v7', '4.8', 'claim', 'today'];
const WRITES = 2000;

/** Protects `tables` leaf tables and three above them, then rewrites one entry of the last. Answers writes a second. */
function rate(version: Version, memory: number, tables: number): { rate: string; comparisons: number } {
  const shape = { ...PLAIN, memory, order: 0, pool: defaultPool(memory, 1), rangeCap: 256, seed: 1 } as const;
  const config = { ...shape, xen: VERSIONS[version], tablePages: 'scattered', programs: [[]] } as const;
  const gpa = tableFrame(config, tables + 2) * 4096;
  const binds = Array.from({ length: tables }, (_, i): Op => ({
    op: 'bind',
    gma: i * 2 ** 21,
    pages: 1,
    gfn: 0x20000,
  }));
  const write: Op = { op: 'write', gpa, size: 8, low: 0x20000083, high: 0 };
  const ready: Op = { op: 'read', gpa: 0x300000, size: 8 };
  const writes = Array.from({ length: WRITES }, () => write);
  const history = new History(
    new World({ ...config, programs: [[{ op: 'ppgtt_create' }, ...binds, ready, ...writes]] }),
  );
  while (history.world.vcpus[0]!.pc <= tables + 1) history.run(1);
  const before = history.world.costs.rangeComparisons;
  const start = performance.now();
  history.run(200_000);
  const time = performance.now() - start;
  const comparisons = (history.world.costs.rangeComparisons - before) / WRITES;
  return { rate: perSecond(WRITES, time), comparisons };
}

export function trappedWrites(): void {
  for (const version of GENERATIONS) {
    for (const [gib, tables] of [
      [1, 10],
      [16, 10],
      [16, 200],
    ] as const) {
      rate(version, gib * GIB, tables);
      const { rate: figure, comparisons } = rate(version, gib * GIB, tables);
      row(
        `trapped write, ${version}, ${gib} GiB, ${tables + 3} pages`,
        figure,
        `${comparisons.toFixed(0)} range comparisons each`,
      );
    }
  }
}
