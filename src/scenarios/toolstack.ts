/** What the toolstack does beside the guest, in a scenario file. */
import * as v from 'valibot';
import { PAGE_SIZE, type Config, type ToolOp } from '../engine/config';
import type { Call } from '../engine/command';
import { addressSpace, isAllRam } from '../engine/guest-layout';
import { byName, flag, list, pages, pageStart, strict, whole, type Problem } from './fields';
import { withHint } from './hints';
import { MOST_OPS } from './places';
import { formatBytes } from './quantities';
import { line } from './schema-done';

/** Most operations. */
const MAX_OPS = 1000;

/** A line that is a hypercall: what the guest does is in its programs, and who goes on in the schedule. */
const call = v.pipe(
  line,
  v.rawTransform(({ dataset: { value: act }, addIssue, NEVER }): Call => {
    if ('command' in act && act.command.op !== 'access') return act.command;
    const [message, hint] =
      'command' in act
        ? ["must be a hypercall: an instruction is the guest's", 'Put it into the program of its vCPU.']
        : ['must be a hypercall, not who goes on', 'That is for "schedule".'];
    addIssue({ message: withHint(message, hint) });
    return NEVER;
  }),
);

const OPS = {
  wait: strict({ op: v.literal('wait'), vcpu: whole(0, 7), done: whole(0, MOST_OPS) }),
  detach: strict({ op: v.literal('detach') }),
  attach: strict({ op: v.literal('attach') }),
  kill: strict({ op: v.literal('kill') }),
  log_dirty: strict({ op: v.literal('log_dirty'), on: flag }),
  balloon: strict({ op: v.literal('balloon'), gpa: pageStart, size: pages }),
  call: strict({ op: v.literal('call'), line: call }),
} as const;

export const toolstack = list(byName('op', OPS), MAX_OPS, 'operations', 'operations');
export type FileToolOp = v.InferOutput<typeof toolstack>[number];

export function toToolOp(o: FileToolOp): ToolOp {
  if (o.op === 'wait') return { op: 'wait', vcpu: o.vcpu, pc: o.done };
  if (o.op === 'call') return { op: 'call', command: o.line };
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
  const last = o.op === 'call' ? lastFrame(o.line) : 0;
  if (last >= addressSpace(config))
    return at('line', `names frame 0x${last.toString(16)}: the last is 0x${(addressSpace(config) - 1).toString(16)}`);
  return undefined;
}

/** The last frame that a hypercall names; 0: it names none. */
const lastFrame = (call: Call): number =>
  call.op === 'set_mem_type' ? call.first_pfn + Math.max(call.nr, 1) - 1 : 'gfn' in call ? call.gfn : 0;
