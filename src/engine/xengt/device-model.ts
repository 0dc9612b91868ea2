/**
 * XenGT, the device model in dom0: an ioreq server that follows the guest's GPU page tables. It learns of a PPGTT by writes
 * to the PVINFO page, makes each table page type 15, keeps a shadow of it and carries out every write that Xen sends on.
 * Each step is one hypercall or one update of a table. Facts after Linux, drivers/gpu/drm/i915/gvt/gtt.c.
 * Assumptions: a read of a tracked page, which it never asks for, is answered with all ones; a table that cannot be
 * protected is not shadowed, and the entry that points to it stays empty in the shadow.
 */
import { PAGE_SIZE } from '../config';
import type { Rc } from '../errno';
import { failed } from '../errno';
import { BAR, G2V_NOTIFY, PDP0_HIGH, PDP0_LOW, PPGTT_L4_CREATE, PPGTT_L4_DESTROY, PVINFO } from '../guest-layout';
import type { Memory, Value } from '../memory';
import { record, type RecordOf } from '../record';
import type { Store } from '../store';
import type { Trace } from '../trace';
import { frameOf, isPresent, withFrame } from './gen8';
import { ShadowTables } from './shadow';
import { JOB, WorkStack, type Job } from './work';

/** What a device model can ask of Xen. */
export interface XenCalls {
  createServer(): number | Exclude<Rc, number>;
  mapRange(server: number, start: number, end: number): Rc;
  unmapRange(server: number, start: number, end: number): Rc;
  ranges(server: number): number;
  claim(server: number, flags: number): Rc;
  enable(server: number): Rc;
  /** set_mem_type of one frame: to type 15, or back to ram_rw. */
  trap(gfn: number, on: boolean): Rc;
  /** Asks Xen for the machine frame behind a guest frame; null when there is none. */
  translate(gfn: number): number | null;
  /** The same for a frame that XenGT has mapped: no call. */
  mapped(gfn: number): number | null;
  /** The request in the slot of a vCPU. */
  request(vcpu: number): { gpa: number; size: number; low: number; high: number; write: boolean };
  take(server: number, vcpu: number): void;
  respond(server: number, vcpu: number, low: number, high: number): void;
}

export const CLAIM_WRITE = 2;
/** Stands in a job for every frame past the 32 bits of a word: no guest has it, so Xen refuses it. */
const NO_GFN = 0xffff_ffff;

const Regs = record({
  /** Next action of the start: 0 create .. ; READY once it serves. */
  start: 1,
  server: 1,
  /** vCPU being served, plus one. */
  serving: 1,
  pdpLow: 1,
  pdpHigh: 1,
  /** Answer for a read. */
  answerLow: 1,
  answerHigh: 1,
});

const START = { create: 0, mapBar: 1, claim: 2, enable: 3, ready: 4 } as const;

export class XenGT {
  readonly tables: ShadowTables;
  readonly work: WorkStack;
  readonly words: number;
  readonly #regs: RecordOf<typeof Regs>;
  readonly #job: Job = { kind: 0, a: 0, b: 0, c: 0, d: 0 };
  readonly #entry: Value = { low: 0, high: 0 };

  /** `claims`: this Xen lets a server claim the type; without, each page is a range of the server. */
  constructor(
    store: Store,
    base: number,
    frames: number,
    readonly memory: Memory,
    readonly xen: XenCalls,
    readonly trace: Trace,
    readonly claims: boolean,
  ) {
    this.#regs = Regs.at(store.state, base);
    this.work = new WorkStack(store.state, base + Regs.words);
    this.tables = new ShadowTables(store.state, base + Regs.words + WorkStack.words, memory, frames);
    this.words = Regs.words + WorkStack.words + this.tables.words;
  }

  get server(): number {
    return this.#regs.server;
  }
  get started(): boolean {
    return this.#regs.start === START.ready;
  }
  /** vCPU whose request is being served; null when XenGT waits. */
  get serving(): number | null {
    return this.#regs.serving === 0 ? null : this.#regs.serving - 1;
  }

  /** The next step changes page types, for which Xen needs the p2m lock. */
  get needsP2mLock(): boolean {
    if (this.work.depth === 0) return false;
    const { kind } = this.work.peek(this.#job);
    return kind === JOB.protect || kind === JOB.unprotect;
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
      this.#mapRange(BAR.start, BAR.end);
    } else if (regs.start === START.claim) {
      const rc = xen.claim(regs.server, CLAIM_WRITE);
      trace.emit('xengt', 'dm.claim', { server: regs.server, flags: CLAIM_WRITE }, failed(rc) ? rc : undefined);
    } else {
      const rc = xen.enable(regs.server);
      trace.emit('xengt', 'dm.enable', { server: regs.server }, failed(rc) ? rc : undefined);
    }
    regs.start += regs.start === START.mapBar && !this.claims ? 2 : 1;
  }

  /** Takes the request of a vCPU out of its slot and sees what there is to do. */
  take(vcpu: number): void {
    const { xen, trace, work } = this;
    const { gpa, write } = xen.request(vcpu);
    this.#regs.serving = vcpu + 1;
    xen.take(this.server, vcpu);
    trace.emit('xengt', 'ioreq.inprocess', { vcpu, server: this.server, gpa });
    work.push(JOB.respond, vcpu);
    work.push(JOB.write, vcpu, write ? 1 : 0);
  }

  /** Does the topmost job. */
  step(): void {
    this.#skipKnown();
    const job = this.work.peek(this.#job);
    const { kind, a, b, c, d } = job;
    this.work.pop();
    if (kind === JOB.write) this.#access(a, b === 1);
    else if (kind === JOB.respond) this.#respond(a);
    else if (kind === JOB.addRange) this.#addRange(a, b, c, d);
    else if (kind === JOB.protect) this.#protect(a, b, c, d);
    else if (kind === JOB.fill) this.#fill(a);
    else if (kind === JOB.follow) this.#follow(a, b);
    else if (kind === JOB.clear) this.#clear(a, b);
    else if (kind === JOB.unprotect) this.#unprotect(a);
    else if (kind === JOB.removeRange) this.#removeRange(a);
    else this.#drop(a);
  }

  /** Two new entries may point to one new table: by the second job it is tracked, and gains a pointer. */
  #skipKnown(): void {
    for (;;) {
      const { kind, a } = this.work.peek(this.#job);
      const known = kind === JOB.protect || kind === JOB.addRange ? this.tables.of(a) : 0;
      if (known === 0) return;
      this.tables.at(known).refs += 1;
      this.work.pop();
    }
  }

  #access(vcpu: number, write: boolean): void {
    const { gpa, size, low, high } = this.xen.request(vcpu);
    const regs = this.#regs;
    if (gpa >= BAR.start && gpa <= BAR.end) {
      if (write) this.#register(gpa - PVINFO, low);
      regs.answerLow = regs.answerHigh = 0;
    } else if (write) {
      this.#guestWrite(gpa, size, low, high);
    } else {
      regs.answerLow = regs.answerHigh = 0xffffffff;
      this.trace.emit('xengt', 'dm.read', { gfn: Math.floor(gpa / PAGE_SIZE) });
    }
  }

  /** PVINFO: the two halves of the PML4's address, then the message that there is a PPGTT, or that it is gone. */
  #register(offset: number, value: number): void {
    const regs = this.#regs;
    let asks: 'nothing' | 'create' | 'destroy' = 'nothing';
    if (offset === PDP0_LOW) regs.pdpLow = value;
    if (offset === PDP0_HIGH) regs.pdpHigh = value;
    if (offset === G2V_NOTIFY) {
      const root = Math.floor((regs.pdpHigh * 2 ** 32 + regs.pdpLow) / PAGE_SIZE);
      if (value === PPGTT_L4_CREATE) {
        asks = 'create';
        this.#track(root, 3, 0, 0);
      } else if (value === PPGTT_L4_DESTROY) {
        asks = 'destroy';
        const table = this.tables.of(root);
        if (table !== 0) this.#release(table);
      }
    }
    this.trace.emit('xengt', 'dm.register', { offset, low: value, asks });
  }

  #guestWrite(gpa: number, size: number, low: number, high: number): void {
    const gfn = Math.floor(gpa / PAGE_SIZE);
    const offset = gpa % PAGE_SIZE;
    const mfn = this.xen.mapped(gfn);
    const table = this.tables.of(gfn);
    const index = offset >>> 3;
    if (mfn === null) return;
    const old = this.memory.read(mfn, offset & ~7, 8, { low: 0, high: 0 });
    this.memory.write(mfn, offset, size, low, high);
    const now = this.memory.read(mfn, offset & ~7, 8, { low: 0, high: 0 });
    const level = table === 0 ? 0 : this.tables.at(table).level;
    this.trace.emit('xengt', 'dm.write', {
      gfn,
      level,
      index,
      old: old.low,
      oldHigh: old.high,
      low: now.low,
      high: now.high,
      tracked: table !== 0,
    });
    if (table === 0 || (old.low === now.low && old.high === now.high)) return;
    this.work.push(JOB.follow, table, index);
    if (level === 0) return;
    const before = isPresent(old.low) ? this.tables.of(frameOf(old.low, old.high)) : 0;
    if (isPresent(now.low)) this.#track(frameOf(now.low, now.high), level - 1, table, index);
    if (before !== 0) {
      this.#release(before);
      this.work.push(JOB.clear, table, index);
    }
  }

  /** Jobs that make guest frame `gfn` a tracked table; one that is tracked already only gains a pointer to it. */
  #track(gfn: number, level: number, parent: number, slot: number): void {
    const known = this.tables.of(gfn);
    if (known !== 0) this.tables.at(known).refs += 1;
    else this.work.push(this.claims ? JOB.protect : JOB.addRange, Math.min(gfn, NO_GFN), level, parent, slot);
  }

  #release(table: number): void {
    const spt = this.tables.at(table);
    if (spt.refs > 1) spt.refs -= 1;
    else this.work.push(JOB.unprotect, table);
  }

  #addRange(gfn: number, level: number, parent: number, slot: number): void {
    if (!this.#mapRange(gfn * PAGE_SIZE, gfn * PAGE_SIZE + PAGE_SIZE - 1)) return;
    this.work.push(JOB.protect, gfn, level, parent, slot);
  }

  #mapRange(start: number, end: number): boolean {
    const { server } = this;
    const rc = this.xen.mapRange(server, start, end);
    const ranges = this.xen.ranges(server);
    this.trace.emit('xengt', 'dm.mapRange', { server, start, end, ranges }, failed(rc) ? rc : undefined);
    return !failed(rc);
  }

  #protect(gfn: number, level: number, parent: number, slot: number): void {
    const rc = this.xen.trap(gfn, true);
    this.trace.emit('xengt', 'dm.protect', { gfn, level }, failed(rc) ? rc : undefined);
    if (failed(rc)) {
      if (!this.claims) this.work.push(JOB.removeRange, gfn);
      return;
    }
    const table = this.tables.allocate(gfn, level, parent, slot);
    if (table !== 0) this.work.push(JOB.fill, table);
  }

  #fill(table: number): void {
    const { gfn, level } = this.tables.at(table);
    const shadow = this.tables.mfn(table);
    const mfn = this.xen.mapped(gfn);
    let entries = 0;
    for (let slot = 0; mfn !== null && slot < 512; slot++) {
      const { low, high } = this.memory.read(mfn, slot * 8, 8, this.#entry);
      if (!isPresent(low)) continue;
      entries += 1;
      if (level === 0) {
        this.#translateInto(shadow, slot, low, high);
      } else {
        this.work.push(JOB.follow, table, slot);
        this.#track(frameOf(low, high), level - 1, table, slot);
      }
    }
    this.trace.emit('xengt', 'dm.shadowTable', { gfn, level, mfn: shadow, entries });
  }

  #follow(table: number, slot: number): void {
    const { gfn, level } = this.tables.at(table);
    const mfn = this.xen.mapped(gfn);
    const { low, high } = mfn === null ? { low: 0, high: 0 } : this.memory.read(mfn, slot * 8, 8, this.#entry);
    const target = this.#translateInto(this.tables.mfn(table), slot, low, high, level);
    this.trace.emit('xengt', 'dm.shadowEntry', { gfn, level, index: slot, target });
  }

  /** Writes the shadow of a guest entry: the machine frame, or the child's shadow table. Returns that frame. */
  #translateInto(shadow: number, slot: number, low: number, high: number, level = 0): number | null {
    let target: number | null = null;
    if (isPresent(low)) {
      const frame = frameOf(low, high);
      if (level === 0) target = this.xen.translate(frame);
      else if (this.tables.of(frame) !== 0) target = this.tables.mfn(this.tables.of(frame));
    }
    if (target === null) this.memory.write(shadow, slot * 8, 8, 0, 0);
    else {
      const entry = withFrame(low, target, { low: 0, high: 0 });
      this.memory.write(shadow, slot * 8, 8, entry.low, entry.high);
    }
    return target;
  }

  #clear(table: number, slot: number): void {
    const { gfn, level } = this.tables.at(table);
    this.memory.write(this.tables.mfn(table), slot * 8, 8, 0, 0);
    this.trace.emit('xengt', 'dm.shadowEntry', { gfn, level, index: slot, target: null });
  }

  #unprotect(table: number): void {
    const { gfn } = this.tables.at(table);
    const rc = this.xen.trap(gfn, false);
    this.trace.emit('xengt', 'dm.unprotect', { gfn }, failed(rc) ? rc : undefined);
    this.work.push(JOB.drop, table);
    if (!this.claims) this.work.push(JOB.removeRange, gfn);
  }

  #removeRange(gfn: number): void {
    const { server } = this;
    const start = gfn * PAGE_SIZE;
    const rc = this.xen.unmapRange(server, start, start + PAGE_SIZE - 1);
    const params = { server, start, end: start + PAGE_SIZE - 1, ranges: this.xen.ranges(server) };
    this.trace.emit('xengt', 'dm.unmapRange', params, failed(rc) ? rc : undefined);
  }

  #drop(table: number): void {
    const { gfn, level } = this.tables.at(table);
    for (const child of this.tables.children(table).reverse()) this.#release(child);
    this.tables.free(table);
    this.trace.emit('xengt', 'dm.dropTable', { gfn, level, mfn: this.tables.mfn(table) });
  }

  #respond(vcpu: number): void {
    const regs = this.#regs;
    this.xen.respond(this.server, vcpu, regs.answerLow, regs.answerHigh);
    regs.serving = 0;
    regs.answerLow = regs.answerHigh = 0;
    this.trace.emit('xengt', 'ioreq.respReady', { vcpu, server: this.server });
  }
}
