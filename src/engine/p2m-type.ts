/**
 * The kinds of guest page, and the access permissions a listener may add.
 * Counterpart: xen/include/asm-x86/p2m.h (p2m_type_t), xen/include/xen/mem_access.h (p2m_access_t). The classes that Xen sorts
 * the types into are in p2m-classes.ts. Left out: the types' grant and M2P side effects.
 */
import type { Xen } from './patches';

/** Xen's p2m_* numbers. */
export const P2M = {
  ram_rw: 0,
  invalid: 1,
  ram_logdirty: 2,
  ram_ro: 3,
  mmio_dm: 4,
  mmio_direct: 5,
  populate_on_demand: 6,
  grant_map_rw: 7,
  grant_map_ro: 8,
  ram_paging_out: 9,
  ram_paged: 10,
  ram_paging_in: 11,
  ram_shared: 12,
  ram_broken: 13,
  map_foreign: 14,
  /** Since cb34624af5; the same number was p2m_mmio_write_dm before. */
  ioreq_server: 15,
} as const;

/**
 * Types that a server may claim in the design document's form (HVMMEM_ioreq_serverX), the first so many of them: its
 * server0 is the merged type 15, the others come after it. Every number from 15 on is such a type: code that asks for them
 * all compares. An EPT entry has six bits for the type, a page-table entry seven, so entries could tell more; no number
 * below 15 was left, which is why one type was merged.
 */
export const SERVER_TYPES = [P2M.ioreq_server, 16, 17, 18] as const;

/** Number of a page type, as it stands in a p2m entry. */
export type P2mType = (typeof P2M)[keyof typeof P2M] | (typeof SERVER_TYPES)[number];
export const P2M_TYPE_COUNT = 19;

const NAMES = Object.keys(P2M) as readonly (keyof typeof P2M)[];
const SERVER_NAMES = ['ioreq_server0', 'ioreq_server1', 'ioreq_server2', 'ioreq_server3'] as const;
export type P2mTypeName = keyof typeof P2M | 'mmio_write_dm' | (typeof SERVER_NAMES)[number];

const before: readonly P2mTypeName[] = [...NAMES.slice(0, 15), 'mmio_write_dm'];
const after: readonly P2mTypeName[] = NAMES;

/**
 * Names in numeric order, without the `p2m_` prefix, as this version of Xen calls them, or the design document where so
 * many types are `numbered`.
 */
export function p2mTypeNames(xen: Xen, numbered = 0): readonly P2mTypeName[] {
  if (numbered > 0) return [...NAMES.slice(0, 15), ...SERVER_NAMES.slice(0, numbered)];
  return xen.typeRenamed ? after : before;
}

/** The number of a type by any of its names; throws for a word that is no type. */
export function p2mTypeNumber(name: string): P2mType {
  const server = SERVER_NAMES.indexOf(name as (typeof SERVER_NAMES)[number]);
  if (server >= 0) return SERVER_TYPES[server]!;
  const n = name === 'mmio_write_dm' ? P2M.ioreq_server : after.indexOf(name as P2mTypeName);
  if (n < 0) throw new RangeError(`no p2m type is called ${name}`);
  return n as P2mType;
}

/** Access permissions, Xen's p2m_access_* numbers: bit 0 read, bit 1 write, bit 2 execute; the last two are special. */
export const P2M_ACCESS = {
  n: 0,
  r: 1,
  w: 2,
  rw: 3,
  x: 4,
  rx: 5,
  wx: 6,
  rwx: 7,
  /** rx until the first write, then rw. */
  rx2rw: 8,
  /** Nothing until the first access, then rwx. */
  n2rwx: 9,
} as const;
export type P2mAccess = (typeof P2M_ACCESS)[keyof typeof P2M_ACCESS];
export type P2mAccessName = keyof typeof P2M_ACCESS;
/** Names in numeric order, without the `p2m_access_` prefix. */
export const P2M_ACCESS_NAMES = Object.keys(P2M_ACCESS) as readonly P2mAccessName[];

/** Whether a type is in a class. */
export const isIn = (types: number, type: number): boolean => ((types >>> type) & 1) !== 0;
