/**
 * Sets of switches as a lattice: a row for each size, the empty set on top, a line between two sets that differ by one switch. Where
 * there is room a set is a ring with its marks beside it; with less, a ring; in a crowd a square.
 */

export interface LatticeSize {
  readonly width: number;
  /** Room that there is; the lattice may be higher. */
  readonly height: number;
  /** At the left, for the sizes of the rows. */
  readonly margin: number;
}

export interface PlacedSet {
  readonly set: number;
  readonly x: number;
  readonly y: number;
}

export interface LatticeRow {
  /** Switches that are on. */
  readonly size: number;
  readonly y: number;
  readonly sets: readonly PlacedSet[];
}

export interface LatticePlan {
  readonly shape: 'marks' | 'rings' | 'squares';
  /** Side of a square, px; of 16 it has room for a letter. */
  readonly square: 8 | 16;
  readonly rows: readonly LatticeRow[];
  readonly height: number;
  /** Between neighbours; a crowd has none, but those of one set (`linesOf`). */
  readonly lines: readonly string[];
  readonly at: ReadonlyMap<number, PlacedSet>;
}

/** Of a ring, px. */
export const RING = 14;
/** Of one mark, and from one to the next. */
export const MARK = { width: 5, high: 10, low: 2, pitch: 8 } as const;

/** More in a row are squares. */
const MOST_RINGS = 40;
const RING_PITCH = 2 * RING + 6;
const SQUARE_PITCH = 12;
/** Squares stand no further apart, however few they are. */
const MOST_SQUARE_PITCH = 24;
const GAP = 24;

export function planLattice(sets: readonly number[], switches: number, room: LatticeSize): LatticePlan {
  const bySize = new Map<number, number[]>();
  for (const set of sets) {
    const size = bits(set);
    bySize.set(size, [...(bySize.get(size) ?? []), set]);
  }
  const rows = [...bySize].sort(([a], [b]) => a - b);
  const most = Math.max(1, ...rows.map(([, all]) => all.length));
  const inner = Math.max(SQUARE_PITCH, room.width - room.margin);
  const marksPitch = 2 * RING + 8 + switches * MARK.pitch + GAP;
  const shape =
    most * marksPitch <= inner ? 'marks' : most <= MOST_RINGS && most * RING_PITCH <= inner ? 'rings' : 'squares';
  const pitch =
    shape === 'marks'
      ? Math.min(marksPitch * 1.2, inner / most)
      : shape === 'rings'
        ? ringPitch(inner, most)
        : Math.min(MOST_SQUARE_PITCH, Math.max(SQUARE_PITCH, inner / most));
  const aRow = shape === 'squares' ? Math.max(1, Math.floor(inner / pitch)) : most;
  // A row of more than fits goes on below itself.
  const depth = rows.map(([, all]) => (shape === 'squares' ? Math.ceil(all.length / aRow) * SQUARE_PITCH : 0));
  const step = rowStep(rows.length, room.height, shape, depth);
  const middle = room.margin + inner / 2 - (shape === 'marks' ? (marksPitch - 2 * RING - GAP) / 2 : 0);
  const placed: LatticeRow[] = [];
  let y = RING + 8;
  rows.forEach(([size, all], i) => {
    const row = all.map((set, n): PlacedSet => {
      const line = Math.floor(n / aRow);
      const of = Math.min(aRow, all.length - line * aRow);
      return { set, x: middle + ((n % aRow) - (of - 1) / 2) * pitch, y: y + line * SQUARE_PITCH };
    });
    placed.push({ size, y, sets: row });
    y += step + depth[i]!;
  });
  const at = new Map(placed.flatMap((row) => row.sets).map((one) => [one.set, one]));
  const lines =
    shape === 'squares' ? [] : sets.flatMap((set) => above(set, at).map((other) => lineOf(other, at.get(set)!)));
  const square = pitch >= 18 ? 16 : 8;
  return { shape, square, rows: placed, height: y - step + RING + 8, lines, at };
}

/** The lines from one set to its neighbours, larger and smaller. */
export function linesOf({ at, rows }: LatticePlan, set: number): readonly string[] {
  const one = at.get(set);
  if (!one) return [];
  const below = rows.flatMap(({ sets }) => sets).filter((other) => above(other.set, at).includes(one));
  return [...above(set, at).map((other) => lineOf(other, one)), ...below.map((other) => lineOf(one, other))];
}

/**
 * Where a key leads from a set: to the one beside it, or to the neighbour above or below it that lies nearest, one switch less or
 * more; where it has none, to the nearest of that row. null: the key is none of these, or leads nowhere.
 */
export function latticeKey({ rows, at }: LatticePlan, key: string, from: number): number | null {
  const one = at.get(from);
  const row = rows.findIndex(({ sets }) => sets.some(({ set }) => set === from));
  if (!one || row < 0) return rows[0]?.sets[0]?.set ?? null;
  const { sets } = rows[row]!;
  const n = sets.indexOf(one);
  switch (key) {
    case 'ArrowLeft':
      return sets[n - 1]?.set ?? null;
    case 'ArrowRight':
      return sets[n + 1]?.set ?? null;
    case 'Home':
      return rows[0]!.sets[0]!.set;
    case 'End':
      return rows.at(-1)!.sets.at(-1)!.set;
    case 'ArrowUp':
    case 'ArrowDown': {
      const other = rows[row + (key === 'ArrowUp' ? -1 : 1)]?.sets ?? [];
      const joined = other.filter(({ set }) => bits(set ^ from) === 1);
      return nearest(joined.length > 0 ? joined : other, one.x, one.y);
    }
    default:
      return null;
  }
}

/** The set that lies nearest to a place; null: none is near. */
export function setAt({ at, shape }: LatticePlan, x: number, y: number): number | null {
  const found = nearest([...at.values()], x, y);
  if (found === null) return null;
  const one = at.get(found)!;
  return Math.hypot(one.x - x, one.y - y) <= (shape === 'squares' ? SQUARE_PITCH : RING + 4) ? found : null;
}

function nearest(sets: readonly PlacedSet[], x: number, y: number): number | null {
  let best: PlacedSet | null = null;
  const far = (one: PlacedSet): number => Math.hypot(one.x - x, one.y - y);
  for (const one of sets) if (best === null || far(one) < far(best)) best = one;
  return best?.set ?? null;
}

const above = (set: number, at: ReadonlyMap<number, PlacedSet>): PlacedSet[] => {
  const found: PlacedSet[] = [];
  for (let rest = set; rest !== 0; rest &= rest - 1) {
    const one = at.get(set & ~(rest & -rest));
    if (one) found.push(one);
  }
  return found;
};

const lineOf = (from: PlacedSet, to: PlacedSet): string =>
  `M${round(from.x)},${round(from.y)}L${round(to.x)},${round(to.y)}`;

const ringPitch = (inner: number, most: number): number => Math.min(RING_PITCH * 1.6, inner / most);

/** From one row to the next: as far as there is room, no further than lines can be followed. */
function rowStep(rows: number, height: number, shape: LatticePlan['shape'], depth: readonly number[]): number {
  if (shape === 'squares') return 28;
  const room = (height - 2 * (RING + 8) - depth.reduce((sum, n) => sum + n, 0)) / Math.max(1, rows - 1);
  return Math.max(46, Math.min(84, room));
}

function bits(set: number): number {
  let n = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) n++;
  return n;
}

const round = (n: number): number => Math.round(n * 10) / 10;
