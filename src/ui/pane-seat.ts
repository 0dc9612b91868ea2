/** What a pane knows of the place it stands in. A view that stands alone (before an audience) has none. */
import { getContext, setContext } from 'svelte';

export interface PaneSeat {
  /** The view is read as text; its picture is put away. */
  readonly text: boolean;
  readonly maximised: boolean;
  /** It shares its pane with others below each other, and is as low as it can be. */
  readonly part?: boolean;
  /** What its head offers; none: nothing. */
  readonly tools?: PaneTools;
}

export interface PaneTools {
  /** Whose pane it is, as the lines of the console call it. */
  readonly view: string;
  /** Of the button that opens the menu. */
  readonly name: string;
  /** The head has room for words beside that button. */
  readonly roomy: boolean;
  /** The menu is open. */
  readonly open: boolean;
  readonly toggleText: () => void;
  /** On a phone a pane is maximised as it is. */
  readonly toggleMaximised?: (() => void) | undefined;
  /** Opens the menu at a button, or closes it. */
  readonly menu: (at: HTMLElement) => void;
  /** The head can be dragged onto another pane: what the drag carries. */
  readonly drag?: ((event: DragEvent) => void) | undefined;
}

const KEY = Symbol('pane');

export const seatPane = <S extends PaneSeat>(seat: S): S => setContext(KEY, seat);
export const paneSeat = (): PaneSeat | undefined => getContext<PaneSeat | undefined>(KEY);
