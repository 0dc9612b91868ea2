/**
 * The classes that Xen sorts page types into. A class is a set of bits, bit n for type n; which types it holds depends on the
 * patches, chiefly for type 15. Counterpart: xen/include/asm-x86/p2m.h (P2M_*_TYPES, p2m_is_*). Left out: p2m_to_mask (write
 * `1 << type`).
 */
import { Law } from './machines/law';
import { PAGE_TYPE } from './machines/page-type';
import { P2M, SERVER_TYPES, type P2mType } from './p2m-type';
import type { Xen } from './patches';

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
