/** The window as a box on the overview. */
import type { Window } from '../../layout/lane-window';

/** Narrowest that the box is drawn, px. */
export const LEAST_BOX = 6;

export interface Brush {
  /** Puts the brush where the window is. */
  readonly place: (window: Window) => void;
  readonly detach: () => void;
}
