/**
 * The types that servers may claim: who holds which, for what accesses, and how many entries are of each.
 * Counterpart: p2m->ioreq in xen/include/asm-x86/p2m.h, and p2m_set_ioreq_server, xen/arch/x86/mm/p2m.c.
 *
 * As merged there is one, type 15. `numbered`, there are as many as the design document says (HVMMEM_ioreq_serverX,
 * docs/designs/hvmmem_ioreq_server.markdown as posted, never merged): a page may be of such a type before anybody claims
 * it, and behaves as ram_rw whenever nobody does; a claim names the accesses it is for, reads, writes or both; a release
 * leaves the pages their type. So entries are never in the way of a claim, but each claim and each release changes what
 * they have to say.
 */
import type { Rc } from './errno';
import { P2M, SERVER_TYPES, type P2mType } from './p2m-type';
import type { P2mRegs } from './p2m-table';
import type { Xen } from './patches';
import { record } from './record';
import type { Space } from './store';

/** XEN_DMOP_IOREQ_MEM_ACCESS_*: as merged, READ is reserved and refused. */
export const CLAIM_FLAGS = { read: 1, write: 2 } as const;

/** A type's claim. Overwritten by the next that is asked for. */
export interface Claim {
  readonly server: number;
  /** Of CLAIM_FLAGS, at least one. */
  readonly flags: number;
}

/** Laid out as `entryCount`, `claimServer` and `claimFlags` of P2mRegs, which are those of type 15. */
const CLAIM = record({ entries: 1, server: 1, flags: 1 });
const TYPE_15_AT = 1;
const NOBODY = 0;

export class ServerClaims {
  /** Words beside the registers that so many numbered types need. */
  static words(numbered: number): number {
    return Math.max(0, numbered - 1) * CLAIM.words;
  }

  /** Numbers that a claim may name. */
  readonly types: readonly P2mType[];
  /** Entries are counted: as merged since `asyncReset`; a numbered type's, to know whether a claim concerns any. */
  readonly counted: boolean;
  readonly #claims: readonly ReturnType<typeof CLAIM.at>[];
  readonly #answer = { server: 0, flags: 0 };

  /** `base`: first of `ServerClaims.words` words. */
  constructor(
    readonly xen: Xen,
    readonly numbered: number,
    space: Space,
    regs: P2mRegs,
    base: number,
  ) {
    this.types = SERVER_TYPES.slice(0, Math.max(1, numbered));
    this.counted = xen.asyncReset || numbered > 0;
    this.#claims = this.types.map((_, i) =>
      CLAIM.at(space, i === 0 ? regs.base + TYPE_15_AT : base + (i - 1) * CLAIM.words),
    );
  }

  /** Whether a recalculation leaves this type as it is, and works out its permissions alone. */
  keeps(type: number): boolean {
    return type >= P2M.ioreq_server && this.numbered > 0;
  }

  /** Whether this version of Xen has pages of this type for a server. */
  has(type: number): boolean {
    return type === P2M.ioreq_server ? this.xen.writeDm : this.#at(type) !== undefined;
  }

  of(type: number): Claim | null {
    const claim = this.#at(type);
    if (claim === undefined || claim.server === NOBODY) return null;
    this.#answer.server = claim.server - 1;
    this.#answer.flags = claim.flags;
    return this.#answer;
  }

  /** Of CLAIM_FLAGS; 0: nobody holds the type. */
  flags(type: number): number {
    return this.#at(type)?.flags ?? 0;
  }

  /** Whether a read or a write of a page of this type is for a server. Before the claim, any write of type 15 is. */
  intercepts(type: number, write: boolean): boolean {
    if (!this.has(type)) return false;
    if (!this.xen.claim) return write;
    if (!write && this.numbered === 0) return false;
    return (this.flags(type) & (write ? CLAIM_FLAGS.write : CLAIM_FLAGS.read)) !== 0;
  }

  /** Entries of this type; 0 when they are not counted. */
  entries(type: number): number {
    return this.#at(type)?.entries ?? 0;
  }

  /** Entries of all the types. */
  get outstanding(): number {
    let n = 0;
    for (const claim of this.#claims) n += claim.entries;
    return n;
  }

  /** `by` more entries are of this type. */
  count(type: number, by: number): void {
    const claim = this.#at(type);
    if (claim) claim.entries = claim.entries + by;
  }

  /**
   * Claims a type for a server (`flags` not 0) or gives the claim up (0). EBUSY: somebody holds it, even the same server;
   * or, as merged, entries of an earlier claim are outstanding (`asyncReset`). EINVAL: this server has no claim to give up,
   * or nobody may claim such a type.
   */
  set(server: number, flags: number, type: P2mType): Rc {
    const claim = this.#at(type);
    if (claim === undefined) return 'EINVAL';
    if (flags === 0) {
      if (claim.server !== server + 1) return 'EINVAL';
      claim.server = NOBODY;
    } else {
      if (claim.server !== NOBODY) return 'EBUSY';
      if (this.numbered === 0 && this.xen.asyncReset && claim.entries !== 0) return 'EBUSY';
      claim.server = server + 1;
    }
    claim.flags = flags;
    return 0;
  }

  #at(type: number): ReturnType<typeof CLAIM.at> | undefined {
    return this.#claims[type - P2M.ioreq_server];
  }
}
