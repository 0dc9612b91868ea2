/** Why Xen refuses a hypercall by the user's hand. */
import type { CallCode } from './calls';
import { serverName } from './calls';
import { hex } from './format';
import type { Reasons } from './refusals';
import type { Told } from './teller';

const frame = (gfn: number): string => `frame \`${hex(gfn)}\``;
const gone =
  (what: string) =>
  ({ server }: { server: number }): Told => [
    `there is no server ${server}.`,
    `It is gone, was never made, or is the default one, which nobody can name; see \`${what}\`.`,
  ];
const TABLE_FULL: Told = [
  'the domain has as many ioreq servers as it can have.',
  'Xen keeps a table of them of a fixed size; see `hvm_create_ioreq_server`.',
];
const NOT_HERE: Told = [
  'this Xen has no claims, or no types that could be claimed.',
  'They came in 2017, for guests with hardware-assisted paging; see `hvm_map_mem_type_to_ioreq_server`.',
];
const UNKNOWN_RANGES: Told = [
  'this version of Xen keeps no such ranges.',
  'A server has a set for each kind that there is; see `hvm_map_io_range_to_ioreq_server`.',
];
const NO_FRAME = (gfn: number): Told => [
  `Xen has no frame left to split the mapping of ${frame(gfn)}.`,
  'A 4 KiB change inside a larger mapping needs page tables from the paging pool; see `p2m_set_entry`.',
];
const MAPPED = ({ gfn }: { gfn: number }): Told => [
  `${frame(gfn)} holds somebody else's page.`,
  'Who has mapped it there must unmap it first; see `guest_physmap_add_entry`.',
];

export const CALL_REASONS: { readonly [C in CallCode]: Reasons<C> } = {
  'call.create': { ENOMEM: () => TABLE_FULL, ENOSPC: () => TABLE_FULL },
  'call.destroy': { ENOENT: gone('hvm_destroy_ioreq_server') },
  'call.state': { ENOENT: gone('hvm_set_ioreq_server_state') },
  'call.claim': {
    EBUSY: (p, { typeNames }) =>
      p.holder !== 0
        ? [
            `${serverName(p.holder, p.xengt)} holds the claim; one owner at a time.`,
            p.holder === p.server
              ? 'Even the holder cannot claim it a second time; see `p2m_set_ioreq_server`.'
              : 'It has to give the type up first; see `p2m_set_ioreq_server`.',
          ]
        : [
            `pages of type ${typeNames[p.type]} are left from the last claim.`,
            'The next owner would get writes to pages that it never asked for; see `p2m_set_ioreq_server`.',
          ],
    EINVAL: () => [
      'no server can claim this, or not for such accesses.',
      'As merged there is one type to claim, for writes; see `hvm_map_mem_type_to_ioreq_server`.',
    ],
    ENOENT: gone('hvm_map_mem_type_to_ioreq_server'),
    EOPNOTSUPP: () => NOT_HERE,
  },
  'call.release': {
    EINVAL: (p, { typeNames }) => [
      `${serverName(p.server, p.xengt)} does not hold ${typeNames[p.type]}.`,
      'Only who holds a type can give it up; see `p2m_set_ioreq_server`.',
    ],
    ENOENT: gone('hvm_map_mem_type_to_ioreq_server'),
    EOPNOTSUPP: () => NOT_HERE,
  },
  'call.mapRange': {
    ENOENT: gone('hvm_map_io_range_to_ioreq_server'),
    EEXIST: (p) => [
      `${serverName(p.server, p.xengt)} holds part of this range already.`,
      'A rangeset keeps ranges apart; see `hvm_map_io_range_to_ioreq_server`.',
    ],
    ENOMEM: (p) => [
      `the rangeset of ${serverName(p.server, p.xengt)} is full.`,
      `${p.ranges} ranges are its cap; see \`rangeset_add_range\`, \`MAX_NR_IO_RANGES\`.`,
    ],
    EINVAL: () => UNKNOWN_RANGES,
  },
  'call.unmapRange': {
    ENOENT: (p) => [
      `${serverName(p.server, p.xengt)} does not hold all of this range.`,
      'Only what was mapped in one piece, or joined since, can be taken; see `hvm_unmap_io_range_from_ioreq_server`.',
    ],
    ENOMEM: (p) => [
      `the rangeset of ${serverName(p.server, p.xengt)} is full, and this would cut a range in two.`,
      'Two halves need one range more; see `rangeset_remove_range`.',
    ],
    EINVAL: () => UNKNOWN_RANGES,
  },
  'call.setMemType': {
    EINVAL: (p, { typeNames }) =>
      p.type === null
        ? ['this version of Xen knows no such memory type.', 'Each number is looked up in a table; see `set_mem_type`.']
        : [
            `${frame(p.gfn)} cannot become ${typeNames[p.type]} as things are.`,
            p.type >= IOREQ_SERVER
              ? 'Somebody must hold a claim on the type, and the page must be ram_rw; see `set_mem_type`.'
              : 'RAM may become anything, a hole mmio_dm, a trapped page only ram_rw; see `set_mem_type`.',
          ],
    EAGAIN: (p) => [
      `${frame(p.gfn)} is being paged, or is shared: ask again.`,
      'Its contents are elsewhere for the moment; see `set_mem_type`.',
    ],
    EBUSY: (p) => [
      `${frame(p.gfn)} is not of the type that Xen found there a moment ago.`,
      'Somebody else changed it in between; see `p2m_change_type_one`.',
    ],
    ENOMEM: (p) => NO_FRAME(p.gfn),
    ENOENT: (p) => NO_FRAME(p.gfn),
    EOPNOTSUPP: () => NOT_HERE,
  },
  'call.addPage': {
    EINVAL: MAPPED,
    ENOENT: MAPPED,
    ENOMEM: (p) => NO_FRAME(p.gfn),
  },
  'call.removePage': { ENOMEM: (p) => NO_FRAME(p.gfn), ENOENT: (p) => NO_FRAME(p.gfn) },
  'call.paging': {
    EBUSY: (p) =>
      p.what === 'evict'
        ? [
            `${frame(p.gfn)} has not been chosen to be paged out.`,
            'The pager nominates a page first, and only then takes its memory; see `p2m_mem_paging_evict`.',
          ]
        : [
            `${frame(p.gfn)} is no page that can be paged out.`,
            'Only plain RAM can: a page with an owner, or of a device, has to stay; see `p2m_mem_paging_nominate`.',
          ],
    ENOENT: (p) => [
      `${frame(p.gfn)} is not paged out.`,
      'Only what the pager has taken can be given back; see `p2m_mem_paging_prep`.',
    ],
    ENOMEM: (p) => NO_FRAME(p.gfn),
  },
  'call.sharing': {
    EINVAL: (p) => [
      `${frame(p.gfn)} is no page that can be shared.`,
      'Only plain RAM can: a page with an owner, or of a device, stays as it is; see `mem_sharing_nominate_page`.',
    ],
    ENOMEM: (p) => NO_FRAME(p.gfn),
  },
};

/** From here on a type belongs to a server. */
const IOREQ_SERVER = 15;
