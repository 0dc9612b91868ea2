/** What the full view of the ioreq servers says: its axes, claims, slots and ring. The short one: labels.ts. */
import { count, plural } from './format';

/** A rangeset or another list of watched pages. */
export type SetName = 'memory' | 'port' | 'pci' | 'wp_mem' | 'write' | 'read' | 'hash' | 'count' | 'right';

/** Names of the flags of a claim, by the bit's number: XEN_DMOP_IOREQ_MEM_ACCESS_*. */
export const FLAG_NAMES = ['READ', 'WRITE'] as const;

const SETS: Readonly<Record<SetName, { readonly name: string; readonly unit: string }>> = {
  memory: { name: 'memory', unit: 'guest physical addresses' },
  port: { name: 'port', unit: 'I/O ports' },
  pci: { name: 'pci', unit: 'segment, bus, device, function' },
  wp_mem: { name: 'write-protected memory', unit: 'by guest frame' },
  write: { name: 'memory, writes only', unit: 'guest physical addresses' },
  read: { name: 'memory, reads only', unit: 'guest physical addresses' },
  hash: { name: 'hash table', unit: 'watched guest frames' },
  count: { name: 'tracked pages', unit: 'watched guest frames' },
  right: { name: 'write-protected pages', unit: 'those that XenGT follows' },
};

export const RANGES = {
  set: (name: SetName): string => SETS[name].name,
  unit: (name: SetName): string => SETS[name].unit,
  none: (name: string): string => `${name}: no range`,
  figure: 'Ranges of each server by address',
  help: 'Left and right arrows go along a row, up and down to another, Enter selects the first frame of a range in memory.',
  used: (n: number, cap: number, name: string): string => `${count(n)} of ${count(cap)} ranges used: ${name}`,
  of: (n: number, cap: number): string => `${count(n)} of ${count(cap)}`,
  pages: (n: number, name: SetName, most: number): string =>
    plural(n, 'page') +
    (n === 0
      ? ''
      : name === 'hash'
        ? `, ${count(most)} in a bucket`
        : name === 'count'
          ? `, ${count(most)} to tell`
          : ''),
  range: (first: string, last: string): string => (first === last ? first : `${first} to ${last}`),
  one: (server: string, set: string, range: string, size: string): string => `${server}, ${set}: ${range}, ${size}`,
  several: (server: string, set: string, n: number, range: string): string =>
    `${server}, ${set}: ${plural(n, 'range')} within ${range}`,
  ports: (n: number): string => plural(n, 'port'),
  functions: (n: number): string => plural(n, 'function'),
  /** One of a set. */
  member: (set: string): string => `${set} range`,
  list: 'All ranges',
  head: { server: 'server', set: 'set', first: 'first', last: 'last', size: 'size' },
  empty: 'No server has a range.',
} as const;

/** `0000:00:02.0`: a PCI function as people write it. */
export const pciFunction = (n: number): string =>
  `${(n >>> 16).toString(16).padStart(4, '0')}:${((n >>> 8) & 255).toString(16).padStart(2, '0')}:` +
  `${((n >>> 3) & 31).toString(16).padStart(2, '0')}.${n & 7}`;

export const FULL = {
  enabled: 'enabled',
  disabled: 'disabled',
  claims: (types: readonly string[]): string => `claims ${types.join(', ')}`,
  entries: (n: number): string => plural(n, 'entry', 'entries'),
  /** After the name of a flag, for the reader. */
  flag: (set: boolean): string => (set ? 'is set,' : 'is not set,'),
  flags: (set: readonly string[]): string => (set.length === 0 ? 'no flag' : set.join(', ')),
  slots: 'Request slots',
  slotsUnit: 'one a vCPU and server',
  noSlots: 'No server has a page of slots yet.',
  ring: 'Buffered ring',
  ringUnit: (cap: number, atomic: boolean): string => `${count(cap)} slots${atomic ? ', atomic' : ''}`,
  read: 'read',
  write: 'write',
  hand: (name: string, pointer: number, slot: number): string =>
    pointer === slot ? `${name} ${count(pointer)}` : `${name} ${count(pointer)}, slot ${slot}`,
  twin: 'ioreq servers: claims, ranges, slots and ring',
  twinHead: ['what', 'whose', 'now'],
  server: (id: number): string => `server ${id}`,
  state: (words: readonly string[]): string => words.join(', '),
} as const;
