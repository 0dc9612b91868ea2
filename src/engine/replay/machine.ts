/** The guests that the oracle's harness made, and names and numbers as its files write them. */
import type { Rc } from '../errno';
import { P2m, type P2mSetup } from '../p2m';
import { P2M, P2M_ACCESS_NAMES, p2mTypeNames, p2mTypeNumber, type P2mAccess, type P2mType } from '../p2m-type';
import type { Paging } from '../p2m-table';
import type { Xen } from '../patches';
import { Store } from '../store';

/** As the files write it; `shadow` is not hardware-assisted. */
export type Mode = Paging;

export const POOL_MFN = 1 << 22;
export const RAM_MFN = 1 << 24;
export const MMIO_MFN = 1 << 26;

export interface Machine {
  readonly store: Store;
  readonly p2m: P2m;
}

export function machineOf(xen: Xen, paging: Mode, setup: Partial<P2mSetup> = {}): Machine {
  const store = new Store();
  const p2m = new P2m(store, {
    stateBase: 0,
    notesBase: 0,
    xen,
    vcpus: 1,
    poolSize: 16,
    poolMfn: POOL_MFN,
    frames: 4096,
    meter: { add: () => undefined },
    paging,
    ...setup,
  });
  return { store, p2m };
}

/** A guest of `pages` 4 KiB pages of plain RAM. */
export function smallGuest(xen: Xen, paging: Mode, pages: number): P2m {
  const { p2m } = machineOf(xen, paging);
  p2m.build([{ gfn: 0, frames: pages, mfn: RAM_MFN, type: P2M.ram_rw, order: 0 }]);
  return p2m;
}

/** Stores a page of a type as the harness did: without a frame where `bare`. */
export function place(p2m: P2m, gfn: number, type: P2mType, bare: readonly P2mType[], access: P2mAccess): void {
  const rc = p2m.table.setEntry(gfn, bare.includes(type) ? null : RAM_MFN + gfn, 0, type, access);
  if (rc !== 0) throw new Error(`type ${type} could not be stored: ${rc}`);
}

export const typeOf = (name: string): P2mType => p2mTypeNumber(name);
export const nameIn = (xen: Xen, type: P2mType): string => p2mTypeNames(xen)[type]!;
export const accessOf = (name: string): P2mAccess => P2M_ACCESS_NAMES.indexOf(name as 'n') as P2mAccess;
export const rcOf = (rc: Rc | boolean | void): string => String(typeof rc === 'boolean' ? +rc : (rc ?? 0));
export const bitOf = (on: boolean): 0 | 1 => (on ? 1 : 0);
