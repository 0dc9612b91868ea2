/** Events of a run that the worker has told, by step; kept so that a window that comes back has them at once. */
import type { AnyEvent } from '../../engine/trace';
import type { LanesPicture } from '../../worker/protocol';

/** Steps whose events are kept. */
const MOST_KEPT = 6000;

export class KnownEvents {
  readonly #events = new Map<number, AnyEvent[]>();
  readonly #ends = new Map<string, LanesPicture['ends'][number]>();

  clear(): void {
    this.#events.clear();
    this.#ends.clear();
  }

  /** Takes a stretch in; false: all of it was known. */
  learn({ from, to, events, ends }: Pick<LanesPicture, 'from' | 'to' | 'events' | 'ends'>): boolean {
    let fresh = false;
    for (let step = from; step <= to && !fresh; step++) fresh = !this.#events.has(step);
    if (!fresh) return false;
    if (this.#events.size > MOST_KEPT) this.#events.clear();
    for (let step = from; step <= to; step++) this.#events.set(step, []);
    for (const event of events) this.#events.get(event.step)?.push(event);
    for (const end of ends) {
      const known = this.#ends.get(end.actor);
      if (!known || end.at < known.at) this.#ends.set(end.actor, end);
    }
    return true;
  }

  has(step: number): boolean {
    return this.#events.has(step);
  }

  /** What is known of steps `from` to `to`, and round them an unbroken run of known steps, at most `more` a side. */
  around(from: number, to: number, more: number): { from: number; to: number; events: AnyEvent[] } {
    let [first, last] = [from, to];
    while (first > from - more && this.#events.has(first - 1)) first--;
    while (last < to + more && this.#events.has(last + 1)) last++;
    const events: AnyEvent[] = [];
    for (let step = first; step <= last; step++) events.push(...(this.#events.get(step) ?? []));
    return { from: first, to: last, events };
  }

  /** Where actors stopped for good, as far as that was told. */
  get ends(): LanesPicture['ends'] {
    return [...this.#ends.values()];
  }
}
