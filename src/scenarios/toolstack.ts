/** What the toolstack does beside the guest, in a scenario file. */
import * as v from 'valibot';
import { PAGE_SIZE, type Config, type ToolOp } from '../engine/config';
import { isAllRam } from '../engine/guest-layout';
import { byName, flag, list, pages, pageStart, strict, whole, type Problem } from './fields';
import { MOST_OPS } from './places';
import { formatBytes } from './quantities';

/** Most operations. */
const MAX_OPS = 1000;

const OPS = {
  wait: strict({ op: v.literal('wait'), vcpu: whole(0, 7), done: whole(0, MOST_OPS) }),
  detach: strict({ op: v.literal('detach') }),
  attach: strict({ op: v.literal('attach') }),
  kill: strict({ op: v.literal('kill') }),
  log_dirty: strict({ op: v.literal('log_dirty'), on: flag }),
  balloon: strict({ op: v.literal('balloon'), gpa: pageStart, size: pages }),
} as const;

export const toolstack = list(byName('op', OPS), MAX_OPS, 'operations', 'operations');
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
