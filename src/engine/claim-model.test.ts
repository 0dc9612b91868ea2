/** The claim against a naive telling of it, with random calls. */
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { CLAIM_FLAGS, setClaim, sweepBatch, SWEEP_FRAMES, sweepPending } from './claim';
import { domainOf, typeAt } from './claim-testing';
import { HVMMEM, setMemType } from './dm';
import { P2M } from './p2m-type';
import { VERSIONS } from './patches';

const T15 = HVMMEM.ioreq_server;
const { write } = CLAIM_FLAGS;

const gfn = fc.constantFrom(0, 1, 2, 255, 256, 511, 512, 513, 700, 1023);
const id = fc.integer({ min: 1, max: 4 });
const call = fc.oneof(
  fc.record({ op: fc.constant('claim' as const), id, flags: fc.constantFrom(write, write, write, 1, 0) }),
  fc.record({ op: fc.constant('release' as const), id }),
  fc.record({
    op: fc.constant('type' as const),
    gfn,
    nr: fc.integer({ min: 1, max: 3 }),
    mem: fc.constantFrom(0, 1, 2, 4, 4, 4),
  }),
  fc.record({ op: fc.constant('destroy' as const), id }),
  fc.record({ op: fc.constant('touch' as const), gfn }),
);

/** The claim as one would tell it: who holds it, and what each page is. Pages not named are RAM. */
class Naive {
  owner: number | null = null;
  readonly ids = new Set([1, 2, 3]);
  readonly types = new Map<number, number>();

  get trapped(): number {
    return [...this.types.values()].filter((type) => type === T15).length;
  }

  claim(id: number, flags: number): unknown {
    if (flags === 0) return this.release(id);
    if (flags !== write) return 'EINVAL';
    if (!this.ids.has(id)) return 'ENOENT';
    if (this.owner !== null || this.trapped > 0) return 'EBUSY';
    this.owner = id;
    return 0;
  }

  release(id: number): unknown {
    if (!this.ids.has(id)) return 'ENOENT';
    if (this.owner !== id) return 'EINVAL';
    this.owner = null;
    for (const [gfn, type] of this.types) if (type === T15) this.types.delete(gfn);
    return 0;
  }

  destroy(id: number): unknown {
    if (!this.ids.delete(id)) return 'ENOENT';
    if (this.owner === id) this.owner = null;
    return 0;
  }

  type(first: number, nr: number, mem: number): unknown {
    if (first + nr > 1024 || (mem === T15 && this.owner === null)) return 'EINVAL';
    for (let gfn = first; gfn < first + nr; gfn++) {
      const old = this.types.get(gfn) ?? HVMMEM.ram_rw;
      const from = { [HVMMEM.ram_rw]: [0, 1, 2, 4], [HVMMEM.ram_ro]: [0, 1, 2], [HVMMEM.mmio_dm]: [2], [T15]: [0] };
      if (!from[old as 0].includes(mem)) return 'EINVAL';
      this.types.set(gfn, mem);
    }
    return 0;
  }
}

const P2M_OF: Record<number, number> = { 0: P2M.ram_rw, 1: P2M.ram_ro, 2: P2M.mmio_dm, 4: P2M.ioreq_server };

describe('whatever is called in whatever order', () => {
  test.each(['ept', 'npt'] as const)('the claim is what one would tell of it (%s)', (paging) => {
    const check = fc.property(fc.array(call, { maxLength: 40 }), (calls) => {
      const domain = domainOf(VERSIONS.claim, false, { paging });
      const naive = new Naive();
      const run = (c: (typeof calls)[number]): [unknown, unknown] => {
        switch (c.op) {
          case 'claim':
            return [domain.mapMemType(c.id, T15, c.flags).rc, naive.claim(c.id, c.flags)];
          case 'release':
            return [domain.mapMemType(c.id, T15, 0).rc, naive.release(c.id)];
          case 'type':
            return [domain.setMemType(c.gfn, c.nr, c.mem), naive.type(c.gfn, c.nr, c.mem)];
          case 'destroy':
            return [domain.destroyServer(c.id), naive.destroy(c.id)];
          case 'touch':
            domain.touch(c.gfn, 0);
            return [0, 0];
        }
      };
      for (const c of calls) {
        const [got, want] = run(c);
        // A release that swept something may say 1.
        if (got !== want && !(got === 1 && want === 0)) throw new Error(`${JSON.stringify(c)}: ${String(got)}`);
        if (domain.p2m.claimHolder !== naive.owner) throw new Error('another owner');
        if (domain.p2m.regs.entryCount !== naive.trapped) throw new Error('another count');
        for (const [at, mem] of naive.types) if (typeAt(domain, at) !== P2M_OF[mem]) throw new Error(`gfn ${at}`);
      }
    });
    fc.assert(check, { numRuns: 100 });
  });

  test('others may get in between the steps of a release, and the count stays right', () => {
    const check = fc.property(
      fc.array(call, { maxLength: 40 }),
      fc.array(fc.boolean(), { minLength: 8 }),
      (calls, whens) => {
        const domain = domainOf();
        const { p2m } = domain;
        let first: number | null = null;
        for (const [i, c] of calls.entries()) {
          if (first !== null && whens[i % whens.length]) {
            sweepBatch(p2m, first);
            first += SWEEP_FRAMES;
            if (!sweepPending(p2m, first)) {
              first = null;
              if (p2m.regs.entryCount !== 0) throw new Error('swept, and entries are left');
            }
          }
          if (c.op === 'claim' || (c.op === 'release' && first !== null)) {
            const free = p2m.claimHolder === null && p2m.regs.entryCount === 0;
            const flags = c.op === 'claim' ? c.flags : write;
            if (setClaim(domain, c.id, T15, flags) === 0 && flags === write && !free) throw new Error('claimed twice');
          } else if (c.op === 'release') {
            if (setClaim(domain, c.id, T15, 0) === 0 && sweepPending(p2m, 0)) first = 0;
          } else if (c.op === 'type') setMemType(p2m, c.gfn, c.nr, c.mem);
          else if (c.op === 'touch') domain.touch(c.gfn, 0);
          if (p2m.regs.entryCount !== p2m.census.total(P2M.ioreq_server)) throw new Error('another count');
          if (first !== null && p2m.claimHolder !== null) throw new Error('claimed before the sweep was done');
        }
      },
    );
    fc.assert(check, { numRuns: 100 });
  });
});
