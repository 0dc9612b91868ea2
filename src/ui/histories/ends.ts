/** What is said of how a history ends. */
import type { EndWords } from '../../words/histories';
import type { Tried } from '../../state/history-list';

/** null: it has not been run here. */
export const endOf = ({ end }: Pick<Tried, 'end'>): EndWords | null =>
  end && { steps: end.steps, complete: end.complete, free: end.free, broken: end.broken };
