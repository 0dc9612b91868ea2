/**
 * Where the panes lie: a tree of splits in, a box for each leaf out. A box is given as shares of the whole and pixels, so that
 * it holds at any size; only what an item must come to at least is worked out from the size at hand.
 */

export interface FrameSplit<V extends string> {
  readonly dir: 'row' | 'col';
  /** Percent of the room that the gaps leave, 100 in all. */
  readonly sizes: readonly number[];
  readonly least?: readonly number[];
  readonly items: readonly FrameTree<V>[];
}
export type FrameTree<V extends string> = V | FrameSplit<V>;

/** Between two items, pixels: side by side, one above the other. */
export const GAP = { row: 32, col: 12 } as const;
/** No divider makes a pane less than this, pixels. */
export const LEAST = { row: 240, col: 110 } as const;

/** Share of the whole, and pixels on top. */
export interface Length {
  readonly share: number;
  readonly px: number;
}
export interface Box {
  readonly x: Length;
  readonly y: Length;
  readonly w: Length;
  readonly h: Length;
}

/** A split with its shares as they come out at a size. */
export interface Parted<V extends string> {
  readonly dir: 'row' | 'col';
  /** Which item to go into, from the root. */
  readonly path: readonly number[];
  readonly sizes: readonly number[];
  /** The least share of each that a divider leaves it. */
  readonly bounds: readonly number[];
  readonly items: readonly (V | Parted<V>)[];
}

/** Shares of `room` pixels, percent: as wished, but none less than its least as long as they all have room. */
export function fit(sizes: readonly number[], least: readonly number[], room: number): readonly number[] {
  const sum = least.reduce((a, b) => a + b, 0);
  if (room <= 0 || sum <= 0) return sizes;
  const lows = least.map((px) => (px / Math.max(room, sum)) * 100);
  const held = new Set<number>();
  for (;;) {
    const free = 100 - lows.reduce((a, low, i) => a + (held.has(i) ? low : 0), 0);
    const weight = sizes.reduce((a, size, i) => a + (held.has(i) ? 0 : size), 0);
    const out = sizes.map((size, i) => (held.has(i) ? lows[i]! : weight > 0 ? (size / weight) * free : 0));
    const short = out.findIndex((size, i) => !held.has(i) && size < lows[i]! - 1e-9);
    if (short < 0) return out;
    held.add(short);
  }
}

/** The least that a tree can do with along `dir`, pixels. */
export function leastOf<V extends string>(tree: FrameTree<V>, dir: 'row' | 'col'): number {
  if (typeof tree === 'string') return LEAST[dir];
  const each = tree.items.map((item) => leastOf(item, dir));
  return tree.dir === dir ? each.reduce((a, b) => a + b, (each.length - 1) * GAP[dir]) : Math.max(...each);
}

/** The tree as it is parted at `width` x `height` pixels. */
export function part<V extends string>(
  tree: FrameTree<V>,
  width: number,
  height: number,
  path: readonly number[] = [],
): V | Parted<V> {
  if (typeof tree === 'string') return tree;
  const { dir, items } = tree;
  const room = (dir === 'row' ? width : height) - (items.length - 1) * GAP[dir];
  const low = items.map((item) => leastOf(item, dir));
  const least = low.map((px, i) => Math.max(px, tree.least?.[i] ?? 0));
  const sizes = fit(tree.sizes, least, room);
  const sum = Math.max(
    room,
    low.reduce((a, b) => a + b, 0),
    1,
  );
  return {
    dir,
    path,
    sizes,
    bounds: low.map((px) => (px / sum) * 100),
    items: items.map((item, i) => {
      const px = (sizes[i]! / 100) * room;
      return dir === 'row' ? part(item, px, height, [...path, i]) : part(item, width, px, [...path, i]);
    }),
  };
}

const WHOLE: Box = {
  x: { share: 0, px: 0 },
  y: { share: 0, px: 0 },
  w: { share: 1, px: 0 },
  h: { share: 1, px: 0 },
};
const add = (a: Length, b: Length): Length => ({ share: a.share + b.share, px: a.px + b.px });
const times = (a: Length, by: number): Length => ({ share: a.share * by, px: a.px * by });

/** The box of each leaf. */
export function boxes<V extends string>(tree: V | Parted<V>, within: Box = WHOLE): ReadonlyMap<V, Box> {
  if (typeof tree === 'string') return new Map([[tree, within]]);
  const [from, along] = tree.dir === 'row' ? (['x', 'w'] as const) : (['y', 'h'] as const);
  const gap: Length = { share: 0, px: GAP[tree.dir] };
  const room = add(within[along], times(gap, 1 - tree.items.length));
  let at = within[from];
  const found = new Map<V, Box>();
  tree.items.forEach((item, i) => {
    const length = times(room, tree.sizes[i]! / 100);
    for (const [leaf, box] of boxes(item, { ...within, [from]: at, [along]: length })) found.set(leaf, box);
    at = add(add(at, length), gap);
  });
  return found;
}

const css = ({ share, px }: Length): string => `calc(${+(share * 100).toFixed(4)}% + ${+px.toFixed(3)}px)`;

/** A box as the declarations of a positioned element. */
export const boxStyle = ({ x, y, w, h }: Box): string =>
  `left:${css(x)};top:${css(y)};width:${css(w)};height:${css(h)}`;

/** Where a pane stands when the screen is not wide: a cell of two columns. */
export interface Cell<V extends string> {
  readonly view: V;
  readonly across: boolean;
}

/** Leaves in rows of two columns; what is `wide`, or is left without a neighbour, lies across both. */
export function cells<V extends string>(leaves: readonly V[], wide: (view: V) => boolean): readonly Cell<V>[] {
  const out: Cell<V>[] = [];
  for (let i = 0; i < leaves.length; i++) {
    const view = leaves[i]!;
    const next = leaves[i + 1];
    const across = wide(view) || next === undefined || wide(next);
    out.push({ view, across });
    if (!across) out.push({ view: leaves[++i]!, across: false });
  }
  return out;
}

/** From here on a row of the two columns is a large one, pixels. */
const LARGE = 300;

/** The rows of two columns as grid tracks. `low`: the height of a view at least, pixels; null: as high as it is. */
export function tracks<V extends string>(of: readonly Cell<V>[], low: (view: V) => number | null): string {
  const rows: V[][] = [];
  let open = false;
  for (const { view, across } of of) {
    if (open && !across) rows.at(-1)!.push(view);
    else rows.push([view]);
    open = !across && !open;
  }
  return rows
    .map((row) => {
      const lows = row.map(low).filter((px) => px !== null);
      if (lows.length === 0) return 'auto';
      const px = Math.max(...lows);
      return `minmax(${px}px, ${px >= LARGE ? 1 : 0.5}fr)`;
    })
    .join(' ');
}
