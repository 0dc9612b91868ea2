/**
 * The guest's GPU page tables and their shadow as two trees that face each other, roots outside, leaves inside, and the p2m
 * between them. A table is a bar, its height no measure of anything but room: the table in focus gets the most.
 */
import { linkHorizontal } from 'd3';

export interface TreeTable {
  readonly level: number;
  readonly parent: number;
  readonly slot: number;
}

export const LEVELS = [3, 2, 1, 0] as const;
export const ENTRIES = 512;

export interface Slab {
  readonly y: number;
  readonly h: number;
}

export interface Step {
  readonly table: number;
  readonly slot: number;
}

/** Tables that get the most room: those on the path, and any others named. */
export const litTables = (path: readonly Step[], ...others: readonly number[]): ReadonlySet<number> =>
  new Set([...path.map(({ table }) => table), ...others]);

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

/** The entry so far down a table, 0 .. 1 of it. */
export const slotAt = (share: number): number => Math.max(0, Math.min(ENTRIES - 1, Math.floor(share * ENTRIES)));

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

/** Curve from one point to another, level at both ends. */
export const bend = (x1: number, y1: number, x2: number, y2: number): string =>
  curve({ source: [x1, y1], target: [x2, y2] }) ?? '';

/** Curve from an entry to the table it points at, from the side of one bar to that of the other; `y2` is on that table. */
export const link = (x1: number, y1: number, x2: number, y2: number, bar: number): string => {
  const side = Math.sign(x2 - x1) * (bar / 2);
  return bend(x1 + side, y1, x2 - side, y2);
};

/** How many steps of the path the shadow takes too: as far as its tables are the shadows of those on the path. */
export function shadowed(
  tables: readonly { readonly shadow: number | null }[],
  path: readonly Step[],
  steps: readonly { readonly shadow: { readonly table: number } | null }[],
): number {
  const end = path.findIndex(({ table }, i) => {
    const own = tables[table]?.shadow ?? null;
    return own === null || steps[i]?.shadow?.table !== own;
  });
  return end < 0 ? path.length : end;
}

/**
 * Where a key leads from table `at`: up and down among those of its level, towards the leaves (to the table on the path, if
 * that is one of its children), back to its parent, to the root or the last table. null: the key is none of these.
 */
export function treeMove(
  tables: readonly TreeTable[],
  at: number,
  key: string,
  lit: ReadonlySet<number>,
): number | null {
  const here = tables[at];
  if (!here) return tables.length > 0 && key.startsWith('Arrow') ? 0 : null;
  const level = [...tables.keys()].filter((i) => tables[i]!.level === here.level);
  const place = level.indexOf(at);
  const children = [...tables.keys()].filter((i) => tables[i]!.parent === at);
  switch (key) {
    case 'ArrowUp':
      return level[Math.max(0, place - 1)]!;
    case 'ArrowDown':
      return level[Math.min(level.length - 1, place + 1)]!;
    case 'ArrowRight':
      return children.find((i) => lit.has(i)) ?? children[0] ?? at;
    case 'ArrowLeft':
      return here.parent < 0 ? at : here.parent;
    case 'Home':
      return 0;
    case 'End':
      return tables.length - 1;
    default:
      return null;
  }
}
