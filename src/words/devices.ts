/** What device models and the toolstack do, in sentences; and the end of a domain. */
import type { EventCode } from '../engine/trace';
import { hex, plural, value } from './format';
import { ASKS, LISTS, STAYS, WATCHED, type OtherCode } from './other-designs';
import { be, CLAIMED, TABLES, tableName, who, type Tellers } from './teller';

type DeviceCode = Exclude<
  Extract<EventCode, `dm.${string}` | `qemu.${string}` | `toolstack.${string}` | `domain.${string}` | 'xen.bug'>,
  OtherCode
>;

/** Where the PVINFO page lies among the registers, and in it the two halves of the address of a PML4. */
const PVINFO = 0x78000;
const PML4_HALVES: readonly number[] = [0x838, 0x83c];

export const DEVICES: Pick<Tellers, DeviceCode> = {
  'dm.create': (p) => [
    `XenGT becomes **ioreq server ${p.server}**.`,
    'An ioreq server is a device model that Xen can send accesses to.',
  ],
  'dm.mapRange': (p) =>
    p.list === 'memory'
      ? [
          `XenGT asks for memory \`${hex(p.start)}\` to \`${hex(p.end)}\`: **range ${p.ranges}** of its rangeset.`,
          'Xen will send accesses there to it. A rangeset holds at most 256 ranges.',
        ]
      : [
          `XenGT enters frame \`${hex(p.start / 4096)}\` **${LISTS[p.list][0]}**: ${plural(p.ranges, 'item')}.`,
          LISTS[p.list][1],
        ],
  'dm.unmapRange': (p) => [
    `XenGT gives the range at \`${hex(p.start)}\` **back**.`,
    `${plural(p.ranges, 'range')} left in its rangeset.`,
  ],
  'dm.claim': ({ flags }, { typeNames }) => [
    `XenGT **claims** the type ${typeNames[15]}, for ${CLAIMED[flags]}.`,
    `From now on every ${flags === 3 ? 'access' : CLAIMED[flags]!.slice(0, -1)} to a page of this type is its business; a second claim would get EBUSY.`,
  ],
  'dm.enable': () => ['XenGT **enables** its server.', 'A disabled server is passed over when Xen looks for one.'],
  'dm.protect': (p, names) => [
    `XenGT makes the ${tableName(p.level)} in frame \`${hex(p.gfn)}\` ${WATCHED[p.watch](names)}.`,
    p.watch === 'device'
      ? `Its ${TABLES[names.paging].name} entry permits nothing: from now on each write exits, and each read.`
      : `Its ${TABLES[names.paging].name} entry loses ${TABLES[names.paging].right}: from now on each write to this table exits.`,
  ],
  'dm.unprotect': (p) => [
    `XenGT makes frame \`${hex(p.gfn)}\` **plain RAM** again.`,
    'It is no page table any more; its writes need no watching.',
  ],
  'dm.register': (p) =>
    p.asks === 'create'
      ? [
          'The guest says: **a PPGTT begins**. XenGT will follow its tables.',
          "VGT_G2V_PPGTT_L4_PAGE_TABLE_CREATE in the PVINFO page; the PML4's address came just before.",
        ]
      : p.asks === 'destroy'
        ? [
            'The guest says: **the PPGTT is gone**. XenGT lets its tables go.',
            'VGT_G2V_PPGTT_L4_PAGE_TABLE_DESTROY in the PVINFO page.',
          ]
        : p.asks === 'value'
          ? [
              `XenGT answers a **read** of register \`${hex(p.offset + PVINFO)}\` of the GPU: \`${hex(p.low)}\`.`,
              'The registers that it stands in for hold nothing here.',
            ]
          : p.asks !== 'nothing'
            ? ASKS[p.asks]
            : PML4_HALVES.includes(p.offset)
              ? [
                  `XenGT notes \`${hex(p.low)}\` in **register** \`${hex(p.offset)}\` of the PVINFO page.`,
                  'Half of the address of the PML4, for the message that follows.',
                ]
              : [
                  `XenGT notes \`${hex(p.low)}\` in **register** \`${hex(p.offset + PVINFO)}\` of the GPU.`,
                  'It stands in for the register, and has nothing else to do for this one.',
                ],
  'dm.write': (p, { paging }) => [
    `XenGT carries the write out: **entry ${p.index}** of the guest's ${p.tracked ? tableName(p.level) : 'page'} is now \`${value(p)}\`.`,
    p.tracked
      ? `Through its own mapping, past the ${TABLES[paging].name}. The shadow still has the old entry.`
      : 'It does not follow this page any more, so nothing else is to be done.',
  ],
  'dm.read': (p) => [
    `XenGT gets a **read** of frame \`${hex(p.gfn)}\` that it never asked for.`,
    'It answers with all ones.',
  ],
  'dm.gone': (p) => [
    `XenGT finds **no page** behind frame \`${hex(p.gfn)}\`: the write is nobody's.`,
    'The guest has given the frame back since Xen looked its type up.',
  ],
  'dm.shadowTable': (p) => [
    `XenGT makes a **shadow** for the ${tableName(p.level)} in frame \`${hex(p.gfn)}\`, in its frame \`${hex(p.mfn)}\`.`,
    p.entries === 0
      ? "The guest's table is empty so far."
      : `${plural(p.entries, 'entry', 'entries')} already there ${be(p.entries)} translated.`,
  ],
  'dm.shadowEntry': (p) => [
    p.target === null
      ? `XenGT **clears entry ${p.index}** of the shadow ${tableName(p.level)}.`
      : `XenGT writes **entry ${p.index}** of the shadow ${tableName(p.level)}: machine frame \`${hex(p.target)}\`.`,
    p.target === null
      ? "The guest's entry is not present, or leads to a table that XenGT could not protect."
      : p.level === 0
        ? "The p2m says which machine frame is behind the guest's; the GPU runs on this one."
        : 'It points to the shadow of the child table.',
  ],
  'dm.dropTable': (p) => [
    `XenGT **drops the shadow** of the ${tableName(p.level)} in frame \`${hex(p.gfn)}\`.`,
    'The guest unlinked this table.',
  ],
  'dm.release': (p) => [
    `XenGT **lets go** of the type: flags 0. ${p.outstanding === 0 ? 'Xen counts no page of it.' : `${plural(p.outstanding, 'page')} still ${be(p.outstanding)} of it.`}`,
    p.outstanding === 0
      ? 'With none counted nothing is reset, and somebody else can claim the type at once.'
      : "They are nobody's now: a write to one is tried again until Xen has marked the map.",
  ],
  'dm.mark': (p) => [
    `Xen **marks the top table**: ${plural(p.outstanding, 'page')} ${be(p.outstanding)} to be ram_rw again.`,
    'One table for the whole map: each entry follows when it is next touched.',
  ],
  'dm.sweep': (p) => [
    `The release **sweeps 256 frames** from \`${hex(p.first)}\`: ${plural(p.settled, 'entry', 'entries')} settled, ${p.left} left.`,
    !p.last
      ? 'Between two batches the call can be preempted; others get their turn.'
      : p.left === 0
        ? 'The release is over, and nothing is left of the type.'
        : 'The release is over, and pages of the type are left: the next claim will get EBUSY.',
  ],
  'dm.forget': (p) => [
    `XenGT **forgets** ${plural(p.tables, 'table')}.`,
    'It drops their shadows without asking Xen to un-protect each: it gives the whole type up.',
  ],
  'dm.killed': (p) => [
    `XenGT **dies**; Xen destroys server ${p.server} and what it has claimed.`,
    p.outstanding === 0
      ? 'Xen counts no page of its type. Destroying a server marks nothing and sweeps nothing.'
      : `${plural(p.outstanding, 'page')} ${p.outstanding === 1 ? 'stays' : 'stay'} ${STAYS[p.watch]}: destroying a server marks nothing and sweeps nothing.`,
  ],
  'qemu.create': (p) => [
    `QEMU becomes the **default server**, number ${p.server}.`,
    'What no other server takes goes to it; it is enabled from the start.',
  ],
  'qemu.respond': (p) => [
    `QEMU **answers** the ${p.write ? 'write' : 'read'} at \`${hex(p.gpa)}\`.`,
    `The default server serves what nobody else asked for; ${who(p.vcpu)} may go on.`,
  ],
  'qemu.drain': (p) => [
    `QEMU takes a **queued write** to \`${hex(p.gpa)}\` out of its ring; ${plural(p.left, 'slot')} left.`,
    'The vCPU that made it went on long ago.',
  ],
  'toolstack.logDirty': (p) => [
    `The toolstack switches **log-dirty** ${p.on ? 'on, as live migration wants it' : 'off'}.`,
    p.on
      ? 'All of the map is marked: each page becomes read-only when it is next touched.'
      : 'All of the map is marked again: each page becomes writable when it is next touched.',
  ],
  'toolstack.balloon': (p) => [
    `The guest gives **${plural(p.frames, 'frame')} back**, from \`${hex(p.gfn)}\` on.`,
    `${p.frames === 1 ? 'Its entry leaves' : 'Their entries leave'} the p2m; whoever watched there watches nothing.`,
  ],
  'toolstack.ask': (p) => [
    p.what === 'detach'
      ? 'The toolstack asks XenGT to **let go** of the guest.'
      : 'The toolstack asks XenGT to **watch again**.',
    p.what === 'detach'
      ? 'As before a guest reboots, or the device model is replaced.'
      : 'It will learn of tables when the guest tells it.',
  ],
  'domain.unpause': (p) => [
    `The toolstack **lets the guest run**: ${plural(p.vcpus, 'vCPU')}.`,
    'The device model is ready; until now the domain was paused.',
  ],
  'domain.crash': () => [
    'Xen **crashes the domain**: no vCPU of it runs again.',
    'It met a state that it can neither go on from nor take back.',
  ],
  'xen.bug': ({ code }) =>
    code === 'entryLevel'
      ? [
          '**BUG**: Xen itself stops, and every domain on the host with it.',
          'A type-15 entry was said to be larger than 4 KiB: a check that every build makes.',
        ]
      : [
          '**Page fault in Xen**: it stops, and every domain on the host with it.',
          'A range ended before it started; the walk ran off the list and followed a null pointer (XSA-238).',
        ],
};
