/** Programs as the engine runs them: plain operations, loops and random accesses written out. */
import { PAGE_SIZE, RMW_OPS, type Config, type Op } from '../engine/config';
import { chance } from '../engine/prng';
import { MOST_PROBLEMS, type Problem } from './fields';
import { checkOp, checkRandom } from './operations-check';
import type { FileOp, FileRandom, SingleOp } from './operations';
import { MOST_OPS } from './places';

type Programs = readonly (readonly FileOp[])[];

/** Goes through a program in the order in which it runs; each operation's addresses are `shift` bytes further on. */
function walk(ops: readonly FileOp[], visit: (o: SingleOp | FileRandom, shift: number, looped: boolean) => void): void {
  const go = (list: readonly FileOp[], shift: number, looped: boolean): void => {
    for (const o of list) {
      if (o.op !== 'loop') visit(o, shift, looped);
      else for (let n = 0; n < o.times; n++) go(o.body, shift + n * o.stride, true);
    }
  };
  go(ops, 0, false);
}

/** Operations of a program written out, and rounds of loops: may be more than there is room for. */
const lengthOf = (ops: readonly FileOp[]): number =>
  ops.reduce((sum, o) => {
    if (o.op === 'loop') return sum + o.times * Math.max(1, lengthOf(o.body));
    return sum + (o.op === 'random' ? o.accesses : 1);
  }, 0);

/** Programs that are too long to be written out. */
export function checkLength(programs: Programs): Problem[] {
  let all = 0;
  return programs.flatMap((ops, i) => {
    const n = lengthOf(ops);
    all += n;
    if (all <= MOST_OPS) return [];
    const message = `comes to ${n} operations with its loops written out: all programs together may have ${MOST_OPS}`;
    return [{ path: `vcpus[${i}]`, message, hint: 'Take fewer rounds of a loop, or fewer random accesses.' }];
  });
}

/**
 * The programs written out: not longer than `checkLength` allows. Buffers without a place lie one after the other from the
 * middle of low memory on. `seed`: for random accesses that bring none of their own.
 */
export function toPrograms(programs: Programs, memory: number, seed: number): Op[][] {
  let buffer = Math.floor(Math.min(memory / PAGE_SIZE, 0xf0000) / 2);
  return programs.map((ops, vcpu) => {
    const made: Op[] = [];
    /** What stays where it is in every round of a loop is one object. */
    const still = new Map<SingleOp, Op>();
    const dice = new Map<FileRandom, Dice>();
    walk(ops, (o, shift, looped) => {
      if (o.op === 'random') {
        const known = dice.get(o);
        const die = known ?? new Dice(o.seed ?? seed + 64 * vcpu + dice.size);
        if (!known) dice.set(o, die);
        for (let n = 0; n < o.accesses; n++) made.push(die.access(o, shift));
        return;
      }
      if (o.op === 'bind') {
        const gfn = o.gpa === undefined ? buffer : (o.gpa + shift) / PAGE_SIZE;
        if (o.gpa === undefined) buffer += o.size;
        made.push({ op: 'bind', gma: o.gma + shift, pages: o.size, gfn });
        return;
      }
      const same = looped && shift === 0 ? still.get(o) : undefined;
      const op = same ?? toOp(o, shift);
      if (looped && shift === 0 && !same) still.set(o, op);
      made.push(op);
    });
    return made;
  });
}

/** What is wrong with the operations of `config`'s programs: of one that comes often its first mistake. */
export function checkPrograms(config: Config, programs: Programs): Problem[] {
  const problems: Problem[] = [];
  programs.forEach((ops, vcpu) => {
    const wrong = new Set<FileOp>();
    let n = 0;
    walk(ops, (o, shift) => {
      const at = n;
      n += o.op === 'random' ? o.accesses : 1;
      if (problems.length > MOST_PROBLEMS || (wrong.size > 0 && wrong.has(o))) return;
      const found = o.op === 'random' ? checkRandom(config, o, shift) : checkOp(config, o, shift, vcpu, at);
      if (!found) return;
      wrong.add(o);
      const { field, ...rest } = found;
      problems.push({ path: `${pathOf(ops, o, `vcpus[${vcpu}]`)!}.${field}`, ...rest });
    });
  });
  return problems;
}

/** Where an operation is written; null: not in this list. */
function pathOf(ops: readonly FileOp[], wanted: FileOp, path: string): string | null {
  for (const [i, o] of ops.entries()) {
    if (o === wanted) return `${path}[${i}]`;
    const within = o.op === 'loop' ? pathOf(o.body, wanted, `${path}[${i}].body`) : null;
    if (within !== null) return within;
  }
  return null;
}

/** Random accesses that depend on nothing but the seed and how many came before. */
class Dice {
  #thrown = 0;

  constructor(readonly seed: number) {}

  access({ kinds, from, to, size }: FileRandom, shift: number): Op {
    const kind = kinds[this.#next() % kinds.length]!;
    const places = Math.floor((to - from) / size);
    const gpa = from + shift + this.#below(places) * size;
    if (kind === 'read') return { op: 'read', gpa, size };
    const low = size < 4 ? this.#next() % 2 ** (8 * size) : this.#next();
    const high = size === 8 ? this.#next() : 0;
    if (kind === 'write') return { op: 'write', gpa, size, low, high };
    return { op: 'rmw', how: RMW_OPS[this.#next() % RMW_OPS.length]!, gpa, size, low, high };
  }

  #next(): number {
    return chance(this.seed, this.#thrown++);
  }

  /** 53 bits are enough for any address: a guest has 2^36 bytes at most. */
  #below(most: number): number {
    return Math.floor(((this.#next() * 2 ** 21 + (this.#next() >>> 11)) / 2 ** 53) * most);
  }
}

function toOp(o: Exclude<SingleOp, { op: 'bind' }>, shift: number): Op {
  switch (o.op) {
    case 'write':
    case 'hypercall':
      return { op: o.op, gpa: o.gpa + shift, size: o.size, ...words(o.value) };
    case 'read':
      return { op: 'read', gpa: o.gpa + shift, size: o.size };
    case 'exec':
      return { op: 'exec', gpa: o.gpa + shift };
    case 'rmw':
      return { op: 'rmw', how: o.how, gpa: o.gpa + shift, size: o.size, ...words(o.value) };
    case 'stos': {
      const { count, direction } = o;
      return { op: 'stos', gpa: o.gpa + shift, size: o.size, ...words(o.value), count, down: direction === 'down' };
    }
    case 'out':
      return { op: 'out', gpa: o.port, size: o.size, ...words(o.value) };
    case 'in':
      return { op: 'in', gpa: o.port, size: o.size };
    case 'unbind':
      return { op: 'unbind', gma: o.gma + shift, pages: o.size };
    default:
      return o;
  }
}

const words = (value: bigint) => ({ low: Number(value & 0xffffffffn), high: Number(value >> 32n) });
