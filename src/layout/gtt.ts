/**
 * The guest's GPU page tables and their shadow as two trees that face each other, roots outside, leaves inside, and the p2m
 * between them. A table is a bar, its height no measure of anything but room: the table in focus gets the most.
 */
import { linkHorizontal } from 'd3';

export interface TreeTable {
  readonly level: number;
  readonly gfn: number;
  readonly shadow: number | null;
  readonly parent: number;
  readonly slot: number;
  readonly guestFill: Uint8Array;
  readonly shadowFill: Uint8Array;
}

export const LEVELS = [3, 2, 1, 0] as const;
export const ENTRIES = 512;
export const BAR = 8;

export interface Columns {
  /** Middle of the bars of levels 0 .. 3. */
  readonly guest: readonly number[];
  readonly shadow: readonly number[];
  readonly middle: number;
}

export function columns(width: number): Columns {
  const edge = 16;
  const apart = (width / 2 - edge) * 0.218;
  const guest = [3, 2, 1, 0].map((fromLeft) => edge + apart * fromLeft);
  return { guest, shadow: guest.map((x) => width - x), middle: width / 2 };
}

export interface Slab {
  readonly y: number;
  readonly h: number;
}

/** Entries taken from the root down to the table in focus. Without a walk: by the parents of that table. */
export function walk(
  tables: readonly TreeTable[],
  path: readonly { readonly table: number; readonly slot: number }[],
  table: number,
  slot: number,
): { table: number; slot: number }[] {
  if (path.length > 0) {
    const end = path.findIndex((step) => step.table === table);
    return end < 0 ? [...path] : path.slice(0, end + 1);
  }
  const up: { table: number; slot: number }[] = [];
  let at = table;
  let by = slot;
  for (let here = tables[at]; here; here = tables[at]) {
    up.unshift({ table: at, slot: by });
    by = here.slot;
    at = here.parent;
  }
  return up;
}

/** Top and height of each table's bar, by index into `tables`; tables of one level stack up in address order. */
export function stack(tables: readonly TreeTable[], lit: ReadonlySet<number>, top: number, height: number): Slab[] {
  const slabs: Slab[] = tables.map(() => ({ y: top, h: 0 }));
  for (const level of LEVELS) {
    const here = [...tables.keys()].filter((i) => tables[i]!.level === level);
    const gap = Math.min(14, (height * 0.3) / Math.max(1, here.length - 1));
    const room = height - gap * (here.length - 1);
    const weights = here.map((i) => (lit.has(i) ? Math.max(3, here.length * 0.5) : 1));
    const all = weights.reduce((a, b) => a + b, 0);
    let y = top;
    for (const [n, i] of here.entries()) {
      const h = (room * weights[n]!) / all;
      slabs[i] = { y, h };
      y += h + gap;
    }
  }
  return slabs;
}

/** Height of an entry in its table's bar. */
export const entryY = (slab: Slab, slot: number): number => slab.y + ((slot + 0.5) / ENTRIES) * slab.h;

/** Runs of equally filled parts of a bar: `share` 0 .. 1 of the entries are present. */
export function fills(fill: Uint8Array, slab: Slab): { y: number; h: number; share: number }[] {
  const runs: { y: number; h: number; share: number }[] = [];
  const per = ENTRIES / fill.length;
  for (let from = 0, to = 1; to <= fill.length; to++)
    if (to === fill.length || fill[to] !== fill[from]) {
      const share = fill[from]! / per;
      if (share > 0)
        runs.push({ y: slab.y + (from / fill.length) * slab.h, h: ((to - from) / fill.length) * slab.h, share });
      from = to;
    }
  return runs;
}

const curve = linkHorizontal<unknown, [number, number]>();

/** Curve from an entry to the table it points at; `at` is where on that table it ends. */
export const link = (x1: number, y1: number, x2: number, y2: number): string => {
  const side = Math.sign(x2 - x1) * (BAR / 2);
  return curve({ source: [x1 + side, y1], target: [x2 - side, y2] }) ?? '';
};

/** Rows to show when only `most` fit: those round the focus. */
export function rowsRound<R extends { readonly index: number }>(rows: readonly R[], slot: number, most: number): R[] {
  const at = Math.max(
    0,
    rows.findIndex((row) => row.index === slot),
  );
  const from = Math.max(0, Math.min(at - Math.floor(most / 2), rows.length - most));
  return rows.slice(from, from + most);
}
