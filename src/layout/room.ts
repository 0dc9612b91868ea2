/** When a view that has a short form and a full one is drawn in full. */

/** Width and height: of its pane, px. On a phone it has the screen, which scrolls. */
export const hasRoom = (width: number, height: number, phone: boolean): boolean =>
  phone ? width >= 280 : width >= 420 && height >= 260;
