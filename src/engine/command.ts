/**
 * What the user's hand does in the midst of a run: hypercalls of dom0's, beside what the scenario's toolstack does, and
 * instructions of the guest's, between those of its programs.
 */
import type { Op } from './config';
import type { RangeKind } from './ioreq-table';

/** One hypercall, as Xen names it and its arguments. `type`: number of a memory type (HVMMEM_*, see dm.ts). */
export type Command =
  | { readonly op: 'create_ioreq_server' }
  | { readonly op: 'destroy_ioreq_server'; readonly id: number }
  | { readonly op: 'set_ioreq_server_state'; readonly id: number; readonly enabled: boolean }
  /** Flags 0 gives the claim up. */
  | { readonly op: 'map_mem_type_to_ioreq_server'; readonly id: number; readonly type: number; readonly flags: number }
  | ServerRange<'map_io_range_to_ioreq_server'>
  | ServerRange<'unmap_io_range_from_ioreq_server'>
  | { readonly op: 'set_mem_type'; readonly first_pfn: number; readonly nr: number; readonly type: number }
  | { readonly op: 'log_dirty'; readonly on: boolean }
  | { readonly op: 'add_to_physmap'; readonly gfn: number }
  | { readonly op: 'remove_from_physmap'; readonly gfn: number }
  | { readonly op: 'mem_paging'; readonly gfn: number; readonly what: (typeof PAGING)[number] }
  | { readonly op: 'mem_sharing'; readonly gfn: number; readonly what: (typeof SHARING)[number] }
  | { readonly op: 'access'; readonly vcpu: number; readonly access: Access };

/** A hypercall of dom0's. */
export type Call = Exclude<Command, { readonly op: 'access' }>;

/** An instruction that a program may hold and that is made at once, not one of the GPU driver's many. */
export type Access = Extract<Op, { readonly gpa: number }>;

/** Both ends are inclusive: bytes, of the kind wp_mem frames. */
interface ServerRange<Op extends string> {
  readonly op: Op;
  readonly id: number;
  readonly type: RangeKind;
  readonly start: number;
  readonly end: number;
}

/**
 * Steps of the pager's and the sharer's. Hypercalls are `nominate`, `evict`, `prep` and `share`; `resume` is said in the ring
 * that the pager shares with Xen; for `populate` and `unshare` an access asks, here one of dom0's.
 */
export const PAGING = ['nominate', 'evict', 'populate', 'prep', 'resume'] as const;
export const SHARING = ['share', 'unshare'] as const;

const MEM = ['ram_rw', 'ram_ro', 'mmio_dm', 'mmio_write_dm', 'ioreq_server'] as const;

/** Name of a memory type, or its number where Xen has no name for it. */
const memOf = (type: number, numbered: number): string =>
  numbered > 0 && type >= MEM.length - 1
    ? `HVMMEM_ioreq_server${type - MEM.length + 1}`
    : `HVMMEM_${MEM[type] ?? type}`;
const hex = (n: number | bigint): string => `0x${n.toString(16)}`;

/** A command as a line of a console, as Xen names it and its arguments; no two commands have the same. */
export function lineOf(command: Command, numbered = 0): string {
  switch (command.op) {
    case 'create_ioreq_server':
      return command.op;
    case 'destroy_ioreq_server':
      return `${command.op} id=${command.id}`;
    case 'set_ioreq_server_state':
      return `${command.op} id=${command.id} enabled=${command.enabled ? 1 : 0}`;
    case 'map_mem_type_to_ioreq_server':
      return `${command.op} id=${command.id} type=${memOf(command.type, numbered)} flags=${command.flags}`;
    case 'map_io_range_to_ioreq_server':
    case 'unmap_io_range_from_ioreq_server':
      return `${command.op} id=${command.id} type=${command.type} start=${hex(command.start)} end=${hex(command.end)}`;
    case 'set_mem_type':
      return `${command.op} first_pfn=${hex(command.first_pfn)} nr=${command.nr} type=${memOf(command.type, numbered)}`;
    case 'log_dirty':
      return `${command.op} ${command.on ? 'on' : 'off'}`;
    case 'add_to_physmap':
    case 'remove_from_physmap':
      return `${command.op} gfn=${hex(command.gfn)}`;
    case 'mem_paging':
    case 'mem_sharing':
      return `${command.op} ${command.what} gfn=${hex(command.gfn)}`;
    case 'access':
      return lineOfAccess(command.vcpu, command.access);
  }
}

function lineOfAccess(vcpu: number, access: Access): string {
  const { op, gpa } = access;
  const port = op === 'out' || op === 'in';
  const words = [op, `vcpu=${vcpu}`];
  if (op === 'rmw') words.push(`how=${access.how}`);
  words.push(`${port ? 'port' : 'gpa'}=${hex(gpa)}`);
  if (op !== 'exec') words.push(`size=${access.size}`);
  if ('low' in access) words.push(`value=${hex((BigInt(access.high) << 32n) | BigInt(access.low))}`);
  if (op === 'stos') words.push(`count=${access.count}`, `direction=${access.down ? 'down' : 'up'}`);
  return words.join(' ');
}
