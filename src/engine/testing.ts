/** For tests: small configurations, and random guests for property tests. */
import fc from 'fast-check';
import { defaultPool, MIB, RMW_OPS, type Config, type Op, type Size } from './config';
import { VERSIONS, type Version } from './patches';

export function configOf(version: Version, programs: readonly (readonly Op[])[], more: Partial<Config> = {}): Config {
  const memory = more.memory ?? 16 * MIB;
  return {
    xen: VERSIONS[version],
    memory,
    order: 0,
    pool: defaultPool(memory, programs.length),
    rangeCap: 256,
    tablePages: 'scattered',
    programs,
    seed: 1,
    ...more,
  };
}

export const bind = (gma: number, pages: number, gfn = 0x800): Op => ({ op: 'bind', gma, pages, gfn });
export const unbind = (gma: number, pages: number): Op => ({ op: 'unbind', gma, pages });

const size = fc.constantFrom<Size>(1, 2, 4, 8);
const word = fc.nat({ max: 0xffffffff });

/** Plain memory, clear of page tables: frames 0x300 to 0x33f. */
const directOp: fc.Arbitrary<Op> = fc
  .record({
    kind: fc.constantFrom('write', 'read', 'rmw'),
    size,
    at: fc.nat({ max: 0x3ffff }),
    low: word,
    high: word,
    how: fc.constantFrom(...RMW_OPS),
  })
  .map(({ kind, size, at, low, high, how }): Op => {
    const gpa = 0x300000 + Math.floor(at / size) * size;
    const value = size === 8 ? { low, high } : { low: size === 4 ? low : low % 2 ** (size * 8), high: 0 };
    if (kind === 'read') return { op: 'read', gpa, size };
    return kind === 'write' ? { op: 'write', gpa, size, ...value } : { op: 'rmw', how, gpa, size, ...value };
  });

/** Buffers that overlap, share tables or lie far apart, so that tables come and go. */
const gma = fc
  .tuple(fc.constantFrom(0, 2 ** 21, 2 ** 30, 2 ** 39), fc.nat({ max: 3 }), fc.constantFrom(0, 4096, 510 * 4096))
  .map(([unit, n, offset]) => unit * n + offset);
const driverOp: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(gma, fc.integer({ min: 1, max: 5 }), fc.nat({ max: 100 }))
      .map(([at, pages, n]) => bind(at, pages, 0x900 + n)),
  },
  { weight: 3, arbitrary: fc.tuple(gma, fc.integer({ min: 1, max: 5 })).map(([at, pages]) => unbind(at, pages)) },
  { weight: 1, arbitrary: fc.constant<Op>({ op: 'ppgtt_destroy' }) },
  { weight: 1, arbitrary: fc.constant<Op>({ op: 'ppgtt_create' }) },
);

/** A guest with a GPU driver on vCPU 0 and plain accesses on vCPU 1, of either version. */
export const guest: fc.Arbitrary<Config> = fc
  .record({
    version: fc.constantFrom<Version>('v7', 'claim'),
    driver: fc.array(driverOp, { maxLength: 8 }),
    other: fc.array(directOp, { maxLength: 12 }),
    seed: word,
    order: fc.constantFrom<0 | 9>(0, 9),
    tablePages: fc.constantFrom('scattered', 'contiguous'),
  })
  .map(({ version, driver, other, ...more }) => configOf(version, [[{ op: 'ppgtt_create' }, ...driver], other], more));
