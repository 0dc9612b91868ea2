/** For tests: p2ms that anything may have happened to, and their tables told entry by entry, as nobody in a hurry would. */
import fc from 'fast-check';
import { EPT_WL, eptTable } from '../engine/ept-walk';
import { P2m } from '../engine/p2m';
import type { Paging } from '../engine/p2m-table';
import { P2M, P2M_ACCESS, type P2mAccess, type P2mType } from '../engine/p2m-type';
import { VERSIONS, type Version } from '../engine/patches';
import { Store } from '../engine/store';
import { formatOf, type Mapped } from './p2m-walk';

/** A gigabyte and four cells. */
export const SPACE = 2 ** 18 + 2048;
export const MFN = 1 << 24;

export interface Machine extends Mapped {
  readonly store: Store;
  readonly p2m: P2m;
}

/** A p2m over a store: a new one, or over another's words, as a fork is. */
export function machineOf(paging: Paging, version: Version, store = new Store(), numbered = 0): Machine {
  const p2m = new P2m(store, {
    stateBase: 16,
    notesBase: 8,
    xen: VERSIONS[version],
    vcpus: 1,
    poolSize: 700,
    poolMfn: 1 << 22,
    frames: SPACE,
    meter: { add: () => undefined },
    paging,
    numbered,
    mmioReadOnly: [[MFN + 700, MFN + 720]],
  });
  return { store, p2m };
}

const gfn = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 2100 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: SPACE - 1 }) },
);
const type = fc.constantFrom<P2mType>(0, 0, 0, 2, 3, 4, 5, 6, 7, 9, 10, 12, 13, 15, 15);
const access = fc.constantFrom<P2mAccess>(P2M_ACCESS.rwx, P2M_ACCESS.rwx, P2M_ACCESS.r, P2M_ACCESS.n);
export const operation = fc.oneof(
  fc.record({ op: fc.constant('entry' as const), gfn, order: fc.constantFrom(0, 0, 9, 9, 18), type, access }),
  fc.record({ op: fc.constant('clear' as const), gfn, order: fc.constantFrom(0, 9, 18) }),
  fc.record({ op: fc.constant('invalid' as const), gfn }),
  fc.record({ op: fc.constant('claim' as const), flags: fc.constantFrom(0, 2) }),
  fc.record({ op: fc.constant('mark' as const) }),
  fc.record({ op: fc.constant('dirty' as const), on: fc.boolean() }),
  fc.record({ op: fc.constant('range' as const), a: gfn, b: gfn, on: fc.boolean() }),
  fc.record({ op: fc.constant('memtype' as const) }),
  fc.record({ op: fc.constant('touch' as const), gfn }),
  fc.record({ op: fc.constant('sweep' as const), gfn, n: fc.integer({ min: 1, max: 600 }) }),
);
export type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Does it, whatever comes of it. */
export function act({ p2m, store }: Machine, o: Operation): void {
  const { ram_rw, ram_logdirty, invalid, ioreq_server } = P2M;
  switch (o.op) {
    case 'entry':
    case 'clear': {
      const order = p2m.paging === 'shadow' ? 0 : o.order;
      const first = o.gfn - (o.gfn % 2 ** order);
      if (o.op === 'clear') p2m.table.setEntry(first, null, order, invalid, P2M_ACCESS.rwx);
      // Larger pages of a server's type would stop Xen.
      else if (order === 0 || o.type < ioreq_server) p2m.table.setEntry(first, MFN + first, order, o.type, o.access);
      break;
    }
    case 'invalid':
      p2m.table.setEntry(o.gfn, MFN + o.gfn, 0, invalid, P2M_ACCESS.rwx);
      break;
    case 'claim':
      p2m.setIoreqServer(1, o.flags);
      break;
    case 'mark':
      p2m.table.changeEntryTypeGlobal();
      break;
    case 'dirty':
      if (o.on) p2m.enableLogDirty();
      else p2m.disableLogDirty();
      break;
    case 'range': {
      const [from, to] = [Math.min(o.a, o.b), Math.max(o.a, o.b) + 1];
      if (o.on) p2m.changeTypeRange(from, to, ram_rw, ram_logdirty);
      else if (from <= p2m.maxMapped) p2m.changeTypeRange(from, to, ram_logdirty, ram_rw);
      break;
    }
    case 'memtype':
      p2m.memoryTypeChanged();
      break;
    case 'touch':
      p2m.handleMisconfig(o.gfn, 0);
      break;
    case 'sweep':
      p2m.finishTypeChange(o.gfn, o.n);
  }
  store.settle();
}

export interface Placed {
  readonly level: number;
  /** First gfn that it maps. */
  readonly first: number;
  readonly lo: number;
  readonly hi: number;
  /** Entries above it, from the root down, low words. */
  readonly above: readonly number[];
  readonly kind: 'empty' | 'leaf' | 'table';
}
export interface Told {
  readonly tables: readonly { readonly table: number; readonly level: number; readonly first: number }[];
  readonly entries: readonly Placed[];
}

/** Every table and every entry of it, empty ones too. */
export function tellAll(of: Mapped): Told {
  const format = formatOf(of);
  const tables: Told['tables'][number][] = [];
  const entries: Placed[] = [];
  const tell = (table: number, level: number, from: number, above: readonly number[]): void => {
    tables.push({ table, level, first: from });
    const page = of.store.tables.page(table);
    for (let i = 0; i < 512; i++) {
      const lo = page[2 * i]!;
      const hi = page[2 * i + 1]!;
      const first = from + i * 512 ** level;
      const kind = format.empty(lo, hi) ? 'empty' : level > 0 && format.table(lo) ? 'table' : 'leaf';
      entries.push({ level, first, lo, hi, above, kind });
      if (kind === 'table') tell(eptTable(lo, hi, of.p2m.pool.firstMfn), level - 1, first, [...above, lo]);
    }
  };
  tell(0, EPT_WL, 0, []);
  return { tables, entries };
}
