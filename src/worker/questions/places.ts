/**
 * Where in a run its places are, gathered while it ran so that nothing has to be run again: the step in which each instruction
 * of a program began and ended, and each operation of the toolstack's, the steps that brought each kind of event, and those in
 * which Xen decided what to do at a fault. Some 12 bytes an instruction and 4 an event.
 */
import type { Config } from '../../engine/config';
import type { Choice } from '../../engine/choice';
import type { AnyEvent, EventCode } from '../../engine/trace';
import type { World } from '../../engine/world';
import type { Place } from '../../scenarios/lesson';
import { words, type Column } from '../columns';
import { decision } from './decision';
import { Instructions, type InstructionOf } from './instructions';

/** Steps, ascending. */
interface Steps {
  length: number;
  readonly at: Column<Uint32Array>;
}
const noSteps = (): Steps => ({ length: 0, at: words() });

/** Place of the first of `steps` that is `step` or later; their number when there is none. */
function firstFrom({ length, at }: Steps, step: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at.at(middle) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An instruction of a program in this run: `end` 0 while it is not over. */
export interface Begun extends InstructionOf {
  readonly step: number;
  readonly end: number;
}

export const isReleasing = ({ xengt, toolstack }: World): boolean => xengt.inRelease || toolstack.releasing;
/** XenGT has nothing to do any more for the toolstack, which has asked it to detach or attach. */
export const hasObeyed = ({ xengt, stopped }: World): boolean =>
  !stopped && (!xengt.alive || (xengt.started && xengt.idle));

export class Places {
  readonly #instructions: Instructions;
  /** By vCPU: steps of its instructions, their operations, and the steps in which they ended. */
  readonly #begun: readonly Steps[];
  readonly #ops: readonly Column<Uint32Array>[];
  readonly #ends: readonly Column<Uint32Array>[];
  /** By operation of the toolstack: its step, and the one in which it was over. */
  readonly #tools: { step: number; end: number }[] = [];
  #toolsDone = 0;
  /** Operation for which XenGT is at work; -1 none. */
  #asked = -1;
  readonly #events = new Map<EventCode, Steps>();
  /** Steps in which Xen decided what to do at a fault. */
  readonly #decided = noSteps();
  /** Steps in which a release began, and those in which it was over. */
  readonly #releases = noSteps();
  readonly #released = words();
  steps = 0;

  constructor(readonly config: Config) {
    this.#instructions = new Instructions(config.programs);
    this.#begun = config.programs.map(noSteps);
    this.#ops = config.programs.map(() => words());
    this.#ends = config.programs.map(() => words());
  }

  /** Takes in the step that `world` has just made by `choice`. */
  add(choice: Choice, events: readonly AnyEvent[], world: World): void {
    const n = world.steps;
    this.steps = n;
    for (const { code } of events) {
      let steps = this.#events.get(code);
      if (!steps) this.#events.set(code, (steps = noSteps()));
      // A step may bring the same more than once.
      if (steps.length === 0 || steps.at.at(steps.length - 1) !== n) push(steps, n);
    }
    if (events.some((event) => decision(event, world) !== null)) push(this.#decided, n);
    const began = this.#instructions.add(choice, events, world);
    if (began) {
      const begun = this.#begun[began.vcpu]!;
      this.#ops[began.vcpu]!.put(begun.length, began.op);
      this.#ends[began.vcpu]!.put(begun.length, 0);
      push(begun, n);
    }
    const ended = this.#instructions.ended(choice, world);
    if (ended >= 0) this.#ends[ended]!.put(this.#begun[ended]!.length - 1, n);
    this.#tool(n, world);
    this.#release(n, world);
  }

  /** The first step of a place; null: this run has none. A step is its own place. */
  step(place: Place): number | null {
    if ('step' in place) return place.step <= this.steps ? place.step : null;
    if ('toolstack' in place) return this.#tools[place.toolstack]?.step || null;
    if ('vcpu' in place) {
      const i = this.#firstOf(place.vcpu, place.op);
      return i < 0 ? null : this.#begun[place.vcpu]!.at.at(i);
    }
    const steps = this.#events.get(place.event);
    return steps && place.nth >= 1 && place.nth <= steps.length ? steps.at.at(place.nth - 1) : null;
  }

  /** An instruction of a program; null: this run has none such. */
  instruction({ vcpu, op, nth }: InstructionOf): Begun | null {
    const i = this.#firstOf(vcpu, op) + nth;
    return i >= nth && i < this.#begun[vcpu]!.length && this.#ops[vcpu]!.at(i) === op ? this.#begunAt(vcpu, i) : null;
  }

  /** The instruction that vCPU `vcpu` was at in a step: the last to begin by then. null: none had. */
  instructionAt(vcpu: number, step: number): Begun | null {
    const begun = this.#begun[vcpu];
    const i = begun ? firstFrom(begun, step + 1) - 1 : -1;
    return i < 0 ? null : this.#begunAt(vcpu, i);
  }

  /** The step in which the last instruction of an operation ended; 0: it is not over, or has not begun. */
  end(vcpu: number, op: number): number {
    let i = this.#firstOf(vcpu, op);
    if (i < 0) return 0;
    const { length } = this.#begun[vcpu]!;
    const ops = this.#ops[vcpu]!;
    while (i + 1 < length && ops.at(i + 1) === op) i++;
    return this.#ends[vcpu]!.at(i);
  }

  /** Operation of the toolstack that a step belongs to, XenGT's part in it too; null: none. */
  toolAt(step: number): { readonly op: number; readonly step: number; readonly end: number } | null {
    const op = this.#tools.findLastIndex((tool) => tool !== undefined && tool.step > 0 && tool.step <= step);
    const tool = this.#tools[op];
    return tool && (tool.end === 0 || step <= tool.end) ? { op, ...tool } : null;
  }

  /** Which of the events of its code, from 1, a step brings; 0: it brings none. */
  nth(code: EventCode, step: number): number {
    const steps = this.#events.get(code);
    if (!steps) return 0;
    const i = firstFrom(steps, step);
    return i < steps.length && steps.at.at(i) === step ? i + 1 : 0;
  }

  /** What a step brought, each code once. */
  codes(step: number): EventCode[] {
    return [...this.#events.keys()].filter((code) => this.nth(code, step) > 0);
  }

  /** Steps so far that brought an event. */
  count(code: EventCode): number {
    return this.#events.get(code)?.length ?? 0;
  }

  /** Steps from `from` to `to` that bring an event, ascending. */
  *within(code: EventCode, from: number, to: number): Generator<number> {
    const steps = this.#events.get(code);
    if (steps) yield* range(steps, from, to);
  }

  /** Steps from `from` to `to` in which Xen decides what to do at a fault, ascending. */
  decided(from: number, to: number): Generator<number> {
    return range(this.#decided, from, to);
  }

  /** Steps that bring one of these, ascending. */
  stepsOf(codes: readonly EventCode[]): Uint32Array<ArrayBuffer> {
    const steps = new Set(codes.flatMap((code) => [...this.within(code, 1, this.steps)]));
    return Uint32Array.from(steps).sort();
  }

  /** The step in which the release is over of which `step` is a piece; `step` itself if it is none; 0: it never is. */
  released(step: number): number {
    const i = firstFrom(this.#releases, step + 1) - 1;
    if (i < 0) return step;
    const end = this.#released.at(i);
    return end === 0 || end > step ? end : step;
  }

  /** Where the programs are at the end of the run so far, for who goes on from there. */
  instructions(): Instructions {
    return this.#instructions.fork();
  }

  #begunAt(vcpu: number, i: number): Begun {
    const op = this.#ops[vcpu]!.at(i);
    const nth = i - this.#firstOf(vcpu, op);
    return { vcpu, op, nth, step: this.#begun[vcpu]!.at.at(i), end: this.#ends[vcpu]!.at(i) };
  }

  /** Place of an operation's first instruction among those of its vCPU; -1 none. Operations follow each other. */
  #firstOf(vcpu: number, op: number): number {
    const ops = this.#ops[vcpu];
    if (!ops) return -1;
    const { length } = this.#begun[vcpu]!;
    const i = firstFrom({ length, at: ops }, op);
    return i < length && ops.at(i) === op ? i : -1;
  }

  #tool(n: number, world: World): void {
    const { toolstack } = this.config;
    const { done } = world.toolstack;
    if (done > this.#toolsDone) {
      this.#toolsDone = done;
      const { op } = toolstack[done - 1]!;
      const asks = (op === 'attach' || op === 'detach') && !hasObeyed(world);
      this.#tools[done - 1] = { step: n, end: asks ? 0 : n };
      if (asks) this.#asked = done - 1;
    }
    if (this.#asked < 0 || !hasObeyed(world)) return;
    this.#tools[this.#asked]!.end = n;
    this.#asked = -1;
  }

  #release(n: number, world: World): void {
    const { length } = this.#releases;
    const under = length > 0 && this.#released.at(length - 1) === 0;
    if (isReleasing(world) === under) return;
    if (under) this.#released.put(length - 1, n);
    else {
      this.#released.put(length, 0);
      push(this.#releases, n);
    }
  }
}

function push(steps: Steps, step: number): void {
  steps.at.put(steps.length++, step);
}

function* range(steps: Steps, from: number, to: number): Generator<number> {
  for (let i = firstFrom(steps, from); i < steps.length && steps.at.at(i) <= to; i++) yield steps.at.at(i);
}
