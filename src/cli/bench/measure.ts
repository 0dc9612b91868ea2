/** How times are taken and told. */
import { count } from '../../words/format';

export const RUNS = 5;

/** Milliseconds of each of `acts`, in turns, so that all meet the same machine: medians, after a turn that does not count. */
export function medians(acts: readonly (() => void)[], runs = RUNS): number[] {
  const times: number[][] = acts.map(() => []);
  for (let run = -1; run < runs; run++) {
    acts.forEach((act, i) => {
      const start = performance.now();
      act();
      if (run >= 0) times[i]!.push(performance.now() - start);
    });
  }
  return times.map(middle);
}

export const median = (act: () => void, runs = RUNS): number => medians([act], runs)[0]!;

/** Median milliseconds of an act that uses up what it is given; making that is not counted. */
export function medianOf<T>(make: () => T, act: (made: T) => void, runs = RUNS): number {
  const times: number[] = [];
  for (let run = -1; run < runs; run++) {
    const made = make();
    const start = performance.now();
    act(made);
    if (run >= 0) times.push(performance.now() - start);
  }
  return middle(times);
}

const middle = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1]!;

export const row = (what: string, figure: string, beside = ''): void =>
  console.log(`${what.padEnd(46)} ${figure.padStart(18)}  ${beside}`);
export const perSecond = (n: number, ms: number): string => `${count(Math.round((n / ms) * 1000))} /s`;
export const ms = (time: number): string => `${time.toFixed(time < 10 ? 2 : 1)} ms`;
