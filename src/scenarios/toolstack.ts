/** What the toolstack does beside the guest, in a scenario file. */
import * as v from 'valibot';
import { PAGE_SIZE, type Config, type ToolOp } from '../engine/config';
import { isAllRam } from '../engine/guest-layout';
import { listed, pages, pageStart, whole, type Problem } from './fields';
import { formatBytes } from './quantities';

/** Most operations. */
const MAX_OPS = 1000;

const OPS = {
  wait: v.strictObject({ op: v.literal('wait'), vcpu: whole(0, 7), done: whole(0, 100_000) }),
  detach: v.strictObject({ op: v.literal('detach') }),
  attach: v.strictObject({ op: v.literal('attach') }),
  kill: v.strictObject({ op: v.literal('kill') }),
  log_dirty: v.strictObject({ op: v.literal('log_dirty'), on: v.boolean('must be true or false') }),
  balloon: v.strictObject({ op: v.literal('balloon'), gpa: pageStart, size: pages }),
} as const;

export const toolstack = v.pipe(
  v.array(
    v.variant('op', Object.values(OPS), `must be one of ${listed(Object.keys(OPS))}`),
    'must be a list of operations',
  ),
  v.maxLength(MAX_OPS, `has more than ${MAX_OPS} operations`),
);
export type FileToolOp = v.InferOutput<typeof toolstack>[number];

export function toToolOp(o: FileToolOp): ToolOp {
  if (o.op === 'wait') return { op: 'wait', vcpu: o.vcpu, pc: o.done };
  return o.op === 'balloon' ? { op: 'balloon', gfn: o.gpa / PAGE_SIZE, frames: o.size } : o;
}

/** What is wrong with operation `n`; undefined: nothing. */
export function checkToolOp(config: Config, o: FileToolOp, n: number): Problem | undefined {
  const at = (field: string, message: string): Problem => ({ path: `toolstack[${n}].${field}`, message });
  if (o.op === 'wait') {
    const length = config.programs[o.vcpu]?.length;
    if (length === undefined) return at('vcpu', `there is no vCPU ${o.vcpu}: must be below ${config.programs.length}`);
    if (o.done > length) return at('done', `vCPU ${o.vcpu} has ${length} operations: must be from 0 to ${length}`);
  }
  if (o.op === 'balloon' && !isAllRam(config, o.gpa / PAGE_SIZE, o.size))
    return at('gpa', `not all of it is the guest's RAM (${formatBytes(config.memory)})`);
  return undefined;
}
