/**
 * Every hypercall with any argument that the C interface can carry, on every kind of table and every preset: nothing is
 * thrown, the answer is one that the call can give, and what must hold of a domain holds after it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { XenBug } from './bug';
import { getMemType, NO_ENVIRONMENT } from './dm';
import { Domain } from './domain';
import { failed, type Errno } from './errno';
import { IoreqServers, RANGE_KINDS, rangeKind, type IoreqOptions } from './ioreq';
import { P2m } from './p2m';
import { P2M, P2M_TYPE_COUNT } from './p2m-type';
import type { Paging } from './p2m-table';
import { PRESETS, VERSIONS, type Version, type Xen } from './patches';
import { Store } from './store';
import { expectCensusIsRecount } from './vectors/census';

const MFN = 1 << 24;
const RANGE_CAP = 3;
const SERVERS = 3;

interface Setting {
  readonly version: Version;
  readonly paging: Paging;
  readonly table: NonNullable<IoreqOptions['table']>;
  readonly assertions: boolean;
  readonly numbered: number;
  /** Tables that the pool has beside those of the first image. */
  readonly spare: number;
  readonly preempt: boolean;
  /** Whether two servers are there to begin with, of which the first holds the claim, where there is one. */
  readonly served: boolean;
}

/** 1024 frames of RAM, half of them in a 2 MiB page, a few of other types, and four pages laid aside for servers. */
function domainOf({ version, paging, table, assertions, numbered, spare, preempt, served }: Setting) {
  const xen = VERSIONS[version];
  const store = new Store();
  const p2m = new P2m(store, {
    stateBase: 0,
    notesBase: 0,
    xen,
    vcpus: 2,
    poolSize: 64,
    poolMfn: 1 << 22,
    frames: 4096,
    meter: { add: () => undefined },
    paging,
    numbered,
  });
  p2m.build([
    { gfn: 0, frames: 512, mfn: MFN, type: P2M.ram_rw, order: 0 },
    { gfn: 512, frames: 512, mfn: MFN + 512, type: P2M.ram_rw, order: 9 },
  ]);
  const odd = [
    P2M.ram_ro,
    P2M.mmio_dm,
    P2M.populate_on_demand,
    P2M.grant_map_rw,
    P2M.ram_paged,
    P2M.ram_shared,
  ] as const;
  odd.forEach((type, i) => p2m.setEntry(250 + i, MFN + 250 + i, 0, type));
  p2m.setEntry(256, MFN + 256, 0, P2M.ram_broken);
  p2m.pool.limit = p2m.pool.inUse + spare;
  const at = p2m.stateWords;
  const servers = new IoreqServers(store.state, at, { xen, cap: RANGE_CAP, servers: SERVERS, table, assertions });
  const domain = new Domain(store.state, at + IoreqServers.words(RANGE_CAP, SERVERS), {
    p2m,
    servers,
    pages: { base: 16, count: 4, onDemand: version === 'today' },
    environment: { ...NO_ENVIRONMENT, preempt: () => preempt },
  });
  if (served) {
    const made = [domain.createServer(0), domain.createServer(2)];
    if (made[0]?.rc === 0) domain.mapMemType(made[0].id, 4, 2);
  }
  return { store, domain };
}

const ALL_ONES = 2n ** 64n - 1n;
/** Something that makes sense, and one time in so many anything at all: calls have to get past their first check. */
const mostly = <T>(sense: fc.Arbitrary<T>, anything: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 5, arbitrary: sense }, { weight: 1, arbitrary: anything });
const edges = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** ioservid_t: 16 bits. */
const id = mostly(edges(0, 1, 1, 2, 2, 3), fc.oneof(edges(4, 7, 8, 0x7fff, 0xffff), fc.nat({ max: 0xffff })));
const u32 = fc.oneof(
  edges(0, 1, 2, 3, 4, 5, 8, 255, 256, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff),
  fc.nat({ max: 0xffff_ffff }),
);
const u64 = mostly(
  fc.bigInt({ min: 0n, max: 12n }),
  fc.oneof(
    edges(2n ** 32n - 1n, 2n ** 32n, 2n ** 52n, 2n ** 63n - 1n, 2n ** 63n, ALL_ONES - 1n, ALL_ONES),
    fc.bigInt({ min: 0n, max: ALL_ONES }),
  ),
);
/** Ends of a range, in disorder now and then. */
const span = fc
  .tuple(u64, u64, fc.nat({ max: 9 }))
  .map(([a, b, n]) => (a > b === (n === 0) ? { start: a, end: b } : { start: b, end: a }));
/** A frame number. As a JavaScript number it is rounded from 2^53 on, where no frame is. */
const wild = fc.oneof(
  edges(1024, 2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 5, 2 ** 36, 2 ** 40),
  edges(2 ** 52 - 1, 2 ** 52, 2 ** 53 - 1, 2 ** 53, 2 ** 63, 2 ** 64),
);
const gfn = mostly(
  fc.oneof(edges(0, 1, 2, 511, 512, 700, 1023), fc.integer({ min: 14, max: 22 }), fc.integer({ min: 245, max: 260 })),
  wild,
);
/** A range that wraps looks negative to who takes it for a signed number. */
const first = mostly(gfn, edges(-1, -256, -(2 ** 52), -(2 ** 63)));
const nr = mostly(edges(1, 1, 1, 2, 3, 256, 257, 513), fc.oneof(edges(0, 1024, 1025), u32));
const mem = mostly(edges(0, 1, 2, 3, 4, 4, 4, 5), u32);
const opaque = mostly(edges(0), gfn);
const type = fc.integer({ min: 0, max: P2M_TYPE_COUNT - 1 });

const kind = mostly(edges(0, 1, 1, 2), u32);
const on = fc.boolean();

const of = <const Op extends string, Fields>(
  weight: number,
  op: Op,
  fields: { [K in keyof Fields]: fc.Arbitrary<Fields[K]> },
) => ({ weight, arbitrary: fc.record(fields).map((args) => ({ op, ...args })) });
const call = fc.oneof(
  of(3, 'create', { bufioreq: mostly(edges(0, 1, 2), u32) }),
  of(1, 'destroy', { id }),
  of(3, 'state', { id, on }),
  of(2, 'pages', { id }),
  of(5, 'map', { id, kind, span }),
  of(6, 'unmap', { id, kind, span }),
  of(3, 'claim', { id, type: mostly(edges(4, 4, 4, 5), u32), flags: mostly(edges(2, 2, 2, 3), u32), opaque }),
  of(3, 'release', { id, opaque }),
  of(9, 'type', { first, nr, mem }),
  of(1, 'ask', { gfn }),
  of(1, 'dirty', { on }),
  of(1, 'range', { gfn, end: gfn, on }),
  // No higher: Xen stores an entry there, and a sweep to the highest mapped gfn takes its time.
  of(1, 'one', { gfn: fc.nat({ max: 1100 }), from: type, to: type }),
  of(1, 'finish', { gfn, nr }),
  of(2, 'touch', { gfn: fc.nat({ max: 1100 }), vcpu: fc.nat({ max: 1 }) }),
);
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

/** What a call can be refused with. */
const REFUSALS: Record<Call['op'], readonly (Errno | 'ASSERT' | 'FAULT')[]> = {
  create: ['EINVAL', 'ENOMEM', 'ENOSPC', 'ENOENT'],
  destroy: ['ENOENT', 'EPERM'],
  state: ['ENOENT', 'EOPNOTSUPP'],
  pages: ['ENOENT', 'EOPNOTSUPP', 'ENOMEM', 'EINVAL'],
  map: ['ENOENT', 'EINVAL', 'EEXIST', 'ENOMEM', 'EOPNOTSUPP', 'ASSERT', 'FAULT'],
  unmap: ['ENOENT', 'EINVAL', 'ENOMEM', 'EOPNOTSUPP', 'ASSERT', 'FAULT'],
  claim: ['EINVAL', 'ENOENT', 'EBUSY', 'EOPNOTSUPP', 'ENOMEM', 'ERESTART'],
  release: ['EINVAL', 'ENOENT', 'EOPNOTSUPP', 'ENOMEM', 'ERESTART'],
  type: ['EINVAL', 'EOPNOTSUPP', 'EAGAIN', 'EBUSY', 'ENOMEM', 'ENOENT', 'ERESTART'],
  ask: [],
  dirty: ['EINVAL', 'EBUSY'],
  range: [],
  one: ['EBUSY', 'ENOMEM', 'ENOENT', 'EINVAL'],
  finish: ['ENOMEM'],
  touch: [],
};
/** Refused, these have changed nothing, unless they say so. */
const WHOLE: readonly Call['op'][] = ['destroy', 'state', 'map', 'unmap', 'dirty'];

function run(domain: Domain, c: Call): unknown {
  const { p2m, servers } = domain;
  switch (c.op) {
    case 'create':
      return domain.createServer(c.bufioreq).rc;
    case 'destroy':
      return domain.destroyServer(c.id);
    case 'state':
      return domain.setServerState(c.id, c.on);
    case 'pages':
      return domain.serverPages(c.id).rc;
    case 'map':
      return servers.mapRange(c.id, rangeKind(c.kind), c.span.start, c.span.end);
    case 'unmap':
      return servers.unmapRange(c.id, rangeKind(c.kind), c.span.start, c.span.end);
    case 'claim':
      return domain.mapMemType(c.id, c.type, c.flags, c.opaque).rc;
    case 'release':
      return domain.mapMemType(c.id, 4, 0, c.opaque).rc;
    case 'type':
      return domain.setMemType(c.first, c.nr, c.mem);
    case 'ask':
      return getMemType(p2m, c.gfn) >= 0 ? 0 : 'nonsense';
    case 'dirty':
      return domain.setLogDirty(c.on);
    case 'range':
      if (c.on) p2m.changeTypeRange(c.gfn, c.end, P2M.ram_rw, P2M.ram_logdirty);
      else p2m.changeTypeRange(c.gfn, c.end, P2M.ram_logdirty, P2M.ram_rw);
      return 0;
    case 'one':
      // What a foreign page, or one of a server that nobody may claim, would be is no caller's to say.
      return c.to >= P2M.map_foreign ? 0 : p2m.changeTypeOne(c.gfn, c.from as 0, c.to as 0);
    case 'finish':
      return p2m.finishTypeChange(c.gfn, c.nr);
    case 'touch':
      return domain.touch(c.gfn, c.vcpu) ? 1 : 0;
  }
}

/** Where Xen's own defect of 2019 stops the host: its marks meet entries of the type that they take for larger ones. */
const stops = (xen: Xen, paging: Paging): boolean =>
  paging === 'ept' && xen.countHelper && xen.countLevel && !xen.markLevel;
/** Where Xen counts the entries of the type, and counts right. */
const counts = ({ xen, paging, numbered }: P2m): boolean =>
  (xen.asyncReset || numbered > 0) && !(paging === 'ept' && xen.countHelper && !xen.countLevel);

/** Ranges whose start lies behind their end damage a set, until such calls are refused. */
const disordered = (xen: Xen, c: Call): boolean =>
  (c.op === 'map' || c.op === 'unmap') && c.span.start > c.span.end && !xen.rangeCheck;

function expectHolds({ p2m, servers }: Domain, damaged: boolean): void {
  const broken: unknown[] = [];
  const ids = servers.list().map((server) => server.id);
  if (new Set(ids).size !== ids.length) broken.push({ ids });
  for (const claimable of p2m.serverTypes) {
    const { server, flags } = p2m.getIoreqServer(claimable);
    const held = server === null ? flags === 0 : ids.includes(server) && flags !== 0;
    if (!held) broken.push({ claimable, server, flags });
    const [outstanding, total] = [p2m.outstanding(claimable), p2m.census.total(claimable)];
    if (counts(p2m) && outstanding !== total) broken.push({ claimable, outstanding, total });
  }
  for (const server of ids) {
    for (const kind of RANGE_KINDS) {
      const ranges = servers.ranges(server, kind)!.list();
      const wrong = ranges.findIndex(([s, e], i) => s > e || (i > 0 && s <= ranges[i - 1]![1] + 1n));
      if (ranges.length > RANGE_CAP || (!damaged && wrong >= 0)) broken.push({ server, kind, ranges });
    }
  }
  const { inUse, limit } = p2m.pool;
  if (!(inUse <= limit)) broken.push({ inUse, limit });
  expect(broken).toEqual([]);
}

const setting = (version: Version, paging: Paging): fc.Arbitrary<Setting> =>
  fc.record({
    version: fc.constant(version),
    paging: fc.constant(paging),
    table: fc.constantFrom('list', 'array', 'plain'),
    assertions: fc.boolean(),
    numbered: fc.constantFrom(0, 0, 4),
    spare: fc.constantFrom(0, 1, 40),
    preempt: fc.boolean(),
    served: fc.boolean(),
  });

describe.each(['ept', 'npt', 'shadow'] as const)('any call with any argument, on %s tables', (paging) => {
  test.each(PRESETS.map(({ name }) => name))('is answered, and leaves the domain in order: Xen %s', (version) => {
    const xen = VERSIONS[version];
    const check = fc.property(
      setting(version, paging),
      fc.array(call, { minLength: 20, maxLength: 80 }),
      (how, calls) => {
        const { store, domain } = domainOf(how);
        let damaged = false;
        for (const c of calls) {
          const hash = store.hash();
          let answer: unknown;
          try {
            answer = run(domain, c);
          } catch (error) {
            if (!(error instanceof XenBug)) throw error;
            expect([c.op, error.code, stops(xen, paging)]).toEqual([c.op, 'entryLevel', true]);
            return;
          }
          if (c.op === 'type' && (c.first < 0 || c.nr === 0)) expect(answer).toBe('EINVAL');
          if (answer === 'ASSERT') expect([how.assertions, disordered(xen, c)]).toEqual([true, true]);
          damaged ||= disordered(xen, c) && !how.assertions;
          if (answer === 'FAULT') expect(damaged).toBe(true);
          if (answer !== 0 && answer !== 1) expect([c, REFUSALS[c.op]]).toEqual([c, expect.arrayContaining([answer])]);
          const refused = failed(answer as 0) && answer !== 'FAULT';
          if (refused && WHOLE.includes(c.op)) expect([c, store.hash()]).toEqual([c, hash]);
          expectHolds(domain, damaged);
          store.settle();
        }
        expectCensusIsRecount({ store, p2m: domain.p2m });
      },
    );
    fc.assert(check, { numRuns: 20 });
  });
});
