/** What the shares of a search have, taken together. */
import type { Exercised, Refused } from './exercised';
import type { Standing } from './shard';

type Counts = Pick<Standing, 'states' | 'frontier' | 'transitions' | 'ends' | 'bytes'>;

export function sumOf(standings: readonly Counts[]): Counts {
  const sum = { states: 0, frontier: 0, transitions: 0, ends: 0, bytes: 0 };
  for (const it of standings) for (const name of Object.keys(sum) as (keyof Counts)[]) sum[name] += it[name];
  return sum;
}

/** Most often first, as `refusals` has them. */
export function refusedOf(shares: readonly (readonly Refused[])[]): Refused[] {
  const all = new Map<string, Refused>();
  for (const refused of shares.flat()) {
    const key = `${refused.code} ${refused.errno}`;
    all.set(key, { ...refused, times: refused.times + (all.get(key)?.times ?? 0) });
  }
  return [...all.values()].sort((a, b) => b.times - a.times);
}

/** Of one patch. Each move is of one share only. */
export function exercisedOf(shares: readonly Exercised[]): Exercised {
  return shares.reduce((a, b) => ({
    patch: a.patch,
    times: a.times === null || b.times === null ? null : a.times + b.times,
    nearMisses: a.nearMisses + b.nearMisses,
    atLeast: a.atLeast || b.atLeast,
  }));
}
