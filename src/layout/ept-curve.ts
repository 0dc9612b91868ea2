/** Entries outstanding over the steps of a run, as a stepped line: what was, what is still to come, and now. */
import { curveStepAfter, line, scaleLinear } from 'd3';

export interface CurveInput {
  /** Steps at which samples were taken, ascending, and what was counted at each. */
  readonly at: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly now: { readonly step: number; readonly value: number };
  readonly of: number;
}

export interface Curve {
  readonly past: string;
  readonly future: string;
  readonly dot: { readonly x: number; readonly y: number };
  /** Most that there ever were. */
  readonly most: number;
  readonly ticks: readonly { readonly value: number; readonly y: number }[];
  /** Where the count changed: the twin's rows. */
  readonly changes: readonly Point[];
}

export interface Point {
  readonly step: number;
  readonly value: number;
}

/** `width` and `height` of the plot itself, pixels; 0 lies at the foot. */
export function curve({ at, values, now, of }: CurveInput, width: number, height: number): Curve {
  const points: Point[] = Array.from({ length: at.length }, (_, i) => ({ step: at[i]!, value: values[i]! }));
  const most = Math.max(1, now.value, ...points.map((point) => point.value));
  const x = scaleLinear([0, Math.max(1, of)], [0, width]);
  const y = scaleLinear([0, most], [height, 0]);
  const path = line<Point>()
    .x((point) => round(x(point.step)))
    .y((point) => round(y(point.value)))
    .curve(curveStepAfter);
  const past = [...points.filter(({ step }) => step < now.step), now];
  const future = [now, ...points.filter(({ step }) => step > now.step)];
  const middle = most > 3 && height >= 60 ? [roundHalf(most)] : [];
  return {
    past: path(past) ?? '',
    future: future.length > 1 ? (path(future) ?? '') : '',
    dot: { x: round(x(now.step)), y: round(y(now.value)) },
    most,
    ticks: [0, ...middle, most].map((value) => ({ value, y: round(y(value)) })),
    changes: points.filter(({ value }, i) => i === 0 || value !== points[i - 1]!.value),
  };
}

/** A round number near the half. */
function roundHalf(most: number): number {
  const unit = 10 ** Math.floor(Math.log10(most / 2));
  return Math.max(1, Math.round(most / 2 / unit) * unit);
}

const round = (n: number): number => Math.round(n * 10) / 10;
