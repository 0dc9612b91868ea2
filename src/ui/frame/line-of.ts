/** Lines of the actions that have keys. */
import { LINES } from '../../words/lines';
import type { ActionId } from '../keys';

const OTHERS: Readonly<Partial<Record<ActionId, string>>> = {
  prevTrapped: 'trapped prev',
  nextTrapped: 'trapped next',
  nextPane: 'pane next',
  prevPane: 'pane prev',
  help: 'keys',
};

export const lineOfAction = (id: ActionId, playing = false): string =>
  id === 'toggle' ? (playing ? LINES.pause : LINES.play) : (OTHERS[id] ?? id);
