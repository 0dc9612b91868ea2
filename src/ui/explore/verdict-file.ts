/** A verdict as a file that is kept: what was searched, within which bounds, what was found. */
import type { SearchRun } from '../../state/explore/search-run.svelte';
import { SEARCH, SETUP } from '../../words/explore';
import { RULES } from '../../words/labels';
import { VERDICT } from '../../words/verdict';

type Run = Pick<SearchRun, 'target' | 'found' | 'tried' | 'actors'>;

/** The verdict as lines, bounds first. */
export function verdictText({ target, found, tried, actors }: Run): string {
  if (!target || !found) return '';
  const { rules } = target;
  const lines = [
    SETUP.of(target),
    `${SETUP.rules}: ${rules ? rules.map((rule) => RULES[rule]).join('; ') : SETUP.allRules}`,
    VERDICT.bounds(found),
    VERDICT.found(found),
  ];
  if (tried) {
    lines.push('', tried.refused.length > 0 ? `${VERDICT.refusals}:` : VERDICT.noRefusals);
    lines.push(...tried.refused.map(({ code, errno, times }) => `  ${VERDICT.refused(code, errno, times)}`));
    lines.push('', `${VERDICT.patches}:`, ...tried.patches.map((patch) => `  ${VERDICT.exercised(patch)}`));
  }
  if (actors) {
    lines.push('', `${SEARCH.actors}:`);
    for (const { actor, way } of actors.actors) {
      const name = SEARCH.actorNames[actor] ?? actor;
      lines.push(`  ${way ? SEARCH.actor(name, way.steps) : SEARCH.noWay(name, actors.complete)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export function verdictJson({ target, found, tried, actors }: Run): string {
  const { title, version, changes, step, bounds, rules } = target!;
  const searched = { title, version, changes, from: step, bounds, rules: rules ?? 'all' };
  return `${JSON.stringify({ searched, found: { ...found, tried }, actors: actors?.actors ?? null }, null, 2)}\n`;
}
