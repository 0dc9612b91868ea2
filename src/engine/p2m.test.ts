import { describe, expect, test } from 'vitest';
import { EPT_EMT_INVALID, eptEmpty, eptType } from './ept-entry';
import { newTranslation } from './p2m-table';
import { P2m, type P2mSetup } from './p2m';
import { P2M, P2M_ACCESS, type P2mType } from './p2m-type';
import { VERSIONS, xenWith, type PatchName } from './patches';
import { Store } from './store';
import { noCosts } from './trace';

const POOL_MFN = 1 << 22;
const MFN = 1 << 24;
const FRAMES = 4096;
const NO_REPAIR = Object.entries(VERSIONS.claim).flatMap(([name, on]) =>
  on && name !== 'sweepResolves' ? [name] : [],
);

function machine(setup: Partial<P2mSetup> = {}, store = new Store()) {
  const costs = noCosts();
  const p2m = new P2m(store, {
    stateBase: 16,
    notesBase: 8,
    xen: VERSIONS.claim,
    vcpus: 2,
    poolSize: 64,
    poolMfn: POOL_MFN,
    frames: FRAMES,
    meter: { add: (cost, n = 1) => void (costs[cost] += n) },
    ...setup,
  });
  return { store, p2m, costs };
}

/** 1024 frames of RAM: one 4 KiB-mapped table, one 2 MiB entry. */
function guest(setup: Partial<P2mSetup> = {}) {
  const m = machine(setup);
  m.p2m.build([
    { gfn: 0, frames: 512, mfn: MFN, type: P2M.ram_rw, order: 0 },
    { gfn: 512, frames: 512, mfn: MFN + 512, type: P2M.ram_rw, order: 9 },
  ]);
  m.store.settle();
  return m;
}

function typesOf(p2m: P2m, frames = 1024): P2mType[] {
  return Array.from({ length: frames }, (_, gfn) => p2m.getEntry(gfn).type);
}

describe('a p2m', () => {
  test('is fresh with four tables on the way to gfn 0 and nothing mapped', () => {
    const { p2m } = machine();
    expect(p2m.pool.inUse).toBe(4);
    expect(p2m.getEntry(0)).toEqual({ type: P2M.mmio_dm, access: P2M_ACCESS.n, order: 0, mfn: null });
    expect(p2m.maxMapped).toBe(0);
  });

  test('is picked up again over the words of a fork', () => {
    const { store, p2m } = guest();
    const fork = machine({}, store.fork()).p2m;
    expect(fork.changeTypeOne(700, P2M.ram_rw, P2M.ram_ro)).toBe(0);
    expect(fork.getEntry(700).type).toBe(P2M.ram_ro);
    expect(p2m.getEntry(700)).toMatchObject({ type: P2M.ram_rw, order: 9 });
    expect(fork.pool.inUse).toBe(p2m.pool.inUse + 1);
  });

  test('built in bulk equals one stored entry by entry', () => {
    const bulk = guest();
    const slow = machine();
    slow.p2m.setEntry(512, MFN + 512, 9, P2M.ram_rw);
    for (let gfn = 0; gfn < 512; gfn++) slow.p2m.setEntry(gfn, MFN + gfn, 0, P2M.ram_rw);
    for (let i = 0; i < bulk.p2m.pool.size; i++) {
      expect(bulk.store.tables.page(i)).toEqual(slow.store.tables.page(i));
    }
    expect([...bulk.store.state.page(0)]).toEqual([...slow.store.state.page(0)]);
    expect([...bulk.store.notes.page(0)]).toEqual([...slow.store.notes.page(0)]);
  });

  test('a bulk run crosses table and frame-number borders', () => {
    const { p2m } = machine();
    p2m.build([{ gfn: 300, frames: 1000, mfn: 0x1_2fff00, type: P2M.ram_ro, order: 0 }]);
    for (const gfn of [300, 511, 512, 555, 556, 1299]) {
      expect(p2m.getEntry(gfn)).toMatchObject({ type: P2M.ram_ro, order: 0, mfn: 0x1_2fff00 + gfn - 300 });
    }
    expect([p2m.getEntry(299).type, p2m.getEntry(1300).type]).toEqual([P2M.mmio_dm, P2M.mmio_dm]);
    expect(p2m.maxMapped).toBe(1299);
  });

  test('a bulk build refuses what it cannot place', () => {
    const run = { gfn: 512, frames: 512, mfn: MFN, type: P2M.ram_rw, order: 9 } as const;
    expect(() => machine({ poolSize: 3 }).p2m.build([{ ...run, order: 0 }])).toThrow('pool');
    expect(() => machine().p2m.build([{ ...run, mfn: MFN + 1 }])).toThrow('misaligned');
    expect(() => machine().p2m.build([run, { ...run, order: 0 }])).toThrow('in the way');
  });

  test('one page inside a superpage splits it, and undoing the step joins it again', () => {
    const { store, p2m, costs } = guest();
    const mark = store.mark();
    const hash = store.hash();
    costs.frames = 0;
    expect(p2m.changeTypeOne(600, P2M.ram_rw, P2M.ram_ro)).toBe(0);
    expect(costs).toMatchObject({ frames: 1, flushes: 1 });
    expect(p2m.getEntry(601)).toMatchObject({ order: 0, mfn: MFN + 601, type: P2M.ram_rw });
    expect(p2m.changeTypeOne(600, P2M.ram_rw, P2M.ram_ro)).toBe('EBUSY');
    store.rollback(mark);
    expect(p2m.getEntry(600)).toMatchObject({ order: 9, type: P2M.ram_rw });
    expect(store.hash()).toBe(hash);
  });

  test('freed tables leave no trace in the hash', () => {
    const { store, p2m } = guest();
    const hash = store.hash();
    p2m.changeTypeOne(600, P2M.ram_rw, P2M.ram_ro);
    p2m.setEntry(512, MFN + 512, 9, P2M.ram_rw);
    expect(store.hash()).toBe(hash);
  });

  test('entries are refused for their alignment, reach and order', () => {
    const { p2m } = machine();
    const set = (gfn: number, mfn: number, order: number) =>
      p2m.table.setEntry(gfn, mfn, order, P2M.ram_rw, P2M_ACCESS.rwx);
    expect([set(1, MFN, 9), set(512, MFN + 1, 9), set(0, MFN, 8), set(2 ** 36, MFN, 0)]).toEqual(
      new Array(4).fill('EINVAL'),
    );
  });

  test('lookup finds the word that getEntry read', () => {
    const { store, p2m } = guest();
    expect(eptType(store.tables.get(p2m.table.lookup(5) + 1))).toBe(P2M.ram_rw);
    expect(p2m.table.lookup(513)).toBe(p2m.table.lookup(1023));
    const hole = p2m.table.lookup(1024);
    expect(eptEmpty(store.tables.get(hole), store.tables.get(hole + 1))).toBe(true);
  });
});

describe('the processor', () => {
  const t = newTranslation();

  test('permits, refuses and trips over marks at the level where they stand', () => {
    const { p2m } = guest();
    p2m.setIoreqServer(0, 2);
    p2m.changeTypeOne(5, P2M.ram_rw, P2M.ioreq_server);
    expect(p2m.translate(4, 'write', t)).toMatchObject({ outcome: 'ok', level: 0, mfn: MFN + 4, steps: 4 });
    expect(p2m.translate(5, 'read', t).outcome).toBe('ok');
    expect(p2m.translate(5, 'write', t)).toMatchObject({ outcome: 'violation', level: 0, mfn: MFN + 5 });
    expect(p2m.translate(600, 'exec', t)).toMatchObject({ outcome: 'ok', level: 1, mfn: MFN + 600 });
    expect(p2m.translate(1024, 'read', t)).toMatchObject({ outcome: 'violation', level: 1, mfn: null });
    p2m.memoryTypeChanged();
    expect(p2m.translate(4, 'read', t)).toMatchObject({ outcome: 'misconfig', level: 3, steps: 1 });
    expect(p2m.handleMisconfig(4, 0)).toBe(true);
    expect(p2m.translate(4, 'read', t).outcome).toBe('ok');
    expect(p2m.translate(600, 'read', t)).toMatchObject({ outcome: 'misconfig', level: 1 });
  });

  test('takes an entry that is writable but not readable for a mistake', () => {
    const { p2m } = guest();
    p2m.setEntry(7, MFN + 7, 0, P2M.ram_rw, P2M_ACCESS.w);
    expect(p2m.translate(7, 'write', t).outcome).toBe('misconfig');
    expect(p2m.handleMisconfig(7, 0)).toBe(false);
  });

  test('may fault once in vain on each vCPU after something was resolved', () => {
    const { p2m } = guest();
    p2m.memoryTypeChanged();
    p2m.table.recalc(4);
    expect([0, 0, 1, 1].map((vcpu) => p2m.handleMisconfig(4, vcpu))).toEqual([true, false, true, false]);
  });
});

describe('type changes', () => {
  test('a release is one mark, reported at once and carried out at the touch', () => {
    const { store, p2m, costs } = guest();
    p2m.setIoreqServer(3, 2);
    for (const gfn of [1, 2, 600]) p2m.changeTypeOne(gfn, P2M.ram_rw, P2M.ioreq_server);
    expect(p2m.setIoreqServer(3, 0)).toBe(0);
    costs.entries = 0;
    p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
    expect(costs.entries).toBe(513);
    expect(p2m.getEntry(1).type).toBe(P2M.ram_rw);
    expect(p2m.setIoreqServer(4, 2)).toBe('EBUSY');
    expect(p2m.enableLogDirty()).toBe('EBUSY');
    expect(p2m.census.total(P2M.ioreq_server)).toBe(3);
    expect(p2m.handleMisconfig(1, 0)).toBe(true);
    expect([p2m.regs.entryCount, p2m.census.total(P2M.ioreq_server)]).toEqual([1, 1]);
    expect(store.tables.get(p2m.table.lookup(600)) & EPT_EMT_INVALID).not.toBe(EPT_EMT_INVALID);
    p2m.finishTypeChange(512, 256);
    expect(p2m.setIoreqServer(4, 2)).toBe(0);
  });

  test('the sweep as first merged finds nothing to change', () => {
    const { p2m } = guest({ xen: xenWith(NO_REPAIR as PatchName[]) });
    p2m.setIoreqServer(3, 2);
    p2m.changeTypeOne(1, P2M.ram_rw, P2M.ioreq_server);
    p2m.setIoreqServer(3, 0);
    p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
    expect(p2m.finishTypeChange(0, 1024)).toBe(0);
    expect([p2m.regs.entryCount, p2m.setIoreqServer(4, 2)]).toEqual([1, 'EBUSY']);
  });

  test('a range that cuts a superpage is log-dirty page by page, and a pool too small crashes the domain', () => {
    const { p2m } = guest();
    p2m.changeTypeRange(100, 700, P2M.ram_rw, P2M.ram_logdirty);
    const dirty = (gfn: number): boolean => gfn >= 100 && gfn < 700;
    const types = Array.from({ length: 1024 }, (_, gfn) => (dirty(gfn) ? P2M.ram_logdirty : P2M.ram_rw));
    expect(typesOf(p2m)).toEqual(types);
    p2m.finishTypeChange(0, 1024);
    expect(typesOf(p2m)).toEqual(types);
    expect(p2m.census.total(P2M.ram_logdirty)).toBe(600);
    expect(p2m.regs.crashes).toBe(0);
    const small = guest({ poolSize: 4 }).p2m;
    small.changeTypeRange(100, 700, P2M.ram_rw, P2M.ram_logdirty);
    expect(small.regs.crashes).toBe(1);
  });

  test('log-dirty ranges end at the highest mapped gfn', () => {
    const { p2m } = guest();
    p2m.changeTypeRange(0, 5000, P2M.ram_rw, P2M.ram_logdirty);
    expect(p2m.logdirty.list()).toEqual([[0n, 1023n]]);
    p2m.changeTypeRange(2000, 5000, P2M.ram_rw, P2M.ram_logdirty);
    expect(p2m.logdirty.list()).toEqual([[0n, 1023n]]);
  });

  test('frames that no guest may write are mapped read-only, and a superpage over their edge is split at its first touch', () => {
    const { p2m } = guest({ mmioReadOnly: [[MFN + 2048, MFN + 2050]] });
    p2m.setEntry(2048, MFN + 2048, 9, P2M.mmio_direct);
    expect(p2m.translate(2048, 'read').outcome).toBe('misconfig');
    expect(p2m.handleMisconfig(2048, 0)).toBe(true);
    expect(p2m.translate(2050, 'write').outcome).toBe('violation');
    expect(p2m.translate(2051, 'write').outcome).toBe('ok');
  });
});
