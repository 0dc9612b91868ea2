/**
 * The sentence for each kind of event: what happened, and why. Subject, verb, consequence; at most 110 characters; one bold
 * phrase. Names are Xen's.
 */
import type { AnyEvent } from '../engine/trace';
import { ACCESS } from './access';
import { CALLS } from './calls';
import { DEVICES } from './devices';
import { OTHERS } from './other-designs';
import { say, type Sentence } from './parts';
import { refusal } from './refusals';
import type { Names, Told, Tellers } from './teller';

export type { Names };

const TELL: Tellers = { ...ACCESS, ...DEVICES, ...CALLS, ...OTHERS };

/** What a step did, from its last event; a refusal is told as one. */
export function describe(events: readonly AnyEvent[], names: Names): { sentence: Sentence; why: Sentence } {
  const event = events.at(-1);
  if (!event) {
    return {
      sentence: say('The guest is **built and paused**; the device model has not started.'),
      why: say('Step forwards: a device model will create its ioreq server first.'),
    };
  }
  return tell(event, names);
}

export function tell(event: AnyEvent, names: Names): { sentence: Sentence; why: Sentence } {
  if (event.errno) return refusal(event, event.errno, names);
  const teller = TELL[event.code] as (p: typeof event.params, names: Names) => Told;
  const [what, why] = teller(event.params, names);
  return { sentence: say(what), why: say(why) };
}
