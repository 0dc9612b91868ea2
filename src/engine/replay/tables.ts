/**
 * ept.jsonl and npt.jsonl: one p2m driven through a sequence of operations, each answer, the raw entries on the way to one
 * gfn after each, and all entries in the end. The two files differ in what they record of an entry, see `FORMATS`.
 */
import { EPT_RECALC, EPT_RWX, EPT_SP, eptAccess, eptEmpty, eptEmt, eptMfn, eptPresent, eptType } from '../ept-entry';
import { eptTable } from '../ept-walk';
import type { P2m } from '../p2m';
import { P2M, P2M_ACCESS_NAMES, p2mTypeNames, type P2mAccess, type P2mType } from '../p2m-type';
import { VERSIONS, type Xen } from '../patches';
import { PT_NX, PT_P, PT_PSE, PT_RW, PT_US, ptEmpty, ptMarked, ptMfn, ptPresent, ptType } from '../pt-entry';
import type { Rc } from '../errno';
import { accessOf, machineOf, MMIO_MFN, POOL_MFN, RAM_MFN, typeOf, type Machine } from './machine';
import { differs } from './types';

type Row = readonly (number | string)[];
type Step = readonly number[];
interface Op {
  readonly o: string;
  readonly g?: number;
  readonly k?: number;
  readonly m?: number | null;
  readonly t?: string;
  readonly u?: string;
  readonly a?: string;
  readonly s?: number;
  readonly f?: number;
  readonly n?: number | null;
  readonly e?: number;
  readonly r?: readonly [type: string, access: string, order: number, frame: number | null];
  readonly rc?: string;
  readonly st: readonly number[];
  /** In npt.jsonl the gfn is always 0, whichever is meant. */
  readonly w: readonly [gfn: number, path: readonly Step[]];
  readonly ld?: readonly (readonly [number, number])[];
}
/** `leaves` and `tables` are runs: gfn, count, and what the entries share. */
export interface TableSequence {
  readonly id: number;
  readonly ops: readonly Op[];
  readonly leaves: readonly Row[];
  readonly tables: readonly (readonly number[])[];
  readonly entryCount: number;
  readonly ioreqLeaves: number;
}

interface Format {
  readonly large: number;
  present(lo: number): boolean;
  empty(lo: number, hi: number): boolean;
  type(lo: number, hi: number): number;
  mfn(lo: number, hi: number): number;
  /** What is recorded of an entry on a path, beside its level. */
  step(level: number, lo: number, hi: number): Step;
  /** Whether the file names the frame of a leaf. */
  framed(lo: number, hi: number): boolean;
  /** A leaf's columns after the frame, and a table's after the level. */
  leaf(lo: number, hi: number): Row;
  table(lo: number): Step;
  /** Bits of a leaf that its columns depend on beside type and frame. */
  readonly keyLo: number;
  readonly keyHi: number;
}

const bit = (word: number, mask: number): number => +((word & mask) !== 0);

const EPT: Format = {
  large: EPT_SP,
  present: eptPresent,
  empty: eptEmpty,
  type: (_, hi) => eptType(hi),
  mfn: eptMfn,
  step: (level, lo, hi) => [level, lo & 7, bit(lo, EPT_SP), bit(lo, EPT_RECALC), eptEmt(lo), eptType(hi)],
  // The oracle names the frame of an entry that nobody may access only for mmio_dm.
  framed: (lo, hi) => (lo & EPT_RWX) !== 0 || eptType(hi) === P2M.mmio_dm,
  leaf: (lo, hi) => [lo & 7, bit(lo, EPT_RECALC), eptEmt(lo), P2M_ACCESS_NAMES[eptAccess(hi)]!],
  table: (lo) => [bit(lo, EPT_RECALC), eptEmt(lo)],
  keyLo: 0xfff,
  keyHi: ~0xf_ffff,
};

const NPT: Format = {
  large: PT_PSE,
  present: ptPresent,
  empty: ptEmpty,
  type: ptType,
  mfn: ptMfn,
  step: (level, lo, hi) => [
    level,
    lo & PT_P,
    bit(lo, PT_RW),
    bit(lo, PT_US),
    bit(hi, PT_NX),
    level > 0 ? bit(lo, PT_PSE) : 0,
    +ptMarked(lo),
    ptEmpty(lo, hi) ? 0 : ptType(lo, hi),
  ],
  framed: (lo) => ptPresent(lo),
  leaf: (lo, hi) => [lo & PT_P, bit(lo, PT_RW), bit(hi, PT_NX), +ptMarked(lo)],
  table: (lo) => [+ptMarked(lo)],
  keyLo: 0xfff,
  keyHi: ~0xf_ffff,
};

export const FORMATS = { ept: EPT, npt: NPT } as const;
export type TableFormat = keyof typeof FORMATS;

export function tableMachine(paging: TableFormat, xen: Xen): Machine {
  const mfnValid = (mfn: number): boolean => mfn < MMIO_MFN;
  return machineOf(xen, paging, { poolSize: 4096, frames: 1 << 20, mfnValid });
}

/** Calls `see` for each entry of the tree that is not empty. */
export function eachEntry(
  { store, p2m }: Machine,
  format: Format,
  see: (gfn: number, level: number, lo: number, hi: number, leaf: boolean, table: number) => void,
  table = 0,
  level = 3,
  start = 0,
): void {
  const page = store.tables.page(table);
  for (let i = 0; i < 512; i++) {
    const lo = page[2 * i]!;
    const hi = page[2 * i + 1]!;
    if (format.empty(lo, hi)) continue;
    const gfn = start + i * 2 ** (9 * level);
    const leaf = level === 0 || (lo & format.large) !== 0;
    see(gfn, level, lo, hi, leaf, table);
    if (!leaf) {
      eachEntry({ store, p2m }, format, see, eptTable(lo, hi, p2m.pool.firstMfn), level - 1, gfn);
    }
  }
}

/** Where and how the engine differs from a sequence, or undefined. `after` sees the machine in the end. */
export function replayTables(
  paging: TableFormat,
  sequence: TableSequence,
  xen: Xen = VERSIONS.claim,
  after?: (machine: Machine, format: Format) => void,
): string | undefined {
  const machine = tableMachine(paging, xen);
  const format = FORMATS[paging];
  const { ops } = sequence;
  for (let i = 0; i < ops.length; i++) {
    const op = ops[i]!;
    machine.store.settle();
    const wrong = replayOp(paging, machine, op);
    if (wrong !== undefined) return `sequence ${sequence.id} op ${i} ${op.o}\n${wrong}`;
  }
  const wrong = replayEnd(machine, format, sequence, xen);
  if (wrong !== undefined) return `sequence ${sequence.id}\n${wrong}`;
  after?.(machine, format);
  return undefined;
}

function replayOp(paging: TableFormat, machine: Machine, op: Op): string | undefined {
  const { store, p2m } = machine;
  const { regs } = p2m;
  const crashes = regs.crashes;
  const rc = run(p2m, op, paging);
  if (rc !== op.rc) return differs('rc', op.rc, rc);
  if (op.r) {
    const { type, access, order, mfn } = p2m.getEntry(op.g!);
    const r = [p2mTypeNames(p2m.xen)[type]!, P2M_ACCESS_NAMES[access]!, order, mfn === null ? null : relative(mfn)];
    if (!same(op.r, r)) return differs('r', op.r, r);
  }
  const st = [p2m.pool.inUse, regs.entryCount, regs.maxMapped, regs.globalLogdirty, regs.crashes - crashes];
  if (paging === 'ept') st.push(regs.spurious);
  if (!same(op.st, st)) return differs('st', op.st, st);
  const format = FORMATS[paging];
  const path = (gfn: number): Step[] =>
    p2m.table.path(gfn).map((at, i) => format.step(3 - i, store.tables.get(at), store.tables.get(at + 1)));
  const gfn = paging === 'ept' ? op.w[0] : op.g;
  if (gfn === undefined) {
    if (!leadsSomewhere(machine, format, op.w[1])) return differs('w of any gfn', op.w[1], path(0));
  } else if (!same(op.w[1], path(gfn))) return differs(`w of gfn ${gfn}`, op.w[1], path(gfn));
  if (op.ld) {
    const ld = p2m.logdirty.list().map(([s, e]) => [Number(s), Number(e)]);
    if (!same(op.ld, ld)) return differs('ld', op.ld, ld);
  }
  return undefined;
}

/**
 * Whether there is a gfn with this path. npt.jsonl names gfn 0 at each path and means the operation's own gfn; after an
 * operation without one it means one that nothing tells.
 */
function leadsSomewhere(machine: Machine, format: Format, path: readonly Step[], table = 0): boolean {
  const page = machine.store.tables.page(table);
  const level = path[0]![0]!;
  for (let i = 0; i < 512; i++) {
    const lo = page[2 * i]!;
    const hi = page[2 * i + 1]!;
    if (!same(path[0]!, format.step(level, lo, hi))) continue;
    const end = level === 0 || !format.present(lo) || (lo & format.large) !== 0;
    if (end !== (path.length === 1)) continue;
    if (end || leadsSomewhere(machine, format, path.slice(1), eptTable(lo, hi, POOL_MFN))) return true;
  }
  return false;
}

function run(p2m: P2m, op: Op, paging: TableFormat): string | undefined {
  const { g = 0, k = 0, n = 0 } = op;
  const mfn = op.m === null || op.m === undefined ? null : (op.t === 'mmio_direct' ? MMIO_MFN : RAM_MFN) + op.m;
  const type = (): P2mType => typeOf(op.t!);
  const access = (): P2mAccess => accessOf(op.a!);
  switch (op.o) {
    case 'set':
      return rcOf(p2m.table.setEntry(g, mfn, k, type(), access()));
    case 'setp':
      return rcOf(p2m.setEntry(g, mfn, k, type(), access()));
    case 'one':
      return rcOf(p2m.changeTypeOne(g, type(), typeOf(op.u!)));
    case 'global':
      return rcOf(p2m.changeEntryTypeGlobal(type(), typeOf(op.u!)));
    case 'range':
      return rcOf(p2m.changeTypeRange(g, op.e!, type(), typeOf(op.u!)));
    case 'memtype':
      return rcOf(p2m.memoryTypeChanged());
    case 'finish':
      return rcOf(p2m.finishTypeChange(g, n!));
    case 'recalc':
      return rcOf(p2m.table.recalc(g));
    case 'misconfig':
      // EPT says whether the fault was handled; for page tables the file has the bare result of the resolution.
      return paging === 'ept' ? rcOf(p2m.handleMisconfig(g, 0)) : p2m.handleMisconfig(g, 0) ? '0' : 'ENOMEM';
    case 'claim':
      return rcOf(p2m.setIoreqServer(op.s!, op.f!));
    case 'release':
      return rcOf(p2m.setIoreqServer(op.s!, 0));
    case 'limit':
      p2m.pool.limit = n === null ? p2m.pool.size : p2m.pool.inUse + n;
      return '0';
    default:
      return undefined;
  }
}

/** The tables in the end, entry by entry as runs, against those of the sequence. */
function replayEnd(machine: Machine, format: Format, want: TableSequence, xen: Xen): string | undefined {
  const names = p2mTypeNames(xen);
  const tables: (readonly number[])[] = [];
  const leaves: Row[] = [];
  let ioreqLeaves = 0;
  // The run that grows: its first entry, how many, what the next must be.
  const run = { gfn: 0, n: 0, lo: 0, hi: 0, level: -1, type: 0, frame: -1, nextGfn: -1, nextFrame: -1 };
  const close = (): void => {
    const { gfn, n, lo, hi, level, type, frame } = run;
    if (n > 0) leaves.push([gfn, n, 9 * level, names[type]!, frame, ...format.leaf(lo, hi)]);
  };
  eachEntry(machine, format, (gfn, level, lo, hi, leaf) => {
    if (!leaf) {
      tables.push([gfn, 1, level, ...format.table(lo)]);
      return;
    }
    const type = format.type(lo, hi);
    if (type === P2M.ioreq_server) ioreqLeaves++;
    const unit = 2 ** (9 * level);
    const frame = format.framed(lo, hi) ? relative(format.mfn(lo, hi)) : -1;
    const alike =
      gfn === run.nextGfn &&
      level === run.level &&
      frame === run.nextFrame &&
      ((lo ^ run.lo) & format.keyLo) === 0 &&
      ((hi ^ run.hi) & format.keyHi) === 0;
    if (alike) run.n++;
    else {
      close();
      Object.assign(run, { gfn, n: 1, lo, hi, level, type, frame });
    }
    run.nextGfn = gfn + unit;
    run.nextFrame = frame < 0 ? -1 : frame + unit;
  });
  close();
  if (!same(want.leaves, leaves)) return differs('leaves', want.leaves, leaves);
  const [xenTables, ours] = [expand(want.tables), expand(tables)];
  if (!same(xenTables, ours)) return differs('tables', xenTables, ours);
  const counts = [machine.p2m.regs.entryCount, ioreqLeaves];
  if (!same([want.entryCount, want.ioreqLeaves], counts)) {
    return differs('counts', [want.entryCount, want.ioreqLeaves], counts);
  }
  return undefined;
}

/** Runs of table entries taken apart, by level and gfn. */
const expand = (runs: readonly (readonly number[])[]): number[][] =>
  runs
    .flatMap(([gfn, n, level, ...rest]) =>
      Array.from({ length: n! }, (_, i) => [gfn! + i * 2 ** (9 * level!), 1, level!, ...rest]),
    )
    .sort((a, b) => b[2]! - a[2]! || a[0]! - b[0]!);

const rcOf = (rc: Rc | boolean | void): string => String(typeof rc === 'boolean' ? +rc : (rc ?? 0));

function relative(mfn: number): number {
  const offset = mfn - (mfn >= MMIO_MFN ? MMIO_MFN : RAM_MFN);
  return offset >= 0 && offset < 1 << 22 ? offset : -1;
}

type Value = number | string | null | readonly Value[];

/** Equality of nested arrays, without the cost of turning them into text. */
function same(a: Value, b: Value): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!same(a[i] as Value, b[i] as Value)) return false;
  return true;
}
