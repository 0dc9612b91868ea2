/**
 * The pages that a server shares with its device model: one with the vCPUs' slots, one more with a buffered ring. They are
 * guest frames from a small pool that the toolstack laid aside. While the server is enabled they are out of the guest's map.
 * Counterpart: xen/arch/x86/hvm/ioreq.c: hvm_alloc_ioreq_gmfn, hvm_map_ioreq_page, hvm_remove_ioreq_gmfn,
 * hvm_add_ioreq_gmfn (later _gfn). Left out: what the pages hold, the two legacy frames that the pool may fall back on
 * since 2018, and pages that are no guest frames at all (XENMEM_acquire_resource).
 */
import type { P2m } from './p2m';
import { isIn, P2M } from './p2m-type';
import { record, type RecordOf } from './record';
import type { Space } from './store';

/** Gfns are kept plus one, so that 0 is none. The machine frame is known to Xen while the guest has no way to it. */
const PAGES = record({ ioreqGfn: 1, ioreqMfn: 1, bufioreqGfn: 1, bufioreqMfn: 1 });
const POOL = record({ taken: 1 });

export interface IoreqPagesSetup {
  /** First gfn of the pool (HVM_PARAM_IOREQ_SERVER_PFN) and its length, at most 32. */
  readonly base: number;
  readonly count?: number;
}

export class IoreqPages {
  static words(servers: number): number {
    return POOL.words + servers * PAGES.words;
  }

  readonly #pool: RecordOf<typeof POOL>;
  readonly #count: number;

  /** `at`: first of `IoreqPages.words(servers)` words of state. */
  constructor(
    readonly space: Space,
    readonly at: number,
    readonly p2m: P2m,
    readonly setup: IoreqPagesSetup,
  ) {
    this.#pool = POOL.at(space, at);
    this.#count = setup.count ?? 8;
  }

  /** Pages of the pool that nobody has. */
  get free(): number {
    let n = 0;
    for (let i = 0; i < this.#count; i++) if (!isIn(this.#pool.taken, i)) n++;
    return n;
  }

  /** The gfns of the server in `slot`; null where it has none. */
  gfns(slot: number): { ioreq: number | null; bufioreq: number | null } {
    const { ioreqGfn, bufioreqGfn } = this.#of(slot);
    return { ioreq: ioreqGfn === 0 ? null : ioreqGfn - 1, bufioreq: bufioreqGfn === 0 ? null : bufioreqGfn - 1 };
  }

  /**
   * Takes a page for the server in `slot`, and one for its ring if it has one, and finds their machine frames; nothing is
   * taken where one of them fails. ENOMEM: the pool is used up. ENOENT: the page is being paged, or is shared. EINVAL: the
   * guest has no RAM there.
   */
  take(slot: number, ring: boolean): 0 | 'ENOMEM' | 'ENOENT' | 'EINVAL' {
    const wanted = ring ? 2 : 1;
    const gfns: number[] = [];
    for (let i = 0; i < this.#count && gfns.length < wanted; i++) {
      if (!isIn(this.#pool.taken, i)) gfns.push(this.setup.base + i);
    }
    if (gfns.length < wanted) return 'ENOMEM';
    const mfns: number[] = [];
    for (const gfn of gfns) {
      const mfn = this.#ring(gfn);
      if (typeof mfn === 'string') return mfn;
      mfns.push(mfn);
    }
    const pages = this.#of(slot);
    pages.ioreqGfn = gfns[0]! + 1;
    pages.ioreqMfn = mfns[0]!;
    pages.bufioreqGfn = ring ? gfns[1]! + 1 : 0;
    pages.bufioreqMfn = ring ? mfns[1]! : 0;
    for (const gfn of gfns) this.#pool.taken |= 1 << (gfn - this.setup.base);
    return 0;
  }

  /** The server is enabled: out of the guest's map with its pages. */
  hide(slot: number): void {
    const { ioreqGfn, bufioreqGfn } = this.#of(slot);
    for (const gfn of [ioreqGfn, bufioreqGfn]) if (gfn !== 0) this.p2m.setEntry(gfn - 1, null, 0, P2M.invalid);
  }

  /** The server is disabled: its pages are plain RAM of the guest again, whatever was put in their place meanwhile. */
  show(slot: number): void {
    const { ioreqGfn, ioreqMfn, bufioreqGfn, bufioreqMfn } = this.#of(slot);
    if (bufioreqGfn !== 0) this.p2m.setEntry(bufioreqGfn - 1, bufioreqMfn, 0, P2M.ram_rw);
    if (ioreqGfn !== 0) this.p2m.setEntry(ioreqGfn - 1, ioreqMfn, 0, P2M.ram_rw);
  }

  /** The server is gone: its pages go back to the pool. */
  release(slot: number): void {
    const pages = this.#of(slot);
    for (const gfn of [pages.ioreqGfn, pages.bufioreqGfn]) {
      if (gfn !== 0) this.#pool.taken &= ~(1 << (gfn - 1 - this.setup.base));
    }
    pages.ioreqGfn = pages.ioreqMfn = pages.bufioreqGfn = pages.bufioreqMfn = 0;
  }

  /** `prepare_ring_for_helper`: the machine frame of a page that Xen and a device model will share. */
  #ring(gfn: number): number | 'ENOENT' | 'EINVAL' {
    const { classes } = this.p2m;
    const { type, mfn } = this.p2m.getEntry(gfn);
    if (isIn(classes.PAGING | classes.SHARED, type)) return 'ENOENT';
    return mfn !== null && isIn(classes.ANY_RAM, type) ? mfn : 'EINVAL';
  }

  #of(slot: number): RecordOf<typeof PAGES> {
    return PAGES.at(this.space, this.at + POOL.words + slot * PAGES.words);
  }
}
