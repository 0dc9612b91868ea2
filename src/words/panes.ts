/** What the panes of memory, tables and lanes say: heads, labels, empty states. */
import { count, gpuAddress, hex, LEVEL_WORDS, orderSize, size } from './format';

/** `p2m_ioreq_server` -> `ioreq_server`. */
export const typeWord = (name: string | undefined, type: number): string =>
  name?.replace(/^p2m_/, '') ?? `type ${type}`;

export const MEMORY = {
  title: 'Guest memory',
  empty: 'No guest yet. Open a scenario to see its memory.',
  whole: 'Whole',
  wholeLong: 'Show the whole guest',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  jump: 'Go to a gfn or address',
  jumpHint: 'gfn or address',
  noPlace: 'No such frame in this guest',
  census: 'Frames by stored p2m type',
  type: 'type',
  frames: 'frames',
  help: 'Arrow keys move, Enter selects, Escape lets go, plus and minus zoom, Home shows the whole guest.',
  unit: (bytes: number, unit: number): string =>
    `${size(bytes)}, one ${unit === 1 ? 'frame is 4 KiB' : `cell is ${size(unit * 4096)}`}`,
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
};

export const GTT = {
  title: 'PPGTT and its shadow',
  address: (gma: number): string => `GPU address ${gpuAddress(gma)}`,
  input: 'Walk a GPU address',
  inputHint: 'GPU address',
  follow: 'Follow',
  followLong: 'Follow the write again',
  empty: 'No GPU page table yet.',
  create: 'ppgtt_create',
  noRows: 'This step is not about an entry of a table. Type a GPU address to walk one.',
  guest: (trapped: boolean): string => `guest tables${trapped ? ': frames of type 15' : ''}`,
  shadow: 'shadow: what the GPU runs on',
  p2m: 'p2m',
  notYet: 'not yet',
  nothing: 'not present',
  stale: 'stale',
  unfollowed: 'not followed',
  entry: 'entry',
  guestGfn: 'guest, gfn',
  /** What the shadow should hold: at a table of tables, the shadow of the table below. */
  p2mMfn: (level: number): string => (level === 0 ? 'p2m says, mfn' : 'its shadow, mfn'),
  shadowMfn: 'shadow, mfn',
  none: 'not present',
  noMfn: (level: number): string => (level === 0 ? 'no frame' : 'no shadow'),
  inFlight: ', in flight',
  staleRow: ', stale',
  drawn: (shown: number, all: number, level: number): string =>
    `${count(shown)} of ${count(all)} ${LEVEL_WORDS[level]}s drawn`,
  figure: 'Trees of the guest GPU page tables and of their shadow',
  pathStep: (level: number, gfn: number, slot: number, shadow: number | null): string =>
    `${LEVEL_WORDS[level]} in gfn ${hex(gfn)}, entry ${slot}, ` +
    (shadow === null ? 'no shadow yet' : `shadow in mfn ${hex(shadow)}`),
};

export const LANES = {
  title: 'This write, actor by actor',
  titleIdle: 'Actor by actor',
  steps: (from: number, to: number, hidden: string): string =>
    `steps ${count(from)} to ${count(to)}${hidden && `, ${hidden}`}`,
  folded: (waits: number, idle: number): string =>
    [waits > 0 && `${waits} ${waits === 1 ? 'waits' : 'wait'}`, idle > 0 && `${idle} idle`].filter(Boolean).join(', '),
  waits: 'waits for the response',
  waitsShort: 'waits',
  figure: 'Events of each actor',
  now: 'now',
  empty: 'Nothing has happened yet. Step forward to see who acts.',
  ended: (actor: string): string => `${actor} has stopped for good`,
  item: (step: number, actor: string, what: string): string => `step ${count(step)}, ${actor}: ${what}`,
};
