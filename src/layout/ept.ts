/**
 * The tables of the p2m as an icicle: a row a level, the root (level 3) on top, all over one axis of guest frames. Equal
 * entries beside each other are one run; runs narrower than a pixel are one mark with the shares of what is in it. Where
 * an entry points to a table, the row below goes on. Only what is in view is looked at, so that the work is that of the
 * picture, not of the guest. Lengths are CSS pixels, addresses guest frames.
 */
import { hierarchy, partition } from 'd3';
import { Row, type Run } from './ept-row';

/** Bits of an entry's byte, as in the worker's protocol, which holds them equal by a test. */
export const ENTRY_BITS = { kind: 3, empty: 0, leaf: 1, table: 2, marked: 4, below: 8, touched: 16 } as const;
export const FANOUT = 512;
export const ROOT = 3;
export const LEVELS = [3, 2, 1, 0] as const;

/** Frames that an entry of a level maps. */
export const entryFrames = (level: number): number => FANOUT ** level;

/** Single frames that are at hand: those from `first` on. */
export interface SeenFrames {
  readonly first: number;
  readonly types: Uint8Array;
  readonly pending: Uint8Array;
  readonly touched: Uint8Array;
}

export interface Tables {
  /** Frames of the guest's address space. */
  readonly frames: number;
  /** A byte for each entry of level 1, 2, 3, at that index. */
  readonly entries: readonly Uint8Array[];
  /** Single frames of the table (512 frames from `first`), null while they are not at hand. */
  readonly seen: (first: number) => SeenFrames | null;
}

/** The frames in view, `to` exclusive, and the pixels they are drawn over. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

/** `table`: points to one. `unread`: entries of level 0 known only by what their table is. `mixed`: of several sorts. */
export type Kind = 'empty' | 'leaf' | 'table' | 'unread' | 'mixed';

/** Entries of one level that are drawn as one. */
export interface Mark {
  readonly level: number;
  /** First frame, and frames: whole entries, also where they reach out of view. */
  readonly first: number;
  readonly frames: number;
  readonly entries: number;
  readonly kind: Kind;
  /** Entries of these that are not empty, and that are marked; null: only of their table is something known. */
  readonly present: number | null;
  readonly marked: number | null;
  /** Share of these that is not empty, and that is marked, 0 to 1, for drawing; of unread ones counted by table. */
  readonly filled: number;
  readonly hatched: number;
  /** Marks lie in the tables under it, or, of unread entries, among them. */
  readonly below: boolean;
  /** This step wrote one of them. */
  readonly touched: boolean;
  /** p2m type, where it is known of every one and the same. */
  readonly type: number | null;
  /** Pixels from the left of the window, cut at its borders. */
  readonly x0: number;
  readonly x1: number;
}

/** The table that a run of entries points to: a box round what it holds, in the row below. */
export interface TableBox {
  /** Level of its entries. */
  readonly level: number;
  readonly x0: number;
  readonly x1: number;
  readonly first: number;
  /** Tables side by side that are drawn as one. */
  readonly tables: number;
}

export interface Icicle {
  readonly window: Window;
  /** By level, 0 first. */
  readonly rows: readonly (readonly Mark[])[];
  readonly boxes: readonly TableBox[];
}

interface Node {
  readonly run: Run | null;
  /** Frames in view. */
  readonly span: number;
  readonly children: Node[] | undefined;
}

/** Pixels from which a table shows its single entries. */
export const SINGLE = 24;

/** The icicle of what is in view. */
export function icicle(tables: Tables, window: Window): Icicle {
  const rows: Mark[][] = [[], [], [], []];
  const boxes: TableBox[] = [];
  if (tables.frames === 0 || window.width <= 0 || window.to <= window.from) return { window, rows, boxes };
  boxes.push({ level: ROOT, x0: 0, x1: window.width, first: 0, tables: 1 });
  const root = hierarchy<Node>({
    run: null,
    span: window.to - window.from,
    children: nodes(tables, window, ROOT, window.from, window.to),
  }).sum((node) => (node.children ? 0 : node.span));
  partition<Node>()
    .size([window.width, LEVELS.length + 1])(root)
    .each((node) => {
      const { run } = node.data;
      if (!run) return;
      const mark: Mark = { ...run, x0: node.x0, x1: node.x1 };
      rows[run.level]!.push(mark);
      if (node.children) boxes.push(...boxesOf(mark, window));
    });
  return { window, rows, boxes };
}

function nodes(tables: Tables, window: Window, level: number, from: number, to: number): Node[] {
  const row = new Row(level, window, from, to);
  if (level > 0) upper(row, tables.entries[level], from, to);
  else lowest(row, tables, (FANOUT * window.width) / (window.to - window.from) >= SINGLE, from, to);
  return row.done().map((run) => {
    const a = Math.max(run.first, from);
    const b = Math.min(run.first + run.frames, to);
    const deeper = level > 0 && (run.kind === 'table' || (run.kind === 'mixed' && holdsTable(tables, run)));
    return { run, span: b - a, children: deeper ? nodes(tables, window, level - 1, a, b) : undefined };
  });
}

function holdsTable({ entries }: Tables, { level, first, entries: n }: Run): boolean {
  const from = first / entryFrames(level);
  for (let i = from; i < from + n; i++) if (kindOf(entries[level]![i] ?? 0) === 'table') return true;
  return false;
}

const kindOf = (byte: number): 'empty' | 'leaf' | 'table' =>
  (byte & ENTRY_BITS.kind) === ENTRY_BITS.table ? 'table' : (byte & ENTRY_BITS.kind) === 0 ? 'empty' : 'leaf';

/** Entries of a level above the lowest that reach into the frames `from` to `to`. */
function upper(row: Row, bytes: Uint8Array | undefined, from: number, to: number): void {
  const size = entryFrames(row.level);
  const last = Math.ceil(to / size);
  for (let a = Math.floor(from / size); a < last;) {
    const byte = bytes?.[a] ?? 0;
    let b = a + 1;
    while (b < last && (bytes?.[b] ?? 0) === byte) b++;
    const marked = (byte & ENTRY_BITS.marked) !== 0;
    const below = (byte & ENTRY_BITS.below) !== 0;
    const touched = (byte & ENTRY_BITS.touched) !== 0;
    row.add({ first: a * size, entries: b - a, kind: kindOf(byte), marked, below, touched, type: null });
    a = b;
  }
}

/** Entries of the lowest level: frame by frame where they are at hand and the tables wide enough, else by what their table is. */
function lowest(row: Row, { entries, seen }: Tables, wide: boolean, from: number, to: number): void {
  const last = Math.ceil(to / FANOUT);
  const state = (cell: number): number => (entries[1]?.[cell] ?? 0) & (ENTRY_BITS.kind | ENTRY_BITS.below);
  for (let cell = Math.floor(from / FANOUT); cell < last;) {
    const byte = state(cell);
    const table = kindOf(byte) === 'table';
    const frames = wide && table ? seen(cell * FANOUT) : null;
    if (frames) {
      single(row, frames, Math.max(from, cell * FANOUT), Math.min(to, (cell + 1) * FANOUT));
      cell++;
      continue;
    }
    let end = cell + 1;
    while (end < last && state(end) === byte && !(wide && table && seen(end * FANOUT))) end++;
    const below = table && (byte & ENTRY_BITS.below) !== 0;
    const entries = (end - cell) * FANOUT;
    const kind = table ? 'unread' : 'empty';
    row.add({ first: cell * FANOUT, entries, kind, marked: below ? null : false, below, touched: false, type: null });
    cell = end;
  }
}

/** No entry: the type that stands for it among the frames. */
const NO_ENTRY = 255;

/** Entries of level 0 one by one. A mark higher up hides what the entry itself has: it is drawn where it is. */
function single(row: Row, { first, types, pending, touched }: SeenFrames, from: number, to: number): void {
  const at = (gfn: number): number => {
    const i = gfn - first;
    return (types[i] ?? NO_ENTRY) | (pending[i] === 0 ? 0x100 : 0) | (touched[i] ? 0x200 : 0);
  };
  const last = Math.ceil(to);
  for (let a = Math.floor(from); a < last;) {
    const code = at(a);
    let b = a + 1;
    while (b < last && at(b) === code) b++;
    const type = code & 0xff;
    const empty = type === NO_ENTRY;
    const marked = (code & 0x100) !== 0;
    const touched = (code & 0x200) !== 0;
    const kind = empty ? 'empty' : 'leaf';
    row.add({ first: a, entries: b - a, kind, marked, below: false, touched, type: empty ? null : type });
    a = b;
  }
}

/** Pixels from which tables side by side have each its own box. */
const OWN_BOX = 5;

function boxesOf(mark: Mark, { from, to, width }: Window): TableBox[] {
  const { first, frames, x0, x1 } = mark;
  const level = mark.level - 1;
  const size = entryFrames(mark.level);
  const scale = width / (to - from);
  if (mark.kind !== 'table' || size * scale < OWN_BOX) return [{ level, x0, x1, first, tables: frames / size }];
  const boxes: TableBox[] = [];
  const a = Math.max(first, Math.floor(from / size) * size);
  for (let at = a; at < Math.min(first + frames, to); at += size)
    boxes.push({
      level,
      x0: Math.max(x0, (at - from) * scale),
      x1: Math.min(x1, (at + size - from) * scale),
      first: at,
      tables: 1,
    });
  return boxes;
}
