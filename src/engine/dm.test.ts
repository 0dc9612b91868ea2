import { describe, expect, test } from 'vitest';
import { getMemType, HVMMEM, NO_ENVIRONMENT, setMemType, type Environment } from './dm';
import { P2m } from './p2m';
import { P2M, P2M_ACCESS, p2mTypeNames, p2mTypeNumber, type P2mType } from './p2m-type';
import { VERSIONS, xenWith, type Xen } from './patches';
import { Store } from './store';
import { loadLines, loadTable } from './vectors/load';

const GENERATIONS: Record<number, Xen> = {
  1: xenWith(['writeDm']),
  2: xenWith(['writeDm', 'typeWithdrawn', 'typeRenamed']),
  3: VERSIONS.claim,
};
const MFN = 1 << 24;

function machine(xen: Xen, pages: number, hap = true): P2m {
  const p2m = new P2m(new Store(), {
    stateBase: 0,
    notesBase: 0,
    xen,
    vcpus: 1,
    poolSize: 16,
    poolMfn: 1 << 22,
    frames: 4096,
    meter: { add: () => undefined },
    hap,
  });
  p2m.build([{ gfn: 0, frames: pages, mfn: MFN, type: P2M.ram_rw, order: 0 }]);
  return p2m;
}

/** Stores a page type as the oracle's harness did: types without a frame get none. */
function place(p2m: P2m, gfn: number, type: P2mType): void {
  const bare =
    type === P2M.invalid || type === P2M.mmio_dm || type === P2M.populate_on_demand || type === P2M.ram_paged;
  expect(p2m.table.setEntry(gfn, bare ? null : MFN + gfn, 0, type, P2M_ACCESS.rwx)).toBe(0);
}

const willing: Environment = {
  ...NO_ENVIRONMENT,
  populate: (p2m, gfn) => p2m.setEntry(gfn, MFN + 0x100 + gfn, 0, P2M.ram_rw) === 0,
  unshare: (p2m, gfn) => p2m.setEntry(gfn, MFN + gfn, 0, P2M.ram_rw) === 0,
};

interface Single {
  gen: number;
  mode: string;
  claimed: number;
  setType: string;
  readType: string;
  auxOk: number;
  request: number;
  rc: string;
  afterType: string;
  sameFrame: number;
  entryCount: number;
  crash: number;
}
interface Multi {
  gen: number;
  mode: string;
  claimed: number;
  pages: string[];
  first: string;
  nr: number;
  req: number;
  rc: string;
  after: string[];
  entryCount: number;
  crash: number;
  preempt?: 1;
  calls: [string, number][];
}

describe('the memory-type hypercall against the oracle', () => {
  test('a single page of every type, asked to become every memory type', () => {
    const rows = loadTable<Single>('set_mem_type.json', 'single').filter((r) => r.mode === 'ept');
    for (const row of rows) {
      const xen = GENERATIONS[row.gen]!;
      const name = (type: P2mType): string => p2mTypeNames(xen)[type]!;
      const p2m = machine(xen, 16);
      if (row.claimed) p2m.setIoreqServer(1, 2);
      place(p2m, 5, p2mTypeNumber(row.setType));
      const before = { ...p2m.getEntry(5) };
      expect(name(before.type), JSON.stringify(row)).toBe(row.readType);
      const rc = setMemType(p2m, 5, 1, row.request, { done: 0 }, row.auxOk ? willing : NO_ENVIRONMENT);
      const after = p2m.getEntry(5);
      const got = {
        ...row,
        rc: String(rc),
        afterType: name(after.type),
        sameFrame: +(after.mfn === before.mfn),
        entryCount: xen.asyncReset ? p2m.regs.entryCount : -1,
        crash: p2m.regs.crashes,
      };
      expect(got).toEqual(row);
    }
    expect(rows.length).toBeGreaterThan(300);
  });

  const multi = loadLines<Multi>('set_mem_type_multi.jsonl').filter((c) => c.mode === 'ept');

  test('several pages stop at the first that refuses, and at the older generations may still say 0', () => {
    const cases = multi.filter((c) => !c.preempt);
    for (const row of cases) {
      const xen = GENERATIONS[row.gen]!;
      const p2m = machine(xen, 16);
      if (row.claimed) p2m.setIoreqServer(1, 2);
      row.pages.forEach((type, i) => place(p2m, 4 + i, p2mTypeNumber(type)));
      const rc = setMemType(p2m, Number(`0x${row.first}`), row.nr, row.req);
      const after = row.after.map((_, gfn) => p2mTypeNames(xen)[p2m.getEntry(gfn).type]!);
      const entryCount = xen.asyncReset ? p2m.regs.entryCount : -1;
      expect({ ...row, rc: String(rc), after, entryCount, crash: p2m.regs.crashes }).toEqual(row);
    }
    expect(cases.length).toBeGreaterThan(300);
  });

  test('a preempted call goes on where it stopped', () => {
    const cases = multi.filter((c) => c.preempt);
    for (const row of cases) {
      const p2m = machine(GENERATIONS[row.gen]!, 1110);
      if (row.claimed) p2m.setIoreqServer(1, 2);
      const progress = { done: 0 };
      const calls = row.calls.map(() => {
        const environment = { ...NO_ENVIRONMENT, preempt: () => true };
        const rc = setMemType(p2m, Number(`0x${row.first}`), row.nr, row.req, progress, environment);
        return [String(rc), p2m.census.total(P2M.ioreq_server)];
      });
      expect(calls, JSON.stringify(row)).toEqual(row.calls);
      if (row.entryCount >= 0) expect(p2m.regs.entryCount).toBe(row.entryCount);
    }
    expect(cases.length).toBeGreaterThan(10);
  });
});

describe('the memory-type hypercall', () => {
  test('type 15 needs hardware-assisted paging since the claim', () => {
    expect(setMemType(machine(VERSIONS.claim, 16, false), 5, 1, HVMMEM.ioreq_server)).toBe('EOPNOTSUPP');
  });

  test('between withdrawal and renaming no memory type leads to type 15', () => {
    const p2m = machine(xenWith(['writeDm', 'typeWithdrawn']), 16);
    expect([3, 4].map((mem) => setMemType(p2m, 5, 1, mem))).toEqual(['EINVAL', 'EINVAL']);
  });

  test('a page being paged out is asked for', () => {
    const p2m = machine(VERSIONS.claim, 16);
    const asked: number[] = [];
    place(p2m, 5, P2M.ram_paged);
    const environment = { ...NO_ENVIRONMENT, pageIn: (_: P2m, gfn: number) => void asked.push(gfn) };
    expect(setMemType(p2m, 5, 1, HVMMEM.ram_ro, { done: 0 }, environment)).toBe('EAGAIN');
    expect(asked).toEqual([5]);
  });

  test('what was set is what is answered', () => {
    const p2m = machine(VERSIONS.claim, 16);
    p2m.setIoreqServer(1, 2);
    for (const mem of [HVMMEM.ram_rw, HVMMEM.ioreq_server, HVMMEM.ram_rw, HVMMEM.ram_ro, HVMMEM.mmio_dm]) {
      expect(setMemType(p2m, 5, 1, mem)).toBe(0);
      expect(getMemType(p2m, 5)).toBe(mem);
    }
  });
});
