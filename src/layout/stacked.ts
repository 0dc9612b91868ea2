/**
 * Running totals as a stack: what each primitive, or each actor, has come to at some steps of a run. Values are counts times
 * prices, so model cycles.
 */
import { area, bisectRight, curveStepAfter, line, scaleLinear, stack, type ScaleLinear } from 'd3';

export interface Samples {
  readonly at: Uint32Array;
  /** Count at (sample * lanes + lane) * prices.length + primitive. */
  readonly costs: Float64Array;
}

export type Parting = 'cost' | 'actor';

export interface Totals {
  readonly at: Uint32Array;
  /** What is told apart: a primitive's place in the list of prices, or a lane. */
  readonly keys: readonly number[];
  /** For each key, by sample. */
  readonly values: readonly Float64Array[];
  readonly sums: Float64Array;
}

/** Only what has come to anything by the end has a key. */
export function totals({ at, costs }: Samples, lanes: number, prices: readonly number[], by: Parting): Totals {
  const n = prices.length;
  const keys = by === 'cost' ? n : lanes;
  const values = Array.from({ length: keys }, () => new Float64Array(at.length));
  const sums = new Float64Array(at.length);
  for (let s = 0; s < at.length; s++)
    for (let lane = 0; lane < lanes; lane++)
      for (let cost = 0; cost < n; cost++) {
        const cycles = costs[(s * lanes + lane) * n + cost]! * prices[cost]!;
        const of = values[by === 'cost' ? cost : lane]!;
        of[s] = of[s]! + cycles;
        sums[s] = sums[s]! + cycles;
      }
  const kept = values.flatMap((column, key) => ((column.at(-1) ?? 0) > 0 ? [key] : []));
  return { at, keys: kept, values: kept.map((key) => values[key]!), sums };
}

/** The last sample at or before a step; -1: there is none. */
export const sampleAt = (at: Uint32Array, step: number): number => bisectRight(at, step) - 1;

/** What the step alone came to, where it and the one before it are sampled; null: they are not. */
export function stepShare({ at, sums }: Totals, step: number): number | null {
  const s = sampleAt(at, step);
  if (s < 0 || at[s] !== step) return null;
  if (s === 0) return 0;
  return at[s - 1] === step - 1 ? sums[s]! - sums[s - 1]! : null;
}

export interface Layer {
  readonly key: number;
  readonly area: string;
  /** Its upper edge. */
  readonly edge: string;
  /** Where its name stands at the right, and where its end is. */
  readonly label: number;
  readonly end: number;
}

export interface Stacked {
  readonly layers: readonly Layer[];
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

/** Height of a line of text. */
const LINE = 15;

/** The stack in a picture of this size for a run of `of` steps; the first key lies lowest. */
export function stacked(of: Totals, steps: number, width: number, height: number): Stacked {
  const x = scaleLinear([0, Math.max(1, steps)], [0, width]);
  const y = scaleLinear([0, of.sums.at(-1) || 1], [height, 0]).nice(Math.max(2, height / 48));
  const samples = Array.from(of.at, (_, s) => s);
  const series = stack<number, number>()
    .keys(of.keys.keys())
    .value((s, key) => of.values[key]![s]!)(samples);
  const shape = area<[number, number] & { data: number }>()
    .x(({ data }) => x(of.at[data]!))
    .y0((d) => y(d[0]))
    .y1((d) => y(d[1]))
    .curve(curveStepAfter);
  const edge = line<[number, number] & { data: number }>()
    .x(({ data }) => x(of.at[data]!))
    .y((d) => y(d[1]))
    .curve(curveStepAfter);
  const ends = series.map((points) => {
    const last = points.at(-1);
    return last ? (y(last[0]) + y(last[1])) / 2 : height;
  });
  const labels = spread(ends, LINE, 6, height - 4);
  return {
    layers: series.map((points, i) => ({
      key: of.keys[i]!,
      area: shape(points as never) ?? '',
      edge: edge(points as never) ?? '',
      label: labels[i]!,
      end: ends[i]!,
    })),
    x,
    y,
  };
}

/** Places as near to those wished as they can be `apart` from each other, between `low` and `high`; wished in falling order. */
export function spread(wished: readonly number[], apart: number, low: number, high: number): number[] {
  const placed = [...wished];
  let floor = high;
  for (const [i, at] of placed.entries()) {
    placed[i] = Math.min(at, floor);
    floor = placed[i] - apart;
  }
  let roof = low;
  for (let i = placed.length - 1; i >= 0; i--) {
    placed[i] = Math.max(placed[i]!, roof);
    roof = placed[i]! + apart;
  }
  return placed;
}

/** At most `most` samples, evenly, the first and the last among them. */
export function someSamples(samples: number, most: number): number[] {
  if (samples <= most) return Array.from({ length: samples }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (samples - 1)) / (most - 1)));
}
