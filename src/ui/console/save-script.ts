/** The session as a script, handed to the browser as a file. */
import { scriptOf } from '../../scenarios/script-of';
import { fileOf } from '../../state/session-file';
import { CONSOLE } from '../../words/console';
import { save } from '../export/save';
import type { Page } from '../frame/commands';

/** Answers why there is nothing to save; undefined: it is saved. */
export async function saveScript({ keep, session }: Pick<Page, 'keep' | 'session'>): Promise<string | undefined> {
  const { writer } = await keep.keeping();
  const now = writer.current();
  if (!now || !session.info) return CONSOLE.notNow;
  const text = scriptOf(fileOf(now.kept, now.source), session.info.version);
  save(new Blob([text], { type: 'text/plain' }), CONSOLE.script);
  return undefined;
}
