/** set_mem_type.json, set_mem_type_multi.jsonl: the memory-type hypercall on a page of every type, and on several pages. */
import { NO_ENVIRONMENT, setMemType, type Environment } from '../dm';
import type { P2m } from '../p2m';
import { P2M, P2M_ACCESS, type P2mType } from '../p2m-type';
import type { Xen } from '../patches';
import { bitOf, nameIn, place, RAM_MFN, smallGuest, typeOf, type Mode } from './machine';
import { GENERATIONS } from './revision';
import { compareRow, eachItem, eachLine, hex, rowsOf, type Replay } from './types';

interface Single {
  readonly gen: number;
  readonly mode: Mode;
  readonly claimed: number;
  readonly setType: string;
  readonly readType: string;
  readonly auxOk: number;
  readonly request: number;
  readonly rc: string;
  readonly afterType: string;
  readonly sameFrame: number;
  readonly entryCount: number;
  readonly crash: number;
}
interface Multi {
  readonly gen: number;
  readonly mode: Mode;
  readonly claimed: number;
  readonly pages: readonly string[];
  readonly first: string;
  readonly nr: number;
  readonly req: number;
  readonly rc: string;
  readonly after: readonly string[];
  readonly entryCount: number;
  readonly crash: number;
  readonly preempt?: 1;
  readonly calls: readonly (readonly [rc: string, type15: number])[];
}

/** Types that the harness stored without a frame. */
export const BARE: readonly P2mType[] = [P2M.invalid, P2M.mmio_dm, P2M.populate_on_demand, P2M.ram_paged];

/** Populates and un-shares whatever it is asked to; the page is plain RAM then. */
export const WILLING: Environment = {
  ...NO_ENVIRONMENT,
  populate: (p2m, gfn) => p2m.setEntry(gfn, RAM_MFN + 0x100 + gfn, 0, P2M.ram_rw) === 0,
  unshare: (p2m, gfn) => p2m.setEntry(gfn, RAM_MFN + gfn, 0, P2M.ram_rw) === 0,
};

const CLAIM_WRITE = 2;
const countIn = (p2m: P2m): number => (p2m.xen.asyncReset ? p2m.regs.entryCount : -1);

function guest({ gen, mode, claimed }: { gen: number; mode: Mode; claimed: number }, pages: number): [P2m, Xen] {
  const xen = GENERATIONS[gen]!;
  const p2m = smallGuest(xen, mode, pages);
  if (claimed) p2m.setIoreqServer(1, CLAIM_WRITE);
  return [p2m, xen];
}

export const replaySetMemType: Replay = (lines) =>
  eachItem(rowsOf<Single>(lines, 'single'), (row) => {
    const [p2m, xen] = guest(row, 16);
    place(p2m, 5, typeOf(row.setType), BARE, P2M_ACCESS.rwx);
    const before = { ...p2m.getEntry(5) };
    const rc = setMemType(p2m, 5, 1, row.request, { done: 0 }, row.auxOk ? WILLING : NO_ENVIRONMENT);
    const after = p2m.getEntry(5);
    return compareRow('single', row, {
      readType: nameIn(xen, before.type),
      rc: String(rc),
      afterType: nameIn(xen, after.type),
      sameFrame: bitOf(after.mfn === before.mfn),
      entryCount: countIn(p2m),
      crash: p2m.regs.crashes,
    });
  });

export const replaySetMemTypeMulti: Replay = (lines) =>
  eachLine<Multi>(lines, (row) => (row.preempt ? preempted(row) : several(row)));

function several(row: Multi): string | undefined {
  const [p2m, xen] = guest(row, 16);
  row.pages.forEach((type, i) => place(p2m, 4 + i, typeOf(type), BARE, P2M_ACCESS.rwx));
  const rc = String(setMemType(p2m, Number(hex(row.first)), row.nr, row.req));
  const after = row.after.map((_, gfn) => nameIn(xen, p2m.getEntry(gfn).type));
  return compareRow('several pages', row, { rc, after, entryCount: countIn(p2m), crash: p2m.regs.crashes });
}

/** Pages that a preempted call was measured over. */
const MANY = 1110;

function preempted(row: Multi): string | undefined {
  const [p2m] = guest(row, MANY);
  const progress = { done: 0 };
  const environment = { ...NO_ENVIRONMENT, preempt: () => true };
  const calls = row.calls.map(() => {
    const rc = setMemType(p2m, Number(hex(row.first)), row.nr, row.req, progress, environment);
    return [String(rc), p2m.census.total(P2M.ioreq_server)] as const;
  });
  return compareRow('preempted', row, { calls, entryCount: countIn(p2m) });
}
