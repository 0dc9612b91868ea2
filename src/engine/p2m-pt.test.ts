import { describe, expect, test } from 'vitest';
import { HVMMEM, setMemType } from './dm';
import { newTranslation, type Paging } from './p2m-table';
import { P2m, type P2mSetup } from './p2m';
import { P2M, P2M_ACCESS, type P2mType } from './p2m-type';
import { VERSIONS, xenWith } from './patches';
import { replayTables, type TableSequence } from './replay/tables';
import { PT_US, ptType } from './pt-entry';
import { Store } from './store';
import { noCosts } from './trace';
import { expectCensusIsRecount } from './vectors/census';
import { loadLines } from './vectors/load';

const MFN = 1 << 24;

function machine(paging: Paging = 'npt', setup: Partial<P2mSetup> = {}, store = new Store()) {
  const costs = noCosts();
  const p2m = new P2m(store, {
    stateBase: 16,
    notesBase: 8,
    xen: VERSIONS.claim,
    vcpus: 2,
    poolSize: 64,
    poolMfn: 1 << 22,
    frames: 4096,
    meter: { add: (cost, n = 1) => void (costs[cost] += n) },
    paging,
    ...setup,
  });
  return { store, p2m, costs };
}

/** 1024 frames of RAM: one 4 KiB-mapped table, one 2 MiB entry. */
function guest(setup: Partial<P2mSetup> = {}, paging: Paging = 'npt') {
  const m = machine(paging, setup);
  m.p2m.build([
    { gfn: 0, frames: 512, mfn: MFN, type: P2M.ram_rw, order: 0 },
    { gfn: 512, frames: 512, mfn: MFN + 512, type: P2M.ram_rw, order: 9 },
  ]);
  m.store.settle();
  return m;
}

describe('page tables as a p2m, against the oracle', () => {
  const sequences = loadLines<TableSequence>('npt.jsonl');

  test('the oracle has its 120 sequences', () => expect(sequences).toHaveLength(120));

  test('every result, path and final table agrees, and the census is a recount', () => {
    for (const sequence of sequences) {
      expect(replayTables('npt', sequence, undefined, expectCensusIsRecount)).toBeUndefined();
    }
  });
});

describe('page tables as a p2m', () => {
  const t = newTranslation();
  const set = (p2m: P2m, gfn: number, mfn: number | null, order: number, type: P2mType = P2M.ram_rw) =>
    p2m.table.setEntry(gfn, mfn, order, type, P2M_ACCESS.rwx);

  test.each(['npt', 'shadow'] as const)('built in bulk equal those stored entry by entry (%s)', (paging) => {
    const bulk = guest({}, paging);
    const slow = machine(paging);
    slow.p2m.setEntry(512, MFN + 512, 9, P2M.ram_rw);
    for (let gfn = 0; gfn < 512; gfn++) slow.p2m.setEntry(gfn, MFN + gfn, 0, P2M.ram_rw);
    for (let gfn = 0; gfn < 1024; gfn++) expect(bulk.p2m.getEntry(gfn)).toEqual(slow.p2m.getEntry(gfn));
    expect(bulk.p2m.getEntry(600)).toMatchObject({ order: paging === 'npt' ? 9 : 0, mfn: MFN + 600 });
    expect(bulk.p2m.pool.inUse).toBe(slow.p2m.pool.inUse);
    for (const m of [bulk, slow]) expectCensusIsRecount(m);
    expect(machine(paging, {}, bulk.store.fork()).p2m.getEntry(600).mfn).toBe(MFN + 600);
  });

  test('taking a step back joins a split superpage again', () => {
    const { store, p2m } = guest();
    const [mark, hash] = [store.mark(), store.hash()];
    expect(p2m.changeTypeOne(600, P2M.ram_rw, P2M.ram_ro)).toBe(0);
    expect(p2m.getEntry(601)).toMatchObject({ order: 0, mfn: MFN + 601 });
    store.rollback(mark);
    expect(p2m.getEntry(600)).toMatchObject({ order: 9, type: P2M.ram_rw });
    expect(store.hash()).toBe(hash);
  });

  test('a release marks the root, and a touch settles a single entry', () => {
    const { store, p2m } = guest();
    p2m.setIoreqServer(3, 2);
    for (const gfn of [1, 2]) p2m.changeTypeOne(gfn, P2M.ram_rw, P2M.ioreq_server);
    expect(p2m.translate(1, 'write', t).outcome).toBe('violation');
    p2m.setIoreqServer(3, 0);
    p2m.changeEntryTypeGlobal(P2M.ioreq_server, P2M.ram_rw);
    expect(store.tables.get(0) & PT_US).toBe(0);
    expect(p2m.getEntry(1).type).toBe(P2M.ram_rw);
    expect(p2m.translate(1, 'write', t)).toMatchObject({ outcome: 'misconfig', level: 3, steps: 4 });
    expect(p2m.handleMisconfig(1, 0)).toBe(true);
    expect(p2m.translate(1, 'write', t)).toMatchObject({ outcome: 'ok', rights: 7, mfn: MFN + 1 });
    expect(p2m.translate(2, 'write', t)).toMatchObject({ outcome: 'misconfig', level: 0 });
    expect([p2m.regs.entryCount, p2m.setIoreqServer(4, 2)]).toEqual([1, 'EBUSY']);
    expect(p2m.finishTypeChange(0, 1024)).toBe(0);
    expect([p2m.regs.entryCount, p2m.setIoreqServer(4, 2)]).toEqual([0, 0]);
  });

  test('a fault that finds nothing to settle is no failure, however often', () => {
    const { p2m } = guest();
    expect([0, 0, 0].map((vcpu) => p2m.handleMisconfig(4, vcpu))).toEqual([true, true, true]);
  });

  test('nothing present is a violation below a mark too, and memory types are nothing here', () => {
    const { p2m } = guest();
    p2m.memoryTypeChanged();
    expect(p2m.translate(600, 'exec', t)).toMatchObject({ outcome: 'ok', level: 1, mfn: MFN + 600 });
    p2m.enableLogDirty();
    expect(p2m.translate(1024, 'read', t)).toMatchObject({ outcome: 'violation', level: 1, mfn: null });
    expect(p2m.translate(600, 'read', t).outcome).toBe('misconfig');
    expect(p2m.getEntry(600).type).toBe(P2M.ram_logdirty);
  });

  test('each entry that was present costs a flush: a mark handed down to a full table costs 512 and more', () => {
    const { p2m, costs } = guest();
    p2m.changeEntryTypeGlobal(P2M.ram_rw, P2M.ram_logdirty);
    costs.flushes = 0;
    p2m.handleMisconfig(5, 0);
    // At each level the entries below that get the mark, and the one that loses it.
    expect(costs.flushes).toBe(1 + 1 + (2 + 1) + (512 + 1) + 1);
  });

  test('alignment is not asked for: the entry that the gfn lies in is replaced, an odd frame made even', () => {
    const { p2m } = guest();
    expect(set(p2m, 515, MFN + 7, 9)).toBe(0);
    expect(p2m.getEntry(512)).toMatchObject({ order: 9, mfn: MFN + 6 });
    expect(p2m.maxMapped).toBe(515 + 511);
  });

  test('an order that no entry has stores nothing, says 0 and raises the highest mapped gfn', () => {
    const { p2m } = guest();
    expect(set(p2m, 2048, MFN + 2048, 4)).toBe(0);
    expect(p2m.getEntry(2048)).toMatchObject({ type: P2M.mmio_dm, mfn: null });
    expect(p2m.maxMapped).toBe(2048 + 15);
  });

  test('refuses foreign pages, what lies beyond reach, and when the pool is dry', () => {
    const { p2m } = guest({ poolSize: 4 });
    expect([set(p2m, 5, MFN, 0, P2M.map_foreign), set(p2m, 2 ** 36, MFN, 0)]).toEqual(['EINVAL', 'ENOENT']);
    expect([set(p2m, 600, MFN, 0), set(p2m, 2048, MFN, 0)]).toEqual(['ENOMEM', 'ENOMEM']);
    p2m.changeTypeRange(600, 700, P2M.ram_rw, P2M.ram_logdirty);
    expect(p2m.regs.crashes).toBe(1);
  });

  test('before the claim a page that leaves type 15 loses its frame, and the call says 0', () => {
    const traps = xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed']);
    const frames = [traps, VERSIONS.claim].map((xen) => {
      const { p2m } = guest({ xen });
      if (xen.claim) p2m.setIoreqServer(1, 2);
      expect(setMemType(p2m, 5, 1, HVMMEM.ioreq_server)).toBe(0);
      expect(setMemType(p2m, 5, 1, HVMMEM.ram_rw)).toBe(0);
      return p2m.getEntry(5).mfn;
    });
    expect(frames).toEqual([null, MFN + 5]);
  });

  test('frames that no guest may write are mapped read-only', () => {
    const { p2m } = guest({ mmioReadOnly: [[MFN + 2048, MFN + 2050]] });
    p2m.setEntry(2048, MFN + 2048, 0, P2M.mmio_direct);
    expect(p2m.translate(2048, 'write', t).outcome).toBe('violation');
    p2m.setEntry(2048, MFN + 2051, 0, P2M.mmio_direct);
    expect(p2m.translate(2048, 'write', t).outcome).toBe('ok');
  });

  test('frame, path and lookup follow the tables', () => {
    const { store, p2m } = guest();
    expect([p2m.frame(5), p2m.frame(600), p2m.frame(1024)]).toEqual([MFN + 5, MFN + 600, null]);
    expect([5, 600, 1024, 2 ** 30].map((gfn) => p2m.table.path(gfn).length)).toEqual([4, 3, 3, 1]);
    expect(p2m.table.lookup(513)).toBe(p2m.table.lookup(1023));
    const at = p2m.table.lookup(5);
    expect(ptType(store.tables.get(at), store.tables.get(at + 1))).toBe(P2M.ram_rw);
  });
});
