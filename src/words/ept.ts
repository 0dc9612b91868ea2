/** What the view of the p2m's tables and the inspector of an entry say. */
import type { Config } from '../engine/config';
import { count, hex, orderSize, plural, size } from './format';
import { typeWord } from './panes';

type Paging = Config['paging'];

/** Intel's tables have a name of their own; AMD's are page tables that nested paging walks. */
export const tablesName = (paging: Paging): string => (paging === 'ept' ? 'EPT' : 'NPT page table');

export const EPT = {
  unit: 'where the marks are, one bar a level',
  empty: 'No tables yet. Open a scenario to see them.',
  figure: (paging: Paging, bytes: number): string =>
    `Tables of the ${paging === 'ept' ? 'EPT' : 'NPT'}, level 3 on top, over ${size(bytes)} of guest memory`,
  map: (paging: Paging): string => `Entries of the ${tablesName(paging)}`,
  help:
    'Left and right go along the entries of a level, up and down from level to level. Enter selects the first frame of an ' +
    'entry, Enter again shows the entry as wide as the view. Plus and minus zoom, Home shows all, Escape lets go.',
  whole: 'Whole',
  wholeLong: 'Show the tables of the whole guest',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  level: (level: number): string => `level ${level}`,
  tables: 'tables',
  marked: 'marked',
  settled: 'settled',
  mapsNothing: 'maps nothing',
  made: (n: number): string => `${plural(n, 'table')} made`,
  freed: (n: number): string => `${plural(n, 'table')} freed`,
  freedShort: 'freed',
  axis: (gfn: number, zoomed: boolean): string => (zoomed ? hex(gfn) : gfn === 0 ? '0' : size(gfn * 4096)),
} as const;

interface Access {
  readonly gfn: number;
  readonly level: number;
  readonly faulted: boolean;
}
export const accessText = ({ gfn, level, faulted }: Access): string =>
  `${hex(gfn)}: the walk ${faulted ? `faulted at level ${level}` : `ended at level ${level}`}`;

const KINDS = {
  empty: 'empty',
  leaf: 'maps memory',
  table: 'points to a table',
  unread: 'in a table not looked at',
  mixed: 'of several sorts',
} as const;
export const kindWord = (kind: keyof typeof KINDS): string => KINDS[kind];

interface EntryShape {
  readonly level: number;
  readonly first: number;
  readonly index: number;
  readonly kind: keyof typeof KINDS;
  readonly marked: boolean | null;
  readonly below: boolean;
  readonly touched: boolean;
  readonly type: number | null;
}

/** One entry, for the pointer and for the reader. */
export function entryText(entry: EntryShape, names: readonly string[]): string {
  const { level, first, index, kind, marked, below, touched, type } = entry;
  const what = type === null ? KINDS[kind] : typeWord(names[type], type);
  const parts = [
    `level ${level}, entry ${index}`,
    `${hex(first)}, ${orderSize(9 * level)}`,
    what,
    kind === 'empty' || marked === null ? '' : marked ? 'marked' : 'settled',
    below && !marked ? 'marks below' : '',
    touched ? 'written by this step' : '',
  ];
  return parts.filter(Boolean).join(', ');
}

export const EPT_TWIN = {
  runs: (paging: Paging): string => `Runs of equal entries in view, ${tablesName(paging)}`,
  runHead: ['level', 'first gfn', 'frames', 'entries', 'what', 'marked', 'settled'],
  unknown: 'not looked at',
  some: 'some',
  cut: (n: number): string => `${count(n)} more runs in view; zoom in for them.`,
  counts: 'Tables and entries by level',
  countHead: ['level', 'tables', 'marked', 'settled'],
  path: 'Way of this access through the levels',
  pathHead: ['level', 'first gfn', 'entry', 'what', 'mark', 'end'],
  noPath: 'This step does not walk the tables.',
  ended: (faulted: boolean): string => (faulted ? 'faulted here' : 'ended here'),
  curve: 'Entries of a server’s type left, by step',
  curveHead: ['step', 'entries left'],
  more: (n: number): string => `${count(n)} more changes.`,
} as const;

export const LEFT = {
  title: (numbered: boolean): string => (numbered ? 'Entries of servers’ types' : 'Type-15 entries left'),
  unit: 'entry_count, by step',
  none: 'No page of this run is of a type that a server claims.',
  uncounted: 'This version of Xen does not count them.',
  now: (n: number): string => `${count(n)} now`,
  figure: (n: number, step: number): string =>
    `${plural(n, 'entry', 'entries')} of a server’s type at step ${count(step)}`,
  step: (n: number): string => (n === 0 ? 'step 0' : count(n)),
  lastStep: (n: number): string => plural(n, 'step'),
} as const;

/** What is refused while entries of a released type are left, by hypercall: why, and where in Xen. */
export const MEANWHILE = {
  title: 'Meanwhile, until it reaches 0',
  map_mem_type_to_ioreq_server: ['An old owner’s pages would fall to the new one.', 'p2m_set_ioreq_server'],
  log_dirty: ['A page of this type cannot be counted dirty as well.', 'hap_enable_log_dirty'],
} as const;

/** Who heeds a field, said beside what it is for. */
const HEED = {
  processor: 'The processor reads it.',
  ignored: 'The processor ignores it.',
  zero: 'Must be 0 in an entry that points to a table.',
} as const;

/** Fields that the processor never reads, and those that it ignores or wants 0 where the entry points to a table. */
const IGNORED: Readonly<Record<Paging, { readonly always: string; readonly table: string; readonly zero: string }>> = {
  ept: { always: 'recalc snp sa_p2mt access tm', table: 'd suppress_ve', zero: 'emt ipat sp' },
  npt: { always: 'next_level p2mt iommu', table: 'd', zero: '' },
};
const has = (list: string, name: string): boolean => list.split(' ').includes(name);

/**
 * Whether the processor heeds a field, '' where nothing is said of it. In the lowest table Intel has no bit for a larger page.
 */
export function heed(paging: Paging, name: string, level: number, pointsToTable: boolean): string {
  const of = IGNORED[paging];
  if (has(of.always, name)) return HEED.ignored;
  if (pointsToTable && has(of.table, name)) return HEED.ignored;
  if (pointsToTable && has(of.zero, name)) return HEED.zero;
  if (paging === 'ept' && level === 0 && name === 'sp') return HEED.ignored;
  return paging === 'npt' && name === 'g' ? '' : HEED.processor;
}

/** A whole entry, high word first, in groups of four digits. */
export const entryHex = (low: number, high: number): string =>
  `0x${[high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0').replace(/^..../, '$&_')).join('_')}`;

export const ENTRY_WORDS = {
  bits: (low: number, width: number): string => (width === 1 ? `Bit ${low}` : `Bits ${low + width - 1} to ${low}`),
  before: 'before',
  after: 'after',
  place: (index: number, table: number): string => `entry ${index} of table ${hex(table)}`,
  placeLong: (index: number, table: number): string =>
    `Entry ${index} of the table that lies in machine frame ${hex(table)}`,
  whole: 'The whole entry',
  /** What an entry that leads on comes to. */
  leads: (marked: boolean, mfn: number, level: number): string =>
    marked
      ? 'Marked: the next walk through here exits, and the mark goes one level down.'
      : `Points to the table in mfn ${hex(mfn)}, whose entries map ${orderSize(9 * (level - 1))} each.`,
  twin: 'Fields of the entry, before and after this step',
  twinHead: ['field', 'bits', 'before', 'after', 'what it is for'],
} as const;
