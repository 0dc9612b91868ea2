/**
 * The first image of a guest's p2m, written straight into the tables: what a toolstack's populate_physmap calls would
 * leave behind, without a log, a walk or a flush an entry. For fresh tables only: slots of the runs must be empty.
 * Counterpart: guest_physmap_add_entry and p2m_set_entry, as called while a domain is built.
 */
import { EPT_A, EPT_EMPTY_HI, EPT_IPAT, EPT_RWX, EPT_SP, MTRR_TYPE_WRBACK, eptFlags, eptHi, eptLo } from './ept-entry';
import { EPT_WL, eptTable } from './ept-walk';
import { PT_P, PT_PSE, PT_TABLE, ptFlags, ptHi, ptLo } from './pt-entry';
import type { Census } from './census';
import { P2M, P2M_ACCESS, type P2mAccess } from './p2m-type';
import type { Order, P2mHost, Paging } from './p2m-table';
import type { PagingPool } from './paging-pool';
import type { Done } from './slices';
import type { Space, Store } from './store';

/** A run of frames that are contiguous on both sides, mapped by entries of one order. */
export interface BuildRun {
  readonly gfn: number;
  /** Frames, a multiple of 2^order, as gfn and mfn are. */
  readonly frames: number;
  readonly mfn: number;
  readonly type: number;
  readonly order: Order;
  /** rwx unless given. */
  readonly access?: P2mAccess;
}

/** Frames by which the low 20 bits of a frame number wrap: there `hi` changes. */
const CARRY = 0x10_0000;

/** What an entry is without its frame number, which lies in the same bits of both formats, as the superpage bit does. */
type Words = readonly [lo: number, hi: number];
interface ImageFormat {
  readonly empty: number;
  readonly present: number;
  readonly table: Words;
  leaf(type: number, access: P2mAccess, order: Order): Words;
}

const LARGE = EPT_SP | PT_PSE;

function eptFormat({ xen, regs, adSupported, claims }: P2mHost): ImageFormat {
  const context = {
    xen,
    adSupported,
    pml: regs.pml !== 0,
    writeClaim: claims.intercepts(P2M.ioreq_server, true),
    claims,
  };
  const middle = EPT_RWX | (adSupported ? EPT_A : 0);
  return {
    empty: EPT_EMPTY_HI,
    present: EPT_RWX,
    table: [eptLo(0, middle), eptHi(0, P2M.ram_rw, P2M_ACCESS.rwx)],
    leaf(type, access, order) {
      const memoryType = type === P2M.mmio_direct ? 0 : (MTRR_TYPE_WRBACK << 3) | EPT_IPAT;
      const flags = eptFlags(type, access, context, order > 0, false) | memoryType | (order > 0 ? EPT_SP : 0);
      return [eptLo(0, flags), eptHi(0, type, access)];
    },
  };
}

function ptFormat({ xen, claims }: P2mHost): ImageFormat {
  const context = { xen, writeClaim: claims.intercepts(P2M.ioreq_server, true), claims };
  return {
    empty: 0,
    present: PT_P,
    table: [ptLo(0, PT_TABLE), ptHi(0, PT_TABLE)],
    leaf(type, _access, order) {
      const flags = ptFlags(type, context, false) | (order > 0 ? PT_PSE : 0);
      return [ptLo(0, flags), ptHi(0, flags)];
    },
  };
}

/** Entries that are written between two pauses. */
const SLICE = 2 ** 17;

/**
 * Writes the runs; says now and then how many frames are mapped. Throws when the pool is too small, a run is misaligned, or
 * a larger mapping is in the way.
 */
export function* buildImage(
  store: Store,
  pool: PagingPool,
  census: Census,
  host: P2mHost,
  runs: readonly BuildRun[],
  paging: Paging = 'ept',
): Generator<Done, void> {
  const { tables } = store;
  const { tally } = pool;
  const { regs, claims } = host;
  const format = paging === 'ept' ? eptFormat(host) : ptFormat(host);
  const find = finder(tables, pool, format);
  const of = runs.reduce((sum, { frames }) => sum + frames, 0);
  let done = 0;
  let written = 0;
  for (const { gfn: start, frames, mfn: from, type, order: largest, access = P2M_ACCESS.rwx } of runs) {
    const order = paging === 'shadow' ? 0 : largest;
    const level = order / 9;
    const unit = 2 ** order;
    if (start % unit !== 0 || from % unit !== 0 || frames % unit !== 0) throw new RangeError('a misaligned run');
    const [leafLo, leafHi] = format.leaf(type, access, order);
    const end = start + frames;
    for (let gfn = start, mfn = from; gfn < end;) {
      const first = (gfn / unit) & 511;
      const n = Math.min(512 - first, (end - gfn) / unit, (CARRY - (mfn % CARRY)) / unit);
      const table = find(gfn, level, n === 512);
      const page = tables.takeOwn(table);
      // Slots of the runs are empty, and a first image has no marks.
      tally.add(table, n);
      fillEntries(page, first * 2, n, frameLo(mfn) | leafLo, unit << 12, frameHi(mfn) | leafHi);
      if (order === 0) census.add(gfn >>> 9, type, n);
      else for (let cell = gfn >>> 9, i = (n * unit) >>> 9; i > 0; i--, cell++) census.add(cell, type, 512);
      gfn += n * unit;
      mfn += n * unit;
    }
    if (type >= P2M.ioreq_server && claims.counted) claims.count(type, frames / unit);
    if (type !== P2M.invalid && end - 1 > regs.maxMapped) regs.maxMapped = end - 1;
    done += frames;
    written += frames / unit;
    if (written < SLICE) continue;
    written = 0;
    yield { done, of };
  }
}

const frameLo = (mfn: number): number => (mfn % CARRY) << 12;
const frameHi = (mfn: number): number => Math.floor(mfn / CARRY);

function fillEntries(page: Uint32Array, at: number, n: number, lo: number, step: number, hi: number): void {
  for (const end = at + 2 * n; at < end; at += 2) {
    page[at] = lo;
    page[at + 1] = hi;
    lo = (lo + step) | 0;
  }
}

/**
 * Finds the table of a level that holds the slot of a gfn, and makes those missing on the way. `whole`: every slot of it
 * is about to be written, so a new one need not be made empty first.
 */
function finder(tables: Space, pool: PagingPool, { empty, present, table: [tableLo, tableHi] }: ImageFormat) {
  // The image only ever takes tables, so none below the last one taken is free.
  let lowest = 0;
  return (gfn: number, level: number, whole: boolean): number => {
    let table = 0;
    for (let l = EPT_WL; l > level; l--) {
      const i = ((gfn >>> (l * 9)) & 511) << 1;
      const page = tables.page(table);
      const lo = page[i]!;
      if ((lo & LARGE) !== 0) throw new RangeError('a larger mapping is in the way');
      if ((lo & present) !== 0) {
        table = eptTable(lo, page[i + 1]!, pool.firstMfn);
        continue;
      }
      const next = pool.alloc(lowest);
      if (next < 0) throw new RangeError('the paging pool is too small for the first image');
      lowest = next;
      const fresh = tables.takeOwn(next);
      if (l > level + 1 || !whole) for (let word = 1; word < fresh.length; word += 2) fresh[word] = empty;
      const own = tables.takeOwn(table);
      pool.tally.add(table, 1);
      own[i] = frameLo(pool.firstMfn + next) | tableLo;
      own[i + 1] = frameHi(pool.firstMfn + next) | tableHi;
      table = next;
    }
    return table;
  };
}
