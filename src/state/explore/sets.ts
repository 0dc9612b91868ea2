/** Sets and maps that are replaced, never changed: what is shown of them is shown anew when another takes their place. */

/** With an element if it was not there, without it if it was. */
export function toggled<T>(of: Iterable<T>, one: T): ReadonlySet<T> {
  const set = new Set(of);
  if (!set.delete(one)) set.add(one);
  return set;
}

/** With more entries. */
export const withEntries = <K, V>(of: Iterable<readonly [K, V]>, more: Iterable<readonly [K, V]>): ReadonlyMap<K, V> =>
  new Map([...of, ...more]);

export const setOf = <T>(all: Iterable<T> = []): ReadonlySet<T> => new Set(all);
export const mapOf = <K, V>(all: Iterable<readonly [K, V]> = []): ReadonlyMap<K, V> => new Map(all);

/** How often each occurs, most often first. */
export function tally<T>(all: Iterable<T>): readonly (readonly [T, number])[] {
  const times = new Map<T, number>();
  for (const one of all) times.set(one, (times.get(one) ?? 0) + 1);
  return [...times].sort(([, a], [, b]) => b - a);
}
