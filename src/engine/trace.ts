/**
 * What happened, as codes and numbers: the sentences for them are in src/words. A step yields one or more events; each
 * names the actor that did it, the event that led to it, and what it cost. Costs are counts of primitives; what a primitive
 * is worth in cycles is a table elsewhere.
 */
import type { Events } from './events';
import type { Errno } from './errno';

/** Primitives that are counted, in the order in which they are shown. */
export const COSTS = [
  /** VM exits: EPT violations, EPT misconfigurations, hypercalls of the guest. */
  'exits',
  /** Ranges looked at while a rangeset is searched. */
  'rangeComparisons',
  /** 8-byte p2m entries read by a walk or written. */
  'entries',
  /** Whole-domain EPT flushes (`ept_sync_domain`). */
  'flushes',
  /** Frames taken from the paging pool. */
  'frames',
  /** Event channel notifications, either way. */
  'notifications',
  /** Hypercalls of a device model or a toolstack. */
  'hypercalls',
  /** Switches of a processor to another context: a device model takes a request up, a vCPU that waited goes on. */
  'switches',
  /** Steps of other actors during which a vCPU waited for a device model. */
  'blocked',
] as const;
export type Cost = (typeof COSTS)[number];
export type CostCounts = Record<Cost, number>;

export const noCosts = (): CostCounts => Object.fromEntries(COSTS.map((c) => [c, 0])) as CostCounts;

/** Where rules report what they cost. */
export interface Meter {
  add(cost: Cost, n?: number): void;
}

/** Who acts, and a lane of the picture each. Xen's code runs in the exit of a vCPU or in a hypercall. */
export type Actor = `vcpu${number}` | 'xen' | 'xengt' | 'qemu' | 'toolstack';

/** An event's name within a history. */
export interface EventId {
  readonly step: number;
  readonly index: number;
}

export type EventCode = keyof Events;

/** One thing that happened. */
export interface TraceEvent<C extends EventCode = EventCode> extends EventId {
  readonly actor: Actor;
  readonly code: C;
  readonly params: Events[C];
  /** Why a hypercall answered an errno; absent when it did not. */
  readonly errno?: Errno;
  /** The event that led to this one; null for what begins by itself (an instruction, a start of a program). */
  readonly cause: EventId | null;
  /** What was spent since the event before, in the same step. */
  readonly costs: Partial<CostCounts>;
}

/** An event of any code, as a union that can be told apart by `code`. */
export type AnyEvent = { [C in EventCode]: TraceEvent<C> }[EventCode];

/** Collects the events and costs of one step. */
export class Trace implements Meter {
  events: AnyEvent[] = [];
  readonly spent: CostCounts = noCosts();
  /** No events, only costs: for a search, which asks for speed. */
  quiet = false;
  #since: Partial<CostCounts> = {};
  #step = 0;
  #cause: EventId | null = null;
  #emitted = 0;

  /** Starts step number `step`, whose first event follows from `cause`. */
  begin(step: number, cause: EventId | null): void {
    this.events = [];
    for (const cost of COSTS) this.spent[cost] = 0;
    this.#since = {};
    this.#step = step;
    this.#cause = cause;
    this.#emitted = 0;
  }

  add(cost: Cost, n = 1): void {
    this.spent[cost] += n;
    if (!this.quiet) this.#since[cost] = (this.#since[cost] ?? 0) + n;
  }

  /** The next event begins by itself. */
  uncaused(): void {
    this.#cause = null;
  }

  emit<C extends EventCode>(actor: Actor, code: C, params: Events[C], errno?: Errno): void {
    const step = this.#step;
    const index = this.#emitted++;
    const cause = this.#cause;
    this.#cause = { step, index };
    if (this.quiet) return;
    const costs = this.#since;
    const event = errno
      ? { step, index, actor, code, params, cause, costs, errno }
      : { step, index, actor, code, params, cause, costs };
    this.events.push(event as unknown as AnyEvent);
    this.#since = {};
  }

  /** The last event of this step, or what the step was caused by when it emitted none. */
  get last(): EventId | null {
    return this.#cause;
  }
}
