/**
 * Which operation of its program each vCPU is at, and the how-many-eth instruction of it: seen from outside, step by step. A
 * driver's operation is many instructions, any other is one.
 */
import type { Config } from '../../engine/config';
import { XENGT, type Choice } from '../../engine/choice';
import type { AnyEvent } from '../../engine/trace';
import type { World } from '../../engine/world';

/** An instruction of a vCPU's program, whatever the version of Xen: the `nth` (from 0) of operation `op`. */
export interface InstructionOf {
  readonly vcpu: number;
  readonly op: number;
  readonly nth: number;
}

export class Instructions {
  /** By vCPU: where its program was after the last step; the operation and instruction that began last. */
  readonly #pcs: number[];
  readonly #ops: number[];
  readonly #nths: number[];
  readonly #open: boolean[];

  /** Begins with `world` as it is: of an operation that is under way there its next instruction is taken for the first. */
  constructor(
    readonly programs: Config['programs'],
    world?: World,
  ) {
    this.#pcs = programs.map((_, i) => world?.vcpus[i]!.pc ?? 0);
    this.#ops = programs.map(() => -1);
    this.#nths = programs.map(() => -1);
    this.#open = programs.map(() => false);
  }

  /** A second one that goes its own way. */
  fork(): Instructions {
    const other = new Instructions(this.programs);
    for (const [of, to] of [
      [this.#pcs, other.#pcs],
      [this.#ops, other.#ops],
      [this.#nths, other.#nths],
    ] as const)
      of.forEach((n, i) => (to[i] = n));
    this.#open.forEach((open, i) => (other.#open[i] = open));
    return other;
  }

  /** Says what was the last to begin. */
  set({ vcpu, op, nth }: InstructionOf): void {
    this.#ops[vcpu] = op;
    this.#nths[vcpu] = nth;
  }

  /** Takes a step in. Answers the instruction that began in it; null: none of a program did. */
  add(choice: Choice, events: readonly AnyEvent[], world: World): InstructionOf | null {
    let began: InstructionOf | null = null;
    // Only a vCPU's own step can move its program on.
    const v = choice < XENGT ? world.vcpus[choice] : undefined;
    if (v && world.chain(choice).root === world.steps) {
      const op = this.#fetched(choice, v.pc, events);
      if (op < this.programs[choice]!.length) {
        this.#nths[choice] = this.#ops[choice] === op ? this.#nths[choice]! + 1 : 0;
        this.#ops[choice] = op;
        this.#open[choice] = true;
        began = { vcpu: choice, op, nth: this.#nths[choice] };
      }
    }
    if (v) this.#pcs[choice] = v.pc;
    return began;
  }

  /** The vCPU whose instruction has ended with this step; -1: none. Call it after `add`. */
  ended(choice: Choice, world: World): number {
    if (choice >= XENGT || !this.#open[choice] || world.vcpus[choice]!.kind !== 0) return -1;
    this.#open[choice] = false;
    return choice;
  }

  /** Operation of vCPU `i` that began last, and its instruction; -1 none. */
  last(i: number): InstructionOf {
    return { vcpu: i, op: this.#ops[i]!, nth: this.#nths[i]! };
  }

  /** The operation that an instruction fetched just now is of. What is made at once is behind `pc` already. */
  #fetched(i: number, pc: number, events: readonly AnyEvent[]): number {
    const before = this.programs[i]![pc - 1];
    if (pc === this.#pcs[i] || before === undefined) return pc;
    return 'gpa' in before || events[0]?.code === 'guest.noMemory' ? pc - 1 : pc;
  }
}
