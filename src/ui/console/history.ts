/** Lines that were typed, the last one last; kept between visits. */
import { recall, remember } from '../../state/prefs';
import { MOST_LINE } from '../../scenarios/lines-grammar';

const NAME = 'console';
export const MOST_KEPT = 200;

/** What is kept is data from outside: what is no list of lines is none. */
export function readLines(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(recall(NAME) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return (kept as unknown[])
      .filter((line): line is string => typeof line === 'string' && line !== '' && line.length <= MOST_LINE)
      .slice(-MOST_KEPT);
  } catch {
    return [];
  }
}

/** With one more at the end; the same line twice in turn is kept once. */
export function keepLine(lines: readonly string[], line: string): readonly string[] {
  const all = lines.at(-1) === line ? lines : [...lines, line].slice(-MOST_KEPT);
  remember(NAME, JSON.stringify(all));
  return all;
}
