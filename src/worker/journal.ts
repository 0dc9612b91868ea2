/**
 * What a run looked like, gathered while it ran: for each step its kind and the instruction it belongs to, for each
 * intercepted write a row, for each frame the steps that changed its entry.
 */
import type { AnyEvent, EventCode } from '../engine/trace';
import type { World } from '../engine/world';
import { bytes, words } from './columns';
import { STEP_KINDS, type StepKind, type WriteColumns } from './protocol';
import { Setters, type Setter } from './setters';
import { WriteRows } from './write-rows';

export class Journal {
  steps = 0;
  readonly #kinds = bytes();
  /** Step of the instruction that each step serves; 0: none. */
  readonly #roots = words();
  readonly #rows = new WriteRows();
  readonly #setters = new Setters();
  /** Writes lost, and writes unseen, so far. */
  #lost = 0;
  #unseen = 0;

  /** Takes in the events of the step that `world` has just made. */
  add(events: readonly AnyEvent[], world: World): void {
    const n = world.steps;
    const { lostWrites, unseenWrites } = world.book;
    const unseen = unseenWrites > this.#unseen;
    const amiss = unseen || lostWrites > this.#lost;
    this.#lost = lostWrites;
    this.#unseen = unseenWrites;
    let kind: StepKind = 'quiet';
    for (const event of events) {
      this.#rows.note(event, world, unseen);
      this.#setters.note(event);
      kind = telling(kind, kindOf(event));
    }
    if (amiss) kind = 'violation';
    this.#kinds.put(n - 1, STEP_KINDS.indexOf(kind));
    this.#roots.put(n - 1, events[0]?.actor === 'toolstack' ? 0 : world.book.lastRoot);
    this.steps = n;
  }

  kinds(): Uint8Array {
    return this.#kinds.first(this.steps);
  }

  root(step: number): number {
    return step < 1 ? 0 : this.#roots.at(step - 1);
  }

  get writes(): number {
    return this.#rows.length;
  }

  /** Steps (inclusive) and frame of the `i`th write; `to` is the last step when it never ended. */
  write(i: number): { from: number; to: number; gpa: number; level: number } {
    const row = this.#rows.at(i);
    return { ...row, to: row.to || this.steps };
  }

  /** Row of the last write begun at or before `step`; -1 none. */
  writeAt(step: number): number {
    return this.#rows.before(step);
  }

  /** The event that last changed the entry of `gfn` at or before `step`. */
  setter(gfn: number, step: number): Setter | null {
    return this.#setters.of(gfn, step);
  }

  columns(): WriteColumns {
    return this.#rows.columns();
  }
}

/** After one of these a vCPU never goes on, or a table that XenGT had to watch is unwatched and its shadow will differ. */
const ENDS: ReadonlySet<EventCode> = new Set<EventCode>(['io.unhandleable', 'fault.fatal', 'domain.crash', 'xen.bug']);
const UNWATCHED: ReadonlySet<EventCode> = new Set<EventCode>(['dm.mapRange', 'dm.protect']);

function kindOf({ code, params, errno }: AnyEvent): StepKind {
  if (ENDS.has(code) || (errno && UNWATCHED.has(code))) return 'violation';
  if (code === 'fault.resolved' && !params.changed) return 'violation';
  if (code === 'exit.violation') return 'trapped';
  if (code === 'exit.misconfig' || code === 'exit.io') return 'exit';
  return code.startsWith('guest.') ? 'plain' : 'quiet';
}

const telling = (a: StepKind, b: StepKind): StepKind => (STEP_KINDS.indexOf(b) > STEP_KINDS.indexOf(a) ? b : a);
