/**
 * How the screen is parted: a tree of splits whose leaves are views. Plain data and pure functions; where each leaf then lies
 * is layout/frame.ts. A view stands in one place at most. Two views are made of others ("composite") and show those of their
 * parts that have no pane of their own.
 */

export const VIEWS = [
  'memory',
  'ept',
  'gtt',
  'time',
  'writes',
  'entry',
  'servers',
  'invariants',
  'costs',
  'next',
  'histories',
  'below',
  'inspector',
] as const;
export type ViewName = (typeof VIEWS)[number];

export const PRESETS = ['overview', 'memory', 'gtt', 'race', 'costs'] as const;
export type Preset = (typeof PRESETS)[number];

/** Items side by side (`row`) or one above the other (`col`). */
export interface Split {
  readonly dir: 'row' | 'col';
  /** Share of each item, percent of the room that the gaps leave; 100 in all. */
  readonly sizes: readonly number[];
  /** The least that an item may come to in pixels, as long as nobody has moved a divider of this split. */
  readonly least?: readonly number[];
  readonly items: readonly Tree[];
}
export type Tree = ViewName | Split;

/** The parts of views that are made of others. */
export const PARTS: Readonly<Partial<Record<ViewName, readonly ViewName[]>>> = {
  below: ['time', 'writes'],
  inspector: ['entry', 'servers', 'invariants', 'costs'],
};

const row = (sizes: readonly number[], items: readonly Tree[], least?: readonly number[]): Split =>
  least ? { dir: 'row', sizes, least, items } : { dir: 'row', sizes, items };
const col = (sizes: readonly number[], items: readonly Tree[]): Split => ({ dir: 'col', sizes, items });

/** Overview is 4 + 5 + 3 of 12 columns, time below the first two; 75.435 is where that puts the gap at 1920 pixels. */
export const DEFAULTS: Readonly<Record<Preset, Tree>> = {
  overview: row(
    [75.435, 24.565],
    [col([66, 34], [row([400 / 9, 500 / 9], ['memory', 'gtt'], [392, 0]), 'below']), 'inspector'],
    [0, 324],
  ),
  memory: row([62, 38], ['memory', col([54, 46], ['ept', 'entry'])], [0, 400]),
  gtt: col([62, 38], [row([68, 32], ['gtt', 'entry'], [0, 340]), 'writes']),
  race: col(
    [56, 44],
    [row([62, 38], ['time', 'next'], [0, 324]), row([32, 68], ['invariants', 'histories'], [324, 0])],
  ),
  costs: col([62, 38], ['costs', row([68, 32], ['writes', 'servers'], [0, 324])]),
};

/** The view that stands for a preset: what is presented, and what a key is about when nothing has the focus. */
export const MAIN: Readonly<Record<Preset, ViewName>> = {
  overview: 'gtt',
  memory: 'memory',
  gtt: 'gtt',
  race: 'time',
  costs: 'costs',
};

/** The views of a tree in reading order. */
export const leavesOf = (tree: Tree): readonly ViewName[] =>
  typeof tree === 'string' ? [tree] : tree.items.flatMap(leavesOf);

/** The leaf in which a view is seen: itself, or what it is a part of; null: nowhere. */
export function paneOf(leaves: readonly ViewName[], view: ViewName): ViewName | null {
  if (leaves.includes(view)) return view;
  return leaves.find((leaf) => PARTS[leaf]?.includes(view)) ?? null;
}

/** What a composite view shows beside the others: its parts that have no pane of their own. */
export const partsOf = (leaves: readonly ViewName[], view: ViewName): readonly ViewName[] =>
  (PARTS[view] ?? []).filter((part) => !leaves.includes(part));

const mapLeaves = (tree: Tree, to: (view: ViewName) => ViewName): Tree =>
  typeof tree === 'string' ? to(tree) : { ...tree, items: tree.items.map((item) => mapLeaves(item, to)) };

/** Two views change places; one that has none takes the place of the other. */
export const swap = (tree: Tree, a: ViewName, b: ViewName): Tree =>
  mapLeaves(tree, (view) => (view === a ? b : view === b ? a : view));

/** Gives the items of a split other shares. `path`: which item to go into, from the root. */
export function resize(tree: Tree, path: readonly number[], sizes: readonly number[]): Tree {
  if (typeof tree === 'string') return tree;
  const [into, ...rest] = path;
  if (into === undefined)
    return sizes.length === tree.items.length ? { dir: tree.dir, sizes, items: tree.items } : tree;
  return { ...tree, items: tree.items.map((item, i) => (i === into ? resize(item, rest, sizes) : item)) };
}

const MOST_DEEP = 5;

/** A tree that was kept as JSON; null: it is none, or of another time. */
export function readTree(kept: unknown): Tree | null {
  const tree = readItem(kept, 0);
  if (!tree || typeof tree === 'string') return null;
  const leaves = leavesOf(tree);
  return new Set(leaves).size === leaves.length ? tree : null;
}

function readItem(kept: unknown, deep: number): Tree | null {
  if (typeof kept === 'string') return VIEWS.find((view) => view === kept) ?? null;
  if (typeof kept !== 'object' || kept === null || deep > MOST_DEEP) return null;
  const { dir, sizes, least, items } = kept as Record<string, unknown>;
  if (dir !== 'row' && dir !== 'col') return null;
  if (!Array.isArray(items) || items.length < 2) return null;
  if (!shares(sizes, items.length) || (least !== undefined && !amounts(least, items.length))) return null;
  const read = items.map((item) => readItem(item, deep + 1));
  if (!read.every((item) => item !== null)) return null;
  return { dir, sizes, ...(least === undefined ? {} : { least }), items: read };
}

const amounts = (list: unknown, length: number): list is number[] =>
  Array.isArray(list) && list.length === length && list.every((n) => Number.isFinite(n) && n >= 0);
const shares = (list: unknown, length: number): list is number[] =>
  amounts(list, length) && list.every((n) => n > 0) && Math.abs(list.reduce((a, b) => a + b, 0) - 100) < 0.5;
