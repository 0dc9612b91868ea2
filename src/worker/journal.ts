/**
 * What a run looked like, gathered while it ran: for each step its kind, its costs, what led to it and the instruction it
 * belongs to, for each intercepted write a row, for each frame the steps that changed its entry, and what becomes of it all.
 */
import type { Config } from '../engine/config';
import { noCosts, type AnyEvent, type CostCounts, type EventCode, type EventId } from '../engine/trace';
import type { World } from '../engine/world';
import { lanesOf } from './actors';
import { Causes } from './causes';
import { bytes, words } from './columns';
import { Past } from './past';
import { STEP_KINDS, type PastColumns, type SampleColumns, type StepKind, type WriteColumns } from './protocol';
import { Samples } from './samples';
import { Setters, type Setter } from './setters';
import { StepCosts } from './step-costs';
import { WriteRows } from './write-rows';

export class Journal {
  steps = 0;
  readonly #kinds = bytes();
  /** Step of the instruction that each step serves; 0: none. */
  readonly #roots = words();
  readonly #rows = new WriteRows();
  readonly #setters = new Setters();
  readonly #past: Past;
  readonly #samples: Samples;
  readonly #causes = new Causes();
  readonly #costs = new StepCosts();
  /** Writes lost, and writes unseen, so far. */
  #lost = 0;
  #unseen = 0;

  constructor(config: Config) {
    const lanes = lanesOf(config);
    this.#past = new Past(lanes);
    this.#samples = new Samples(lanes);
  }

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
    this.#past.add(events, world);
    this.#samples.add(events, world);
    this.#causes.add(n, events);
    this.#costs.add(n, world.trace.spent);
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

  /** An event with what led to it, the first cause first, at most `most`: see causes.ts. */
  causes(id: EventId, most: number): EventId[] {
    return this.#causes.of(id, most);
  }

  /** Bars and ends in the lanes of steps `from` to `to`. */
  within(from: number, to: number): ReturnType<Past['within']> {
    return this.#past.within(from, to);
  }

  /** Costs of the instruction that step `n` serves, up to and with that step. */
  spent(n: number): CostCounts {
    const root = this.root(n);
    return root === 0 ? noCosts() : this.#costs.sum(root, n, (step) => this.root(step) === root);
  }

  past(): PastColumns {
    return this.#past.columns();
  }

  samples(): SampleColumns {
    return this.#samples.columns();
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
