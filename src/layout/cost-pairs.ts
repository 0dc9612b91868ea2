/** Measures of several sides on one log axis, a line a measure. */
import { scaleLog } from 'd3';

export interface Measure {
  readonly name: string;
  /** By side. */
  readonly values: readonly number[];
}

export interface PairLine {
  readonly name: string;
  readonly y: number;
  /** By side. */
  readonly x: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface Pairs {
  readonly height: number;
  readonly lines: readonly PairLine[];
  readonly powers: readonly { readonly power: number; readonly x: number }[];
}

/** Room left of 1, where 0 stands. */
const ZERO = 16;
const EDGE = 14;

export function costPairs(measures: readonly Measure[], width: number, row: number): Pairs {
  const most = Math.max(10, ...measures.flatMap(({ values }) => values));
  const top = Math.ceil(Math.log10(most));
  const scale = scaleLog([1, 10 ** top], [ZERO, Math.max(ZERO + 1, width - EDGE)]).clamp(true);
  const lines = measures.map(({ name, values }, i) => {
    const x = values.map((value) => (value <= 0 ? EDGE / 2 : scale(value)));
    return { name, y: (i + 0.5) * row, x, from: Math.min(...x), to: Math.max(...x) };
  });
  const every = top > 8 && width < 420 ? 2 : 1;
  const powers = Array.from({ length: top + 1 }, (_, power) => ({ power, x: scale(10 ** power) })).filter(
    ({ power }) => power % every === 0,
  );
  return { height: measures.length * row, lines, powers };
}
