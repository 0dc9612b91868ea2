/**
 * Follows a run by instructions: each is told once it is over, with all that was done on its account by whoever; and each call that
 * is nobody's instruction. The nth instruction of a vCPU's program is named by its operation and its number in it, so that two runs
 * of one program come together again where one of them needs an instruction more.
 */
import type { Op } from '../../engine/config';
import { PAGE_SIZE } from '../../engine/config';
import { isReadOnly } from '../../engine/designs/design';
import type { Errno } from '../../engine/errno';
import { isIn } from '../../engine/p2m-type';
import { COMMAND, TOOLSTACK, XENGT, XENGT_TAKE, type Choice } from '../../engine/step';
import { COSTS, noCosts, type AnyEvent, type EventCode } from '../../engine/trace';
import { PHASE, programOf } from '../../engine/vcpu';
import type { World } from '../../engine/world';
import { effectOf, isCrash, isOwn, isPiece } from './effects';
import type { Outcome, Role, Row, RowKind } from './row';

/** A call that no instruction led to; or an end that everybody sees. */
export interface Call {
  readonly code: EventCode;
  /** Of the calls of this kind, from 0. */
  readonly n: number;
  readonly errno: Errno | null;
  readonly step: number;
  /** Instructions that had begun by then. */
  readonly rows: number;
}

export interface Follower {
  /** An instruction is over, the `n`th that began. */
  row(row: Row, n: number): void;
  call(call: Call, event: AnyEvent): void;
}

const STAYS: ReadonlySet<Outcome> = new Set<Outcome>(['lost', 'bypassed', 'orphaned', 'stopped']);

interface Live extends Row {
  n: number;
}

export class Follow {
  /** Instructions that have begun. */
  begun = 0;
  readonly #to: Follower;
  /** The last instruction of each vCPU: what is done on its account may go on after it is over. */
  readonly #last: (Live | null)[];
  /** It is not over yet. */
  readonly #open: boolean[];
  readonly #pc: number[];
  readonly #k: { pc: number; n: number }[];
  readonly #hands: number[];
  readonly #times = new Map<EventCode, number>();
  /** XenGT does what the toolstack has asked for. */
  #asked = true;
  #unseen: number;
  #lost: number;

  constructor(world: World, to: Follower) {
    this.#to = to;
    const vcpus = world.vcpus.map(() => null);
    this.#last = vcpus;
    this.#open = vcpus.map(() => false);
    this.#pc = world.vcpus.map(({ pc }) => pc);
    this.#k = vcpus.map(() => ({ pc: -1, n: 0 }));
    this.#hands = vcpus.map(() => 0);
    this.#unseen = world.book.unseenWrites;
    this.#lost = world.book.lostWrites;
  }

  /** Takes in the step that `choice` has made. */
  see(choice: Choice, events: readonly AnyEvent[], w: World): void {
    if (choice >= XENGT_TAKE && choice < XENGT_TAKE + w.vcpus.length) this.#asked = false;
    const hand = choice >= COMMAND ? w.config.commands[choice - COMMAND]! : null;
    const vcpu = choice < XENGT ? choice : hand?.op === 'access' ? hand.vcpu : -1;
    if (vcpu >= 0 && !this.#open[vcpu]) this.#begin(vcpu, hand !== null, events, w);
    const own = vcpu < 0 && (choice === XENGT ? this.#asked : choice === TOOLSTACK || choice >= COMMAND);
    const row = own ? null : this.#rooted(vcpu, w);
    if (row) this.#serve(row, w);
    for (const event of events) this.#note(event, row, w);
    this.#unseen = w.book.unseenWrites;
    this.#lost = w.book.lostWrites;
    if (w.stopped) this.#open.forEach((open, i) => open && this.#put(this.#last[i]!, 'stopped'));
    if (vcpu >= 0) this.#settle(vcpu, w);
  }

  /** How far a vCPU has come, as a number that grows: by operation, by instruction in it, and whether that is over. -1: it has not begun. */
  place(vcpu: number): number {
    const row = this.#last[vcpu];
    return row ? row.pc * 2 ** 20 + row.k * 2 + (this.#open[vcpu] ? 0 : 1) : -1;
  }

  /** The run is over: tells of those instructions that were not yet told. */
  end(): void {
    for (const row of [...this.#last].sort((a, b) => (a?.n ?? 0) - (b?.n ?? 0))) if (row) this.#to.row(row, row.n);
    this.#last.fill(null);
  }

  #begin(vcpu: number, hand: boolean, events: readonly AnyEvent[], w: World): void {
    const event = events.find(({ code }) => BEGINS.has(code)) as Begin | undefined;
    if (!event) return;
    const before = this.#last[vcpu];
    if (before) this.#to.row(before, before.n);
    const v = w.vcpus[vcpu]!;
    const { params: p } = event;
    const at = hand ? { pc: 0, k: this.#hands[vcpu]!++ } : this.#place(vcpu, v.pc, v.kind !== 0, w);
    const port = event.code === 'exit.io';
    const kind = kindOf(event);
    const stores = kind === 'write' || kind === 'out' || kind === 'hypercall';
    const { low, high } = 'low' in p ? p : v;
    this.#last[vcpu] = {
      n: this.begun++,
      vcpu,
      hand,
      ...at,
      kind,
      size: p.size,
      gpa: port ? event.params.port : event.params.gpa,
      low: stores ? low : 0,
      high: stores ? high : 0,
      from: event.step,
      to: event.step,
      outcome: 'open',
      role: 'nobody',
      value: null,
      exits: 0,
      retries: 0,
      watched: null,
      refused: [],
      effects: 0,
      steps: 0,
      costs: noCosts(),
    };
    this.#open[vcpu] = true;
  }

  /** Which operation's it is: one of a single instruction is left behind by the step that carries it out. */
  #place(vcpu: number, pc: number, latched: boolean, w: World): { pc: number; k: number } {
    const program = programOf(w.config, vcpu);
    const left = !latched && pc > this.#pc[vcpu]! && isDirect(program[pc - 1]);
    const of = this.#k[vcpu]!;
    const at = left ? pc - 1 : pc;
    if (of.pc !== at) {
      of.pc = at;
      of.n = 0;
    }
    return { pc: at, k: of.n++ };
  }

  /** On whose account a step was. */
  #rooted(vcpu: number, w: World): Live | null {
    if (vcpu >= 0) return this.#open[vcpu] ? this.#last[vcpu]! : null;
    const { lastRoot } = w.book;
    return this.#last.find((row) => row !== null && row.from === lastRoot) ?? null;
  }

  #serve(row: Live, w: World): void {
    row.steps += 1;
    row.to = w.steps;
    for (const cost of COSTS) row.costs[cost] += w.trace.spent[cost];
  }

  #note(event: AnyEvent, row: Live | null, w: World): void {
    const { code, errno } = event;
    if (code === 'toolstack.ask') this.#asked = true;
    if (isOwn(code) || isCrash(code) || (row === null && errno !== undefined)) {
      if (!isPiece(code) || errno !== undefined) this.#call(event);
      return;
    }
    if (!row) return;
    if (errno !== undefined) row.refused.push({ code, errno, step: event.step });
    row.effects = (row.effects + effectOf(event)) >>> 0;
    this.#become(row, event, w);
  }

  #call(event: AnyEvent): void {
    const { code, errno, step } = event;
    const n = this.#times.get(code) ?? 0;
    this.#times.set(code, n + 1);
    this.#to.call({ code, n, errno: errno ?? null, step, rows: this.begun }, event);
  }

  /** What becomes of the instruction by an event. */
  #become(row: Live, event: AnyEvent, w: World): void {
    switch (event.code) {
      case 'exit.violation':
      case 'exit.misconfig':
      case 'exit.io':
        row.exits += 1;
        return;
      case 'guest.read':
      case 'guest.rmw':
        row.value = { low: event.params.low, high: event.params.high };
        return this.#put(row, this.#past(w) ? 'bypassed' : 'plain');
      case 'guest.write':
        return this.#put(row, this.#past(w) ? 'bypassed' : 'plain');
      case 'guest.exec':
        return this.#put(row, 'plain');
      case 'xen.copy':
      case 'io.copy': {
        const { result, behind, type } = event.params;
        if (result !== 'okay') return event.code === 'xen.copy' ? this.#put(row, 'refused') : undefined;
        const drops = isIn(w.p2m.classes.DISCARD_WRITE, type);
        return this.#put(row, behind ? 'bypassed' : drops ? 'discarded' : 'copied');
      }
      case 'ioreq.ready':
        row.role = roleOf(event.params.server, w);
        if (event.params.write && row.kind === 'rmw') row.value = { low: event.params.low, high: event.params.high };
        return;
      case 'vcpu.resume':
        if (!event.params.write) row.value = { low: event.params.low, high: event.params.high };
        return event.params.write || row.kind !== 'rmw' ? this.#put(row, 'forwarded') : undefined;
      case 'track.write':
        if (event.params.listeners > 0) row.role = 'xengt';
        return this.#put(row, w.vcpus[row.vcpu]!.phase === PHASE.blocked ? row.outcome : 'copied');
      case 'track.returned':
        return this.#put(row, 'forwarded');
      case 'io.buffered':
        row.role = 'default';
        return this.#put(row, 'buffered');
      case 'io.readHalf':
        row.value = { low: event.params.low, high: event.params.high };
        return;
      case 'io.retry':
        row.retries += 1;
        return;
      case 'io.discard':
        if (!event.params.write) row.value = { low: 0xffffffff, high: 0xffffffff };
        return this.#put(row, w.book.lostWrites > this.#lost ? 'lost' : 'discarded');
      case 'io.orphaned':
        return this.#put(row, 'orphaned');
      case 'io.unhandleable':
      case 'fault.fatal':
        return this.#put(row, 'stopped');
      default:
    }
  }

  /** The step has written past XenGT. */
  #past(w: World): boolean {
    return w.book.unseenWrites > this.#unseen;
  }

  #put(row: Live, outcome: Outcome): void {
    if (!STAYS.has(row.outcome)) row.outcome = outcome;
  }

  /** After a step of its own: whether the instruction is over. */
  #settle(vcpu: number, w: World): void {
    const v = w.vcpus[vcpu]!;
    this.#pc[vcpu] = v.pc;
    if (!this.#open[vcpu]) return;
    if (v.phase === PHASE.crashed) this.#put(this.#last[vcpu]!, 'stopped');
    if (v.kind !== 0 && v.phase !== PHASE.crashed) return;
    this.#open[vcpu] = false;
    const row = this.#last[vcpu]!;
    row.watched = row.kind === 'in' || row.kind === 'out' ? null : isWatched(w, Math.floor(row.gpa / PAGE_SIZE));
  }
}

/** Whether the instruction at a place of `Follow.place` is over. */
export const isOverAt = (place: number): boolean => place % 2 === 1;

/** Whether a write to a page of RAM would be noticed; null: there is no such page. */
export function isWatched(w: World, gfn: number): boolean | null {
  if (w.mapped(gfn) === null) return null;
  if (w.design.watch === 'access') return isReadOnly(w, gfn);
  const { type } = w.p2m.getEntry(gfn);
  return w.design.watch === 'device' ? !isIn(w.p2m.classes.RAM, type) : w.p2m.isServerType(type);
}

const BEGINS: ReadonlySet<EventCode> = new Set<EventCode>([
  'guest.write',
  'guest.read',
  'guest.rmw',
  'guest.exec',
  'exit.violation',
  'exit.misconfig',
  'exit.io',
  'xen.copy',
]);
type Begin = Extract<
  AnyEvent,
  {
    code:
      | 'guest.write'
      | 'guest.read'
      | 'guest.rmw'
      | 'guest.exec'
      | 'exit.violation'
      | 'exit.misconfig'
      | 'exit.io'
      | 'xen.copy';
  }
>;

function kindOf(event: Begin): RowKind {
  switch (event.code) {
    case 'guest.write':
      return 'write';
    case 'guest.read':
      return 'read';
    case 'guest.rmw':
      return 'rmw';
    case 'guest.exec':
      return 'exec';
    case 'exit.io':
      return event.params.write ? 'out' : 'in';
    case 'xen.copy':
      return 'hypercall';
    default:
      return event.params.kind;
  }
}

const isDirect = (op: Op | undefined): boolean => op !== undefined && 'gpa' in op;

const roleOf = (server: number, { xengt, qemu }: World): Role =>
  server === xengt.server ? 'xengt' : server === qemu.server ? 'default' : 'other';
