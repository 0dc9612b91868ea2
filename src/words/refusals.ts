/** A refusal is content: the errno, one teaching sentence, and the function of Xen that says no. */
import type { Errno } from '../engine/errno';
import type { Events } from '../engine/events';
import type { AnyEvent, EventCode } from '../engine/trace';
import { CALL_REASONS } from './call-refusals';
import { hex } from './format';
import { say, type Sentence } from './parts';
import type { Names, Told } from './teller';

export function refusal(event: AnyEvent, errno: Errno, names: Names): { sentence: Sentence; why: Sentence } {
  const { code, params } = event;
  const reasons = REASONS[code] as Reasons<EventCode> | undefined;
  const [what, why] = (reasons?.[errno] ?? reasons?.other ?? unknown(code))(params, names);
  return { sentence: say(`**${errno}**: ${what}`), why: say(why) };
}

type Reason<C extends EventCode> = (p: Events[C], names: Names) => Told;
/** By errno; `other` for any that is not named. */
export type Reasons<C extends EventCode> = { readonly [E in Errno | 'other']?: Reason<C> };

const frame = (gfn: number): string => `frame \`${hex(gfn)}\``;
const unknown =
  (code: EventCode): (() => Told) =>
  () => ['Xen refuses the request.', `Answered to \`${code}\`.`];

const NO_RAM = ({ gfn }: { gfn: number }): Told => [
  `the guest has no RAM in ${frame(gfn)}.`,
  'Only what is mapped can be write-protected; see `write_protect_page`, `kvm_write_track_add_gfn`.',
];
const NO_SERVER = 'It is gone, or was never made; see';
const TABLE_FULL: Told = [
  'the domain has as many ioreq servers as it can have.',
  'Xen keeps a table of them of a fixed size; see `hvm_create_ioreq_server`.',
];

const REASONS: { readonly [C in EventCode]?: Reasons<C> } = {
  ...CALL_REASONS,
  'dm.create': { ENOMEM: () => TABLE_FULL, ENOSPC: () => TABLE_FULL },
  'dm.mapRange': {
    ENOMEM: (p) => [
      `the rangeset is full, XenGT cannot watch ${frame(Math.floor(p.start / 4096))}.`,
      `${p.ranges} ranges are its cap. The table stays unwatched and unshadowed; see \`rangeset_add_range\`, \`MAX_NR_IO_RANGES\`.`,
    ],
    EEXIST: () => [
      'XenGT holds part of this range already.',
      'A rangeset keeps ranges apart; see `hvm_map_io_range_to_ioreq_server`.',
    ],
    EINVAL: () => [
      'the range ends before it starts.',
      'Such a range would damage the list; see `hvm_map_io_range_to_ioreq_server`.',
    ],
    ENOENT: () => ['there is no such server.', `${NO_SERVER} \`hvm_map_io_range_to_ioreq_server\`.`],
  },
  'dm.unmapRange': {
    ENOMEM: () => [
      'the rangeset is full, and taking this out would cut a range in two.',
      'Two halves need one range more; see `rangeset_remove_range`.',
    ],
    other: () => [
      "this range is not wholly XenGT's.",
      'Only what was mapped can be taken back; see `hvm_unmap_io_range_from_ioreq_server`.',
    ],
  },
  'dm.claim': {
    EBUSY: () => [
      'the type has an owner, or pages of it are left from the last one.',
      'One owner at a time; see `p2m_set_ioreq_server`.',
    ],
    EOPNOTSUPP: () => [
      'this guest cannot have pages of the type.',
      'Only hardware-assisted paging knows it; see `hvm_map_mem_type_to_ioreq_server`.',
    ],
    EINVAL: () => [
      'no server can claim this, or not for such accesses.',
      'There is one type to claim, for writes; see `hvm_map_mem_type_to_ioreq_server`.',
    ],
    ENOENT: () => [
      'there is no such server to claim the type for.',
      `${NO_SERVER} \`hvm_map_mem_type_to_ioreq_server\`.`,
    ],
  },
  'dm.enable': {
    ENOENT: () => ['there is no such server to enable.', `${NO_SERVER} \`hvm_set_ioreq_server_state\`.`],
  },
  'dm.release': {
    EINVAL: () => [
      'XenGT has no claim to let go of.',
      'Only who holds the type can give it up; see `p2m_set_ioreq_server`.',
    ],
    ENOENT: () => [
      'there is no such server that could let go of the type.',
      `${NO_SERVER} \`hvm_map_mem_type_to_ioreq_server\`.`,
    ],
  },
  'dm.sweep': {
    ENOMEM: (p) => [
      `Xen has no frame left to split a mapping past ${frame(p.first)}: the sweep ends.`,
      'What it did not reach stays marked, and is reset when it is touched; see `p2m_finish_type_change`.',
    ],
  },
  'dm.killed': {
    ENOENT: () => [
      'XenGT dies, and has no server: there is none to destroy.',
      'So Xen has nothing to take away; see `hvm_destroy_ioreq_server`.',
    ],
  },
  'dm.protect': {
    ENOMEM: (p) => [
      `Xen has no frame left to split the mapping of ${frame(p.gfn)}.`,
      'A 4 KiB change inside a larger mapping needs page tables from the paging pool; see `p2m_set_entry`.',
    ],
    EINVAL: (p, { claims }) =>
      p.watch === 'access'
        ? NO_RAM(p)
        : [
            `Xen does not change the type of ${frame(p.gfn)}.`,
            claims
              ? 'Nobody holds a claim on the type, or the page is not plain RAM; see `set_mem_type`.'
              : 'This version knows no such type to ask for, or the page is no RAM; see `set_mem_type`.',
          ],
    EOPNOTSUPP: (p) =>
      p.watch === 'access'
        ? [
            `the entry of ${frame(p.gfn)} has no room for access rights.`,
            "Intel's EPT keeps them beside the type, the page tables of AMD's NPT do not; see `p2m_set_mem_access`.",
          ]
        : [
            `${frame(p.gfn)} cannot be of the type in this guest.`,
            'Only hardware-assisted paging knows it; see `set_mem_type`.',
          ],
    EAGAIN: (p) => [
      `${frame(p.gfn)} is being paged, or is shared: XenGT may ask again.`,
      'Its contents are elsewhere for the moment; see `set_mem_type`.',
    ],
    EBUSY: (p) => [
      `${frame(p.gfn)} is not of the type that Xen found there a moment ago.`,
      'Somebody else changed it in between; see `p2m_change_type_one`.',
    ],
    other: (p) => [
      `Xen does not change the type of ${frame(p.gfn)}.`,
      'Which type may become which is decided in `set_mem_type`.',
    ],
  },
  'dm.unprotect': {
    ENOMEM: (p) => [
      `Xen has no frame left to split the mapping of ${frame(p.gfn)}.`,
      'A 4 KiB change inside a larger mapping needs page tables from the paging pool; see `p2m_set_entry`.',
    ],
    EINVAL: (p) =>
      p.watch === 'device'
        ? [
            `there is no way back for ${frame(p.gfn)}, XenGT must serve it from now on.`,
            'RAM may become mmio_dm, and mmio_dm nothing else; see `allow_p2m_type_change`.',
          ]
        : p.watch === 'access'
          ? NO_RAM(p)
          : [
              `Xen does not change the type of ${frame(p.gfn)}.`,
              'It is no RAM any more, is being paged, or changed in between; see `set_mem_type`.',
            ],
    other: (p) => [
      `Xen does not change the type of ${frame(p.gfn)}.`,
      'It is no RAM any more, is being paged, or changed in between; see `set_mem_type`.',
    ],
  },
  'dm.outOfSync': {
    other: (p) => [
      `${frame(p.gfn)} stays watched, and its shadow in step.`,
      'Xen does not make it plain RAM; see `set_mem_type`.',
    ],
  },
  'qemu.create': {
    EEXIST: () => [
      'the domain has a default server already.',
      'What nobody else takes can go to one only; see `hvm_create_ioreq_server`.',
    ],
    ENOMEM: () => TABLE_FULL,
    ENOSPC: () => TABLE_FULL,
  },
  'toolstack.logDirty': {
    EBUSY: () => [
      'pages of type ioreq_server are outstanding, so the domain cannot be migrated.',
      'Log-dirty rewrites the types of the whole map, and their owner would lose its pages; see `hap_enable_log_dirty`.',
    ],
    EINVAL: () => ['log-dirty is switched on already.', 'One migration at a time; see `paging_log_dirty_enable`.'],
  },
  'toolstack.balloon': {
    ENOMEM: (p) => [
      `Xen has no frame left to split a mapping: not all from ${frame(p.gfn)} on is given back.`,
      'A hole inside a larger mapping needs page tables from the paging pool; see `guest_physmap_remove_page`.',
    ],
    other: (p) => [
      `Xen does not take all of ${frame(p.gfn)} and what follows.`,
      'Only frames that the guest has can be given back; see `guest_physmap_remove_page`.',
    ],
  },
};
