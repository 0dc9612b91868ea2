/**
 * The calls of a device model and a toolstack that reach more than one part of a domain: servers with their pages in the
 * guest's map and their claims on types, and global log-dirty.
 * Counterpart: xen/arch/x86/hvm/ioreq.c: hvm_create_ioreq_server, hvm_destroy_ioreq_server, hvm_ioreq_server_enable;
 * xen/arch/x86/mm/paging.c: paging_log_dirty_enable. Left out: pausing of the domain, the bitmap of dirty pages, log-dirty
 * under shadow paging (which drops shadows instead of marking the map), hardware page-modification logging.
 */
import { mapMemType, type ClaimAnswer, type ClaimDomain } from './claim';
import { NO_ENVIRONMENT, setMemType, type Continuation, type Environment } from './dm';
import type { Rc } from './errno';
import { BUFIOREQ, type IoreqErrno, type IoreqRc, type IoreqServers, type ServerEffect } from './ioreq';
import { IoreqPages, type IoreqPagesSetup } from './ioreq-pages';
import type { P2m } from './p2m';
import { record, type RecordOf } from './record';
import type { Space } from './store';

/** `logDirty`: PG_log_dirty, the paging mode's own note, which a release does not clear. */
const MODE = record({ logDirty: 1 });

export interface DomainParts {
  readonly p2m: P2m;
  readonly servers: IoreqServers;
  /** The pool of pages for servers; without it servers have none. */
  readonly pages?: IoreqPagesSetup & {
    /** Since 3fefa0f15d (2018) a server has no pages until its device model asks where they are. */
    readonly onDemand?: boolean;
  };
  readonly environment?: Environment;
}

export class Domain implements ClaimDomain {
  /** Words of state for a table of so many servers. */
  static words(servers: number): number {
    return MODE.words + IoreqPages.words(servers);
  }

  readonly p2m: P2m;
  readonly servers: IoreqServers;
  readonly pages: IoreqPages | null;
  readonly #mode: RecordOf<typeof MODE>;
  readonly #environment: Environment;

  /** `at`: first of `Domain.words` words that are 0 or hold a domain. */
  constructor(
    space: Space,
    at: number,
    readonly parts: DomainParts,
  ) {
    this.p2m = parts.p2m;
    this.servers = parts.servers;
    this.#mode = MODE.at(space, at);
    this.pages = parts.pages ? new IoreqPages(space, at + MODE.words, parts.p2m, parts.pages) : null;
    this.#environment = parts.environment ?? NO_ENVIRONMENT;
  }

  readonly preempt = (): boolean => this.#environment.preempt();

  /** Makes a server with the pages it needs. As `IoreqServers.create` and `IoreqPages.take`. */
  createServer(bufioreq: number): { rc: 0; id: number } | { rc: IoreqErrno } {
    return this.servers.create(bufioreq, false, (slot) =>
      this.pages && !this.parts.pages?.onDemand ? this.pages.take(slot, bufioreq !== BUFIOREQ.off) : 0,
    );
  }

  /** Where a server's pages are (`hvm_get_ioreq_server_info`); takes them if it has none yet. */
  serverPages(id: number): { rc: IoreqErrno } | { rc: 0; ioreq: number | null; bufioreq: number | null } {
    const info = this.servers.info(id);
    if (typeof info === 'string') return { rc: info };
    const { pages } = this;
    if (!pages) return { rc: 0, ioreq: null, bufioreq: null };
    const slot = this.servers.slotOf(id);
    const rc = pages.gfns(slot).ioreq === null ? pages.take(slot, info.bufioreq !== BUFIOREQ.off) : 0;
    return rc === 0 ? { rc, ...pages.gfns(slot) } : { rc };
  }

  /** Enables a server, which takes its pages out of the guest's map, or disables it. As `IoreqServers.setState`. */
  setServerState(id: number, enabled: boolean): IoreqRc {
    return this.servers.setState(id, enabled, this.#carryOut);
  }

  /**
   * Ends a server. A claim that it holds is taken away, and that is all: no mark, no sweep. Entries of type 15 stay as they
   * are, and with `asyncReset` nobody can claim the type until they are gone. But where an earlier mark is still pending
   * (of global log-dirty, say), which passed them by because they were claimed, it gives them back now. Pages of numbered
   * types that it held are plain memory again, by a mark, and free for the next. As `IoreqServers.destroy`.
   */
  destroyServer(id: number): IoreqRc {
    return this.servers.destroy(id, (effect, slot) => {
      this.p2m.endClaims(id);
      this.#carryOut(effect, slot);
    });
  }

  /** What a server's life does to its pages. */
  readonly #carryOut = (effect: ServerEffect, slot: number): void => {
    const { pages } = this;
    if (effect === 'hidePages') pages?.hide(slot);
    else if (effect !== 'release') pages?.show(slot);
    if (effect === 'release' || effect === 'showAndRelease') pages?.release(slot);
  };

  /** See claim.ts. */
  mapMemType(id: number, type: number, flags: number, opaque = 0): ClaimAnswer {
    return mapMemType(this, id, type, flags, opaque);
  }

  /** See dm.ts. */
  setMemType(first: number, nr: number, mem: number, continuation?: Continuation): Rc {
    return setMemType(this.p2m, first, nr, mem, continuation, this.#environment);
  }

  /** The guest trips over a mark at `gfn`: whether it may go on. */
  touch(gfn: number, vcpu: number): boolean {
    return this.p2m.handleMisconfig(gfn, vcpu);
  }

  /** Whether global log-dirty was asked for. The map's own flag is cleared by a release meanwhile. */
  get logDirty(): boolean {
    return this.#mode.logDirty !== 0;
  }

  /** Global log-dirty on or off. EINVAL: it is on already. EBUSY: as `P2m.enableLogDirty`. */
  setLogDirty(on: boolean): Rc {
    if (on && this.logDirty) return 'EINVAL';
    if (on) {
      const rc = this.p2m.enableLogDirty();
      if (rc !== 0) return rc;
    } else if (this.logDirty) this.p2m.disableLogDirty();
    this.#mode.logDirty = on ? 1 : 0;
    return 0;
  }
}
