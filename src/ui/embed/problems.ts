/** What is wrong with a message, field by field. */
import type * as v from 'valibot';
import { EMBED } from '../../words/embed';
import type { Problem } from '../../worker/protocol';

const MOST = 20;

export const parseFailed = (issues: readonly v.BaseIssue<unknown>[]): readonly Problem[] =>
  issues.slice(0, MOST).map(({ path, message }) => {
    const at = (path ?? []).map(({ key }) => String(key)).join('.');
    return { path: at, message: at === '' || at === 'type' ? EMBED.notOurs : message };
  });
