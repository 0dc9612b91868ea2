/**
 * What is left of a file once everything is taken out of it that its fields alone tell to be wrong: so that what only the guest's
 * size tells can be said at the same time.
 */
import type { BaseIssue } from 'valibot';
import { isFile } from './migrate';

/** An operation that is right in any guest, in the place of one that is not. */
const HARMLESS = { vcpus: { op: 'read', gpa: 0, size: 1 }, toolstack: { op: 'attach' } } as const;
/** What has to be there, and what else is left out with it: it would be wrong for the want of it. */
const NEEDED: Readonly<Record<string, { readonly as: unknown; readonly less: readonly string[] }>> = {
  title: { as: 'A scenario', less: [] },
  version: { as: 'claim', less: ['patches', 'numbered', 'design'] },
};

/** null: nothing that could be looked at. */
export function restOf(input: unknown, issues: readonly BaseIssue<unknown>[]): unknown {
  if (!isFile(input)) return null;
  const rest: Record<string, unknown> = { ...input };
  const own = new Set<unknown>();
  for (const { path = [] } of issues) {
    const [field, ...keys] = path.map(({ key }) => key);
    if (typeof field !== 'string') return null;
    if (field === 'vcpus' && keys.length >= 2) {
      replace(rest, [field, keys[0]!, keys[1]!], HARMLESS.vcpus, own);
      // These count operations, which may be fewer now.
      for (const counting of ['toolstack', 'prompts', 'narration', 'search']) delete rest[counting];
    } else if (field === 'toolstack' && keys.length >= 1) {
      if (field in rest) replace(rest, [field, keys[0]!], HARMLESS.toolstack, own);
    } else if (Object.hasOwn(NEEDED, field)) {
      rest[field] = NEEDED[field]!.as;
      for (const less of NEEDED[field]!.less) delete rest[less];
    } else if (field === 'guest' || field === 'vcpus' || field === 'format') return null;
    else delete rest[field];
  }
  return rest;
}

/** Puts `value` into lists in `of`; lists on the way that are not in `own` are copied, and then are. */
function replace(of: Record<string, unknown>, path: readonly unknown[], value: unknown, own: Set<unknown>): void {
  let at = of as Record<string | number, unknown>;
  for (const key of path.slice(0, -1) as (string | number)[]) {
    const list: unknown = at[key];
    if (!Array.isArray(list)) return;
    const copy: unknown[] = own.has(list) ? list : [...(list as unknown[])];
    own.add(copy);
    at[key] = copy;
    at = copy as never;
  }
  at[path.at(-1) as number] = value;
}
