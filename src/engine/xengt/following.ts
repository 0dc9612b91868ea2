/**
 * What XenGT does about the guest's tables: has each page watched that holds one, keeps a shadow of it, and follows what the
 * guest changes. Each job is one step: one hypercall, or one update of a table. Facts after Linux, gvt/gtt.c.
 * How a page is watched and where it is entered is the design's. A table that cannot be watched is not shadowed, and the
 * entry that points to it stays empty in the shadow (assumption).
 */
import { PAGE_SIZE } from '../config';
import type { Design } from '../designs';
import type { Calls } from '../dm-calls';
import { failed } from '../errno';
import { SHADOW_TABLE } from '../machines/shadow-table';
import type { Memory, Value } from '../memory';
import type { Trace } from '../trace';
import { letGo, resyncNext, walk } from './catching-up';
import { frameOf, isPresent, withFrame } from './gen8';
import type { OutOfSync } from './out-of-sync';
import type { ShadowTables } from './shadow';
import { JOB, type Job, type WorkStack } from './work';

/** Stands in a job for every frame past the 32 bits of a word: no guest has it, so Xen refuses it. */
const NO_GFN = 0xffff_ffff;
const { at, on, is } = SHADOW_TABLE;

export interface FollowingParts {
  readonly tables: ShadowTables;
  readonly work: WorkStack;
  readonly memory: Memory;
  readonly xen: Calls;
  readonly trace: Trace;
  readonly design: Design;
  /** null: every table is in step all the time. */
  readonly oos: OutOfSync | null;
  /** XenGT's id of the moment. */
  server(): number;
}

export class Following {
  readonly #entry: Value = { low: 0, high: 0 };

  constructor(readonly parts: FollowingParts) {}

  /** Does a job about tables; false: it is about something else. */
  step({ kind, a, b, c, d }: Job): boolean {
    if (kind === JOB.addRange) this.#addRange(a, b, c, d);
    else if (kind === JOB.protect) this.#protect(a, b, c, d);
    else if (kind === JOB.fill) this.#fill(a);
    else if (kind === JOB.follow) this.#follow(a, b);
    else if (kind === JOB.clear) this.#clear(a, b);
    else if (kind === JOB.unprotect) this.#unprotect(a);
    else if (kind === JOB.removeRange) this.#removeRange(a);
    else if (kind === JOB.drop) this.#drop(a);
    else if (kind === JOB.letGo) letGo(this, a);
    else if (kind === JOB.resync) resyncNext(this);
    else if (kind === JOB.walk) walk(this, a, b * 2 ** 32 + c, d);
    else return false;
    return true;
  }

  /** Two new entries may point to one new table: by the second job it is tracked, and gains a pointer. */
  skipKnown(job: Job): void {
    const { tables, work } = this.parts;
    for (;;) {
      const { kind, a } = work.peek(job);
      const known = kind === JOB.protect || kind === JOB.addRange ? tables.of(a) : 0;
      if (known === 0) return;
      this.#point(known);
      work.pop();
    }
  }

  /** The guest says that a PPGTT begins, with its PML4 in frame `root`; told twice, it is still one. */
  begin(root: number): void {
    if (this.parts.tables.of(root) === 0) this.#track(root, 3, 0, 0);
  }

  /** It says that the PPGTT is gone. */
  end(root: number): void {
    const table = this.parts.tables.of(root);
    if (table !== 0) this.#release(table);
  }

  /** It says that it has changed the mapping of `pages` GPU pages from number `first` on. */
  told(root: number, first: number, pages: number): void {
    const table = this.parts.tables.of(root);
    if (table !== 0) this.parts.work.push(JOB.walk, table, Math.floor(first / 2 ** 32), first % 2 ** 32, pages);
  }

  /** It gives the GPU work: what is out of step has to be brought back first. */
  submitted(): void {
    const { oos, work } = this.parts;
    if (oos && oos.firstOut() !== null) work.push(JOB.resync, 0);
  }

  /** Jobs that stop watching: the root goes, and with it what is below it. */
  letAllGo(): void {
    const { tables, work } = this.parts;
    tables.each((number, { level }) => level === 3 && work.push(JOB.unprotect, number));
  }

  /** Forgets every table, without asking anybody to stop watching it. */
  forget(): void {
    const { tables } = this.parts;
    tables.each((number) => {
      tables.advance(number, on.forget);
      this.#free(number);
    });
  }

  /** Carries a write out in the guest's page, and sees what follows from it. */
  guestWrite(gpa: number, size: number, low: number, high: number): void {
    const { xen, tables, memory, trace, oos, work } = this.parts;
    const gfn = Math.floor(gpa / PAGE_SIZE);
    const offset = gpa % PAGE_SIZE;
    const mfn = xen.mapped(gfn);
    const table = tables.of(gfn);
    const index = offset >>> 3;
    if (mfn === null) return trace.emit('xengt', 'dm.gone', { gfn });
    const old = memory.read(mfn, offset & ~7, 8, { low: 0, high: 0 });
    memory.write(mfn, offset, size, low, high);
    const now = memory.read(mfn, offset & ~7, 8, { low: 0, high: 0 });
    const level = table === 0 ? 0 : tables.at(table).level;
    trace.emit('xengt', 'dm.write', {
      gfn,
      level,
      index,
      old: old.low,
      oldHigh: old.high,
      low: now.low,
      high: now.high,
      tracked: table !== 0,
    });
    if (table === 0) return;
    const often = level === 0 && oos?.written(gfn, index, now);
    if (tables.advance(table, on.written, often ? is.often : 0).effect === 'letGo') work.push(JOB.letGo, table);
    if (old.low === now.low && old.high === now.high) return;
    this.changed(table, index, isPresent(old.low) ? tables.of(frameOf(old.low, old.high)) : 0, now);
  }

  /** The guest's page has been written by others. What the entry was before, its shadow tells. */
  noticed(vcpu: number, gpa: number): void {
    const { xen, tables, trace } = this.parts;
    const gfn = Math.floor(gpa / PAGE_SIZE);
    const table = tables.of(gfn);
    const index = (gpa % PAGE_SIZE) >>> 3;
    const level = table === 0 ? 0 : tables.at(table).level;
    trace.emit('xengt', 'track.notify', { vcpu, gfn, level, index, tracked: table !== 0 });
    if (table === 0) return;
    tables.advance(table, on.written);
    const mfn = xen.mapped(gfn);
    if (mfn !== null) this.changed(table, index, this.child(table, index), this.guest(mfn, index));
  }

  /** Jobs that bring the shadow in step with an entry; `before`: shadow of the table that it led to, 0 none. */
  changed(table: number, index: number, before: number, { low, high }: Value): void {
    const { tables, work } = this.parts;
    const { level } = tables.at(table);
    work.push(JOB.follow, table, index);
    if (level === 0) return;
    if (isPresent(low)) this.#track(frameOf(low, high), level - 1, table, index);
    if (before !== 0) {
      this.#release(before);
      work.push(JOB.clear, table, index);
    }
  }

  /** Jobs that make guest frame `gfn` a tracked table; one that is tracked already only gains a pointer to it. */
  #track(gfn: number, level: number, parent: number, slot: number): void {
    const { tables, work, xen, design } = this.parts;
    const isNew = this.#point(tables.of(gfn));
    // A frame that the guest does not have would be refused, where there is somebody to ask.
    if (isNew && (design.guard || xen.mapped(gfn) !== null))
      work.push(xen.registers ? JOB.addRange : JOB.protect, Math.min(gfn, NO_GFN), level, parent, slot);
  }

  /** An entry comes to lead to table `known`, 0 one that is not known. Whether it is to be tracked from now on. */
  #point(known: number): boolean {
    const { tables } = this.parts;
    const { effect } = tables.advance(known, on.point);
    if (effect === 'count') tables.at(known).refs += 1;
    return effect === 'track';
  }

  #release(table: number): void {
    const { tables, work } = this.parts;
    const spt = tables.at(table);
    const { effect } = tables.advance(table, on.leave, spt.refs > 1 ? is.others : 0);
    if (effect === 'count') spt.refs -= 1;
    else if (effect === 'end') work.push(JOB.unprotect, table);
  }

  #addRange(gfn: number, level: number, parent: number, slot: number): void {
    const { xen, trace, work, design } = this.parts;
    const server = this.parts.server();
    const rc = xen.register(server, gfn);
    const start = gfn * PAGE_SIZE;
    const params = { server, start, end: start + PAGE_SIZE - 1, ranges: xen.registered(server), list: xen.registry };
    trace.emit('xengt', 'dm.mapRange', params, failed(rc) ? rc : undefined);
    // A page that was never given back is the server's still.
    if (!failed(rc) || (design.keeps && rc === 'EEXIST')) work.push(JOB.protect, gfn, level, parent, slot);
  }

  #protect(gfn: number, level: number, parent: number, slot: number): void {
    const { xen, trace, work, design, tables } = this.parts;
    const rc = design.guard ? xen.trap(gfn, true) : 0;
    if (design.guard)
      trace.emit('xengt', 'dm.protect', { gfn, level, watch: design.watch }, failed(rc) ? rc : undefined);
    const { to } = tables.advance(0, on.track, (failed(rc) ? is.refused : 0) | (tables.room ? is.page : 0));
    if (to === at.untracked) {
      if (failed(rc) && xen.registers) work.push(JOB.removeRange, gfn);
      return;
    }
    const table = tables.allocate(to, gfn, level, parent, slot);
    // With nobody to ask, the shadow is made at once.
    if (design.guard) work.push(JOB.fill, table);
    else this.#fill(table);
  }

  #fill(table: number): void {
    const { tables, xen, work, trace } = this.parts;
    const { gfn, level } = tables.at(table);
    const shadow = tables.mfn(table);
    const mfn = xen.mapped(gfn);
    let entries = 0;
    for (let slot = 0; mfn !== null && slot < 512; slot++) {
      const { low, high } = this.guest(mfn, slot);
      if (!isPresent(low)) continue;
      entries += 1;
      if (level === 0) {
        this.#translateInto(shadow, slot, low, high);
      } else {
        work.push(JOB.follow, table, slot);
        this.#track(frameOf(low, high), level - 1, table, slot);
      }
    }
    trace.emit('xengt', 'dm.shadowTable', { gfn, level, mfn: shadow, entries });
  }

  #follow(table: number, slot: number): void {
    const { tables, trace } = this.parts;
    const { gfn, level } = tables.at(table);
    const target = this.translate(table, slot);
    trace.emit('xengt', 'dm.shadowEntry', { gfn, level, index: slot, target });
  }

  /** Makes an entry's shadow follow; answers as `#translateInto`. */
  translate(table: number, slot: number): number | null {
    const { tables, xen } = this.parts;
    const { gfn, level } = tables.at(table);
    const mfn = xen.mapped(gfn);
    const { low, high } = mfn === null ? { low: 0, high: 0 } : this.guest(mfn, slot);
    return this.#translateInto(tables.mfn(table), slot, low, high, level);
  }

  /** Writes the shadow of a guest entry: the machine frame, or the child's shadow table. Returns that frame. */
  #translateInto(shadow: number, slot: number, low: number, high: number, level = 0): number | null {
    const { tables, xen, memory } = this.parts;
    let target: number | null = null;
    if (isPresent(low)) {
      const frame = frameOf(low, high);
      if (level === 0) target = xen.translate(frame);
      else if (tables.of(frame) !== 0) target = tables.mfn(tables.of(frame));
    }
    if (target === null) memory.write(shadow, slot * 8, 8, 0, 0);
    else {
      const entry = withFrame(low, target, { low: 0, high: 0 });
      memory.write(shadow, slot * 8, 8, entry.low, entry.high);
    }
    return target;
  }

  #clear(table: number, slot: number): void {
    const { tables, memory, trace } = this.parts;
    const { gfn, level } = tables.at(table);
    memory.write(tables.mfn(table), slot * 8, 8, 0, 0);
    trace.emit('xengt', 'dm.shadowEntry', { gfn, level, index: slot, target: null });
  }

  #unprotect(table: number): void {
    const { tables, xen, trace, work, design } = this.parts;
    const { gfn } = tables.at(table);
    const { effect } = tables.advance(table, on.end, design.guard ? 0 : is.unguarded);
    if (effect === 'drop') {
      if (design.guard && xen.registers) work.push(JOB.removeRange, gfn);
      return this.#remove(table);
    }
    if (effect !== 'unwatch') return;
    const rc = xen.trap(gfn, false);
    trace.emit('xengt', 'dm.unprotect', { gfn, watch: design.watch }, failed(rc) ? rc : undefined);
    work.push(JOB.drop, table);
    if (xen.registers && !(design.keeps && failed(rc))) work.push(JOB.removeRange, gfn);
  }

  #removeRange(gfn: number): void {
    const { xen, trace } = this.parts;
    const server = this.parts.server();
    const start = gfn * PAGE_SIZE;
    const rc = xen.unregister(server, gfn);
    const params = { server, start, end: start + PAGE_SIZE - 1, ranges: xen.registered(server), list: xen.registry };
    trace.emit('xengt', 'dm.unmapRange', params, failed(rc) ? rc : undefined);
  }

  #drop(table: number): void {
    this.parts.tables.advance(table, on.drop);
    this.#remove(table);
  }

  #remove(table: number): void {
    const { tables, trace } = this.parts;
    const { gfn, level } = tables.at(table);
    for (const child of tables.children(table).reverse()) this.#release(child);
    this.#free(table);
    trace.emit('xengt', 'dm.dropTable', { gfn, level, mfn: tables.mfn(table) });
  }

  #free(table: number): void {
    const { tables, oos } = this.parts;
    oos?.detach(tables.at(table).gfn);
    tables.free(table);
  }

  /** An entry of the guest's table in machine frame `mfn`. */
  guest(mfn: number, slot: number): Value {
    return this.parts.memory.read(mfn, slot * 8, 8, this.#entry);
  }

  /** Shadow table that an entry of a shadow leads to; 0 none. */
  child(table: number, slot: number): number {
    const { tables, memory } = this.parts;
    if (tables.at(table).level === 0) return 0;
    const { low, high } = memory.read(tables.mfn(table), slot * 8, 8, { low: 0, high: 0 });
    return isPresent(low) ? tables.inFrame(frameOf(low, high)) : 0;
  }
}
