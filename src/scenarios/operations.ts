/**
 * The program of a vCPU in a scenario file: what may be written. Addresses and values as in quantities.ts; sizes of accesses in
 * bytes. What the engine makes of it is in loops.ts, what the guest's size tells to be wrong in operations-check.ts.
 */
import * as v from 'valibot';
import { RMW_OPS } from '../engine/config';
import { byName, list, oneOf, pages, pageStart, strict, whole } from './fields';
import { MOST_OPS } from './places';
import { address, value64 } from './quantities';

/** Most elements of one string instruction. */
const MAX_COUNT = 4096;
export const LAST_PORT = 0xffff;
/** The largest step from one round of a loop to the next, in bytes. */
const MAX_STRIDE = 2 ** 40;

const size = v.optional(v.picklist([1, 2, 4, 8] as const, 'must be 1, 2, 4 or 8 (bytes)'), 8);
const portSize = v.optional(v.picklist([1, 2, 4] as const, 'must be 1, 2 or 4 (bytes)'), 1);
export const port = v.pipe(
  value64,
  v.check((n) => n <= LAST_PORT, 'a port is below 0x10000'),
  v.transform(Number),
);

const OPS = {
  write: strict({ op: v.literal('write'), gpa: address, size, value: value64 }),
  read: strict({ op: v.literal('read'), gpa: address, size }),
  rmw: strict({
    op: v.literal('rmw'),
    how: v.optional(oneOf(RMW_OPS), 'or'),
    gpa: address,
    size,
    value: value64,
  }),
  exec: strict({ op: v.literal('exec'), gpa: address }),
  stos: strict({
    op: v.literal('stos'),
    gpa: address,
    size,
    value: value64,
    count: whole(1, MAX_COUNT),
    direction: v.optional(oneOf(['up', 'down']), 'up'),
  }),
  hypercall: strict({ op: v.literal('hypercall'), gpa: address, size, value: value64 }),
  out: strict({ op: v.literal('out'), port, size: portSize, value: value64 }),
  in: strict({ op: v.literal('in'), port, size: portSize }),
  ppgtt_create: strict({ op: v.literal('ppgtt_create') }),
  bind: strict({ op: v.literal('bind'), gma: pageStart, size: pages, gpa: v.optional(pageStart) }),
  unbind: strict({ op: v.literal('unbind'), gma: pageStart, size: pages }),
  ppgtt_destroy: strict({ op: v.literal('ppgtt_destroy') }),
  submit: strict({ op: v.literal('submit') }),
  /** Accesses of `size` bytes, aligned, each somewhere from `from` up to and without `to`. */
  random: strict({
    op: v.literal('random'),
    accesses: whole(1, MOST_OPS),
    from: address,
    to: address,
    kinds: v.optional(
      v.pipe(list(oneOf(['write', 'read', 'rmw']), 3, 'kinds of accesses', 'kinds'), v.minLength(1, 'is empty')),
      ['write', 'read'],
    ),
    size,
    seed: v.optional(whole(0, 2 ** 32 - 1)),
  }),
} as const;

const operations = <const I extends v.GenericSchema>(item: I) => list(item, MOST_OPS, 'operations', 'operations');

/** A loop around what may stand in it. */
const loop = <const B extends v.GenericSchema>(body: B) =>
  strict({
    op: v.literal('loop'),
    times: whole(1, MOST_OPS),
    body,
    stride: v.optional(whole(-MAX_STRIDE, MAX_STRIDE), 0),
  });
/** One loop too deep: whatever is in it, only that is said. */
const deeper = v.pipe(
  v.unknown(),
  v.check(() => false, 'lies in more than 3 loops, one in the other'),
);
const tooDeep = strict({ op: v.literal('loop'), times: deeper, body: deeper, stride: v.optional(deeper) });

const inner = operations(byName('op', { ...OPS, loop: tooDeep as unknown as v.GenericSchema<unknown, never> }));
const middle = operations(byName('op', { ...OPS, loop: loop(inner) }));
const outer = operations(byName('op', { ...OPS, loop: loop(middle) }));
export const program = operations(byName('op', { ...OPS, loop: loop(outer) }));

type Plain = { readonly [K in keyof typeof OPS]: v.InferOutput<(typeof OPS)[K]> }[keyof typeof OPS];
/** An operation as it is written; a loop holds others. */
export type FileOp = Plain | FileLoop;
export interface FileLoop {
  readonly op: 'loop';
  readonly times: number;
  readonly body: readonly FileOp[];
  readonly stride: number;
}
export type FileRandom = Extract<Plain, { op: 'random' }>;
/** One that the engine has, too. */
export type SingleOp = Exclude<Plain, FileRandom>;
