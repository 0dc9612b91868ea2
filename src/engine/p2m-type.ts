/**
 * The kinds of guest page, the classes Xen sorts them into, and the access permissions a listener may add.
 * Counterpart: xen/include/asm-x86/p2m.h (p2m_type_t, P2M_*_TYPES, p2m_is_*), xen/include/xen/mem_access.h (p2m_access_t).
 * A class is a set of bits, bit n for type n; which types it holds depends on the patches, chiefly for type 15.
 * Left out: the types' grant and M2P side effects, and p2m_to_mask (write `1 << type`).
 */
import { Law } from './machines/law';
import { PAGE_TYPE } from './machines/page-type';
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

const mask = (...types: P2mType[]): number => types.reduce<number>((bits, t) => bits | (1 << t), 0);

const PAGING = mask(P2M.ram_paging_out, P2M.ram_paged, P2M.ram_paging_in);
const POD = mask(P2M.populate_on_demand);
const GRANT = mask(P2M.grant_map_rw, P2M.grant_map_ro);
const MMIO = mask(P2M.mmio_dm, P2M.mmio_direct);
const FOREIGN = mask(P2M.map_foreign);
const RW_OR_LOGDIRTY = mask(P2M.ram_rw, P2M.ram_logdirty);

/** Every class as a bit mask over the types, by the middle word of Xen's name for it. */
export interface P2mClasses {
  /** Backed by a machine frame of this guest. */
  readonly RAM: number;
  /** Nothing there; may become mmio_dm. */
  readonly HOLE: number;
  readonly GRANT: number;
  readonly MMIO: number;
  /** Page tables must not let the guest write. */
  readonly RO: number;
  /** A write is dropped without a sound. */
  readonly DISCARD_WRITE: number;
  /** A global recalculation may rewrite these. */
  readonly CHANGEABLE: number;
  readonly POD: number;
  readonly PAGEABLE: number;
  readonly PAGING: number;
  readonly PAGED: number;
  readonly SHARABLE: number;
  readonly SHARED: number;
  /** Legal without a machine frame. */
  readonly INVALID_MFN: number;
  readonly BROKEN: number;
  readonly FOREIGN: number;
  /** p2m_is_valid: RAM or MMIO. */
  readonly VALID: number;
  /** p2m_has_emt. */
  readonly HAS_EMT: number;
  /** p2m_is_any_ram: RAM, grants and foreign pages. */
  readonly ANY_RAM: number;
}

/**
 * The classes of this version of Xen. Type 15 moves from RO to RAM with the claim, and is CHANGEABLE from asyncReset on.
 * So many `numbered` types are RAM and CHANGEABLE: a recalculation works out their permissions, and leaves the type.
 */
export function p2mClasses(xen: Xen, numbered = 0): P2mClasses {
  const type15 = mask(P2M.ioreq_server);
  const claimable = mask(...SERVER_TYPES.slice(0, Math.max(1, numbered)));
  const RAM = RW_OR_LOGDIRTY | mask(P2M.ram_ro, P2M.ram_shared) | PAGING | (xen.claim ? claimable : 0);
  const readOnly = mask(P2M.ram_logdirty, P2M.ram_ro, P2M.grant_map_ro, P2M.ram_shared);
  return {
    RAM,
    HOLE: mask(P2M.mmio_dm, P2M.invalid, P2M.ram_paging_in, P2M.ram_paged),
    GRANT,
    MMIO,
    RO: readOnly | (xen.writeDm && !xen.claim ? type15 : 0),
    DISCARD_WRITE: mask(P2M.ram_ro, P2M.grant_map_ro),
    CHANGEABLE: changeable(xen, numbered),
    POD,
    PAGEABLE: RW_OR_LOGDIRTY,
    PAGING,
    PAGED: mask(P2M.ram_paged),
    SHARABLE: RW_OR_LOGDIRTY,
    SHARED: mask(P2M.ram_shared),
    INVALID_MFN: POD | mask(P2M.mmio_direct) | PAGING,
    BROKEN: mask(P2M.ram_broken),
    FOREIGN,
    VALID: RAM | MMIO,
    HAS_EMT: RAM | mask(P2M.mmio_direct),
    ANY_RAM: RAM | GRANT | FOREIGN,
  };
}

/** The types that a recalculation may change, by their chart. */
function changeable(xen: Xen, numbered: number): number {
  const law = Law.of(PAGE_TYPE, xen);
  const { 'recalc.clean': clean, 'recalc.dirty': dirty } = PAGE_TYPE.on;
  const facts = PAGE_TYPE.is.large | (numbered > 0 ? PAGE_TYPE.is.numbered : 0);
  const last = P2M.ioreq_server + Math.max(1, numbered) - 1;
  let types = 0;
  for (let type = 0; type <= last; type++) {
    if (law.would(type, clean, facts) !== law.would(type, dirty, facts)) types |= 1 << type;
  }
  return types;
}

/** Whether a type is in a class. */
export const isIn = (types: number, type: number): boolean => ((types >>> type) & 1) !== 0;
