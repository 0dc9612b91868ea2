/** Events that only other designs than Xen's have, in sentences. */
import type { EventCode } from '../engine/trace';
import { hex, plural, value } from './format';
import { tableName, who, type Names, type Tellers, type Told } from './teller';

export type OtherCode = Extract<EventCode, `track.${string}` | 'dm.serve' | 'dm.outOfSync' | 'dm.resync' | 'dm.walk'>;

export const OTHERS: Pick<Tellers, OtherCode> = {
  'dm.serve': (p) => [
    `XenGT **answers the read** of frame \`${hex(p.gfn)}\` with \`${value(p)}\`.`,
    'The page counts as a device: reads leave the guest too, and only XenGT can say what lies there.',
  ],
  'dm.outOfSync': (p) => [
    `XenGT lets the PT in frame \`${hex(p.gfn)}\` go **out of sync**: it is plain RAM again.`,
    'It is written often, and its shadow matters only when the GPU is given work.',
  ],
  'dm.resync': (p) => [
    `XenGT brings the PT in frame \`${hex(p.gfn)}\` **back in step**: ${p.changed} of ${plural(p.entries, 'entry', 'entries')} changed.`,
    p.evicted
      ? 'Another table is to go out of sync, and no copy is free: the one that has had its copy longest gives it up.'
      : 'Entries that changed are translated again; the others are as they were.',
  ],
  'dm.walk': (p) =>
    p.found
      ? [
          `XenGT walks the range and finds **entry ${p.index}** of the ${tableName(p.level)} changed.`,
          'It leads to another table than its shadow does, or to none any more.',
        ]
      : [
          `XenGT walks the range and finds **nothing to do** below the ${tableName(p.level)}.`,
          "The guest's tables and their shadows lead to the same places.",
        ],
  'track.write': (p) => [
    `The hypervisor carries the write out **by itself**: \`${value(p)}\` at \`${hex(p.gpa)}\`.`,
    p.listeners === 0
      ? 'Nobody tracks the page any more, so nobody is told.'
      : `${plural(p.listeners, 'listener')} ${p.listeners === 1 ? 'tracks' : 'track'} the page, and each is called before the guest goes on.`,
  ],
  'track.notify': (p) => [
    p.tracked
      ? `XenGT is **called**: ${who(p.vcpu)} has written entry ${p.index} of the ${tableName(p.level)} in frame \`${hex(p.gfn)}\`.`
      : `XenGT is **called** about frame \`${hex(p.gfn)}\`, which is none of its own.`,
    p.tracked
      ? 'A function call, on the processor of that vCPU: no event channel, no request, no switch.'
      : 'A listener hears of every page that anybody tracks, and has to know its own.',
  ],
  'track.returned': (p) => [
    `The listeners **return**; ${who(p.vcpu)} goes on behind its instruction.`,
    'They ran on its own processor: nobody had to be woken.',
  ],
};

/** What XenGT is asked for by a register, beside the beginning and the end of a PPGTT. */
export const ASKS: Readonly<Record<'walk' | 'submit', Told>> = {
  walk: [
    'The guest says: **the mapping has changed** for a range of GPU addresses.',
    'XenGT walks its tables there; what the guest does not tell, it will not see.',
  ],
  submit: [
    'The guest gives the **GPU work**, by a write to the submission port of a ring.',
    'From here on the GPU uses the shadow tables: they have to be right.',
  ],
};

/** Where pages are entered that are no ranges beside registers, and what that is good for. */
export const LISTS = {
  wp_mem: [
    'among its write-protected pages',
    'A rangeset of its own, by frame number: registers and tables no longer compete.',
  ],
  write: [
    'among those whose writes it wants',
    'One rangeset for reads, one for writes, one for both; each has its cap.',
  ],
  hash: ["in its server's hash table", 'There is no cap, and a look-up goes through one bucket.'],
} as const;

/** What a page becomes that XenGT has watched. */
export const WATCHED = {
  type: ({ typeNames }: Names) => `a page of type **${typeNames[15]}**`,
  device: ({ typeNames }: Names) => `a device's page, **${typeNames[4]}**`,
  access: () => '**read-only** for the guest',
} as const;

/** What pages stay whose watcher has died. */
export const STAYS = {
  type: 'of the type',
  device: "a device's, which nobody serves",
  access: 'read-only',
} as const;
