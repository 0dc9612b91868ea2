/** What the steps of an operation tell, gathered while they are taken: of it each kind of answer is made. */
import { PAGE_SIZE, type Op } from '../../engine/config';
import type { Errno } from '../../engine/errno';
import { mask, type Value } from '../../engine/memory';
import { p2mTypeNames } from '../../engine/p2m-type';
import type { AnyEvent, Cost } from '../../engine/trace';
import type { World } from '../../engine/world';
import type { Answer, Ask } from '../../scenarios/lesson';
import { formatOf } from '../p2m-walk';
import { CALLS } from './calls';
import { NO_ENTRY, WHO_SEES, type AccessOutcome, type WhoSees, type XenDoes } from './codes';
import { decision, outcome, seer } from './decision';
import { Effect } from './effects';
import type { Spot } from './spot';

export interface Asked {
  readonly spot: Spot;
  readonly ask: Ask;
  /** Frame whose type is asked; null: the one that the operation is about. */
  readonly gfn: number | null;
  /** Primitive that is counted; null: VM exits. */
  readonly cost: Cost | null;
}

/** They are kept whatever comes after them in the operation, but that it stops. */
const STAYS: ReadonlySet<AccessOutcome> = new Set<AccessOutcome>(['lost', 'bypassed', 'orphaned']);
const ONES: Value = { low: 0xffffffff, high: 0xffffffff };

export class Facts {
  /** What Xen does at the fault that is meant. */
  does: XenDoes | null = null;
  readonly #asked: Asked;
  /** A program's operation that is one instruction. */
  readonly #op: Op | null;
  #unseen: number;
  /** The value at the address of a read-modify-write, as it was before this step. */
  #old: Value | null;
  /** The instruction has left the guest. */
  #left = false;
  #faults = 0;
  #outcome: AccessOutcome | null = null;
  #who: WhoSees = 'nobody';
  #value: Value | null = null;
  #calls = 0;
  /** Where it is asked what Xen does about a call. */
  readonly #effect: Effect | null;
  #errno: Errno | null = null;
  #spent = 0;
  /** The first frame that was touched, and the first of which watching began or ended. */
  #frame: number | null = null;
  #watched: number | null = null;

  /** `world`: before the first step. */
  constructor(asked: Asked, world: World) {
    this.#asked = asked;
    const { spot } = asked;
    this.#op = spot.kind === 'instruction' ? (world.config.programs[spot.vcpu]?.[spot.op] ?? null) : null;
    this.#unseen = world.book.unseenWrites;
    this.#old = this.#read(world);
    this.#effect = asked.ask === 'xen' && spot.kind !== 'instruction' ? new Effect(world) : null;
  }

  /** The frame that is asked about. */
  get gfn(): number | null {
    return this.#asked.gfn ?? this.#watched ?? this.#frame;
  }

  /** The next instruction of the operation begins. */
  begin(): void {
    this.#left = false;
  }

  /** Takes in a step that belongs to the operation. `vcpu`: whose access it is; null: it is none. */
  gather(events: readonly AnyEvent[], world: World, vcpu: number | null): void {
    this.#spent += world.trace.spent[this.#asked.cost ?? 'exits'];
    this.#effect?.gather(events, world);
    for (const event of events) {
      const { code, params, errno } = event;
      if (CALLS.has(code)) {
        this.#calls++;
        this.#errno ??= errno ?? null;
      }
      if ('gfn' in params && !('port' in params && params.port !== undefined)) {
        this.#frame ??= params.gfn;
        if (code === 'dm.protect' || code === 'dm.unprotect') this.#watched ??= params.gfn;
      }
      if (code === 'xen.bug') this.does ??= 'bug';
      if (code === 'domain.crash') this.does ??= 'crash';
      if (vcpu !== null && !('vcpu' in params && params.vcpu !== vcpu)) this.#access(event, world);
    }
  }

  /** Any step is behind, one of the operation or not. */
  after(world: World): void {
    this.#unseen = world.book.unseenWrites;
    this.#old = this.#read(world);
    this.#effect?.after(world);
  }

  /** What is true so far; null: that cannot be asked of such an operation. */
  answer(world: World): Answer | null {
    const { ask, cost, spot } = this.#asked;
    const access = spot.kind === 'instruction';
    switch (ask) {
      case 'outcome':
        return this.#outcome && { ask, outcome: this.#outcome };
      case 'type':
        return this.gfn === null ? null : { ask, type: typeOf(world, this.gfn) };
      case 'errno':
        return this.#calls === 0 ? null : { ask, errno: this.#errno };
      case 'sees':
        return access ? { ask, who: this.#who } : null;
      case 'value':
        return this.#value && { ask, low: this.#value.low, high: this.#value.high };
      case 'cost':
        return { ask, cost: cost ?? 'exits', count: this.#spent };
      case 'xen':
        if (this.does !== null) return { ask, does: this.does };
        if (access) return { ask, does: 'nothing' };
        return this.#effect?.answer ? { ask, ...this.#effect.answer } : null;
    }
  }

  #access(event: AnyEvent, world: World): void {
    const { spot } = this.#asked;
    const { code } = event;
    if (code === 'exit.violation' || code === 'exit.misconfig' || code === 'exit.io') {
      this.#left = true;
      this.#faults++;
    }
    const fault = spot.kind === 'instruction' ? spot.fault : 0;
    if (Math.max(0, this.#faults - 1) === fault) this.does ??= decision(event, world);
    const who = seer(event, world);
    if (who !== null && WHO_SEES.indexOf(who) < WHO_SEES.indexOf(this.#who)) this.#who = who;
    const now = outcome(event, world, this.#left, world.book.unseenWrites > this.#unseen);
    if (now === 'stopped' || (now !== null && !(this.#outcome && STAYS.has(this.#outcome)))) this.#outcome = now;
    const value = this.#given(event);
    if (value) this.#value = this.#cut(value);
  }

  /** What an event says that was read; of a read-modify-write its first half. */
  #given({ code, params }: AnyEvent): Value | null {
    const op = this.#op?.op;
    if (op !== 'read' && op !== 'in' && op !== 'rmw') return null;
    switch (code) {
      case 'guest.read':
      case 'io.readHalf':
        return params;
      case 'guest.rmw':
      case 'track.write':
        return this.#old;
      case 'vcpu.resume':
        return params.write ? null : params;
      case 'io.discard':
        return params.write ? null : ONES;
      case 'io.orphaned':
        return this.#value ?? { low: 0, high: 0 };
      default:
        return null;
    }
  }

  #cut({ low, high }: Value): Value {
    const size = this.#op && 'size' in this.#op ? this.#op.size : 8;
    return { low: (low & mask(size)) >>> 0, high: size === 8 ? high >>> 0 : 0 };
  }

  #read(world: World): Value | null {
    if (this.#asked.ask !== 'value' || this.#op?.op !== 'rmw') return null;
    const { gpa, size } = this.#op;
    const mfn = world.mapped(Math.floor(gpa / PAGE_SIZE));
    return mfn === null ? null : world.memory.read(mfn, gpa % PAGE_SIZE, size, { low: 0, high: 0 });
  }
}

/** Name of a frame's stored type, or NO_ENTRY. */
export function typeOf(world: World, gfn: number): string {
  const { tables } = world.store;
  const at = world.p2m.table.path(gfn).at(-1)!;
  const format = formatOf(world);
  const [low, high] = [tables.get(at), tables.get(at + 1)];
  if (format.empty(low, high)) return NO_ENTRY;
  return p2mTypeNames(world.xen, world.config.numbered)[format.type(low, high)]!;
}
