/** Everything whose change makes the session another one to keep. */
import type { Desk } from '../desk.svelte';
import type { Histories } from '../histories.svelte';
import type { Questions } from '../questions.svelte';

/** What a session is made of beside the screen. */
export interface Made {
  readonly desk: Desk;
  readonly questions: Questions;
  readonly histories: Histories;
}

/** To be compared one by one. Empty: something is on its way, and nothing is said yet. */
export function signs({ desk, questions, histories }: Made, screen: string | null): readonly unknown[] {
  const { session } = desk;
  const { info, picture } = session;
  if (!info || !picture || session.status === 'opening' || picture.step !== session.step) return [];
  return [info, picture.step, session.marks, desk.chosen, questions.answers, histories.record(), screen];
}
