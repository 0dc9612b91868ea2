/**
 * The guest's physical-to-machine map above its tables: natural orders, changes of one type, of a range, of all; claims
 * on types; log-dirty bookkeeping. Counterpart: xen/arch/x86/mm/p2m.c and, for log-dirty, hap/hap.c.
 * Left out: locks (a step is atomic; who holds the gfn lock between steps is the world's), M2P, altp2m, nested p2m,
 * populate-on-demand and paging (an environment answers for them, see dm.ts).
 */
import { Census } from './census';
import { EPT_NO_MFN } from './ept-entry';
import { failed, type Rc } from './errno';
import { buildImage, type BuildRun } from './p2m-build';
import { Law } from './machines/law';
import { CLAIM } from './machines/claim';
import { PAGE_TYPE } from './machines/page-type';
import { Ept } from './p2m-ept';
import { Pt } from './p2m-pt';
import type { AccessKind, Order, P2mEntry, P2mHost, P2mTable, PageLaw, Paging, Translation } from './p2m-table';
import { newEntry, newTranslation, P2mRegs, recalcType } from './p2m-table';
import { p2mClasses } from './p2m-classes';
import { isIn, P2M, P2M_ACCESS, SERVER_TYPES } from './p2m-type';
import type { P2mClasses } from './p2m-classes';
import type { P2mAccess, P2mType } from './p2m-type';
import { PagingPool } from './paging-pool';
import type { Xen } from './patches';
import { Rangeset } from './rangeset';
import { ServerClaims, type Claim } from './server-claims';
import type { Store } from './store';
import { TableTally } from './table-tally';
import { finish, type Done } from './slices';
import type { Meter } from './trace';

export interface P2mSetup {
  /** First of `stateWords` words of state, and of `notesWords` words of notes. */
  readonly stateBase: number;
  readonly notesBase: number;
  readonly xen: Xen;
  /** vCPUs, at most 32. */
  readonly vcpus: number;
  /** Tables the paging pool may hold, and its first machine frame. */
  readonly poolSize: number;
  readonly poolMfn: number;
  /** Extent of the census in frames. */
  readonly frames: number;
  readonly meter: Meter;
  /** Default `ept`. `shadow` is not hardware-assisted: it maps 4 KiB entries only, and type 15 is refused from the claim on. */
  readonly paging?: Paging;
  /** Type 15 leaves its pages executable, as posted before version 3 of the first series. Default false. */
  readonly executable?: boolean;
  /** The processor has EPT accessed and dirty bits. Default true. */
  readonly adSupported?: boolean;
  /**
   * 0 (default): one type for servers, type 15, by the rules of `xen`. 1 to 4: so many by the rules of the design document,
   * see server-claims.ts. Counts from the claim on: before, there is no call to claim a type with.
   */
  readonly numbered?: number;
  /** Log-dirty ranges there is room for; Xen has no cap. Default 64. */
  readonly logdirtyCap?: number;
  /** Whether a machine frame is RAM (`mfn_valid`): others only stand under types that need no RAM. Default all are. */
  readonly mfnValid?: (mfn: number) => boolean;
  /** Machine frames that no guest may write (`mmio_ro_ranges`), inclusive. Default none. */
  readonly mmioReadOnly?: readonly (readonly [first: number, last: number])[];
}

export class P2m {
  readonly xen: Xen;
  readonly paging: Paging;
  /** Hardware-assisted paging (`hap_enabled`). */
  readonly hap: boolean;
  /** Types for servers by the design document; 0: type 15 as merged. */
  readonly numbered: number;
  readonly classes: P2mClasses;
  readonly pageLaw: PageLaw;
  readonly regs: P2mRegs;
  readonly pool: PagingPool;
  readonly census: Census;
  readonly table: P2mTable;
  /** `logdirty_ranges`. */
  readonly logdirty: Rangeset;
  /** Sizes of the regions that begin at the setup's bases. */
  readonly stateWords: number;
  readonly notesWords: number;
  readonly #host: P2mHost;
  readonly #claims: ServerClaims;
  readonly #store: Store;
  readonly #entry = newEntry();
  readonly #translation = newTranslation();

  /** Over words that are all 0, a fresh map as p2m_alloc_table leaves it: four tables on the way to gfn 0, nothing mapped. */
  constructor(store: Store, setup: P2mSetup) {
    const { xen, meter, stateBase, poolSize, logdirtyCap = 64, mmioReadOnly = [], numbered = 0 } = setup;
    if (numbered > SERVER_TYPES.length) throw new RangeError('more types for servers than there are');
    this.#store = store;
    this.xen = xen;
    this.paging = setup.paging ?? 'ept';
    this.hap = this.paging !== 'shadow';
    this.numbered = xen.claim ? numbered : 0;
    this.classes = p2mClasses(xen, this.numbered);
    this.pageLaw = Law.of(PAGE_TYPE, xen).fill();
    this.regs = P2mRegs.at(store.state, stateBase);
    const logdirtyBase = stateBase + P2mRegs.words;
    const poolBase = logdirtyBase + Rangeset.words(logdirtyCap);
    this.logdirty = new Rangeset(store.state, logdirtyBase, logdirtyCap, xen);
    const tallyBase = setup.notesBase + Census.words(setup.frames);
    const tally = new TableTally(store, tallyBase);
    this.pool = new PagingPool(store, poolBase, poolSize, setup.poolMfn, meter, tally);
    const claimsBase = poolBase + PagingPool.words(poolSize);
    this.#claims = new ServerClaims(xen, this.numbered, store.state, this.regs, claimsBase);
    this.stateWords = claimsBase + ServerClaims.words(this.numbered) - stateBase;
    this.notesWords = tallyBase + TableTally.words(poolSize) - setup.notesBase;
    this.census = new Census(store, setup.notesBase, setup.frames);
    this.#host = {
      xen,
      classes: this.classes,
      pageLaw: this.pageLaw,
      regs: this.regs,
      claims: this.#claims,
      meter,
      vcpus: setup.vcpus,
      adSupported: setup.adSupported ?? true,
      executable: setup.executable ?? false,
      mfnValid: (mfn) => mfn !== EPT_NO_MFN && (setup.mfnValid?.(mfn) ?? true),
      logdirtyRange: (first, last) => this.#logdirtyRange(first, last),
      mmioReadOnly: mmioReadOnly.length === 0 ? () => 0 : (first, last) => coverage(mmioReadOnly, first, last),
    };
    const fresh = this.pool.inUse === 0;
    if (fresh) this.pool.limit = poolSize;
    const Table = this.paging === 'ept' ? Ept : Pt;
    this.table = new Table(store, this.pool, this.census, this.#host);
    if (fresh) this.table.setEntry(0, null, 0, P2M.invalid, P2M_ACCESS.rwx);
  }

  /** `max_mapped_pfn`: highest gfn that ever had a valid entry. */
  get maxMapped(): number {
    return this.regs.maxMapped;
  }

  /** Id of the server that holds the claim on type 15, or null. */
  get claimHolder(): number | null {
    return this.regs.claimServer === 0 ? null : this.regs.claimServer - 1;
  }

  /** Types that a server may claim: 15, and after it the other numbered ones. */
  get serverTypes(): readonly P2mType[] {
    return this.#claims.types;
  }

  /** Whether pages of this type are for a server: 15 since `writeDm`, or one of the numbered types. */
  isServerType(type: number): boolean {
    return this.#claims.has(type);
  }

  /** The claim on a type, null: nobody's. One object that the next call overwrites. */
  claimOf(type: number): Claim | null {
    return this.#claims.of(type);
  }

  /** Whether a read or a write of a page of this type is for a server. Before the claim, any write of type 15 is. */
  intercepts(type: number, write: boolean): boolean {
    return this.#claims.intercepts(type, write);
  }

  /** Entries of a type for servers, as Xen counts them; 0 before `asyncReset`, unless types are numbered. */
  outstanding(type: number): number {
    return this.#claims.entries(type);
  }

  /** Writes the first image straight into the tables, past log and undo; settle the store afterwards. */
  build(runs: readonly BuildRun[]): void {
    finish(this.building(runs));
  }

  /** The same with pauses, see p2m-build.ts. */
  building(runs: readonly BuildRun[]): Generator<Done, void> {
    return buildImage(this.#store, this.pool, this.census, this.#host, runs, this.paging);
  }

  /** Without `into` the answer lies in one object that the next call overwrites. */
  getEntry(gfn: number, into: P2mEntry = this.#entry): P2mEntry {
    return this.table.getEntry(gfn, into);
  }

  /**
   * What `getEntry` makes of type `type` at gfns `first` to `last` when a mark on the way to them is for their types; -1: some
   * are log-dirty and some are not, and that may make a difference.
   */
  recalculated(type: P2mType, first: number, last: number): P2mType | -1 {
    if (isIn(this.classes.CHANGEABLE, type) && this.#logdirtyRange(first, last) < 0) return -1;
    return recalcType(this.#host, type, first, first);
  }

  /** Machine frame behind `gfn`, or null: for those who hold a mapping of it already. Costs nothing. */
  frame(gfn: number): number | null {
    return gfn <= this.maxMapped ? this.table.frame(gfn) : null;
  }

  /** What the processor makes of an access; the same holds for `into`. */
  translate(gfn: number, kind: AccessKind, into: Translation = this.#translation): Translation {
    return this.table.translate(gfn, kind, into);
  }

  handleMisconfig(gfn: number, vcpu: number): boolean {
    return this.table.handleMisconfig(gfn, vcpu);
  }

  /**
   * Maps 2^order frames, cut into the largest entries that alignment allows (`p2m_set_entry`). Goes on after a refusal;
   * the last refusal is the answer.
   */
  setEntry(gfn: number, mfn: number | null, order: number, type: P2mType, access: P2mAccess = P2M_ACCESS.rwx): Rc {
    let rc: Rc = 0;
    for (let todo = 2 ** order; todo > 0;) {
      const cut = this.hap ? naturalOrder(gfn | (mfn ?? 0) | todo) : 0;
      const set = this.table.setEntry(gfn, mfn, cut, type, access);
      if (set !== 0) rc = set;
      const frames = 2 ** cut;
      gfn += frames;
      if (mfn !== null) mfn += frames;
      todo -= frames;
    }
    return rc;
  }

  /**
   * One 4 KiB page from type `ot` to `nt`, its access reset to rwx; splits what is larger. EBUSY: it is not `ot` (any
   * more), pending changes reckoned with. ENOMEM, ENOENT: no table for the split.
   */
  changeTypeOne(gfn: number, ot: P2mType, nt: P2mType): Rc {
    const { type, mfn } = this.getEntry(gfn);
    return type === ot ? this.setEntry(gfn, mfn, 0, nt) : 'EBUSY';
  }

  /**
   * Marks gfns `start` to `end`, exclusive, for recalculation, and moves the log-dirty ranges along. Both end at the
   * highest mapped gfn; what lies wholly above it changes nothing (a debug build asserts). Any failure crashes the domain.
   * With `clippedRange` a range of a single gfn is recorded as log-dirty or not, but not marked.
   */
  changeTypeRange(start: number, end: number, ot: P2mType, nt: P2mType): void {
    let rc: Rc = 0;
    let from = start;
    if (end > this.maxMapped) {
      if (start === 0) {
        this.table.changeEntryTypeGlobal();
        from = end;
      }
      end = this.maxMapped + 1;
    }
    const shortest = this.xen.clippedRange ? 2 : 1;
    if (from + shortest <= end) rc = this.table.changeEntryTypeRange(from, end - 1);
    if (failed(rc)) this.crash();
    if (start >= end) return;
    let ranges: string | 0 = 0;
    if (nt === P2M.ram_rw && ot === P2M.ram_logdirty) ranges = this.logdirty.remove(BigInt(start), BigInt(end - 1));
    else if (nt === P2M.ram_logdirty && ot === P2M.ram_rw) ranges = this.logdirty.add(BigInt(start), BigInt(end - 1));
    if (ranges !== 0) this.crash();
  }

  /** Marks everything for recalculation. The global log-dirty flag follows `nt`, so a release of type 15 clears it too. */
  changeEntryTypeGlobal(ot: P2mType, nt: P2mType): void {
    const { CHANGEABLE } = this.classes;
    if (ot === nt || !isIn(CHANGEABLE, ot) || !isIn(CHANGEABLE, nt)) throw new RangeError('not a change Xen allows');
    this.table.changeEntryTypeGlobal();
    this.regs.globalLogdirty = nt === P2M.ram_logdirty ? 1 : 0;
  }

  memoryTypeChanged(): void {
    this.table.memoryTypeChanged();
  }

  /**
   * Global log-dirty on (`hap_enable_log_dirty`). EBUSY: type-15 pages are outstanding, and it would rewrite them. A
   * numbered type it would pass by, and writes to pages that nobody claimed would go unlogged: refused for any of them.
   */
  enableLogDirty(): Rc {
    for (const type of this.serverTypes) {
      const rc = this.#claims.may('log_dirty', type);
      if (rc !== 0) return rc;
    }
    this.changeEntryTypeGlobal(P2M.ram_rw, P2M.ram_logdirty);
    return 0;
  }

  disableLogDirty(): void {
    this.changeEntryTypeGlobal(P2M.ram_logdirty, P2M.ram_rw);
  }

  /**
   * Finishes pending changes of `nr` gfns from `first` (`p2m_finish_type_change`): 0, or 1 if the last gfn changed
   * something, until `sweepAnswersZero`; ENOMEM stops it. Before `sweepResolves` it looks each gfn up and changes what is
   * reported as type 15: but a lookup already reports what the type will be, so after a release it finds nothing to do.
   */
  finishTypeChange(first: number, nr: number): Rc {
    const last = Math.min(first + nr - 1, this.maxMapped);
    let rc: Rc = 0;
    for (let gfn = first; gfn <= last; gfn++) {
      if (this.xen.sweepResolves) {
        rc = this.table.recalc(gfn);
        // A table format may have no table there (ENOENT): nothing to finish, then.
        if (rc === 'ENOENT' || (this.xen.sweepAnswersZero && rc === 1)) rc = 0;
        else if (failed(rc)) return rc;
      } else if (this.getEntry(gfn).type === P2M.ioreq_server) {
        this.changeTypeOne(gfn, P2M.ioreq_server, P2M.ram_rw);
      }
    }
    return rc;
  }

  /**
   * Claims a type for a server (`flags` not 0: 1 reads, 2 writes) or gives the claim up (0). Refusals and `facts` as
   * `ServerClaims.set`. As merged, tables are not touched. With numbered types each claim and each release, where entries
   * of the type are outstanding, marks the whole map, one table: permissions follow when an entry is next touched.
   */
  setIoreqServer(server: number, flags: number, type: P2mType = P2M.ioreq_server, facts = 0): Rc {
    const rc = this.#claims.set(server, flags, type, facts);
    if (rc === 0) this.#rights(type);
    return rc;
  }

  /** A server is destroyed: every claim that it holds goes with it. */
  endClaims(server: number): void {
    for (const type of this.serverTypes) {
      if (this.claimOf(type)?.server !== server) continue;
      this.#claims.end(server, type);
      this.#rights(type);
    }
  }

  /** A release of type 15 has done all that it will do about entries. */
  releaseOver(): void {
    this.#claims.over(P2M.ioreq_server);
  }

  /** Whether the claim on a type lets a page be made of it: 0 or the errno. */
  mayMake(type: P2mType): Rc {
    return this.#claims.may('set_mem_type', type, this.hap ? 0 : CLAIM.is.noHap);
  }

  /** Number of the state that the chart of the claim is in for a type. */
  claimState(type: P2mType = P2M.ioreq_server): number {
    return this.#claims.state(type);
  }

  /** A numbered type's pages keep it through a claim or release: their permissions follow by a mark. */
  #rights(type: P2mType): void {
    if (this.#claims.keeps(type) && this.#claims.entries(type) !== 0) this.table.changeEntryTypeGlobal();
  }

  /** The claim on a type: who holds it (null nobody) and its flags. */
  getIoreqServer(type: P2mType = P2M.ioreq_server): { server: number | null; flags: number } {
    return { server: this.claimOf(type)?.server ?? null, flags: this.#claims.flags(type) };
  }

  /** `domain_crash`: counted here; the world decides what it stops. */
  crash(): void {
    this.regs.crashes = this.regs.crashes + 1;
  }

  #logdirtyRange(first: number, last: number): 0 | 1 | -1 {
    if (this.regs.globalLogdirty !== 0) return 1;
    if (this.logdirty.count === 0) return 0;
    if (this.logdirty.containsWords(0, first, 0, last)) return 1;
    return first !== last && this.logdirty.overlaps(BigInt(first), BigInt(last)) ? -1 : 0;
  }
}

/** The largest order by which all these frame numbers, ored together, can be divided. */
function naturalOrder(bits: number): Order {
  if ((bits & 0x3_ffff) === 0) return 18;
  return (bits & 0x1ff) === 0 ? 9 : 0;
}

function coverage(ranges: readonly (readonly [number, number])[], first: number, last: number): 0 | 1 | -1 {
  let some: 0 | -1 = 0;
  for (const [from, to] of ranges) {
    if (from <= first && last <= to) return 1;
    if (from <= last && first <= to) some = -1;
  }
  return some;
}
