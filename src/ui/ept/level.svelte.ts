/** The level whose entry is looked at: chosen in the icicle or in the inspector, shown in both. */
import type { Session } from '../../state/session.svelte';

export class LevelChoice {
  /** null: the lowest that there is. */
  level = $state<number | null>(null);
}

const held = new WeakMap<Session, LevelChoice>();

/** The choice that all views of a session share. */
export function levelOf(session: Session): LevelChoice {
  let choice = held.get(session);
  if (!choice) held.set(session, (choice = new LevelChoice()));
  return choice;
}
