/** Bins of a run as bars on its lanes, in whole device pixels; what broke as marks, those that would hide each other as one. */
import type { Bins } from './lane-bins';

export interface DensityShape {
  readonly down: boolean;
  /** Row of each lane of the bins, -1: not drawn; and where the rows lie across. */
  readonly rows: readonly number[];
  readonly across: readonly number[];
  /** Height of a bar that says "in every step"; of a lock held all the time. 0: locks and waits are not drawn. */
  readonly bar: number;
  readonly lock: number;
  /** Row of the lane that holds the lock, -1 none. */
  readonly locks: number;
  /** Radius of the mark of what broke. */
  readonly mark: number;
  /** Device pixels for one of the page. */
  readonly dpr: number;
}

/** x, y, width, height, four numbers a bar. */
export type Bars = readonly number[];

export interface Density {
  readonly acts: Bars;
  readonly exits: Bars;
  readonly locks: Bars;
  readonly waits: Bars;
  readonly violations: readonly {
    readonly step: number;
    readonly x: number;
    readonly y: number;
    readonly steps: number;
  }[];
}

/** `scale`: position along a lane of a point on the axis of steps. */
export function density(bins: Bins, scale: (at: number) => number, shape: DensityShape): Density {
  const { down, rows, across, bar, lock, dpr } = shape;
  const { size, first, count } = bins;
  const snap = (at: number): number => Math.round(at * dpr) / dpr;
  const edges = Array.from({ length: count + 1 }, (_, bin) => snap(scale((first + bin) * size)));
  const put = (into: number[], bin: number, near: number, high: number): void => {
    const from = edges[bin]!;
    const long = Math.max(1 / dpr, edges[bin + 1]! - from);
    if (down) into.push(near, from, high, long);
    else into.push(from, near, long, high);
  };
  const tall = (share: number, most: number): number => Math.max(1, snap(share * most));
  const acts: number[] = [];
  const exits: number[] = [];
  const waits: number[] = [];
  const locks: number[] = [];
  for (const [lane, row] of rows.entries()) {
    if (row < 0) continue;
    const base = snap(across[row]!);
    for (let bin = 0, at = lane * count; bin < count; bin++, at++) {
      if (bins.acts[at]! > 0) {
        const high = tall(bins.acts[at]! / bins.steps[bin]!, bar);
        put(acts, bin, down ? base : base - high, high);
      }
      if (bins.exits[at]! > 0) {
        const high = tall(bins.exits[at]! / bins.steps[bin]!, bar);
        put(exits, bin, down ? base : base - high, high);
      }
      if (lock > 0 && bins.waits[at]! > 0) {
        const high = tall(bins.waits[at]!, 3);
        put(waits, bin, down ? base - high : base, high);
      }
    }
  }
  if (lock > 0 && shape.locks >= 0)
    for (let bin = 0; bin < count; bin++)
      if (bins.lock[bin]! > 0) {
        const high = tall(bins.lock[bin]!, lock);
        const base = snap(across[shape.locks]!);
        put(locks, bin, down ? base - 5 - high : base + 5, high);
      }
  return { acts, exits, locks, waits, violations: marks(bins, scale, shape) };
}

function marks(
  bins: Bins,
  scale: (at: number) => number,
  { down, rows, across, mark: r }: DensityShape,
): Density['violations'] {
  const found: { step: number; x: number; y: number; steps: number }[] = [];
  const last = new Map<number, (typeof found)[number]>();
  for (const { step, lane } of bins.violations) {
    const row = rows[lane] ?? -1;
    const side = across[Math.max(0, row)] ?? 0;
    const at = scale(step);
    const before = last.get(row);
    if (before && at - (down ? before.y : before.x) < 2 * r) before.steps++;
    else {
      const mark = { step, x: down ? side : at, y: down ? at : side, steps: 1 };
      last.set(row, mark);
      found.push(mark);
    }
  }
  return found;
}
