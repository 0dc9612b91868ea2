/** The price list in words: what each primitive is, and why its default price is what it is. */
import type { Cost } from '../engine/trace';

export interface CostWords {
  readonly what: string;
  /** From the source to the number; for an assumption, what speaks for it. */
  readonly why: string;
}

export const COST_WORDS: Readonly<Record<Cost, CostWords>> = {
  exits: {
    what: 'The guest is left for Xen, and entered again.',
    why: 'The switch alone, both ways. What Xen does meanwhile is counted by itself.',
  },
  rangeComparisons: {
    what: 'One range of a rangeset is looked at.',
    why: 'Each range is a list node of its own: one load that waits for the one before. 256 of them fit in L2.',
  },
  entries: {
    what: 'One 8-byte entry of the p2m is read or written.',
    why: 'The tables of a walk lie apart: a load from L2 each. Entries side by side come cheaper, missing ones dearer.',
  },
  flushes: {
    what: 'No processor may use the old mappings any more.',
    why: 'An interrupt to each processor that runs the guest, and an INVEPT there: 2 microseconds.',
  },
  frames: {
    what: 'A frame for a p2m table is taken from the pool.',
    why: 'Xen clears it (hap_alloc): 4096 bytes at 8 a cycle. Taking it off the list is not counted.',
  },
  notifications: {
    what: 'An event channel is signalled, one way. The round trip is two.',
    why: 'Bits set in two shared pages and an interrupt to another processor: 1 microsecond.',
  },
  hypercalls: {
    what: 'A device model or the toolstack calls Xen.',
    why: 'An ioctl into the kernel of dom0 and its call to Xen, without an exit: half a VM exit.',
  },
  switches: {
    what: 'A processor goes over to who was waiting: to the device model, or back to the vCPU.',
    why: 'Measured between two processes; at 2.5 GHz.',
  },
  blocked: {
    what: 'Steps of others while a vCPU waits.',
    why: 'A count of steps, not of work. To price waiting, set what a step of others takes.',
  },
};

export const PRICES = {
  about:
    'Model cost is this table times the counts, nothing else: no caches, no queues, no time. Prices can be changed; they are kept in this browser.',
  price: 'price',
  assumption: 'assumption',
  sources: 'sources',
  sourcesLong: 'Where each price is from',
  priceOf: (name: string): string => `cycles for ${name}`,
  edited: 'edited',
  was: (price: string, scenario: boolean): string => `${scenario ? 'scenario' : 'default'} ${price}`,
  invalid: (most: string): string => `a number from 0 to ${most}`,
  reset: (name: string): string => `Reset the price of ${name}`,
  resetOne: 'reset',
  resetAll: 'Reset all',
} as const;

export const COST_CHART = {
  axis: 'model cycles',
  parting: 'Parted by',
  byCost: 'by primitive',
  byActor: 'by actor',
  none: 'Nothing that has a price was spent in this run.',
  help: 'Left and right arrows read other steps, Page Up and Page Down further ones, Enter goes there.',
  read: 'Step that is read',
  /** What a reader hears of a step. */
  at: (step: string, total: string, parts: string): string =>
    `step ${step}: ${total} model cycles${parts && `, ${parts}`}`,
  part: (name: string, share: string): string => `${name} ${share}`,
  step: (n: string): string => `step ${n}`,
  total: 'total',
  share: (share: number): string => (share > 0 && share < 0.005 ? 'below 1%' : `${Math.round(share * 100)}%`),
  thisStep: (cycles: string): string => `this step ${cycles}`,
  twin: (by: string): string => `Running total in model cycles, ${by}`,
  some: (n: string, of: string): string => `${n} of ${of} samples.`,
  actors: 'Actors',
  actor: 'actor',
  cycles: 'model cycles',
  ofTotal: 'share',
  million: (n: string): string => `${n} M`,
  thousand: (n: string): string => `${n} k`,
} as const;
