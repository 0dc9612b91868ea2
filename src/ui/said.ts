/** What is to be said of what the session shows now: of the step, or of why there is none. */
import type { Session } from '../state/session.svelte';
import { describe } from '../words/events';
import { count } from '../words/format';
import { SENTENCE } from '../words/labels';
import type { Sentence } from '../words/parts';

export function saidOf({ info, picture, status, problems }: Session): {
  readonly sentence: Sentence;
  readonly why: Sentence;
} {
  const plain = (text: string) => ({ sentence: [{ text }], why: [] });
  if (status === 'broken') return plain(SENTENCE.broken(count(picture?.step ?? 0)));
  // What the page says before its script, so that it does not flicker while the first scenario is on its way.
  if (!info || !picture) return plain(status === 'empty' && problems.length > 0 ? SENTENCE.empty : SENTENCE.about);
  return describe(picture.events, info);
}
