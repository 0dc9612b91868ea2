/** An access of the guest in sentences: the instruction, the exit, what Xen makes of it, the request and the answer. */
import type { EventCode } from '../engine/trace';
import { hex, plural, value } from './format';
import { TABLES, who, type Tellers } from './teller';

const UNHANDLEABLE = {
  slotBusy: "Its slot in the server's page is not empty.",
  pending: 'An earlier request of it was never answered.',
  size: 'The size is not a power of two up to 8.',
  fetch: 'Xen emulates loads and stores; an instruction cannot be fetched this way.',
} as const;

const DOES = { read: 'reads', write: 'writes', rmw: 'modifies', exec: 'fetches' } as const;

/** Types whose writes Xen drops without a sound: ram_ro, grant_map_ro. */
const DROPS: readonly number[] = [3, 8];
/** ram_paging_out, ram_paged, ram_paging_in. */
const PAGED: readonly number[] = [9, 10, 11];
/** From here on a type belongs to a server. */
const IOREQ_SERVER = 15;

const place = ({ gfn, port }: { gfn: number; port?: number }): string =>
  port === undefined ? `frame \`${hex(gfn)}\`` : `port \`${hex(port)}\``;

type AccessCode = Extract<
  EventCode,
  `guest.${string}` | `exit.${string}` | `fault.${string}` | `io.${string}` | `ioreq.${string}` | `vcpu.${string}`
>;

export const ACCESS: Pick<Tellers, AccessCode | 'xen.copy'> = {
  'guest.write': (p, { paging }) =>
    p.count > 1
      ? [
          `${who(p.vcpu)} ${(p.low | p.high) === 0 ? 'clears' : 'fills'} ${plural(p.count * p.size, 'byte')} from \`${hex(p.gpa)}\` on in **plain RAM**: no exit.`,
          `${p.count} writes of ${plural(p.size, 'byte')} by one string instruction; the ${TABLES[paging].name} entry permits them.`,
        ]
      : [
          `${who(p.vcpu)} writes \`${value(p)}\` to **plain RAM** at \`${hex(p.gpa)}\`: no exit.`,
          `The ${TABLES[paging].name} entry has ${TABLES[paging].writable}, so the processor stores it and Xen never knows.`,
        ],
  'guest.read': (p, { paging }) => [
    `${who(p.vcpu)} **reads** \`${value(p)}\` from \`${hex(p.gpa)}\`: no exit.`,
    `The ${TABLES[paging].name} entry has ${TABLES[paging].readable}; type 15 traps writes only.`,
  ],
  'guest.rmw': (p, { paging }) => [
    `${who(p.vcpu)} **modifies** plain RAM at \`${hex(p.gpa)}\`: no exit.`,
    `The ${TABLES[paging].name} entry permits reading and writing.`,
  ],
  'guest.exec': (p, { paging }) => [
    `${who(p.vcpu)} **executes** what lies at \`${hex(p.gpa)}\`: no exit.`,
    `The ${TABLES[paging].name} entry has ${TABLES[paging].executable}.`,
  ],
  'guest.done': (p) => [`${who(p.vcpu)} has **come to the end** of its program.`, 'Nothing is left for it to execute.'],
  'guest.noMemory': (p) => [
    `The GPU driver finds **no frame** for a page table and gives ${p.op} up.`,
    'All the frames set aside for tables are in use.',
  ],
  'exit.violation': (p, { paging }) => [
    `${who(p.vcpu)} ${DOES[p.kind]} ${plural(p.size, 'byte')} at \`${hex(p.gpa)}\`: ${TABLES[paging].violation}, it leaves the guest.`,
    `The ${TABLES[paging].name} walk ended at level ${p.level}, in an entry that does not permit this access to frame \`${hex(p.gfn)}\`.`,
  ],
  'exit.misconfig': (p, { paging }) => [
    `${who(p.vcpu)} meets a **marked ${TABLES[paging].name} entry** at level ${p.level}: ${TABLES[paging].misconfig}.`,
    TABLES[paging].mark,
  ],
  'exit.io': (p) => [
    `${who(p.vcpu)} ${p.write ? `writes \`${value(p)}\` to` : 'reads'} **port** \`${hex(p.port)}\`: it leaves the guest.`,
    'An I/O instruction exits whatever the page tables say.',
  ],
  'xen.copy': (p, { typeNames }) => {
    if (p.behind)
      return [
        `Xen copies a hypercall's answer into frame \`${hex(p.gfn)}\`, **behind XenGT's back**.`,
        'No table traps what Xen writes itself; since 2018 it refuses to write to a page of type ioreq_server.',
      ];
    if (p.result !== 'okay')
      return [
        `Xen **will not copy** its answer to frame \`${hex(p.gfn)}\` (${typeNames[p.type]}).`,
        p.type >= IOREQ_SERVER
          ? 'The hypercall fails; the page has an owner who would not see the write.'
          : 'The hypercall fails: there is no page of the guest that could take it.',
      ];
    if (DROPS.includes(p.type))
      return [
        `Xen **drops** a hypercall's answer: frame \`${hex(p.gfn)}\` is ${typeNames[p.type]}.`,
        'Such a page takes a write without a sound, and keeps what it has.',
      ];
    return [
      `Xen **copies** a hypercall's answer to \`${hex(p.gpa)}\`.`,
      `The frame is ${typeNames[p.type]}; what Xen writes itself no table traps.`,
    ];
  },
  'fault.resolved': (p) =>
    p.changed
      ? [
          `Xen **settles the marks** on the way to frame \`${hex(p.gfn)}\`; the instruction runs again.`,
          'Each touch settles the entry on its path and pushes the mark one level down.',
        ]
      : [
          `Xen finds **nothing to settle** at frame \`${hex(p.gfn)}\`: the vCPU stops.`,
          'The processor takes exception to an entry that Xen has not marked.',
        ],
  'fault.emulate': (p, { typeNames }) =>
    p.type === 0 || p.type === 2
      ? [
          `Frame \`${hex(p.gfn)}\` is RAM, but **read-only** for this guest: the write must be emulated.`,
          'Its entry has lost the right to write, whatever its type; somebody listens to what is written there.',
        ]
      : [
          `Xen looks frame \`${hex(p.gfn)}\` up: type **${typeNames[p.type]}**, so the access must be emulated.`,
          p.locked
            ? 'It keeps the gfn lock until the request is sent: nobody can change the type meanwhile.'
            : 'It drops the gfn lock before it emulates: the type can change meanwhile.',
        ],
  'fault.ram': (p, { typeNames }) =>
    PAGED.includes(p.type)
      ? [
          `Frame \`${hex(p.gfn)}\` is **paged out** (${typeNames[p.type]}): Xen asks the pager for it.`,
          'The guest tries again until the page is back, and nothing else comes of it.',
        ]
      : p.type >= IOREQ_SERVER
        ? [
            `Xen finds frame \`${hex(p.gfn)}\` (${typeNames[p.type]}) **in order** and lets the guest try again.`,
            'To Xen the page is plain memory, but its entry never permits a fetch: the same fault will come again.',
          ]
        : [
            `Xen finds frame \`${hex(p.gfn)}\` to be **${typeNames[p.type]}** by now and lets the guest go on.`,
            p.dirtied
              ? 'The page was log-dirty: it is marked dirty and made writable.'
              : 'The fault was spurious: the entry has changed since the walk.',
          ],
  'fault.fatal': (p, { typeNames }) => [
    `Frame \`${hex(p.gfn)}\` is ${typeNames[p.type]}: Xen **cannot handle** the access, the vCPU stops.`,
    'No rule covers this type for this kind of access.',
  ],
  'io.select': (p, { claims }) => {
    const looked = `${plural(p.comparisons, 'range')} looked at`;
    switch (p.by) {
      case 'none':
        return [`Xen finds **no server** for ${place(p)}.`, `${looked}, none of them covers the access.`];
      case 'default':
        return [
          `Xen finds no range for ${place(p)}: the access goes to server ${p.server}, **the default one**.`,
          `${looked}; the default server gets what no other is found for.`,
        ];
      case 'claim':
        return [
          `The write belongs to server ${p.server}, which holds **the claim**: no range is searched.`,
          'One owner of the type: the look-up costs the same for one page or a million.',
        ];
      case 'hash':
        return [
          `Xen looks the page up in the hash table of **server ${p.server}**: ${plural(p.comparisons, 'node')} looked at.`,
          'Only one bucket is searched, however many pages there are.',
        ];
      case 'listener':
        return [
          `The page is write-protected: the write is for **the one that listens**, server ${p.server}.`,
          'No page belongs to anybody; there is one client that such writes are sent to.',
        ];
      case 'range':
        return [
          `Xen searches the servers' ranges: **server ${p.server}** takes the access, after ${plural(p.comparisons, 'comparison')}.`,
          claims
            ? 'The page is a register page of the GPU, found by its address.'
            : 'Each table page is a range of its own, searched one after the other.',
        ];
    }
  },
  'io.copy': (p, { typeNames }) => {
    const bytes = plural(p.bytes, 'byte');
    if (p.behind)
      return [
        `Xen makes the string instruction by **one copy** of ${bytes}, behind XenGT's back.`,
        `The page is ${typeNames[p.type]}, but a copy by Xen is trapped by no table.`,
      ];
    if (p.result !== 'okay')
      return [
        `Xen **may not copy** to frame \`${hex(p.gfn)}\` (${typeNames[p.type]}).`,
        p.type >= IOREQ_SERVER
          ? 'The string instruction is made one element at a time, so that its owner sees each.'
          : 'The string instruction is made one element at a time.',
      ];
    if (DROPS.includes(p.type))
      return [
        `Xen makes the string instruction by one copy of ${bytes}, and **drops** it.`,
        `Frame \`${hex(p.gfn)}\` is ${typeNames[p.type]}: it takes a write without a sound, and keeps what it has.`,
      ];
    return [
      `Xen makes the string instruction by **one copy** of ${bytes}.`,
      `Frame \`${hex(p.gfn)}\` is ${typeNames[p.type]}, and nobody follows it.`,
    ];
  },
  'io.buffered': (p) => [
    `Xen **queues** the write of \`${value(p)}\` for the default server; ${who(p.vcpu)} need not wait.`,
    `Nobody waits for writes to VGA memory. Slots filled in the ring: ${p.pending} of 511.`,
  ],
  'io.orphaned': (p) => [
    `${who(p.vcpu)} wakes and finds its **device model gone**.`,
    p.reset
      ? 'Xen takes the request back and lets the instruction count as done.'
      : 'Its request stays READY: every access that Xen has to emulate for it is refused from now on.',
  ],
  'io.readHalf': (p) => [
    `Xen serves the **read half** itself: \`${value(p)}\` from the page.`,
    'The device model asked for writes only; the merged value will go to it.',
  ],
  'io.retry': (p) => [
    `**No one holds the claim** now: Xen lets ${who(p.vcpu)} try the instruction again.`,
    'The owner let go between the fault and the look-up, or long before, and its pages kept their type.',
  ],
  'io.discard': (p, { typeNames }) => [
    p.write
      ? `The write to ${place(p)}${p.port === undefined ? ` (${typeNames[p.type]})` : ''} is **discarded**.`
      : `The read of ${place(p)} gives **all ones**.`,
    'No ioreq server takes this access, so a null handler does.',
  ],
  'io.unhandleable': (p) => [
    `Xen **cannot emulate** the access of ${who(p.vcpu)}: the vCPU stops.`,
    `${UNHANDLEABLE[p.why]} The guest gets a general protection fault.`,
  ],
  'ioreq.ready': (p) => [
    `Xen fills the slot of ${who(p.vcpu)} in server ${p.server}'s page: **READY**. The vCPU waits.`,
    `${p.write ? `Write of \`${value(p)}\`` : 'Read'} at ${p.port === undefined ? '' : 'port '}\`${hex(p.gpa)}\`, ${plural(p.size, 'byte')}; an event channel wakes the device model.`,
  ],
  'ioreq.inprocess': (p) => [
    `${p.by === 'qemu' ? 'QEMU' : 'XenGT'} takes the request of ${who(p.vcpu)}: **INPROCESS**.`,
    p.by === 'qemu'
      ? `It is the default server: for \`${hex(p.gpa)}\` Xen found no other.`
      : `It asks itself what lies at \`${hex(p.gpa)}\`: a register, or a page table that it follows.`,
  ],
  'ioreq.respReady': (p) => [
    `XenGT has done its part and answers: **RESP_READY**.`,
    `An event channel tells Xen that ${who(p.vcpu)} may go on.`,
  ],
  'vcpu.resume': (p) => [
    `Xen empties the slot; **${who(p.vcpu)} resumes** behind its instruction.`,
    p.write ? 'The write is complete: its device model has done all that hangs on it.' : `It read \`${value(p)}\`.`,
  ],
};
