/** A state of a chart as entries of a list: one for each of its arrows, those with the same words being one. */
import type { ChartArrow } from '../../engine/machines/read-chart';
import type { ChartBook } from '../../state/charts';
import { CHARTS } from '../../words/charts';
import { eventWords } from '../../words/chart-labels';
import { arrowsFrom } from './explain';
import { stateName } from './offers';

export interface Entry {
  readonly key: string;
  readonly text: string;
  /** Not an arrow of this version. */
  readonly absent: boolean;
}

/** `outlook`: what would come of the arrow now. */
export function entriesOf(
  book: ChartBook,
  state: string,
  typeNames: readonly string[],
  outlook: (arrow: ChartArrow) => string,
): Entry[] {
  const entries = new Map<string, Entry>();
  for (const arrow of arrowsFrom(book, state)) {
    const standing = book.standing.get(arrow.id)!;
    const absent = standing.is === 'absent';
    const to =
      arrow.to !== null && arrow.to !== arrow.from ? ` ${CHARTS.to(stateName(book, arrow.to, typeNames))}` : '';
    const by = absent ? `${standing.removed ? CHARTS.notSince : CHARTS.onlyWith} ${standing.patch.id}` : '';
    const refused = arrow.refused ? CHARTS.refusedAs(arrow.refused.errno) : '';
    const said = [eventWords(book.name, arrow) + to, refused, by, outlook(arrow)];
    const text = said.filter(Boolean).join(', ');
    if (!entries.has(text)) entries.set(text, { key: arrow.id, text, absent });
  }
  return [...entries.values()];
}
