/** Where a chart may stand after one event: what a student can choose from. */
import type { ChartBook } from '../../state/charts';
import { arrowsFrom } from './explain';

/** The state itself, and each that an arrow of this version leads to from there. */
export function optionsOf(book: ChartBook, state: string): string[] {
  const live = arrowsFrom(book, state).filter(({ id }) => book.standing.get(id)!.is === 'live');
  return [...new Set([state, ...live.flatMap(({ to }) => (to === null ? [] : [to]))])];
}
