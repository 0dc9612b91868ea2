/** What can be done by a line, with its arguments: the hypercalls of dom0's, and the instructions of the guest's. */
import { PAGING, SHARING, type Access, type Command } from '../engine/command';
import { RMW_OPS } from '../engine/config';
import type { RangeKind } from '../engine/ioreq-table';
import { MOST_CHANGED, type Act } from './acts';
import { among, bare, either, meant, name, named, number, or, verb, word64 } from './lines-grammar';
import type { Arg, Clash, Verb } from './lines-grammar';
import { parseValue } from './numbers';

const MOST_ID = 0xffff;
const MOST_TYPE = 0xffff;
/** Xen takes 32 bits of them. */
const MOST_FLAGS = 0xffff_ffff;
/** An address has 48 bits. */
const MOST_GFN = 2 ** 36 - 1;
const MOST_ADDRESS = 2 ** 48 - 1;
const MOST_PORT = 0xffff;
/** Most elements of one string instruction. */
const MOST_COUNT = 4096;
/** As many as a scenario has. */
const MOST_VCPU = 7;

const MEM = ['ram_rw', 'ram_ro', 'mmio_dm', 'mmio_write_dm', 'ioreq_server'] as const;
const SERVER_TYPE = MEM.length - 1;
const KINDS: readonly RangeKind[] = ['memory', 'port', 'pci', 'wp_mem', 'write', 'read'];

/** `ioreq_server`, `HVMMEM_ioreq_server`, numbered `ioreq_server1`; or the number that Xen has for it. */
const memType: Arg<number> = {
  values: MEM.map((of) => `HVMMEM_${of}`),
  read: (text) => {
    const said = text.startsWith('HVMMEM_') ? text.slice('HVMMEM_'.length) : text;
    const known = MEM.findIndex((of) => of === said);
    if (known >= 0) return { value: known };
    const nth = /^ioreq_server(\d{1,5})$/.exec(said)?.[1];
    const value = nth === undefined ? parseValue(said) : BigInt(nth) + BigInt(SERVER_TYPE);
    if (value === undefined) return { wrong: `must be ${either(MEM)}, or a number${meant(said, MEM)}` };
    return value > MOST_TYPE ? { wrong: `must be from 0 to ${MOST_TYPE}` } : { value: Number(value) };
  },
};

const id = number(0, MOST_ID);
const gfn = number(0, MOST_GFN);
const onOff = named<boolean>({ on: true, off: false });
const kind = or(name(KINDS), 'memory');
const ends = { start: number(0, Number.MAX_SAFE_INTEGER), end: number(0, Number.MAX_SAFE_INTEGER) };
const vcpu = or(number(0, MOST_VCPU), 0);
const gpa = number(0, MOST_ADDRESS);
const size = or(among([1, 2, 4, 8]), 8);
const port = number(0, MOST_PORT);
const portSize = or(among([1, 2, 4]), 1);

const does = (command: Command): Act => ({ command });

/** An instruction, its address and value being what a file may have. */
function makes(of: number, access: Access, value?: bigint): Act | Clash {
  const bytes = 'size' in access ? access.size : 1;
  const inWords = bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const isPort = access.op === 'out' || access.op === 'in';
  if (isPort && access.gpa + bytes - 1 > MOST_PORT)
    return { arg: 'port', wrong: `must leave room: ${inWords} from there reach past port 0xffff` };
  if (!isPort && access.gpa % bytes !== 0) {
    const below = `0x${(access.gpa - (access.gpa % bytes)).toString(16)}`;
    return { arg: 'gpa', wrong: `must be aligned to the ${inWords} of the access, as ${below} is` };
  }
  if (value !== undefined && value >= 1n << BigInt(bytes * 8)) return { arg: 'value', wrong: `must fit in ${inWords}` };
  return does({ op: 'access', vcpu: of, access });
}

const words = (value: bigint) => ({ low: Number(value & 0xffffffffn), high: Number(value >> 32n) });

const LIST: readonly Verb[] = [
  verb('create_ioreq_server', {}, () => does({ op: 'create_ioreq_server' })),
  verb('destroy_ioreq_server', { id }, (v) => does({ op: 'destroy_ioreq_server', ...v })),
  verb('set_ioreq_server_state', { id, enabled: among([0, 1]) }, (v) =>
    does({ op: 'set_ioreq_server_state', id: v.id, enabled: v.enabled === 1 }),
  ),
  verb('map_mem_type_to_ioreq_server', { id, type: or(memType, SERVER_TYPE), flags: number(0, MOST_FLAGS) }, (v) =>
    does({ op: 'map_mem_type_to_ioreq_server', ...v }),
  ),
  verb('map_io_range_to_ioreq_server', { id, type: kind, ...ends }, (v) =>
    does({ op: 'map_io_range_to_ioreq_server', ...v }),
  ),
  verb('unmap_io_range_from_ioreq_server', { id, type: kind, ...ends }, (v) =>
    does({ op: 'unmap_io_range_from_ioreq_server', ...v }),
  ),
  verb('set_mem_type', { first_pfn: gfn, nr: or(number(0, MOST_CHANGED), 1), type: memType }, (v) =>
    does({ op: 'set_mem_type', ...v }),
  ),
  verb('log_dirty', { on: bare(onOff) }, (v) => does({ op: 'log_dirty', ...v })),
  verb('add_to_physmap', { gfn }, (v) => does({ op: 'add_to_physmap', ...v })),
  verb('remove_from_physmap', { gfn }, (v) => does({ op: 'remove_from_physmap', ...v })),
  verb('mem_paging', { what: bare(name(PAGING)), gfn }, (v) => does({ op: 'mem_paging', ...v })),
  verb('mem_sharing', { what: bare(name(SHARING)), gfn }, (v) => does({ op: 'mem_sharing', ...v })),
  verb('write', { vcpu, gpa, size, value: word64 }, (v) =>
    makes(v.vcpu, { op: 'write', gpa: v.gpa, size: v.size, ...words(v.value) }, v.value),
  ),
  verb('read', { vcpu, gpa, size }, (v) => makes(v.vcpu, { op: 'read', gpa: v.gpa, size: v.size })),
  verb('rmw', { vcpu, how: or(name(RMW_OPS), 'or'), gpa, size, value: word64 }, (v) =>
    makes(v.vcpu, { op: 'rmw', how: v.how, gpa: v.gpa, size: v.size, ...words(v.value) }, v.value),
  ),
  verb('exec', { vcpu, gpa }, (v) => makes(v.vcpu, { op: 'exec', gpa: v.gpa })),
  verb(
    'stos',
    {
      vcpu,
      gpa,
      size,
      value: word64,
      count: number(1, MOST_COUNT),
      direction: or(named<boolean>({ up: false, down: true }), false),
    },
    (v) =>
      makes(
        v.vcpu,
        { op: 'stos', gpa: v.gpa, size: v.size, ...words(v.value), count: v.count, down: v.direction },
        v.value,
      ),
  ),
  verb('hypercall', { vcpu, gpa, size, value: word64 }, (v) =>
    makes(v.vcpu, { op: 'hypercall', gpa: v.gpa, size: v.size, ...words(v.value) }, v.value),
  ),
  verb('out', { vcpu, port, size: portSize, value: word64 }, (v) =>
    makes(v.vcpu, { op: 'out', gpa: v.port, size: v.size, ...words(v.value) }, v.value),
  ),
  verb('in', { vcpu, port, size: portSize }, (v) => makes(v.vcpu, { op: 'in', gpa: v.port, size: v.size })),
];

export const VERBS: ReadonlyMap<string, Verb> = new Map(LIST.map((of) => [of.name, of]));
