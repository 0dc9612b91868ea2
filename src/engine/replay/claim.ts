/** claim.jsonl: hypercalls on servers, the claim and page types, with what the guest's map says after each. */
import { XenBug } from '../bug';
import { Domain } from '../domain';
import { NO_ENVIRONMENT } from '../dm';
import { eptType, EPT_W } from '../ept-entry';
import { IoreqServers } from '../ioreq';
import { P2m } from '../p2m';
import type { Paging } from '../p2m-table';
import { P2M, p2mTypeNames } from '../p2m-type';
import type { Xen } from '../patches';
import { PT_RW, ptType } from '../pt-entry';
import { Store } from '../store';
import { POOL_MFN, RAM_MFN } from './machine';
import { hasDefaultServer, serverTable, type Revision } from './revision';
import { compare, eachLine, type Replay } from './types';

type Runs = readonly (readonly [gfn: number, count: number, what: string | number])[];
export interface ClaimOp {
  /** Number of the request; only in the files of single patches. */
  readonly i?: number;
  readonly o: 'create' | 'destroy' | 'state' | 'map' | 'smt' | 'touch' | 'logdirty' | 'nologdirty';
  readonly id: number;
  readonly buf: number;
  readonly en: number;
  readonly type: number;
  readonly f: number;
  readonly opaque: number;
  readonly newOpaque?: number;
  readonly g: number;
  readonly n: number;
  readonly rc: string;
  readonly st?: readonly (number | null)[];
  readonly x?: Runs;
  readonly s?: Runs;
}
export interface ClaimSequence {
  readonly id: number;
  readonly mode: Paging;
  readonly maxMapped: number;
  readonly ioreqGfn: number;
  readonly preempt: number;
  readonly ops: readonly ClaimOp[];
}

/** The files speak of gfns below this. */
const FRAMES = 1540;
/** Xen's list has no end; the pool of pages ends before these do. */
const SERVERS = 10;

export const replayClaim: Replay = (lines, revision) => {
  const images = new Map<string, Store>();
  return eachLine<ClaimSequence>(lines, (sequence) => {
    const { mode, ioreqGfn } = sequence;
    const key = `${mode} ${ioreqGfn}`;
    const image = images.get(key) ?? freshDomain(revision.xen, mode, ioreqGfn);
    images.set(key, image);
    return new ClaimReplay(image.fork(), revision, sequence).run();
  });
};

interface Answer {
  readonly rc: string;
  readonly id?: number;
  readonly newOpaque?: number;
}

class ClaimReplay {
  readonly #p2m: P2m;
  readonly #domain: Domain;
  readonly #names: readonly string[];
  /** What is looked up and what is stored, as `x` and `s` write them. */
  #looked: Runs;
  #stored: Runs;

  constructor(
    readonly store: Store,
    readonly revision: Revision,
    readonly sequence: ClaimSequence,
  ) {
    const { ioreqGfn, mode, preempt } = sequence;
    const { xen } = revision;
    const array = serverTable(revision) === 'array';
    this.#p2m = p2mOver(store, xen, mode);
    this.#names = p2mTypeNames(xen);
    const at = this.#p2m.stateWords;
    this.#domain = new Domain(store.state, at + IoreqServers.words(1, SERVERS), {
      p2m: this.#p2m,
      servers: new IoreqServers(store.state, at, {
        xen,
        cap: 1,
        servers: SERVERS,
        table: array && !hasDefaultServer(revision) ? 'plain' : serverTable(revision),
      }),
      // Both came on one day.
      pages: { base: ioreqGfn, onDemand: array },
      environment: { ...NO_ENVIRONMENT, preempt: () => preempt === 1 },
    });
    this.#looked = this.#look();
    this.#stored = this.#read();
  }

  run(): string | undefined {
    let { x, s }: Pick<ClaimOp, 'x' | 's'> = {};
    for (const [n, op] of this.sequence.ops.entries()) {
      x = op.x ?? x;
      s = op.s ?? s;
      const where = `sequence ${this.sequence.id} op ${n} ${JSON.stringify({ ...op, x: undefined, s: undefined })}`;
      const { rc, id, newOpaque } = this.#perform(op);
      const wrong =
        compare(`${where}: rc`, op.rc, rc) ??
        compare(`${where}: id`, op.o === 'create' ? op.id : undefined, id) ??
        compare(`${where}: newOpaque`, op.newOpaque, newOpaque) ??
        (op.st && compare(`${where}: st`, op.st, this.#state())) ??
        (op.st && compare(`${where}: x`, x, this.#looked)) ??
        (s && op.st && compare(`${where}: s`, s, this.#stored));
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  /** Carries an op out and, if it changed the map, looks at it again. */
  #perform(op: ClaimOp): Answer {
    const { store } = this;
    const mark = store.mark();
    let answer: Answer;
    try {
      answer = this.#call(op);
    } catch (error) {
      if (error instanceof XenBug) return { rc: 'BUG' };
      throw error;
    }
    let changed = false;
    store.changes(mark, (space, address) => {
      changed ||= space === store.tables.id || (space === store.state.id && address < this.#p2m.stateWords);
    });
    store.settle();
    if (changed) {
      this.#looked = this.#look();
      this.#stored = this.#read();
    }
    return answer;
  }

  #call(op: ClaimOp): Answer {
    const domain = this.#domain;
    switch (op.o) {
      case 'create': {
        const made = domain.createServer(op.buf);
        return made.rc === 0 ? { rc: '0', id: made.id } : { rc: made.rc };
      }
      case 'destroy':
        return { rc: String(domain.destroyServer(op.id)) };
      case 'state':
        return { rc: String(domain.setServerState(op.id, op.en === 1)) };
      case 'map': {
        const { rc, opaque } = domain.mapMemType(op.id, op.type, op.f, op.opaque);
        return rc === 'ERESTART' ? { rc, newOpaque: opaque } : { rc: String(rc) };
      }
      case 'smt':
        return { rc: String(domain.setMemType(op.g, op.n, op.type)) };
      case 'touch': {
        const handled = domain.touch(op.g, 0);
        // The files have EPT's "handled", and of the other formats the result that is 0 when all went well.
        return { rc: handled === (this.sequence.mode === 'ept') ? '1' : '0' };
      }
      case 'logdirty':
      case 'nologdirty':
        return { rc: String(domain.setLogDirty(op.o === 'logdirty')) };
    }
  }

  #state(): ClaimOp['st'] {
    const { regs, claimHolder, xen } = this.#p2m;
    return [claimHolder, this.#p2m.getIoreqServer().flags, xen.asyncReset ? regs.entryCount : -1, regs.globalLogdirty];
  }

  /** Looked-up types that are not ram_rw. */
  #look(): Runs {
    const runs: [number, number, string][] = [];
    for (let gfn = 0; gfn < FRAMES;) {
      const { type, order } = this.#p2m.getEntry(gfn);
      const frames = Math.min(2 ** order, FRAMES - gfn);
      if (type !== P2M.ram_rw) addRun(runs, gfn, frames, this.#names[type]!);
      gfn += frames;
    }
    return runs;
  }

  /** 4 KiB slots whose stored type is 15, and whether they let the guest write. */
  #read(): Runs {
    const { tables } = this.store;
    const ept = this.sequence.mode === 'ept';
    const runs: [number, number, number][] = [];
    for (let first = 0; first < FRAMES; first += 512) {
      const slot = this.#p2m.table.path(first)[3];
      for (let i = 0; slot !== undefined && i < 512 && first + i < FRAMES; i++) {
        const lo = tables.get(slot + 2 * i);
        const hi = tables.get(slot + 2 * i + 1);
        if ((ept ? eptType(hi) : ptType(lo, hi)) !== P2M.ioreq_server) continue;
        addRun(runs, first + i, 1, (lo & (ept ? EPT_W : PT_RW)) === 0 ? 0 : 1);
      }
    }
    return runs;
  }
}

function addRun<W>(runs: [gfn: number, count: number, what: W][], gfn: number, frames: number, what: W): void {
  const last = runs.at(-1);
  if (last && last[0] + last[1] === gfn && last[2] === what) last[1] += frames;
  else runs.push([gfn, frames, what]);
}

function p2mOver(store: Store, xen: Xen, paging: Paging): P2m {
  return new P2m(store, {
    stateBase: 0,
    notesBase: 0,
    xen,
    paging,
    vcpus: 1,
    poolSize: 32,
    poolMfn: POOL_MFN,
    frames: 4096,
    meter: { add: () => undefined },
  });
}

/** The domain that every sequence starts from. */
function freshDomain(xen: Xen, mode: Paging, ioreqGfn: number): Store {
  const store = new Store();
  const p2m = p2mOver(store, xen, mode);
  const run = (gfn: number, frames: number, order: 0 | 9) =>
    ({ gfn, frames, mfn: RAM_MFN + gfn, type: P2M.ram_rw, order }) as const;
  const last = ioreqGfn === 1520 ? run(1536, 1, 0) : run(ioreqGfn, 8, 0);
  p2m.build([run(0, 1024, 0), run(1024, 512, mode === 'shadow' ? 0 : 9), last]);
  store.settle();
  return store;
}
