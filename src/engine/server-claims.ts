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
import { CLAIM } from './machines/claim';
import { Law, type Decision } from './machines/law';
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

/** Laid out as `entryCount`, `claimServer` and `claimState` of P2mRegs, which are those of type 15. */
const CLAIM_WORDS = record({ entries: 1, server: 1, state: 1 });
type ClaimWords = ReturnType<typeof CLAIM_WORDS.at>;
const TYPE_15_AT = 1;
const NOBODY = 0;

const { on, is } = CLAIM;
/** The event by which a server asks for a claim with these flags; 0 is giving it up. */
const ASKED = [on.release, on['claim.read'], on['claim.write'], on['claim.both']] as const;
/** Flags by state of the chart. */
const FLAGS = CLAIM.states.map((state) =>
  state === 'claimed.read' ? 1 : state === 'claimed.write' ? 2 : state === 'claimed.both' ? 3 : 0,
);

export class ServerClaims {
  /** Words beside the registers that so many numbered types need. */
  static words(numbered: number): number {
    return Math.max(0, numbered - 1) * CLAIM_WORDS.words;
  }

  /** Numbers that a claim may name. */
  readonly types: readonly P2mType[];
  /** Entries are counted: as merged since `asyncReset`; a numbered type's, to know whether a claim concerns any. */
  readonly counted: boolean;
  readonly #claims: readonly ClaimWords[];
  readonly #law: Law;
  /** The fact of the chart that never changes. */
  readonly #always: number;
  readonly #answer = { server: 0, flags: 0 };

  /** `base`: first of `ServerClaims.words` words. */
  constructor(
    readonly xen: Xen,
    readonly numbered: number,
    space: Space,
    regs: P2mRegs,
    base: number,
  ) {
    this.#law = Law.of(CLAIM, xen);
    this.#always = numbered > 0 ? is.numbered : 0;
    this.types = SERVER_TYPES.slice(0, Math.max(1, numbered));
    this.counted = xen.asyncReset || numbered > 0;
    this.#claims = this.types.map((_, i) =>
      CLAIM_WORDS.at(space, i === 0 ? regs.base + TYPE_15_AT : base + (i - 1) * CLAIM_WORDS.words),
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
    this.#answer.flags = FLAGS[claim.state]!;
    return this.#answer;
  }

  /** Of CLAIM_FLAGS; 0: nobody holds the type. */
  flags(type: number): number {
    return FLAGS[this.#at(type)?.state ?? 0]!;
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

  /** Number of the state that the chart of the claim is in for this type. */
  state(type: number): number {
    return this.#at(type)!.state;
  }

  /** `by` more entries are of this type. */
  count(type: number, by: number): void {
    const claim = this.#at(type);
    if (!claim) return;
    const before = claim.entries;
    claim.entries = before + by;
    if (before === 0 || claim.entries === 0) claim.state = this.#ask(claim, on.count).to;
  }

  /**
   * Claims a type for a server (`flags` not 0) or gives the claim up (0), as the chart of the claim decides. `facts`: what of
   * the arguments is wrong. EOPNOTSUPP, EINVAL, ENOENT, EBUSY: see there.
   */
  set(server: number, flags: number, type: P2mType, facts = 0): Rc {
    const claim = this.#at(type) ?? this.#claims[0]!;
    const known = this.#at(type) === undefined ? is.meaningless : 0;
    const { to, refused } = this.#ask(claim, ASKED[flags & 3]!, facts | known | holds(claim, server));
    if (refused) return refused.errno;
    this.#put(claim, to, flags === 0 ? NOBODY : server + 1);
    return 0;
  }

  /** The server that holds a type is destroyed: the claim goes with it, and nothing is done about entries. */
  end(server: number, type: P2mType): void {
    const claim = this.#at(type)!;
    this.#put(claim, this.#ask(claim, on.destroy, holds(claim, server)).to, NOBODY);
  }

  /** A release has done all that it will do. */
  over(type: P2mType): void {
    const claim = this.#at(type)!;
    claim.state = this.#ask(claim, on.over).to;
  }

  /** Whether a page may be made of the type, or log-dirty be switched on, as far as the claim has a say: 0 or the errno. */
  may(what: 'set_mem_type' | 'log_dirty', type: P2mType, facts = 0): Rc {
    return this.#ask(this.#at(type)!, on[what], facts).refused?.errno ?? 0;
  }

  #put(claim: ClaimWords, state: number, server: number): void {
    claim.state = state;
    claim.server = server;
  }

  #ask(claim: ClaimWords, event: number, facts = 0): Decision {
    return this.#law.advance(claim.state, event, facts | this.#always | (claim.entries !== 0 ? is.outstanding : 0));
  }

  #at(type: number): ClaimWords | undefined {
    return this.#claims[type - P2M.ioreq_server];
  }
}

const holds = (claim: ClaimWords, server: number): number => (claim.server === server + 1 ? is.holder : 0);
