/** A choice that is not true here is true on some other Xen: the same scenario is run there, to be seen. */
import type { PatchSet } from '../../scenarios/lesson';
import type { Desk } from '../desk.svelte';
import type { Put } from '../questions.svelte';

/** Opens what is open on these patches, at the step that shows what is true there. Undo brings back where it was left. */
export async function runThere(
  desk: Desk,
  { question, prompt }: Pick<Put, 'question' | 'prompt'>,
  { version, patches }: PatchSet,
): Promise<boolean> {
  const { session } = desk;
  const before = session.opened;
  await desk.override({ version, patches });
  if (session.opened === before) return false;
  const there = prompt === null ? null : session.whole?.prompts[prompt];
  return session.seek(there?.until ?? question.until);
}
