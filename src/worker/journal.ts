/**
 * What a run looked like, gathered while it ran: for each step its kind and the instruction it belongs to, for each
 * intercepted write a row, for each frame the steps that changed its entry. Columns of numbers, so that a hundred thousand
 * steps cost a megabyte.
 */
import { PAGE_SIZE } from '../engine/config';
import type { Actor, AnyEvent } from '../engine/trace';
import { isIn, P2M } from '../engine/p2m-type';
import type { World } from '../engine/world';
import { OUTCOMES, STEP_KINDS, type Outcome, type StepKind, type WriteColumns } from './protocol';

class Column<A extends Uint8Array | Uint32Array | Float64Array> {
  constructor(
    private values: A,
    private readonly make: (n: number) => A,
  ) {}
  at(i: number): number {
    return this.values[i]!;
  }
  put(i: number, value: number): void {
    if (i >= this.values.length) {
      const more = this.make(Math.max(i + 1, this.values.length * 2));
      more.set(this.values);
      this.values = more;
    }
    this.values[i] = value;
  }
  first(n: number): A {
    return this.values.slice(0, n) as A;
  }
}
const bytes = () => new Column(new Uint8Array(256), (n) => new Uint8Array(n));
const words = () => new Column(new Uint32Array(256), (n) => new Uint32Array(n));
const doubles = () => new Column(new Float64Array(256), (n) => new Float64Array(n));

export interface Setter {
  readonly step: number;
  readonly code: AnyEvent['code'];
  readonly actor: Actor;
}

export class Journal {
  steps = 0;
  writes = 0;
  readonly #kinds = bytes();
  /** Step of the instruction that each step serves; 0: none. */
  readonly #roots = words();
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
  readonly #setters = new Map<number, Setter[]>();
  /** Row of the write that each vCPU has under way. */
  readonly #open = new Map<number, number>();

  /** Takes in the events of the step that `world` has just made. */
  add(events: readonly AnyEvent[], world: World): void {
    const n = world.steps;
    let kind: StepKind = 'quiet';
    for (const event of events) {
      this.#note(event, world);
      kind = telling(kind, this.#kindOf(event));
    }
    if (breaksInvariant(events, world.book.lostWrites + world.book.unseenWrites > this.#amiss)) kind = 'violation';
    this.#amiss = world.book.lostWrites + world.book.unseenWrites;
    const actor = events[0]?.actor ?? 'xen';
    this.#kinds.put(n - 1, STEP_KINDS.indexOf(kind));
    this.#roots.put(n - 1, actor === 'toolstack' ? 0 : world.book.lastRoot);
    this.steps = n;
  }
  /** Writes lost or unseen so far. */
  #amiss = 0;

  kinds(): Uint8Array {
    return this.#kinds.first(this.steps);
  }

  root(step: number): number {
    return step < 1 ? 0 : this.#roots.at(step - 1);
  }

  /** Steps (inclusive) and frame of the `i`th write; `to` is the last step when it never ended. */
  write(i: number): { from: number; to: number; gpa: number; level: number } {
    const row = this.#row;
    return { from: row.from.at(i), to: row.to.at(i) || this.steps, gpa: row.gpa.at(i), level: row.level.at(i) };
  }

  /** Row of the last write begun at or before `step`; -1 none. */
  writeAt(step: number): number {
    let low = 0;
    let high = this.writes;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#row.from.at(middle) <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The event that last changed the entry of `gfn` at or before `step`. */
  setter(gfn: number, step: number): Setter | null {
    return this.#setters.get(gfn)?.findLast((setter) => setter.step <= step) ?? null;
  }

  columns(): WriteColumns {
    const n = this.writes;
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

  #kindOf({ code }: AnyEvent): StepKind {
    if (code === 'exit.violation') return 'trapped';
    if (code === 'exit.misconfig') return 'exit';
    return code.startsWith('guest.') ? 'plain' : 'quiet';
  }

  #note(event: AnyEvent, world: World): void {
    const { code, params, step, actor } = event;
    switch (code) {
      case 'exit.violation':
        // A retried instruction exits again in the row it already has.
        if (params.kind !== 'read' && !this.#open.has(params.vcpu)) this.#begin(params.vcpu, step, event, world);
        break;
      case 'ioreq.ready':
        if (params.write)
          this.#update(params.vcpu, (i) => {
            this.#row.server.put(i, params.server);
            this.#value(this.#new, i, params.low, params.high);
          });
        break;
      case 'vcpu.resume':
        if (params.write) this.#end(params.vcpu, step, 'forwarded');
        break;
      case 'io.retry':
        this.#update(params.vcpu, (i) => this.#row.outcome.put(i, OUTCOMES.indexOf('retried')));
        break;
      case 'io.discard':
        if (params.write) {
          const meant = params.type === P2M.mmio_dm || isIn(world.p2m.classes.DISCARD_WRITE, params.type);
          this.#end(params.vcpu, step, meant ? 'discarded' : 'lost');
        }
        break;
      case 'guest.write':
      case 'guest.rmw':
        this.#end(params.vcpu, step, 'retried');
        break;
      case 'dm.protect':
      case 'dm.unprotect':
        if (event.errno) break;
        if (!this.#setters.has(params.gfn)) this.#setters.set(params.gfn, []);
        this.#setters.get(params.gfn)!.push({ step, code, actor });
        break;
      default:
    }
  }

  #begin(vcpu: number, step: number, event: Extract<AnyEvent, { code: 'exit.violation' }>, world: World): void {
    const { gpa, gfn, size, low, high } = event.params;
    const i = this.writes++;
    const table = world.xengt.tables.of(gfn);
    const mfn = world.p2m.frame(gfn);
    const old = mfn === null ? { low: 0, high: 0 } : world.memory.read(mfn, gpa % PAGE_SIZE, size, { low: 0, high: 0 });
    this.#row.from.put(i, step);
    this.#row.to.put(i, 0);
    this.#row.gpa.put(i, gpa);
    this.#row.size.put(i, size);
    this.#row.outcome.put(i, 0);
    this.#row.server.put(i, 0);
    this.#row.level.put(i, table === 0 ? 255 : world.xengt.tables.at(table).level);
    this.#value(this.#old, i, old.low, old.high);
    this.#value(this.#new, i, low, high);
    this.#open.set(vcpu, i);
  }

  #update(vcpu: number, change: (row: number) => void): void {
    const row = this.#open.get(vcpu);
    if (row !== undefined) change(row);
  }

  #end(vcpu: number, step: number, outcome: Outcome): void {
    this.#update(vcpu, (i) => {
      this.#row.to.put(i, step);
      this.#row.outcome.put(i, OUTCOMES.indexOf(outcome));
      this.#open.delete(vcpu);
    });
  }

  #value(column: Column<Uint32Array>, i: number, low: number, high: number): void {
    column.put(i * 2, low);
    column.put(i * 2 + 1, high);
  }
}

/** A write went amiss, or a table that XenGT had to watch is from now on unwatched, so that its shadow will differ. */
const breaksInvariant = (events: readonly AnyEvent[], amiss: boolean): boolean =>
  amiss || events.some(({ code, errno }) => errno && (code === 'dm.mapRange' || code === 'dm.protect'));

const telling = (a: StepKind, b: StepKind): StepKind => (STEP_KINDS.indexOf(b) > STEP_KINDS.indexOf(a) ? b : a);
