/**
 * Every write of the guest to memory that exited, a row each: where, what, who got it and what became of it. A row is begun
 * by the exit and ended by what completes the instruction; a retry, or the next element of a string, stays in its row.
 * Port accesses and fetches have none.
 */
import { PAGE_SIZE } from '../engine/config';
import { isIn, P2M, type P2mType } from '../engine/p2m-type';
import type { AnyEvent } from '../engine/trace';
import { PHASE } from '../engine/vcpu';
import type { World } from '../engine/world';
import { bytes, doubles, words, type Column } from './columns';
import { OUTCOMES, type Outcome, type WriteColumns } from './protocol';

/** An instruction may come to several; these it keeps. */
const STAYS: ReadonlySet<number> = new Set(
  (['lost', 'bypassed', 'orphaned'] satisfies Outcome[]).map((outcome) => OUTCOMES.indexOf(outcome)),
);

export class WriteRows {
  length = 0;
  readonly #row = {
    from: words(),
    to: words(),
    gpa: doubles(),
    size: bytes(),
    outcome: bytes(),
    server: bytes(),
    level: bytes(),
  };
  readonly #old = words();
  readonly #new = words();
  /** Row of the write that each vCPU has under way. */
  readonly #open = new Map<number, number>();

  /** Step in which the row begins; in which it ended, 0 when it never did; address, and level of the GTT table. */
  at(i: number): { from: number; to: number; gpa: number; level: number } {
    const row = this.#row;
    return { from: row.from.at(i), to: row.to.at(i), gpa: row.gpa.at(i), level: row.level.at(i) };
  }

  /** The last row begun at or before `step`; -1 none. */
  before(step: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#row.from.at(middle) <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  columns(): WriteColumns {
    const n = this.length;
    const row = this.#row;
    return {
      length: n,
      from: row.from.first(n),
      to: row.to.first(n),
      gpa: row.gpa.first(n),
      size: row.size.first(n),
      old: this.#old.first(n * 2),
      new: this.#new.first(n * 2),
      outcome: row.outcome.first(n),
      server: row.server.first(n),
      level: row.level.first(n),
    };
  }

  /** Takes in an event of the step that `world` has made; `unseen`: in it a write got past XenGT. */
  note(event: AnyEvent, world: World, unseen: boolean): void {
    const { code, params, step } = event;
    switch (code) {
      case 'exit.violation':
        if ((params.kind === 'write' || params.kind === 'rmw') && !this.#open.has(params.vcpu))
          this.#begin(params.vcpu, event, world);
        return;
      case 'ioreq.ready':
        return params.write ? this.#sent(params.vcpu, params.server, params) : undefined;
      case 'vcpu.resume':
        return params.write ? this.#end(params.vcpu, step, 'forwarded', world) : undefined;
      case 'track.write':
        this.#sent(params.vcpu, world.xengt.server, params);
        return world.vcpus[params.vcpu]!.phase === PHASE.blocked
          ? undefined
          : this.#end(params.vcpu, step, 'copied', world);
      case 'track.returned':
        return this.#end(params.vcpu, step, 'forwarded', world);
      case 'io.buffered':
        this.#sent(params.vcpu, world.qemu.server, params);
        return this.#end(params.vcpu, step, 'buffered', world);
      case 'io.copy':
        if (params.result !== 'okay') return;
        return this.#end(params.vcpu, step, copied(params, world), world);
      case 'io.retry':
        return this.#put(params.vcpu, 'retried');
      case 'io.discard':
        return params.write ? this.#end(params.vcpu, step, dropped(params.type, world), world) : undefined;
      case 'io.orphaned':
        this.#put(params.vcpu, 'orphaned');
        return params.reset ? this.#end(params.vcpu, step, 'orphaned', world) : undefined;
      case 'guest.write':
      case 'guest.rmw':
        return this.#end(params.vcpu, step, unseen ? 'bypassed' : 'retried', world);
      case 'fault.resolved':
        return params.changed ? undefined : this.#end(params.vcpu, step, 'stopped', world);
      case 'io.unhandleable':
      case 'fault.fatal':
        return this.#end(params.vcpu, step, 'stopped', world);
      case 'domain.crash':
      case 'xen.bug':
        for (const vcpu of [...this.#open.keys()]) this.#end(vcpu, step, 'stopped', world);
        return;
      default:
    }
  }

  #begin(vcpu: number, event: Extract<AnyEvent, { code: 'exit.violation' }>, world: World): void {
    const { gpa, gfn, size } = event.params;
    const i = this.length++;
    const table = world.xengt.tables.of(gfn);
    const mfn = world.mapped(gfn);
    const old = mfn === null ? { low: 0, high: 0 } : world.memory.read(mfn, gpa % PAGE_SIZE, size, { low: 0, high: 0 });
    this.#row.from.put(i, event.step);
    this.#row.to.put(i, 0);
    this.#row.gpa.put(i, gpa);
    this.#row.size.put(i, size);
    this.#row.outcome.put(i, 0);
    this.#row.server.put(i, 0);
    this.#row.level.put(i, table === 0 ? 255 : world.xengt.tables.at(table).level);
    value(this.#old, i, old);
    value(this.#new, i, event.params);
    this.#open.set(vcpu, i);
  }

  /** A server gets it, and of a read-modify-write the value that it comes to. */
  #sent(vcpu: number, server: number, written: { low: number; high: number }): void {
    const i = this.#open.get(vcpu);
    if (i === undefined) return;
    this.#row.server.put(i, server);
    value(this.#new, i, written);
  }

  #put(vcpu: number, outcome: Outcome): void {
    const i = this.#open.get(vcpu);
    if (i !== undefined && !STAYS.has(this.#row.outcome.at(i))) this.#row.outcome.put(i, OUTCOMES.indexOf(outcome));
  }

  /** Part of the instruction is done; all of it, unless the emulator has more elements to do. */
  #end(vcpu: number, step: number, outcome: Outcome, world: World): void {
    this.#put(vcpu, outcome);
    const i = this.#open.get(vcpu);
    if (i === undefined || world.vcpus[vcpu]!.phase === PHASE.emulating) return;
    this.#row.to.put(i, step);
    this.#open.delete(vcpu);
  }
}

const drops = (type: P2mType, { p2m }: World): boolean => isIn(p2m.classes.DISCARD_WRITE, type);
/** What a write comes to that nobody takes, to a page of this type. */
export const dropped = (type: P2mType, world: World): 'discarded' | 'lost' =>
  type === P2M.mmio_dm || drops(type, world) ? 'discarded' : 'lost';
/** What a copy that Xen has made of a write comes to. */
export const copied = (
  { behind, type }: { behind: boolean; type: P2mType },
  world: World,
): 'bypassed' | 'discarded' | 'copied' => (behind ? 'bypassed' : drops(type, world) ? 'discarded' : 'copied');

function value(column: Column<Uint32Array>, i: number, { low, high }: { low: number; high: number }): void {
  column.put(i * 2, low);
  column.put(i * 2 + 1, high);
}
