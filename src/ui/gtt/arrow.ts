/** How the arrow to an entry's shadow is drawn, by the state of the entry. */
import type { GttRowState } from '../../worker/protocol';

/** Whole, dotted while it is not there yet, dashed where it is behind, broken where it leads wrong, ending in nothing. */
export type ArrowKind = 'whole' | 'dotted' | 'dashed' | 'broken' | 'ring';

const ARROWS: Readonly<Partial<Record<GttRowState, ArrowKind>>> = {
  same: 'whole',
  inFlight: 'dotted',
  outOfStep: 'dashed',
  stale: 'broken',
  untranslated: 'ring',
};

/** null: there is nothing to lead to. */
export const arrowOf = (state: GttRowState): ArrowKind | null => ARROWS[state] ?? null;
