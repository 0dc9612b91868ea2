/** The claim against a naive telling of it, with random calls. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeClaim, CLAIM_FLAGS, markReleased, released, sweepBatch, SWEEP_FRAMES } from './claim';
import { domainOf, typeAt } from './claim-testing';
import { SWEEP } from './machines/sweep';
import { HVMMEM, setMemType } from './dm';
import type { Domain } from './domain';
import { P2M } from './p2m-type';
import type { Paging } from './p2m-table';
import { VERSIONS, type Version } from './patches';

const { ram_rw: RW, ram_ro: RO, mmio_dm: DM, ioreq_server: T15 } = HVMMEM;
const { write } = CLAIM_FLAGS;
const FRAMES = 1024;

const gfn = fc.constantFrom(0, 1, 2, 255, 256, 511, 512, 513, 700, 1023);
const id = fc.integer({ min: 1, max: 4 });
const call = fc.oneof(
  { weight: 3, arbitrary: fc.record({ op: fc.constant('claim' as const), id, flags: fc.constantFrom(2, 2, 2, 1, 0) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('release' as const), id }) },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('type' as const),
      gfn,
      nr: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 4, max: 600 })),
      mem: fc.constantFrom(RW, RO, DM, 3, T15, T15, T15),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('create' as const), bufioreq: fc.constantFrom(0, 1, 2, 3) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('destroy' as const), id }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('dirty' as const), on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('touch' as const), gfn }) },
);
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

/** Log-dirty RAM, which is no memory type of the call. */
const DIRTY = -1;
/** What a page may become, by what it is. */
const MAY: Record<number, readonly number[]> = {
  [RW]: [RW, RO, DM, T15],
  [DIRTY]: [RW, RO, DM],
  [RO]: [RW, RO, DM],
  [DM]: [DM],
  [T15]: [RW],
};

/**
 * The claim as one would tell it: who holds it and what each page is. Beside these, what is left to be done in the tables:
 * pages to be given back, though everybody is told that they are RAM already; and pages that a mark passed by because they
 * were claimed, and that are given back after all if the holder goes before anybody touches them.
 */
class Naive {
  owner: number | null = null;
  readonly ids = new Set([1, 2, 3]);
  lastId = 3;
  asked = false;
  readonly types = new Array<number>(FRAMES).fill(RW);
  readonly stale = new Set<number>();
  readonly spared = new Set<number>();
  /** What RAM is since the last mark. */
  ram: number = RW;

  constructor(
    readonly paging: Paging,
    /** A release goes on until nothing is stale (eb13199100). */
    readonly sweeps: boolean,
  ) {}

  get outstanding(): number {
    return this.types.filter((type) => type === T15).length + this.stale.size;
  }

  /** All RAM is `as` from now on, and what nobody claims is to be given back. */
  mark(as: number): void {
    this.ram = as;
    for (const [gfn, type] of this.types.entries()) {
      if (type === T15) this.spared.add(gfn);
      else if (type === RW || type === DIRTY) this.types[gfn] = as;
    }
    if (this.owner === null) this.giveBack();
  }

  giveBack(): void {
    for (const gfn of this.spared) {
      this.stale.add(gfn);
      this.types[gfn] = this.ram;
    }
    this.spared.clear();
  }

  /** A touched entry of EPT settles its whole table, if there is anything at the gfn; one of page tables itself. */
  touch(gfn: number): void {
    for (const pages of [this.stale, this.spared]) {
      if (this.paging === 'npt') pages.delete(gfn);
      else if (this.types[gfn] !== DM) for (const at of pages) if (at >> 9 === gfn >> 9) pages.delete(at);
    }
  }

  claim(id: number, flags: number): unknown {
    if ((flags & ~write) !== 0) return 'EINVAL';
    if (!this.ids.has(id)) return 'ENOENT';
    if (flags === 0) return this.release(id);
    if (this.owner !== null || this.outstanding > 0) return 'EBUSY';
    this.owner = id;
    return 0;
  }

  release(id: number): unknown {
    if (this.owner !== id) return 'EINVAL';
    this.owner = null;
    if (this.outstanding > 0) this.mark(RW);
    if (this.sweeps) this.stale.clear();
    return 0;
  }

  create(bufioreq: number): unknown {
    if (bufioreq > 2) return { rc: 'EINVAL' };
    if (this.ids.size === 8) return { rc: 'ENOMEM' };
    this.ids.add(++this.lastId);
    return { rc: 0, id: this.lastId };
  }

  destroy(id: number): unknown {
    if (!this.ids.delete(id)) return 'ENOENT';
    if (this.owner === id) {
      this.owner = null;
      this.giveBack();
    }
    return 0;
  }

  type(first: number, nr: number, mem: number): unknown {
    if (nr === 0 || first + nr > FRAMES || mem === 3 || (mem === T15 && this.owner === null)) return 'EINVAL';
    for (let gfn = first; gfn < first + nr; gfn++) {
      if (!MAY[this.types[gfn]!]!.includes(mem)) return 'EINVAL';
      this.touch(gfn);
      this.types[gfn] = mem;
    }
    return 0;
  }

  dirty(on: boolean): unknown {
    if (on && this.asked) return 'EINVAL';
    if (on && this.outstanding > 0) return 'EBUSY';
    if (on || this.asked) this.mark(on ? DIRTY : RW);
    this.asked = on;
    return 0;
  }
}

const P2M_OF: Record<number, number> = {
  [RW]: P2M.ram_rw,
  [DIRTY]: P2M.ram_logdirty,
  [RO]: P2M.ram_ro,
  [DM]: P2M.mmio_dm,
  [T15]: P2M.ioreq_server,
};

function run(domain: Domain, naive: Naive, c: Call): [got: unknown, want: unknown] {
  switch (c.op) {
    case 'claim':
      return [domain.mapMemType(c.id, T15, c.flags).rc, naive.claim(c.id, c.flags)];
    case 'release':
      return [domain.mapMemType(c.id, T15, 0).rc, naive.claim(c.id, 0)];
    case 'type':
      return [domain.setMemType(c.gfn, c.nr, c.mem), naive.type(c.gfn, c.nr, c.mem)];
    case 'create':
      return [domain.createServer(c.bufioreq), naive.create(c.bufioreq)];
    case 'destroy':
      return [domain.destroyServer(c.id), naive.destroy(c.id)];
    case 'dirty':
      return [domain.setLogDirty(c.on), naive.dirty(c.on)];
    case 'touch':
      naive.touch(c.gfn);
      domain.touch(c.gfn, 0);
      return [0, 0];
  }
}

describe('whatever is called in whatever order', () => {
  test.each<[Version, Paging]>([
    ['claim-async', 'ept'],
    ['claim-async', 'npt'],
    ['claim', 'ept'],
    ['claim', 'npt'],
    ['today', 'ept'],
    ['today', 'npt'],
  ])('the claim is what one would tell of it: Xen %s, %s', (version, paging) => {
    const xen = VERSIONS[version];
    const check = fc.property(fc.array(call, { minLength: 10, maxLength: 60 }), (calls) => {
      const domain = domainOf(xen, false, { paging, poolSize: 64 });
      const { p2m, servers } = domain;
      const naive = new Naive(paging, xen.sweepResolves);
      for (const c of calls) {
        const [got, want] = run(domain, naive, c);
        // A release that swept something may say 1.
        const said = got === 1 && !xen.sweepAnswersZero && naive.owner === null ? 0 : got;
        expect([c, said]).toEqual([c, want]);
        expect(p2m.claimHolder).toBe(naive.owner);
        expect(p2m.regs.entryCount).toBe(naive.outstanding);
        expect(new Set(servers.list().map((server) => server.id))).toEqual(naive.ids);
        const types = Array.from({ length: FRAMES }, (_, at) => typeAt(domain, at));
        const wrong = types.findIndex((type, at) => type !== P2M_OF[naive.types[at]!]);
        if (wrong >= 0) throw new Error(`${JSON.stringify(c)}: gfn ${wrong} is ${types[wrong]}`);
      }
    });
    fc.assert(check, { numRuns: 60 });
  });

  test('others may get in between the steps of a release, and the count stays right', () => {
    const check = fc.property(
      fc.array(call, { minLength: 10, maxLength: 60 }),
      fc.array(fc.boolean(), { minLength: 8 }),
      (calls, whens) => {
        const domain = domainOf();
        const { p2m } = domain;
        let first: number | null = null;
        for (const [i, c] of calls.entries()) {
          if (first !== null && whens[i % whens.length]) {
            const { next } = sweepBatch(p2m, first);
            first += SWEEP_FRAMES;
            if (next !== SWEEP.at.sweeping) {
              first = null;
              // Once the count is 0 the type may be claimed, though the sweep goes on: then these are the new owner's.
              if (p2m.claimHolder === null && p2m.regs.entryCount !== 0) throw new Error('swept, and entries are left');
            }
          }
          if (c.op === 'claim' || (c.op === 'release' && first !== null)) {
            const free = p2m.claimHolder === null && p2m.regs.entryCount === 0;
            const flags = c.op === 'claim' ? c.flags : write;
            const done = changeClaim(domain, c.id, T15, flags) === 0;
            if (done && flags === write && !free) throw new Error('claimed twice');
            if (done && flags === 0 && released(p2m) === SWEEP.at.marking) markReleased(p2m);
          } else if (c.op === 'release') {
            const marks = changeClaim(domain, c.id, T15, 0) === 0 && released(p2m) === SWEEP.at.marking;
            if (marks && markReleased(p2m) === SWEEP.at.sweeping) first = 0;
          } else if (c.op === 'type') setMemType(p2m, c.gfn, c.nr, c.mem);
          else if (c.op === 'touch') domain.touch(c.gfn, 0);
          if (p2m.regs.entryCount !== p2m.census.total(P2M.ioreq_server)) throw new Error('another count');
        }
      },
    );
    fc.assert(check, { numRuns: 100 });
  });
});
