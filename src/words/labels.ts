/**
 * What the page's own controls and panes are called, by code. What happened in a step is told in events.ts; what a field
 * of an entry means, in fields.ts.
 */
import type { Config } from '../engine/config';
import type { Actor, Cost } from '../engine/trace';
import { plural } from './format';

export const APP = 'p2mscope';

export const TOP = {
  scenario: 'Scenario',
  proofs: 'To be searched',
  version: 'Version of Xen',
  memory: 'Guest memory',
  open: 'Open file',
  /** Name of what comes from the clipboard. */
  pasted: 'pasted text',
  toLight: 'Light theme',
  toDark: 'Dark theme',
  help: 'Keys and help',
  present: 'Present',
  fromFile: (name: string): string => `File: ${name}`,
  drop: 'Drop a scenario file to open it',
} as const;

export const TRANSPORT = {
  name: 'Steps',
  first: 'To the start',
  prevTrapped: 'Previous trapped write',
  prev: 'One step back',
  play: 'Play',
  pause: 'Pause',
  next: 'One step on',
  nextTrapped: 'Next trapped write',
  last: 'To the end',
  speed: 'Speed',
  perSecond: (n: number): string => (n === 1 ? '1 step/s' : `${n} steps/s`),
  timeline: 'Timeline',
  at: (step: string, of: string): string => `Step ${step} of ${of}`,
  of: (of: string): string => `of ${of}`,
} as const;

export const PANES = {
  memory: 'Memory',
  tables: 'Tables',
  path: 'Path',
  entry: 'Entry',
  servers: 'Servers',
  charts: 'Charts',
  more: 'More',
  thisWrite: 'This write',
  writes: 'Intercepted writes',
  inspector: 'Entry, servers, invariants, costs',
  views: 'Views',
  below: 'Path of the write',
} as const;

export const SENTENCE = {
  name: 'What happened',
  more: 'Show all of it',
  less: 'Show less',
  empty: 'Nothing is open. Choose a scenario, or drop a scenario file here.',
  /** Until the first picture is here; index.html says it before the script does. */
  about: "Watch Xen trap a guest's writes to its GPU page tables, step by step.",
  start: (title: string): string => `${title}: before the first step.`,
  broken: (step: string): string => `The engine stopped at step ${step}; what you see is its last picture.`,
  again: 'Start it again from this step',
} as const;

export const PRESENTER = {
  name: 'Presentation',
  leave: 'Leave the presentation',
  blank: 'The screen is blank; b or the full stop turns it on again.',
} as const;

/** What a presenter's clicker does next with a question. */
export const CLASS_KEYS = {
  onward: (phase: 'first' | 'second' | 'truth'): string =>
    `Page Down: ${{ first: 'second vote', second: 'what is true', truth: 'the picture' }[phase]}, b: blank`,
  fetching: 'A question comes.',
} as const;

export const PROGRESS = {
  names: {
    build: 'Building the guest',
    run: 'Running the scenario',
    seek: 'Going to the step',
    find: 'Looking for the first broken step',
    trace: 'Writing the trace',
  },
  far: (done: string, of: string | null, frames: boolean): string => {
    const unit = frames ? 'frames' : 'steps';
    return of === null ? `${done} ${unit} so far` : `${done} of ${of} ${unit}`;
  },
  stop: 'Stop',
} as const;

/** The page is kept by the browser, and a newer one has come. */
export const OFFLINE = {
  newer: 'A newer version of this page is here.',
  take: 'Reload with it',
  later: 'Later',
} as const;

export const REFUSAL = {
  head: (what: string, n: number): string => `${what} was not opened: ${n === 1 ? '1 problem' : `${n} problems`}`,
  kept: 'What was open before stays as it was.',
  path: 'where in the file',
  message: 'what is wrong',
  whole: 'whole file',
  close: 'Close',
  scenario: 'The scenario',
} as const;

export const ENTRY = {
  name: (paging: Config['paging']): string => `${paging === 'ept' ? 'EPT' : 'NPT'} entry of frame`,
  levels: 'Level of the page table',
  levelWord: 'level',
  fields: 'Fields of the entry, bit 63 first',
  level: (level: number, size: string): string => `level ${level}, ${size}`,
  none: 'no entry: nothing was ever mapped here',
  setBy: (step: string, actor: string): string => `set in step ${step} by ${actor}`,
  asBuilt: 'as it was when the guest was built',
  becomes: 'becomes',
  reads: 'reads as',
} as const;

export const SERVERS = {
  name: 'ioreq servers',
  unit: (cap: string): string => `ranges of ${cap}`,
  order: 'in the order in which Xen searches',
  empty: 'No server.',
  create: 'create_ioreq_server',
  isDefault: (ring: boolean): string =>
    ring ? 'default: takes what nobody else does' : 'default, synchronous: takes what is left',
  disabled: 'disabled',
  claimed: (flags: number, entries: number): string =>
    `claimed, ${['', 'READ', 'WRITE', 'READ, WRITE'][flags]}; ${plural(entries, 'entry', 'entries')}`,
  noClaim: 'holds no claim',
  byRange: 'gets what its ranges cover',
  memory: 'memory',
  port: 'port',
  pci: 'pci',
  used: (n: number, cap: number): string => `${n} of ${cap} memory ranges used`,
  /** `owner`: whose page it lies in, where that is not XenGT's. */
  slot: (vcpu: number, owner = 'slot'): string => `${owner} vCPU ${vcpu}`,
  idleSlots: (n: number, more: boolean, state: string): string =>
    `${n} ${more ? 'more ' : ''}${n === 1 ? 'slot' : 'slots'}: ${state}`,
  gone: (server: number): string => `server ${server} is gone, nobody will answer`,
  ring: (atomic: boolean): string => (atomic ? 'ring, atomic' : 'ring'),
  ringFilled: (n: number, cap: number): string => `${n} of ${cap} slots of the buffered ring filled`,
  ringOf: (n: string, cap: string): string => `${n} of ${cap}`,
  hands: (read: string, write: string): string => `read ${read}, write ${write}`,
  now: 'now',
} as const;

export const INVARIANTS = {
  name: 'Invariants',
  holds: (n: number): string => `${n} hold`,
  open: (n: number): string => `${n} not asked`,
  broken: (n: number): string => `${n} broken`,
  toFirst: (rule: string): string => `${rule}: broken; go to the first step where it is`,
  state: { holds: 'holds', broken: 'broken', open: 'not asked while in flight', none: 'no such thing here' },
  twinHead: ['invariant', 'at this step'],
} as const;

/** Invariants by the code of their rule. */
export const RULES: Readonly<Record<string, string>> = {
  'write.lost': 'no trapped write lost',
  'owner.sees': 'owner sees every write it asked for',
  'shadow.equals': 'shadow = translation when idle',
  'owner.one': 'at most one owner',
  'entry.count': 'entry_count = type-15 leaves',
  'release.clean': 'none left after release',
  'claim.free': 'a free type can be claimed',
  'vcpu.waits': 'no vCPU blocked for ever',
  'ranges.sorted': 'rangesets sorted, within the cap',
};

/** What the servers make the hypervisor hold; every comparison of ranges is made while their lock is held. */
export const HEAP = (total: string, ranges: string, nodes: string, counters: string): string =>
  `hypervisor heap held: ${total} bytes (ranges ${ranges}, hash nodes ${nodes}, counters ${counters})`;

export const COST_PANE = {
  name: 'Costs so far',
  write: 'this write',
  total: 'total',
  count: 'count',
  cycles: 'cycles',
  model: 'model cost',
  more: (n: number): string => `${n} more`,
  fewer: 'fewer',
  edit: 'prices',
  editLong: 'The price of each primitive in cycles, and where it is from',
} as const;

export const COST_NAMES: Readonly<Record<Cost, string>> = {
  exits: 'exits',
  rangeComparisons: 'range comparisons',
  entries: 'p2m entries touched',
  flushes: 'TLB flushes',
  blocked: 'vCPU blocked, steps',
  frames: 'frames from the pool',
  notifications: 'event notifications',
  hypercalls: 'hypercalls',
  switches: 'context switches',
};

export const WRITES = {
  name: 'Intercepted writes',
  unit: (soFar: string, all: string): string => `${soFar} of ${all} so far`,
  empty: 'No write was intercepted in this run.',
  step: 'step',
  address: 'address',
  entry: 'entry',
  old: 'old',
  new: 'new',
  says: 'now says',
  owner: 'owner',
  outcome: 'outcome',
  notPresent: 'not present',
  notGtt: 'not a GTT page',
  nobody: 'nobody',
  server: (id: number): string => `server ${id}`,
  frame: (gfn: string): string => `frame ${gfn}`,
  large: (gfn: string): string => `large page at frame ${gfn}`,
  table: (gfn: string): string => `table in frame ${gfn}`,
} as const;

/** Outcomes of an intercepted write, in the order of their numbers. */
export const OUTCOME_NAMES = [
  'in flight',
  'forwarded',
  'dropped',
  'retried',
  'lost',
  'bypassed',
  'queued',
  'copied',
  'orphaned',
  'stopped',
] as const;

export function actorName(actor: Actor): string {
  if (actor.startsWith('vcpu')) return `vCPU ${actor.slice(4)}`;
  return { xen: 'Xen', xengt: 'XenGT', qemu: 'QEMU', toolstack: 'toolstack' }[
    actor as 'xen' | 'xengt' | 'qemu' | 'toolstack'
  ];
}
