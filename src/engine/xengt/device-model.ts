/**
 * XenGT, the device model in dom0: an ioreq server that follows the guest's GPU page tables. It learns of a PPGTT by writes
 * to the PVINFO page, has each table page watched, keeps a shadow of it and carries out every write that Xen sends on. This
 * is its life and its dispatch; what it does about tables is in following.ts. Each step is one hypercall or one update of a
 * table. Facts after Linux, drivers/gpu/drm/i915/gvt/gtt.c.
 * Assumption: a read of a tracked page, where it never asked for reads, is answered with all ones.
 */
import { CLAIM_FLAGS, SWEEP_FRAMES } from '../claim';
import { PAGE_SIZE, type Config } from '../config';
import type { Design } from '../designs';
import type { Ledger } from '../designs/ledger';
import type { Calls } from '../dm-calls';
import { failed, type Rc } from '../errno';
import * as LAYOUT from '../guest-layout';
import { SWEEP } from '../machines/sweep';
import { BAR, PVINFO } from '../guest-layout';
import type { Memory } from '../memory';
import { record, type RecordOf } from '../record';
import type { Store } from '../store';
import type { Trace } from '../trace';
import { Following } from './following';
import { OutOfSync } from './out-of-sync';
import { ShadowTables } from './shadow';
import { JOB, WorkStack, type Job } from './work';

const Regs = record({
  /** Next action of the start: 0 create .. ; READY once it serves; DEAD when it was killed. */
  start: 1,
  server: 1,
  /** vCPU being served, plus one. */
  serving: 1,
  pdpLow: 1,
  pdpHigh: 1,
  /** Answer for a read. */
  answerLow: 1,
  answerHigh: 1,
  /** Frame of the PML4 that the guest has told of and XenGT has not forgotten, plus one. */
  told: 1,
});

const TAKES_P2M_LOCK: ReadonlySet<number> = new Set([JOB.protect, JOB.unprotect, JOB.mark, JOB.sweep]);

const NO_REGS = { server: 0, serving: 0, pdpLow: 0, pdpHigh: 0, answerLow: 0, answerHigh: 0, told: 0 };

const START = { create: 0, mapBar: 1, claim: 2, enable: 3, ready: 4, dead: 5 } as const;

export interface XenGTParts {
  readonly config: Config;
  readonly design: Design;
  readonly ledger: Ledger;
  readonly memory: Memory;
  readonly xen: Calls;
  readonly trace: Trace;
}

export class XenGT {
  /** Words of state of an XenGT for a guest of so many frames. */
  static words(frames: number): number {
    return Regs.words + WorkStack.words + ShadowTables.words(frames);
  }

  readonly tables: ShadowTables;
  readonly work: WorkStack;
  readonly xen: Calls;
  readonly trace: Trace;
  readonly #regs: RecordOf<typeof Regs>;
  readonly #following: Following;
  readonly #oos: OutOfSync | null;
  /** This Xen lets a server claim the type, and the design has XenGT do so. */
  readonly #claims: boolean;
  /** It asks for reads as well. */
  readonly #reads: boolean;
  readonly #job: Job = { kind: 0, a: 0, b: 0, c: 0, d: 0 };

  constructor(
    store: Store,
    base: number,
    frames: number,
    readonly parts: XenGTParts,
  ) {
    const { config, design, ledger, memory } = parts;
    this.xen = parts.xen;
    this.trace = parts.trace;
    this.#regs = Regs.at(store.state, base);
    this.work = new WorkStack(store.state, base + Regs.words);
    this.tables = new ShadowTables(store.state, base + Regs.words + WorkStack.words, memory, frames);
    this.#claims = design.claims && config.xen.claim;
    this.#reads = design.answersReads || (this.#claims && (config.claimFlags & CLAIM_FLAGS.read) !== 0);
    this.#oos = design.outOfSync ? new OutOfSync(ledger, memory, this.tables, config) : null;
    this.#following = new Following({
      ...parts,
      tables: this.tables,
      work: this.work,
      oos: this.#oos,
      server: () => this.server,
    });
  }

  get server(): number {
    return this.#regs.server;
  }
  get started(): boolean {
    return this.#regs.start === START.ready;
  }
  get alive(): boolean {
    return this.#regs.start !== START.dead;
  }
  /** Nothing to serve and nothing to do: it can listen to the toolstack. */
  get idle(): boolean {
    return this.#regs.serving === 0 && this.work.depth === 0;
  }
  /** How far it is with a release of its own, by the chart of the sweep. */
  get sweepState(): number {
    if (this.work.depth === 0) return SWEEP.at.idle;
    const { kind } = this.work.peek(this.#job);
    return kind === JOB.mark ? SWEEP.at.marking : kind === JOB.sweep ? SWEEP.at.sweeping : SWEEP.at.idle;
  }
  /** In the midst of a release, which is one hypercall: it cannot die there. */
  get inRelease(): boolean {
    return this.sweepState !== SWEEP.at.idle;
  }
  /** Whether the guest has told it of the PPGTT whose PML4 is in frame `root`, so that there should be a shadow. */
  knows(root: number): boolean {
    return this.#regs.told === root + 1;
  }
  /** vCPU whose request is being served; null when XenGT waits. */
  get serving(): number | null {
    return this.#regs.serving === 0 ? null : this.#regs.serving - 1;
  }

  /** The next step changes page types, for which Xen needs the p2m lock. */
  get needsP2mLock(): boolean {
    if (this.work.depth === 0) return false;
    const { kind } = this.work.peek(this.#job);
    return TAKES_P2M_LOCK.has(kind);
  }

  /** The table in frame `gfn` is out of step by XenGT's own doing: it need not be told of writes there. */
  outOfSync(gfn: number): boolean {
    return this.tables.isOut(gfn);
  }

  /** One step of the start: the server, its register range, the claim, and then the enabling. */
  start(): void {
    const regs = this.#regs;
    const { xen, trace } = this;
    if (regs.start === START.create) {
      const id = xen.createServer();
      if (!failed(id)) regs.server = id;
      trace.emit('xengt', 'dm.create', { server: failed(id) ? 0 : id }, failed(id) ? id : undefined);
    } else if (regs.start === START.mapBar) {
      const rc = xen.mapRange(regs.server, BAR.start, BAR.end);
      const params = { server: regs.server, start: BAR.start, end: BAR.end, ranges: xen.ranges(regs.server) };
      trace.emit('xengt', 'dm.mapRange', { ...params, list: 'memory' }, failed(rc) ? rc : undefined);
    } else if (regs.start === START.claim) {
      this.#claim();
    } else {
      const rc = xen.enable(regs.server);
      trace.emit('xengt', 'dm.enable', { server: regs.server }, failed(rc) ? rc : undefined);
    }
    regs.start += regs.start === START.mapBar && !this.#claims ? 2 : 1;
  }

  /** Takes the request of a vCPU out of its slot, or hears of what the vCPU wrote, and sees what there is to do. */
  take(vcpu: number): void {
    const { xen, trace, work } = this;
    this.#regs.serving = vcpu + 1;
    const notice = xen.takeNotice(vcpu);
    if (notice !== null) return this.#following.noticed(vcpu, notice);
    const { gpa, write } = xen.request(this.server, vcpu);
    xen.take(this.server, vcpu);
    trace.emit('xengt', 'ioreq.inprocess', { vcpu, server: this.server, gpa, by: 'xengt' });
    work.push(JOB.respond, vcpu);
    work.push(JOB.write, vcpu, write ? 1 : 0);
  }

  /** The vCPU that it heard of goes on: it was on that vCPU's processor all the time. */
  returned(): void {
    this.#regs.serving = 0;
  }

  /** Does the topmost job. */
  step(): void {
    this.#following.skipKnown(this.#job);
    const job = this.work.peek(this.#job);
    const { kind, a, b } = job;
    this.work.pop();
    if (this.#following.step(job)) return;
    if (kind === JOB.write) this.#access(a, b === 1);
    else if (kind === JOB.respond) this.#respond(a);
    else if (kind === JOB.forget) this.#forget();
    else if (kind === JOB.release) this.#letGo();
    else if (kind === JOB.mark) this.#mark();
    else if (kind === JOB.sweep) this.#sweep(a);
    else this.#claim();
  }

  /**
   * The toolstack asks it to let go of the guest's tables, or to watch again. With a claim it forgets them all at once and
   * gives the type up, so that Xen has to deal with what is left of it; without, it un-protects one after the other, or just
   * forgets what nobody watches. Which tables there are the guest has to tell it again. Dead, it starts anew.
   */
  ask(what: 'detach' | 'attach'): void {
    const { work } = this;
    if (!this.alive) this.#regs.start = what === 'attach' ? START.create : START.dead;
    else if (what === 'attach') {
      if (this.#claims) work.push(JOB.claim, 0);
    } else if (this.#claims) {
      work.push(JOB.release, 0);
      work.push(JOB.forget, 0);
    } else if (this.parts.design.guard) this.#following.letAllGo();
    else work.push(JOB.forget, 0);
  }

  /** It dies, whatever it was at, and its server is destroyed; the vCPUs are paused for that. */
  kill(): void {
    const { trace, server, parts } = this;
    const { outstanding, rc } = this.end();
    trace.emit('xengt', 'dm.killed', { server, outstanding, watch: parts.design.watch }, failed(rc) ? rc : undefined);
  }

  /** Nothing is left of it or its server, but so many pages that are watched. What the destroying answers. */
  end(): { readonly outstanding: number; readonly rc: Rc } {
    const { work, server, xen, parts } = this;
    while (work.depth > 0) work.pop();
    if (parts.design.inKernel) this.tables.each((_, { gfn }) => xen.trap(gfn, false));
    const outstanding = xen.outstanding();
    this.#following.forget();
    const rc = xen.destroy(server);
    Object.assign(this.#regs, { ...NO_REGS, start: START.dead });
    return { outstanding, rc };
  }

  #claim(): void {
    const { server } = this;
    const flags = this.parts.config.claimFlags;
    const rc = this.xen.claim(server, flags);
    this.trace.emit('xengt', 'dm.claim', { server, flags }, failed(rc) ? rc : undefined);
  }

  #letGo(): void {
    const { server, xen } = this;
    const outstanding = xen.outstanding();
    const rc = xen.claim(server, 0);
    if (!failed(rc) && xen.released() === SWEEP.at.marking) this.work.push(JOB.mark, 0);
    this.trace.emit('xengt', 'dm.release', { server, outstanding }, failed(rc) ? rc : undefined);
  }

  #mark(): void {
    const { xen } = this;
    const outstanding = xen.outstanding();
    if (xen.mark() === SWEEP.at.sweeping) this.work.push(JOB.sweep, 0);
    this.trace.emit('xengt', 'dm.mark', { outstanding });
  }

  #sweep(first: number): void {
    const { xen } = this;
    const before = xen.outstanding();
    const { rc, next } = xen.sweep(first);
    const left = xen.outstanding();
    const goesOn = next === SWEEP.at.sweeping;
    if (goesOn) this.work.push(JOB.sweep, first + SWEEP_FRAMES);
    const params = { first, settled: before - left, left, last: !goesOn };
    this.trace.emit('xengt', 'dm.sweep', params, failed(rc) ? rc : undefined);
  }

  #forget(): void {
    this.#regs.told = 0;
    const tables = this.tables.live;
    this.#following.forget();
    this.trace.emit('xengt', 'dm.forget', { tables });
  }

  #access(vcpu: number, write: boolean): void {
    const { gpa, size, low, high, count, down } = this.xen.request(this.server, vcpu);
    const regs = this.#regs;
    const stride = down ? -size : size;
    if (gpa >= BAR.start && gpa <= BAR.end) {
      for (let n = 0; write && n < count; n++) this.#register(gpa + n * stride - PVINFO, low);
      regs.answerLow = regs.answerHigh = 0;
      if (!write) this.trace.emit('xengt', 'dm.register', { offset: gpa - PVINFO, low: 0, asks: 'value' });
    } else if (write) {
      for (let n = 0; n < count; n++) this.#following.guestWrite(gpa + n * stride, size, low, high);
    } else this.#answer(gpa, size);
  }

  /** What a read gives: from XenGT's own mapping if it asked for reads, all ones if not. */
  #answer(gpa: number, size: number): void {
    const { xen, trace, parts } = this;
    const regs = this.#regs;
    const gfn = Math.floor(gpa / PAGE_SIZE);
    const mfn = this.#reads ? xen.mapped(gfn) : null;
    if (mfn === null) {
      regs.answerLow = regs.answerHigh = 0xffffffff;
      return trace.emit('xengt', 'dm.read', { gfn });
    }
    const { low, high } = parts.memory.read(mfn, gpa % PAGE_SIZE, size, { low: 0, high: 0 });
    regs.answerLow = low;
    regs.answerHigh = high;
    trace.emit('xengt', 'dm.serve', { gfn, low, high });
  }

  /**
   * PVINFO: the two halves of the PML4's address, then the message that there is a PPGTT, or that it is gone, or that a range
   * of GPU addresses, given before, is mapped otherwise. And the port by which a ring is given work.
   */
  #register(offset: number, value: number): void {
    const regs = this.#regs;
    const told = this.parts.ledger.regs;
    let asks: 'nothing' | 'create' | 'destroy' | 'walk' | 'submit' = 'nothing';
    if (offset === LAYOUT.PDP0_LOW) regs.pdpLow = value;
    else if (offset === LAYOUT.PDP0_HIGH) regs.pdpHigh = value;
    else if (offset === LAYOUT.CHANGED_LOW) told.gmaLow = value;
    else if (offset === LAYOUT.CHANGED_HIGH) told.gmaHigh = value;
    else if (offset === LAYOUT.CHANGED_PAGES) told.pages = value;
    else if (PVINFO + offset === LAYOUT.ELSP) {
      asks = 'submit';
      this.#following.submitted();
    } else if (offset === LAYOUT.G2V_NOTIFY) {
      const root = Math.floor((regs.pdpHigh * 2 ** 32 + regs.pdpLow) / PAGE_SIZE);
      if (value === LAYOUT.PPGTT_L4_CREATE) {
        asks = 'create';
        // No guest has a frame past the 32 bits of a word.
        regs.told = root < 0xffff_ffff ? root + 1 : 0;
        this.#following.begin(root);
      } else if (value === LAYOUT.PPGTT_L4_DESTROY) {
        asks = 'destroy';
        if (this.knows(root)) regs.told = 0;
        this.#following.end(root);
      } else if (value === LAYOUT.PPGTT_CHANGED) {
        asks = 'walk';
        this.#following.told(root, Math.floor((told.gmaHigh * 2 ** 32 + told.gmaLow) / PAGE_SIZE), told.pages);
      }
    }
    this.trace.emit('xengt', 'dm.register', { offset, low: value, asks });
  }

  #respond(vcpu: number): void {
    const regs = this.#regs;
    this.xen.respond(this.server, vcpu, regs.answerLow, regs.answerHigh);
    regs.serving = 0;
    regs.answerLow = regs.answerHigh = 0;
    this.trace.emit('xengt', 'ioreq.respReady', { vcpu, server: this.server });
  }
}
