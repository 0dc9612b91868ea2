/**
 * Looking back over a run: where a rule of the audit was first broken, and by which events it came to that.
 */
import { AUDIT, type AuditRule } from './audit';
import type { History } from './history';
import { finish } from './slices';
import type { AnyEvent, EventId } from './trace';

/**
 * Looks for the first step after which `rule` is broken: the answer, null if there is none, comes at the end; until then each
 * step is a turn, so that a caller can do something else between two. Runs all the steps again: ask for what is broken.
 */
export function* lookForBroken(history: History, rule: AuditRule): Generator<undefined, number | null> {
  for (const { world } of history.replay(1, history.length)) {
    if (AUDIT[rule](world) === 'broken') return world.steps;
    yield;
  }
  return null;
}

/** `lookForBroken` without a pause. */
export const firstBroken = (history: History, rule: AuditRule): number | null => finish(lookForBroken(history, rule));

/** The events that led to `id`, itself the last: each the cause of the next, from the instruction that began it. */
export function chainTo(history: History, id: EventId): AnyEvent[] {
  let from = id.step + 1;
  let events: AnyEvent[] = [];
  const find = ({ step, index }: EventId): AnyEvent | undefined => {
    if (step < from) {
      from = Math.max(1, step - STRETCH);
      events = eventsOf(history, from, step);
    }
    return events.find((event) => event.step === step && event.index === index);
  };
  const chain: AnyEvent[] = [];
  for (let event = find(id); event; event = event.cause === null ? undefined : find(event.cause)) chain.push(event);
  return chain.reverse();
}

/** Steps that are run again at once: a cause is rarely further back. */
const STRETCH = 200;

function eventsOf(history: History, from: number, to: number): AnyEvent[] {
  return [...history.replay(from, to)].flatMap(({ events }) => events);
}
