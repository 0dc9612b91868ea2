/** The charts at a step: where each instance stands, the arrows that the step took, and what could be done next. */
import { subjects } from '../engine/machines/standing';
import { apply, type Choice } from '../engine/step';
import type { World } from '../engine/world';
import { arrowsOf } from './arrows-taken';
import { offers } from './offers';
import type { ArrowTaken, ChartsPicture } from './protocol';

/**
 * `looked`: the frame whose page and table are told of. `before`: the world before the step, which is left as it is, and the
 * choice that made the step; null at the start.
 */
export function chartsPicture(
  w: World,
  looked: number,
  before: { readonly of: World; readonly choice: Choice } | null,
): ChartsPicture {
  const instances = subjects(w, looked).map(({ chart, id, state }) => {
    const now = state(w);
    return { chart, id, state: now, before: before ? state(before.of) : now };
  });
  return { instances, taken: before ? takenBy(before.of, before.choice) : [], offers: offers(w, looked) };
}

function takenBy(w: World, choice: Choice): ArrowTaken[] {
  const mark = w.store.mark();
  try {
    return arrowsOf(w, () => apply(w, choice));
  } finally {
    w.store.rollback(mark);
  }
}
