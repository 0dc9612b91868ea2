/** An event and what led to it, from the instruction that began it. */
import type { AnyEvent, EventId } from '../engine/trace';
import type { Journal } from './journal';
import { MOST_CAUSES } from './protocol';
import type { Recall } from './recall';

/** Its links, the first cause first; `last` is one of a run of `journal.steps` steps. Pauses where steps must be run again. */
export function* chainTo(journal: Journal, recall: Recall, last: EventId): Generator<undefined, AnyEvent[]> {
  const chain: AnyEvent[] = [];
  for (const { step, index } of journal.causes(last, MOST_CAUSES)) chain.push((yield* recall.reach(step))[index]!);
  return chain;
}
