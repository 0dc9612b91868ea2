/**
 * The program of a vCPU in a scenario file: what may be written, what the engine makes of it, and what only the guest's size
 * can tell to be wrong. Addresses and values as in quantities.ts; sizes of accesses in bytes.
 */
import * as v from 'valibot';
import { PAGE_SIZE, RMW_OPS, type Config, type Op } from '../engine/config';
import { isAllRam, isHole, isRam } from '../engine/guest-layout';
import { listed, oneOf, pages, pageStart, whole, type Problem } from './fields';
import { address, formatBytes, value64 } from './quantities';

/** Most operations of one program, and most elements of one string instruction. */
const MAX_OPS = 100_000;
const MAX_COUNT = 4096;
const LAST_PORT = 0xffff;
/** Where an access may go beside RAM: VGA memory and the PCI hole, with nobody there or somebody. */
const HOLES = '0xa0000 to 0xbffff, 0xf0000000 to 0xffffffff';

const size = v.optional(v.picklist([1, 2, 4, 8] as const, 'must be 1, 2, 4 or 8 (bytes)'), 8);
const portSize = v.optional(v.picklist([1, 2, 4] as const, 'must be 1, 2 or 4 (bytes)'), 1);
const port = v.pipe(
  value64,
  v.check((n) => n <= LAST_PORT, 'a port is below 0x10000'),
  v.transform(Number),
);

const OPS = {
  write: v.strictObject({ op: v.literal('write'), gpa: address, size, value: value64 }),
  read: v.strictObject({ op: v.literal('read'), gpa: address, size }),
  rmw: v.strictObject({
    op: v.literal('rmw'),
    how: v.optional(oneOf(RMW_OPS), 'or'),
    gpa: address,
    size,
    value: value64,
  }),
  exec: v.strictObject({ op: v.literal('exec'), gpa: address }),
  stos: v.strictObject({
    op: v.literal('stos'),
    gpa: address,
    size,
    value: value64,
    count: whole(1, MAX_COUNT),
    direction: v.optional(oneOf(['up', 'down']), 'up'),
  }),
  hypercall: v.strictObject({ op: v.literal('hypercall'), gpa: address, size, value: value64 }),
  out: v.strictObject({ op: v.literal('out'), port, size: portSize, value: value64 }),
  in: v.strictObject({ op: v.literal('in'), port, size: portSize }),
  ppgtt_create: v.strictObject({ op: v.literal('ppgtt_create') }),
  bind: v.strictObject({ op: v.literal('bind'), gma: pageStart, size: pages, gpa: v.optional(pageStart) }),
  unbind: v.strictObject({ op: v.literal('unbind'), gma: pageStart, size: pages }),
  ppgtt_destroy: v.strictObject({ op: v.literal('ppgtt_destroy') }),
  submit: v.strictObject({ op: v.literal('submit') }),
} as const;

export const program = v.pipe(
  v.array(
    v.variant('op', Object.values(OPS), `must be one of ${listed(Object.keys(OPS))}`),
    'must be a list of operations',
  ),
  v.maxLength(MAX_OPS, `has more than ${MAX_OPS} operations`),
);
export type FileOp = v.InferOutput<typeof program>[number];
type AccessOp = Extract<FileOp, { op: 'write' | 'read' | 'rmw' | 'exec' | 'stos' | 'hypercall' }>;
type DriverOp = Extract<FileOp, { op: 'ppgtt_create' | 'bind' | 'unbind' | 'ppgtt_destroy' | 'submit' }>;

/** The programs as the engine runs them. Buffers without a place lie one after the other from the middle of low memory on. */
export function toPrograms(programs: readonly (readonly FileOp[])[], memory: number): Op[][] {
  let buffer = Math.floor(Math.min(memory / PAGE_SIZE, 0xf0000) / 2);
  return programs.map((ops) =>
    ops.map((o): Op => {
      if (o.op !== 'bind') return toOp(o);
      const gfn = o.gpa === undefined ? buffer : o.gpa / PAGE_SIZE;
      if (o.gpa === undefined) buffer += o.size;
      return { op: 'bind', gma: o.gma, pages: o.size, gfn };
    }),
  );
}

function toOp(o: Exclude<FileOp, { op: 'bind' }>): Op {
  switch (o.op) {
    case 'write':
    case 'hypercall':
      return { op: o.op, gpa: o.gpa, size: o.size, ...words(o.value) };
    case 'rmw':
      return { op: 'rmw', how: o.how, gpa: o.gpa, size: o.size, ...words(o.value) };
    case 'stos':
      return { op: 'stos', gpa: o.gpa, size: o.size, ...words(o.value), count: o.count, down: o.direction === 'down' };
    case 'out':
      return { op: 'out', gpa: o.port, size: o.size, ...words(o.value) };
    case 'in':
      return { op: 'in', gpa: o.port, size: o.size };
    case 'unbind':
      return { op: 'unbind', gma: o.gma, pages: o.size };
    default:
      return o;
  }
}

const words = (value: bigint) => ({ low: Number(value & 0xffffffffn), high: Number(value >> 32n) });

/** What is wrong with operation `n` of vCPU `vcpu`, which is `config`'s, too; undefined: nothing. */
export function checkOp(config: Config, o: FileOp, vcpu: number, n: number): Problem | undefined {
  const found = check(config, o, vcpu, n);
  return found && { path: `vcpus[${vcpu}][${n}].${found.path}`, message: found.message };
}

/** Its path is a field of the operation. */
function check(config: Config, o: FileOp, vcpu: number, n: number): Problem | undefined {
  switch (o.op) {
    case 'ppgtt_create':
    case 'bind':
    case 'unbind':
    case 'ppgtt_destroy':
    case 'submit':
      return checkDriverOp(config, o, vcpu, n);
    case 'out':
    case 'in':
      if (o.port + o.size - 1 > LAST_PORT)
        return { path: 'port', message: `${o.size} bytes from there reach past port 0xffff` };
      return o.op === 'out' ? checkValue(o) : undefined;
    default:
      return checkAccess(config, o) ?? ('value' in o ? checkValue(o) : undefined);
  }
}

function checkAccess(config: Config, o: AccessOp): Problem | undefined {
  const { gpa } = o;
  const size = o.op === 'exec' ? 1 : o.size;
  if (gpa % size !== 0) return { path: 'gpa', message: `an access of ${size} bytes must be aligned to ${size}` };
  const places = `the guest's RAM (${formatBytes(config.memory)}) nor in a hole for devices (${HOLES})`;
  if (!isPlace(config, gpa)) return { path: 'gpa', message: `lies neither in ${places}` };
  if (o.op !== 'stos') return undefined;
  const way = (o.count - 1) * size;
  const [first, last] = o.direction === 'down' ? [gpa - way, gpa] : [gpa, gpa + way];
  for (let page = Math.floor(first / PAGE_SIZE); page * PAGE_SIZE <= last; page++) {
    if (!isPlace(config, page * PAGE_SIZE))
      return { path: 'count', message: `the last element lies neither in ${places}` };
  }
  return undefined;
}

const isPlace = (config: Config, gpa: number): boolean => {
  const gfn = Math.floor(gpa / PAGE_SIZE);
  return gfn >= 0 && (isRam(config, gfn) || isHole(gfn));
};

function checkValue({ size, value }: { readonly size: number; readonly value: bigint }): Problem | undefined {
  if (value < 1n << BigInt(size * 8)) return undefined;
  return { path: 'value', message: `does not fit in ${size === 1 ? '1 byte' : `${size} bytes`}` };
}

function checkDriverOp(config: Config, o: DriverOp, vcpu: number, n: number): Problem | undefined {
  if (vcpu !== 0) return { path: 'op', message: 'the GPU driver runs on vCPU 0: move it to the first program' };
  if ('gma' in o && o.gma + o.size * PAGE_SIZE > 2 ** 48)
    return { path: 'size', message: 'reaches past the 48 bits of a GPU address' };
  const op = config.programs[0]?.[n];
  if (op?.op !== 'bind' || isAllRam(config, op.gfn, op.pages)) return undefined;
  const path = o.op === 'bind' && o.gpa !== undefined ? 'gpa' : 'size';
  return { path, message: `the buffer does not fit in the guest's RAM (${formatBytes(config.memory)})` };
}
