/**
 * A chart under one set of patches, as the engine asks it. Each answer is XState's pure `transition`, made once: what a state
 * makes of an event is kept in a table, at the place that state, event and facts name. A page's chart is filled in whole when
 * its set is chosen (`fill`), the others answer by answer. Charts that agree in all patches they read share a table.
 */
import { transition, type AnyMachineSnapshot, type StateValue } from 'xstate';
import { some, type Chart, type Refusal } from './chart';
import type { PatchName, Xen } from '../patches';
import { factsOf, readChart } from './read-chart';

export interface Decision {
  /** Number of the state that follows; the same one for a refusal. */
  readonly to: number;
  readonly refused: Refusal | null;
  /** What else is to be done; null nothing. */
  readonly effect: string | null;
  /** The state knows the event. One that does not leaves everything as it is. */
  readonly known: boolean;
}

/** A decision that has been made, for who watches. */
export interface Taken {
  readonly chart: Chart;
  readonly from: number;
  readonly event: number;
  readonly facts: number;
  readonly decision: Decision;
}

let watcher: ((taken: Taken) => void) | null = null;

/** Does something, and tells `see` of every decision made meanwhile. */
export function watching<T>(see: (taken: Taken) => void, act: () => T): T {
  const before = watcher;
  watcher = see;
  try {
    return act();
  } finally {
    watcher = before;
  }
}

const laws = new Map<Chart, Map<string, Law>>();

export class Law<S extends string = string, E extends string = string, F extends string = string> {
  /** The law of a chart for a set of patches. */
  static of<S extends string, E extends string, F extends string>(chart: Chart<S, E, F>, xen: Xen): Law<S, E, F> {
    let known = laws.get(chart);
    if (!known) laws.set(chart, (known = new Map<string, Law>()));
    const key = patchesRead(chart)
      .map((patch) => (xen[patch] ? '1' : '0'))
      .join('');
    let law = known.get(key);
    if (!law) known.set(key, (law = new Law(chart, xen)));
    return law as unknown as Law<S, E, F>;
  }

  readonly #events: readonly string[];
  readonly #factBits: number;
  readonly #cells: (Decision | undefined)[];
  readonly #starts: AnyMachineSnapshot[];
  #full = false;

  private constructor(
    readonly chart: Chart<S, E, F>,
    readonly xen: Xen,
  ) {
    this.#events = Object.keys(chart.on);
    this.#factBits = Object.keys(chart.is).length;
    this.#cells = new Array<Decision | undefined>((chart.states.length * this.#events.length) << this.#factBits).fill(
      undefined,
    );
    this.#starts = chart.states.map((state) =>
      chart.machine.resolveState({ value: valueOf(state), context: { xen } }),
    ) as AnyMachineSnapshot[];
  }

  /** What state `from` makes of an event; numbers as `chart.at`, `on`, `is`. */
  decide(from: number, event: number, facts = 0): Decision {
    const decision = this.#answer(from, event, facts);
    if (watcher !== null) watcher({ chart: this.chart, from, event, facts, decision });
    return decision;
  }

  /** The state that `decide` would lead to, asked for by the way: nobody who watches is told. */
  would(from: number, event: number, facts = 0): number {
    return this.#answer(from, event, facts).to;
  }

  /** As `decide`, for an event that the state must know. Throws RangeError if it does not: the engine is at fault. */
  advance(from: number, event: number, facts = 0): Decision {
    const decision = this.decide(from, event, facts);
    if (!decision.known) {
      const { name, states } = this.chart;
      throw new RangeError(`${name}: ${states[from] ?? from} knows no ${this.#events[event]}`);
    }
    return decision;
  }

  /** Whether a state knows an event, for who only wants to know: nobody is told. */
  knows(from: number, event: number, facts = 0): boolean {
    return this.#answer(from, event, facts).known;
  }

  /** Makes every answer now. */
  fill(): this {
    if (this.#full) return this;
    this.#full = true;
    const facts = factsRead(this.chart);
    for (let from = 0; from < this.chart.states.length; from++) {
      this.#events.forEach((name, event) => {
        const bits = facts.get(name) ?? 0;
        // Every subset of the facts that the event's guards ask for.
        for (let subset = bits; ; subset = (subset - 1) & bits) {
          const at = ((from * this.#events.length + event) << this.#factBits) | subset;
          this.#cells[at] ??= this.#ask(from, event, subset);
          if (subset === 0) break;
        }
      });
    }
    return this;
  }

  /** Answers made so far. */
  get answers(): number {
    return this.#cells.reduce((n, cell) => n + (cell ? 1 : 0), 0);
  }

  #answer(from: number, event: number, facts: number): Decision {
    const at = ((from * this.#events.length + event) << this.#factBits) | facts;
    return this.#cells[at] ?? (this.#cells[at] = this.#ask(from, event, facts));
  }

  #ask(from: number, event: number, facts: number): Decision {
    const { chart } = this;
    const start = this.#starts[from]!;
    const asked = { type: this.#events[event]!, facts: factsOf(chart, facts) };
    const [next, actions] = transition(chart.machine, start, asked);
    const params = (type: string): unknown => actions.find((action) => action.type === type)?.params;
    return {
      to: chart.at[leafName(next.value as StateValue) as S],
      refused: (params('refuse') as Refusal | undefined) ?? null,
      effect: (params('effect') as { name: string } | undefined)?.name ?? null,
      known: chart.machine.getTransitionData(start, asked).length > 0,
    };
  }
}

const reads = new WeakMap<Chart, readonly PatchName[]>();

/** Patches that the guards of a chart ask for. */
export function patchesRead(chart: Chart): readonly PatchName[] {
  let read = reads.get(chart);
  if (!read) {
    const asked = readChart(chart).arrows.flatMap(({ when }) => [...some(when.has), ...some(when.lacks)]);
    reads.set(chart, (read = [...new Set(asked)].sort()));
  }
  return read;
}

/** Bits of the facts that the guards of each event ask for. */
export function factsRead(chart: Chart): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  for (const { event, when } of readChart(chart).arrows) {
    const facts = [...some(when.if), ...some(when.unless)];
    bits.set(
      event,
      facts.reduce((sum, fact) => sum | chart.is[fact]!, bits.get(event) ?? 0),
    );
  }
  return bits;
}

const valueOf = (path: string): StateValue =>
  path
    .split('.')
    .reduceRight<StateValue | undefined>((inner, key) => (inner === undefined ? key : { [key]: inner }), undefined)!;

function leafName(value: StateValue): string {
  if (typeof value === 'string') return value;
  const [key, inner] = Object.entries(value)[0]!;
  return `${key}.${leafName(inner!)}`;
}
