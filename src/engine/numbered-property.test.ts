/** Numbered types against the plainest truth, a map of gfns to types and one of types to claims, with random calls. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { domainOf, MFN } from './claim-testing';
import { HVMMEM } from './dm';
import type { Domain } from './domain';
import { newTranslation, type AccessKind } from './p2m-table';
import { P2M, SERVER_TYPES } from './p2m-type';
import { VERSIONS, xenWith } from './patches';

const NUMBERED = 3;
const SPACE = 1024;
/** Two tables of 4 KiB pages (the second a 2 MiB page at first), at their ends and in them. */
const GFNS = [0, 1, 2, 3, 255, 256, 510, 511, 512, 513, 514, 700, 1022, 1023];

const gfn = fc.constantFrom(...GFNS);
const id = fc.integer({ min: 1, max: 4 });
const mem = fc.constantFrom(0, 0, 1, 4, 4, 5, 5, 6, 7);
const call = fc.oneof(
  { weight: 5, arbitrary: fc.record({ op: fc.constant('claim'), id, mem, flags: fc.constantFrom(1, 2, 2, 3, 4) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('release'), id, mem }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('type'), gfn, mem, nr: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 5, arbitrary: fc.record({ op: fc.constant('touch'), gfn }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('destroy'), id }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('remove'), gfn }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('large') }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('log'), first: gfn, nr: fc.integer({ min: 2, max: 600 }) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('written'), gfn }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('logAll'), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('memtype') }) },
);
type Call = { op: string } & Partial<
  Record<'id' | 'mem' | 'flags' | 'gfn' | 'nr' | 'first', number> & Record<'on', boolean>
>;

const { ram_rw, ram_ro, ram_logdirty, mmio_dm } = P2M;
const isServer = (type: number): boolean => type >= P2M.ioreq_server;
const typeOf = (mem: number): number | null => (mem === 0 ? ram_rw : mem === 1 ? ram_ro : serverOf(mem));
const serverOf = (mem: number): number | null =>
  mem >= HVMMEM.ioreq_server && mem < HVMMEM.ioreq_server + NUMBERED ? mem + 11 : null;

class Naive {
  readonly types = new Array<number>(SPACE).fill(ram_rw);
  readonly claims = new Map<number, { server: number; flags: number }>();
  readonly ids = new Set([1, 2, 3]);
  readonly logged = new Set<number>();
  logAll = false;

  count = (type: number): number => this.types.filter((t) => t === type).length;

  claim(id: number, mem: number, flags: number): unknown {
    const type = serverOf(mem);
    if (type === null || flags > 3) return 'EINVAL';
    if (!this.ids.has(id)) return 'ENOENT';
    const held = this.claims.get(type);
    if (flags === 0) {
      if (held?.server !== id) return 'EINVAL';
      this.claims.delete(type);
    } else {
      if (held) return 'EBUSY';
      this.claims.set(type, { server: id, flags });
    }
    if (this.count(type) > 0) this.recalc(0, SPACE);
    return 0;
  }

  destroy(id: number): unknown {
    if (!this.ids.delete(id)) return 'ENOENT';
    for (const [type, { server }] of this.claims) {
      if (server !== id) continue;
      this.claims.delete(type);
      if (this.count(type) > 0) this.recalc(0, SPACE);
    }
    return 0;
  }

  type(first: number, nr: number, mem: number): unknown {
    const type = typeOf(mem);
    if (first + nr > SPACE || type === null) return 'EINVAL';
    for (let gfn = first; gfn < first + nr; gfn++) {
      const old = this.types[gfn]!;
      if (isServer(type) ? old !== ram_rw && old !== type : isServer(old) ? type !== ram_rw : old === mmio_dm)
        return 'EINVAL';
      this.types[gfn] = type;
    }
    return 0;
  }

  log(first: number, end: number): void {
    for (let gfn = first; gfn < end; gfn++) this.logged.add(gfn);
    this.recalc(first, end);
  }

  /** A mark settles log-dirty, and only that. */
  recalc(first: number, end: number): void {
    for (let gfn = first; gfn < end; gfn++) {
      if (this.types[gfn] === ram_rw || this.types[gfn] === ram_logdirty) {
        this.types[gfn] = this.logAll || this.logged.has(gfn) ? ram_logdirty : ram_rw;
      }
    }
  }

  /** Whether a read, a write and a fetch pass. */
  passes(gfn: number): [boolean, boolean, boolean] {
    const type = this.types[gfn]!;
    if (type === mmio_dm) return [false, false, false];
    if (!isServer(type)) return [true, type === ram_rw, true];
    const flags = this.claims.get(type)?.flags ?? 0;
    return [(flags & 1) === 0, flags === 0, (flags & 1) === 0];
  }
}

const KINDS: readonly AccessKind[] = ['read', 'write', 'exec'];
const into = newTranslation();

/** A mark is dealt with as the guest's fault would, once. */
function passes({ p2m }: Domain, gfn: number): boolean[] {
  return KINDS.map((kind) => {
    if (p2m.translate(gfn, kind, into).outcome === 'misconfig' && p2m.handleMisconfig(gfn, 0)) {
      p2m.translate(gfn, kind, into);
    }
    if (into.outcome === 'misconfig') throw new Error('still marked');
    return into.outcome === 'ok';
  });
}

/** Does it to both: what the domain answers, and what the maps say. */
function act(domain: Domain, naive: Naive, c: Call): [unknown, unknown] {
  const { p2m } = domain;
  const { id = 0, mem = 0, flags = 0, gfn = 0, nr = 1, first = 0, on = false } = c;
  switch (c.op) {
    case 'claim':
    case 'release':
      return [domain.mapMemType(id, mem, flags).rc, naive.claim(id, mem, flags)];
    case 'type':
      return [domain.setMemType(gfn, nr, mem), naive.type(gfn, nr, mem)];
    case 'touch':
      return [passes(domain, gfn), naive.passes(gfn)];
    case 'destroy':
      return [domain.destroyServer(id), naive.destroy(id)];
    case 'remove':
      naive.types[gfn] = mmio_dm;
      return [p2m.setEntry(gfn, null, 0, P2M.invalid), 0];
    case 'large':
      // A larger entry stored over server pages loses count of them, in Xen too.
      if (naive.types.slice(512).some(isServer)) return [0, 0];
      naive.types.fill(ram_rw, 512);
      return [p2m.setEntry(512, MFN + 512, 9, ram_rw), 0];
    case 'log':
      naive.log(first, Math.min(first + nr, SPACE));
      return [p2m.changeTypeRange(first, Math.min(first + nr, SPACE), ram_rw, ram_logdirty), undefined];
    case 'written':
      // What a fault does to a page whose writes are logged.
      if (naive.types[gfn] !== ram_logdirty) return [0, 0];
      naive.types[gfn] = ram_rw;
      return [p2m.changeTypeOne(gfn, ram_logdirty, ram_rw), 0];
    case 'logAll': {
      const busy = on && !naive.logAll && naive.types.some(isServer);
      const want = on && naive.logAll ? 'EINVAL' : busy ? 'EBUSY' : 0;
      if (want === 0 && on !== naive.logAll) {
        naive.logAll = on;
        naive.recalc(0, SPACE);
      }
      return [domain.setLogDirty(on), want];
    }
    default:
      return [p2m.memoryTypeChanged(), undefined];
  }
}

const bare = xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed', 'claim', 'ownResult']);

describe.each([
  ['ept', 'the claim series', VERSIONS.claim],
  ['npt', 'the claim series', VERSIONS.claim],
  ['ept', 'the claim alone', bare],
  ['npt', 'the claim alone', bare],
] as const)('whatever is called in whatever order (%s, %s)', (paging, _, xen) => {
  test('types, claims, permissions, counts and refusals are what one would tell of them', () => {
    const check = fc.property(fc.array(call as fc.Arbitrary<Call>, { minLength: 5, maxLength: 60 }), (calls) => {
      const domain = domainOf(xen, false, { paging, numbered: NUMBERED });
      const naive = new Naive();
      const { p2m } = domain;
      const types = (): number[] => GFNS.map((gfn) => p2m.getEntry(gfn).type);
      for (const c of calls) {
        const [got, want] = act(domain, naive, c);
        expect([c, got]).toEqual([c, want]);
        expect([c, ...types()]).toEqual([c, ...GFNS.map((gfn) => naive.types[gfn])]);
      }
      for (const type of SERVER_TYPES.slice(0, NUMBERED)) {
        expect(p2m.claimOf(type)).toEqual(naive.claims.get(type) ?? null);
        expect([p2m.outstanding(type), p2m.census.total(type)]).toEqual([naive.count(type), naive.count(type)]);
      }
      for (const gfn of GFNS) {
        expect(p2m.frame(gfn)).toBe(naive.types[gfn] === mmio_dm ? null : MFN + gfn);
        expect([gfn, ...passes(domain, gfn)]).toEqual([gfn, ...naive.passes(gfn)]);
      }
      expect(types()).toEqual(GFNS.map((gfn) => naive.types[gfn]));
    });
    fc.assert(check, { numRuns: 150 });
  });
});
