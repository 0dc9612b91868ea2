/**
 * How many page types there can be: each is a number in an entry of the p2m. Type 15 was the last that four bits can tell
 * apart, and "the number of spare types is very limited" is why one type was merged where the design document has several
 * (HVMMEM_ioreq_serverX). The entries themselves have more room. Types beside those for servers: the fifteen from ram_rw to
 * map_foreign. Masks of types are 64 bits wide (p2m_to_mask), so they end no sooner than an EPT entry does.
 */
import { P2M } from '../p2m-type';

/** Bits for the type: as Xen counted on in 2015, in an EPT entry (sa_p2mt, 57:52), in one of the NPT (58:52). */
export const TYPE_BITS = { software: 4, ept: 6, npt: 7 } as const;

/** Types that are for no server. */
const OTHERS = P2M.ioreq_server;

export interface TypeSpace {
  readonly values: number;
  readonly used: number;
  /** Values left; below 0: it does not fit. */
  readonly left: number;
  readonly fits: boolean;
}

/** A field of so many bits with `types` types for servers in it, beside the fifteen others. */
export function typeSpace(bits: number, types: number): TypeSpace {
  const values = 2 ** bits;
  const used = OTHERS + types;
  return { values, used, left: values - used, fits: used <= values };
}

/** Types for servers for which a field of so many bits has room. */
export const mostTypes = (bits: number): number => Math.max(0, 2 ** bits - OTHERS);

/**
 * What each type for servers costs a domain: a value of the field, a bit in each of the masks, and a record of its claim
 * (struct p2m_domain, `ioreq`: lock 8, server 8, flags 4 and 4 of padding, count 8 bytes). An entry grows by nothing.
 */
export const TYPE_COSTS = { values: 1, claimBytes: 32, entryBytes: 0 } as const;
