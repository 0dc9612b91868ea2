/** Several numbered types for servers, as the design document HVMMEM_ioreq_serverX has them. */
import { describe, expect, test } from 'vitest';
import { released } from './claim';
import { SWEEP } from './machines/sweep';
import { CLAIM_FLAGS } from './server-claims';
import { domainOf, MFN, typeAt } from './claim-testing';
import { getMemType, HVMMEM } from './dm';
import type { Domain } from './domain';
import { P2m, type P2mSetup } from './p2m';
import { newTranslation, type AccessKind } from './p2m-table';
import { P2M, p2mTypeNames, p2mTypeNumber, SERVER_TYPES, type P2mType } from './p2m-type';
import { VERSIONS, xenWith } from './patches';
import { Store } from './store';

const { read, write } = CLAIM_FLAGS;
const [T0, T1, T2, T3] = [0, 1, 2, 3].map((n) => HVMMEM.ioreq_server + n) as [number, number, number, number];
const KINDS: readonly AccessKind[] = ['read', 'write', 'exec'];

const numbered = (setup: Partial<P2mSetup> = {}): Domain => domainOf(VERSIONS.claim, false, { numbered: 4, ...setup });

/** What passes, once a mark on the way is dealt with as the guest's fault would. */
function passes({ p2m }: Domain, gfn: number): string {
  return KINDS.map((kind) => {
    const into = newTranslation();
    if (p2m.translate(gfn, kind, into).outcome === 'misconfig') {
      expect(p2m.handleMisconfig(gfn, 0)).toBe(true);
      p2m.translate(gfn, kind, into);
    }
    expect(into.outcome).not.toBe('misconfig');
    return into.outcome === 'ok' ? kind[0] : '-';
  }).join('');
}

describe.each(['ept', 'npt'] as const)('a numbered type (%s)', (paging) => {
  test('may be given to pages before anybody claims it, and they are plain memory', () => {
    const domain = numbered({ paging });
    [T0, T1, T2, T3].forEach((mem, i) => {
      expect(domain.setMemType(10 + i, 1, mem)).toBe(0);
      expect(typeAt(domain, 10 + i)).toBe(SERVER_TYPES[i]);
      expect(getMemType(domain.p2m, 10 + i)).toBe(mem);
      expect(passes(domain, 10 + i)).toBe('rwe');
      expect(domain.p2m.outstanding(SERVER_TYPES[i]!)).toBe(1);
    });
    expect(domain.setMemType(600, 1, T1)).toBe(0);
    expect([passes(domain, 600), domain.p2m.outstanding(16), domain.p2m.census.total(16)]).toEqual(['rwe', 2, 2]);
  });

  test.each([
    [write, 'r-e'],
    [read, '---'],
    [read | write, '---'],
  ])(
    'claimed with flags %i lets pass %s, of pages before and after, and all again after the release',
    (flags, left) => {
      const domain = numbered({ paging });
      for (const gfn of [1, 2, 600]) domain.setMemType(gfn, 1, T1);
      domain.setMemType(3, 1, T2);
      expect(domain.mapMemType(1, T1, flags)).toEqual({ rc: 0, opaque: 0 });
      domain.setMemType(4, 1, T1);
      expect([4, 1, 2, 600].map((gfn) => passes(domain, gfn))).toEqual([left, left, left, left]);
      expect([passes(domain, 3), passes(domain, 5)]).toEqual(['rwe', 'rwe']);
      for (const gfn of [1, 4, 600]) {
        expect(domain.p2m.getEntry(gfn)).toMatchObject({ type: 16, mfn: MFN + gfn });
        expect(domain.p2m.frame(gfn)).toBe(MFN + gfn);
      }
      expect(domain.mapMemType(1, T1, 0)).toEqual({ rc: 0, opaque: 0 });
      expect([600, 4, 2, 1].map((gfn) => passes(domain, gfn))).toEqual(['rwe', 'rwe', 'rwe', 'rwe']);
      expect([1, 2, 4, 600].map((gfn) => typeAt(domain, gfn))).toEqual([16, 16, 16, 16]);
      expect([domain.p2m.outstanding(16), domain.p2m.census.total(16)]).toEqual([4, 4]);
    },
  );

  test('that is claimed with pages already of it costs one mark, and each entry follows when it is touched', () => {
    let flushes = 0;
    const meter: P2mSetup['meter'] = { add: (cost, n = 1) => void (flushes += cost === 'flushes' ? n : 0) };
    const domain = numbered({ paging, meter });
    domain.setMemType(1, 1, T0);
    flushes = 0;
    domain.mapMemType(1, T1, write);
    expect([flushes, domain.p2m.translate(1, 'read').outcome]).toEqual([0, 'ok']);
    domain.mapMemType(1, T0, write);
    expect(flushes).toBeGreaterThan(0);
    expect(domain.p2m.translate(1, 'read').outcome).toBe('misconfig');
    expect(domain.p2m.translate(9, 'read').outcome).toBe('misconfig');
    expect([typeAt(domain, 1), typeAt(domain, 9)]).toEqual([15, 0]);
    expect([passes(domain, 1), passes(domain, 9)]).toEqual(['r-e', 'rwe']);
  });

  test('that was shut is open again after the release, whoever touches the table first, even where nothing is mapped', () => {
    for (const first of [5, 7, 300]) {
      const domain = numbered({ paging });
      for (const gfn of [5, 6]) domain.setMemType(gfn, 1, T3);
      domain.p2m.setEntry(7, null, 0, P2M.invalid);
      domain.mapMemType(2, T3, read);
      expect([passes(domain, 5), passes(domain, 6)]).toEqual(['---', '---']);
      domain.mapMemType(2, T3, 0);
      domain.p2m.handleMisconfig(first, 0);
      expect([passes(domain, 5), passes(domain, 6)]).toEqual(['rwe', 'rwe']);
    }
  });

  test('stands in the way of log-dirty, and is left alone where only a range is logged', () => {
    const domain = numbered({ paging });
    domain.setMemType(5, 1, T2);
    expect(domain.setLogDirty(true)).toBe('EBUSY');
    domain.p2m.changeTypeRange(0, 16, P2M.ram_rw, P2M.ram_logdirty);
    expect([passes(domain, 4), passes(domain, 5)]).toEqual(['r-e', 'rwe']);
    expect([typeAt(domain, 4), typeAt(domain, 5)]).toEqual([P2M.ram_logdirty, 17]);
    domain.setMemType(5, 1, HVMMEM.ram_rw);
    expect(domain.setLogDirty(true)).toBe(0);
  });

  test('that is released leaves global log-dirty on', () => {
    const domain = numbered({ paging });
    domain.setLogDirty(true);
    // A fault has logged the page: plain until the next mark.
    expect(domain.p2m.changeTypeOne(5, P2M.ram_logdirty, P2M.ram_rw)).toBe(0);
    expect(domain.setMemType(5, 1, T0)).toBe(0);
    for (const flags of [write, 0]) expect(domain.mapMemType(1, T0, flags).rc).toBe(0);
    expect([passes(domain, 4), passes(domain, 5), domain.p2m.regs.globalLogdirty]).toEqual(['r-e', 'rwe', 1]);
  });

  test('is only reached from ram_rw and only left for it; what has it may be given it again', () => {
    const domain = numbered({ paging });
    expect(domain.setMemType(1, 1, HVMMEM.ram_ro)).toBe(0);
    expect(domain.setMemType(1, 1, T1)).toBe('EINVAL');
    expect(domain.setMemType(2, 1, T1)).toBe(0);
    for (const mem of [T0, T2, HVMMEM.ram_ro, HVMMEM.mmio_dm]) expect(domain.setMemType(2, 1, mem)).toBe('EINVAL');
    expect(domain.setMemType(2, 1, T1)).toBe(0);
    domain.mapMemType(1, T1, read);
    expect(domain.setMemType(2, 1, HVMMEM.ram_rw)).toBe(0);
    expect(domain.setMemType(2, 1, T1)).toBe(0);
    domain.mapMemType(1, T1, 0);
    expect(domain.setMemType(2, 1, HVMMEM.ram_rw)).toBe(0);
    expect([passes(domain, 2), domain.p2m.outstanding(16)]).toEqual(['rwe', 0]);
  });

  test('may stand in the first image', () => {
    const { p2m } = numbered({ paging });
    p2m.build([{ gfn: 2048, frames: 8, mfn: MFN + 2048, type: 18, order: 0 }]);
    expect([p2m.getEntry(2050).type, p2m.translate(2050, 'write').outcome, p2m.outstanding(18)]).toEqual([18, 'ok', 8]);
  });
});

describe('claims of numbered types', () => {
  test('are one a type: EBUSY while it is taken, even by the same server', () => {
    const domain = numbered();
    expect(domain.mapMemType(1, T1, write).rc).toBe(0);
    for (const [id, flags] of [
      [1, write],
      [1, read],
      [2, read],
    ] as const)
      expect(domain.mapMemType(id, T1, flags).rc).toBe('EBUSY');
    expect(domain.mapMemType(2, T2, read).rc).toBe(0);
    expect(domain.mapMemType(1, T3, read | write).rc).toBe(0);
    const { p2m } = domain;
    expect(p2m.serverTypes.map((type) => p2m.getIoreqServer(type))).toEqual([
      { server: null, flags: 0 },
      { server: 1, flags: write },
      { server: 2, flags: read },
      { server: 1, flags: read | write },
    ]);
    expect([p2m.claimOf(16), p2m.claimOf(15), p2m.claimHolder]).toEqual([{ server: 1, flags: write }, null, null]);
    expect(domain.mapMemType(2, T1, 0).rc).toBe('EINVAL');
    expect(domain.mapMemType(1, T1, 0).rc).toBe(0);
    expect(domain.mapMemType(1, T1, 0).rc).toBe('EINVAL');
    expect(domain.mapMemType(2, T1, write).rc).toBe(0);
  });

  test('go from one server to the next while pages are of the type', () => {
    const domain = numbered();
    domain.setMemType(1, 2, T1);
    domain.mapMemType(1, T1, write);
    domain.mapMemType(1, T1, 0);
    expect(released(domain.p2m)).toBe(SWEEP.at.idle);
    expect(domain.mapMemType(2, T1, read).rc).toBe(0);
    expect(passes(domain, 2)).toBe('---');
  });

  test('are refused for other types and unknown flags, and need hardware-assisted paging', () => {
    const domain = domainOf(VERSIONS.claim, false, { numbered: 2 });
    for (const type of [HVMMEM.ram_rw, HVMMEM.unused, T2, T3, 8, -1]) {
      expect(domain.mapMemType(1, type, write).rc).toBe('EINVAL');
      if (type > 2 || type < 0) expect(domain.setMemType(1, 1, type)).toBe('EINVAL');
    }
    expect(domain.mapMemType(1, T1, 4).rc).toBe('EINVAL');
    expect(domain.mapMemType(9, T1, read).rc).toBe('ENOENT');
    expect(domain.mapMemType(9, T1, read, 256).rc).toBe('ENOENT');
    expect(domain.p2m.setIoreqServer(1, write, P2M.ram_rw)).toBe('EINVAL');
    const shadow = numbered({ paging: 'shadow' });
    expect([shadow.mapMemType(1, T1, write).rc, shadow.setMemType(1, 1, T1)]).toEqual(['EOPNOTSUPP', 'EOPNOTSUPP']);
  });

  test('all end with their server, and their pages are plain memory', () => {
    const domain = numbered();
    for (const [gfn, type] of [T0, T1, T2].entries()) domain.setMemType(gfn, 1, type);
    domain.mapMemType(1, T0, write);
    domain.mapMemType(2, T1, write);
    domain.mapMemType(1, T2, read);
    expect([0, 1, 2].map((gfn) => passes(domain, gfn))).toEqual(['r-e', 'r-e', '---']);
    expect(domain.destroyServer(1)).toBe(0);
    expect([0, 1, 2].map((gfn) => passes(domain, gfn))).toEqual(['rwe', 'r-e', 'rwe']);
    expect([0, 1, 2].map((gfn) => typeAt(domain, gfn))).toEqual([15, 16, 17]);
    expect(domain.mapMemType(3, T2, write).rc).toBe(0);
  });

  test('intercept what they were made for', () => {
    const { p2m } = numbered();
    [0, read, write, read | write].forEach((flags, i) => flags && p2m.setIoreqServer(1, flags, SERVER_TYPES[i]));
    const asked = (type: number) => [p2m.intercepts(type, false), p2m.intercepts(type, true)];
    expect([15, 16, 17, 18, 0].map(asked)).toEqual([
      [false, false],
      [true, false],
      [false, true],
      [true, true],
      [false, false],
    ]);
  });
});

describe('a p2m without numbered types', () => {
  test('intercepts writes of type 15: always before the claim, then for its holder', () => {
    const asked = ({ p2m }: Domain) => [p2m.isServerType(15), p2m.intercepts(15, true), p2m.intercepts(15, false)];
    expect(asked(domainOf(xenWith([])))).toEqual([false, false, false]);
    expect(asked(domainOf(VERSIONS.v7))).toEqual([true, true, false]);
    const domain = domainOf();
    expect(asked(domain)).toEqual([true, false, false]);
    domain.mapMemType(1, T0, write);
    expect(asked(domain)).toEqual([true, true, false]);
    expect([domain.p2m.isServerType(16), domain.p2m.intercepts(16, true)]).toEqual([false, false]);
    expect(domain.p2m.serverTypes).toEqual([15]);
  });

  test('is what one before the claim is, whatever number was asked for', () => {
    expect(domainOf(VERSIONS.v7, false, { numbered: 3 }).p2m.numbered).toBe(0);
  });
});

test('claims lie in the words of state, after all that is there without them, and a fork has them', () => {
  const at = (n: number, store = new Store()): P2m =>
    new P2m(store, {
      stateBase: 3,
      notesBase: 0,
      xen: VERSIONS.claim,
      vcpus: 1,
      poolSize: 8,
      poolMfn: 1 << 22,
      frames: 512,
      meter: { add: () => undefined },
      numbered: n,
    });
  const words = [0, 1, 2, 3, 4].map((n) => at(n).stateWords);
  expect(words.map((n) => n - words[0]!)).toEqual([0, 0, 3, 6, 9]);
  expect(() => at(5)).toThrow(RangeError);

  const store = new Store();
  const p2m = at(4, store);
  p2m.setIoreqServer(7, read, 18);
  p2m.setIoreqServer(6, write);
  expect([p2m.regs.claimServer, p2m.getIoreqServer().flags]).toEqual([7, write]);
  const fork = at(4, store.fork());
  expect([fork.getIoreqServer(18), fork.claimHolder]).toEqual([{ server: 7, flags: read }, 6]);
  fork.setIoreqServer(7, 0, 18);
  expect([fork.claimOf(18), p2m.claimOf(18)]).toEqual([null, { server: 7, flags: read }]);
});

test('names are those of the document: its server0 is what was merged', () => {
  const names = p2mTypeNames(VERSIONS.claim, 3);
  expect(names.slice(14)).toEqual(['map_foreign', 'ioreq_server0', 'ioreq_server1', 'ioreq_server2']);
  names.forEach((name, n) => expect(p2mTypeNumber(name)).toBe(n));
  expect(p2mTypeNames(VERSIONS.claim)).toHaveLength(16);
});

test('every type fits the entries of both formats', () => {
  for (const type of SERVER_TYPES) {
    const stored: readonly P2mType[] = (['ept', 'npt'] as const).map((paging) => {
      const { p2m } = numbered({ paging });
      p2m.setEntry(1, MFN, 0, type);
      return p2m.getEntry(1).type;
    });
    expect(stored).toEqual([type, type]);
  }
});
