/** Whether two steps did the same, as far as events tell: who, what, with which numbers, and what was answered. */
import type { AnyEvent } from '../../engine/trace';

export const sameEvents = (a: readonly AnyEvent[], b: readonly AnyEvent[]): boolean =>
  a.length === b.length && a.every((event, n) => sameEvent(event, b[n]!));

/** The first that the other step has not; undefined: all are in it. */
export const firstOther = (events: readonly AnyEvent[], than: readonly AnyEvent[]): AnyEvent | undefined =>
  events.find((event, n) => than[n] === undefined || !sameEvent(event, than[n]));

const sameEvent = (a: AnyEvent, b: AnyEvent): boolean =>
  a.code === b.code && a.actor === b.actor && a.errno === b.errno && sameData(a.params, b.params);

/** Plain data: objects, arrays, what has no parts. */
function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [x, y] = [a, b] as readonly Readonly<Record<string, unknown>>[] as [
    Readonly<Record<string, unknown>>,
    Readonly<Record<string, unknown>>,
  ];
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((key) => sameData(x[key], y[key]));
}
