/** What the view of guest memory says: its head, controls, legends, the labels of its marks, its list. */
import { count, hex, orderSize, parsePlace, plural, size } from './format';

/** What the colours of the map tell, by the choice's name. */
const GROUND_WORDS = {
  stored: 'stored type',
  effective: 'effective type',
  heat: 'write heat',
  changed: 'this step',
} as const;

/** Where a mark for recalculation lies, by level. */
const LEVEL_MARKS = ['a 4 KiB entry', 'a 2 MiB entry', 'a 1 GiB entry', 'the top table'] as const;

export const MEMORY = {
  title: 'Guest memory',
  empty: 'No guest yet. Open a scenario to see its memory.',
  whole: 'Whole',
  wholeLong: 'Show the whole guest',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  jump: 'Go to a gfn or address',
  jumpLong: 'Go to a gfn or address, or select a range such as 0x1000-0x1fff',
  jumpHint: 'gfn or address',
  noPlace: 'No such frame in this guest',
  census: 'Frames by stored p2m type',
  effectiveCensus: 'Frames by effective p2m type',
  type: 'type',
  frames: 'frames',
  help:
    'Arrow keys move, page up and page down by a screenful, Enter selects, Escape lets go, plus and minus zoom, Home shows the whole guest. ' +
    'The left bracket makes the cell the start of a range, the right bracket its end.',
  ground: 'What the colours show',
  grounds: GROUND_WORDS,
  groundLong: {
    stored: 'the type that each entry says',
    effective: 'the type that get_entry answers, marks on the way counted',
    heat: 'intercepted writes so far',
    changed: 'what this step wrote',
  },
  pending: 'pending',
  pendingLong: 'pending: hatch what waits for its recalculation',
  range: 'Range',
  rangeLong: 'Select a range: drag, or press Enter at both ends. Shift and drag does it at any time',
  controls: 'Map controls',
  minimap: 'The whole guest: drag to move',
  unit: (bytes: number, unit: number, row: number | null): string =>
    `${size(bytes)}, ` +
    (row === null ? '' : `${plural(bytes / 4096, 'frame')}, `) +
    `one ${unit === 1 ? 'frame is 4 KiB' : `cell is ${size(unit * 4096)}`}` +
    (row === null ? '' : `, one row ${size(row * 4096)}`),
  others: (n: number): string => `${n} more ${n === 1 ? 'type' : 'types'}: none`,
  figure: (bytes: number): string => `Guest memory by type, ${size(bytes)}`,
  map: 'Map of guest memory',
  block: (first: number): string => `512 frames from ${hex(first)}`,
  frame: (gfn: number, type: string, order: number): string => `${hex(gfn)}  ${type}, ${orderSize(order)}`,
  cell: (gfn: number, frames: number): string => `${hex(gfn)}, ${count(frames)} frames`,
  pure: (gfn: number, frames: number, name: string): string => `${hex(gfn)}, ${count(frames)} frames of ${name}`,
  mix: (parts: readonly { name: string; frames: number }[]): string =>
    parts.map((part) => `${count(part.frames)} ${part.name}`).join(', '),
  noEntry: 'no entry',
  reads: (type: string): string => `reads as ${type}`,
  waits: (level: number): string => `marked at ${LEVEL_MARKS[level]}`,
  one: (order: number): string => `one entry of ${orderSize(order)}`,
  writes: (n: number): string => `${plural(n, 'intercepted write')} so far`,
  changed: 'written by this step',

  /** The legends. */
  pendingLegend: 'marked at',
  pendingLevels: ['4 KiB', '2 MiB', '1 GiB', 'top'],
  heatLegend: (frames: number): string =>
    `intercepted writes so far, in ${frames === 1 ? 'a frame' : size(frames * 4096)}`,
  heatFrom: (n: number, next: number | null): string =>
    next === null ? `${count(n)} or more` : next === n + 1 ? count(n) : `${count(n)} to ${count(next - 1)}`,
  heatNone: '0',
  changes: (cells: number): string =>
    cells === 0 ? 'This step wrote no entry.' : `This step wrote entries in ${plural(cells, 'cell')} of 2 MiB.`,

  /** The enlarged block. */
  blockTitle: (first: number): string => `Block ${hex(first)}, 2 MiB`,
  blockSplit: (order: number): string =>
    `${order === 9 ? 'one entry' : `part of one entry of ${orderSize(order)}`} before this step, now 512`,
  blockJoined: '512 entries before this step, now one',
  blockOrder: (order: number): string =>
    order === 0 ? 'a table of 512 entries' : order === 9 ? 'one entry' : `part of one entry of ${orderSize(order)}`,
  before: 'before',
  after: (table: boolean): string => (table ? 'after: a table of 512 entries' : 'after: one entry'),
  now: (order: number): string => (order === 0 ? '512 entries' : MEMORY.blockOrder(order)),
  ofFrame: (gfn: number, type: string, pending: string): string => `frame ${hex(gfn)} is ${type}, ${pending}`,
  frameBare: (gfn: number): string => `frame ${hex(gfn)} has no entry`,
  blockBare: 'no entry maps it',
  unmarked: 'unmarked',

  /** The range. */
  rangeTitle: (first: number, last: number): string => `${hex(first)} to ${hex(last)}`,
  rangeUnit: (frames: number): string => `${plural(frames, 'frame')}, ${size(frames * 4096)}`,
  rangeRegion: 'Selected range',
  rangeClear: 'Let go',
  rangeNothing: 'Nothing can be asked of Xen for these frames at this step.',
  /** `most`: frames that one call may change. */
  rangeTooLong: (most: number, offers: boolean): string =>
    `More than ${count(most)} frames: ${offers ? 'only servers can be told of them.' : 'select fewer to change them.'}`,
  rangeStart: (gfn: number): string => `Range starts at ${hex(gfn)}. Press Enter at the other end.`,
  refused: 'would be refused',

  /** The list that tells what the picture shows. */
  twin: 'Runs of frames in the part of guest memory that is shown',
  twinHead: ['first gfn', 'last', 'stored type', 'effective type', 'mapped by', 'pending', 'intercepted writes'],
  twinFoot: (shown: number): string =>
    `The first ${shown} runs. Zoom in, or go to a gfn or address, to list the runs of a smaller part.`,
  mixed: 'mixed',
  notAsked: 'not asked',
  none: 'none',
  mappedBy: (order: number): string => (order < 0 ? 'nothing' : orderSize(order)),
  pendingAt: (level: number): string => MEMORY.pendingLevels[level] ?? '',
} as const;

/**
 * A range as people type it: two places parted by a hyphen or "to", each as in parsePlace. The last may come first. null:
 * it is none, or one of the two is no frame of this guest.
 */
export function parseRange(text: string, frames: number): { readonly first: number; readonly last: number } | null {
  const parts = /^(.+?)(?:-|\bto\b)(.+)$/.exec(text);
  if (!parts) return null;
  const a = parsePlace(parts[1]!, frames);
  const b = parsePlace(parts[2]!, frames);
  return a === null || b === null ? null : { first: Math.min(a, b), last: Math.max(a, b) };
}
