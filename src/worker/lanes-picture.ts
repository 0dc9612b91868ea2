/** The events of a stretch of a run with the locks held, the waits and the vCPUs that end in it. */
import type { AnyEvent } from '../engine/trace';
import type { Journal } from './journal';
import { MOST_LANE_STEPS, type LanesPicture, type View } from './protocol';
import type { Recall } from './recall';

/** Steps shown where no write gives the stretch, and at most where one does. */
const PLAIN_STEPS = 16;
const MOST_STEPS = 48;

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The stretch that step `n` belongs to: the write under way, else some steps round it. */
export function stretch(journal: Journal, n: number): Stretch {
  const i = journal.writeAt(n);
  const write = i < 0 ? undefined : journal.write(i);
  let from = Math.max(1, n - PLAIN_STEPS / 2);
  let to = from + PLAIN_STEPS - 1;
  if (write && n <= write.to) ({ from, to } = write);
  if (to - from >= MOST_STEPS) {
    const page = Math.floor((n - from) / MOST_STEPS);
    from += page * MOST_STEPS;
    to = Math.min(to, from + MOST_STEPS - 1);
  }
  return { from, to: Math.min(to, journal.steps) };
}

/** The stretch that was asked for, as far as it lies in a run of so many steps. */
export function asked({ from, to }: NonNullable<View['stretch']>, steps: number): Stretch {
  const first = Math.max(1, Math.min(Math.floor(from), steps));
  return { from: first, to: Math.min(Math.max(first, Math.floor(to)), first + MOST_LANE_STEPS - 1, steps) };
}

/** Draws a stretch, with pauses where steps must be run again for their events. */
export function* lanesPicture(
  journal: Journal,
  recall: Recall,
  { from, to }: Stretch,
): Generator<undefined, LanesPicture> {
  const events: AnyEvent[] = [];
  for (let n = from; n <= to; n++) events.push(...(yield* recall.reach(n)));
  return { from, to, events, ...journal.within(from, to) };
}
