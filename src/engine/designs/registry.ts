/**
 * Where a hypervisor keeps which pages are a server's, beside their types: rangesets of three kinds. Each page is one range
 * of 4 KiB, or part of one where neighbours are there already; a full set answers ENOMEM.
 */
import { PAGE_SIZE } from '../config';
import type { Rc } from '../errno';
import type { RangeKind } from '../ioreq-table';
import type { World } from '../world';

/** Names of the lists that a page may be put on. */
export type RegistryName = Extract<RangeKind, 'memory' | 'wp_mem' | 'write'> | 'hash';

export interface Registry {
  readonly name: RegistryName;
  /** Makes a page a server's. ENOMEM: no room; EEXIST: it is the server's already. */
  add(w: World, server: number, gfn: number): Rc;
  remove(w: World, server: number, gfn: number): Rc;
  /** Items on the list: ranges, or nodes. */
  count(w: World, server: number): number;
  /** The server is gone, and what it had with it. */
  clear(w: World): void;
}

const rangeset = (
  name: Extract<RangeKind, RegistryName>,
  span: (gfn: number) => readonly [number, number],
): Registry => {
  const range = (gfn: number): [bigint, bigint] => [BigInt(span(gfn)[0]), BigInt(span(gfn)[1])];
  return {
    name,
    add: ({ servers }, id, gfn) => servers.mapRange(id, name, ...range(gfn)) as Rc,
    remove: ({ servers }, id, gfn) => servers.unmapRange(id, name, ...range(gfn)) as Rc,
    count: ({ servers }, id) => servers.ranges(id, name)?.count ?? 0,
    // Rangesets go with their server.
    clear: () => undefined,
  };
};

const bytes = (gfn: number): readonly [number, number] => [gfn * PAGE_SIZE, gfn * PAGE_SIZE + PAGE_SIZE - 1];

/** The set that register pages are in too. */
export const memoryRanges = rangeset('memory', bytes);
/** f5a32c5b8e: a set for write-protected RAM, by frame number. */
export const wpMemRanges = rangeset('wp_mem', (gfn) => [gfn, gfn]);
/** Three rangesets: the one whose writes are trapped and whose reads are not. */
export const writeRanges = rangeset('write', bytes);
