/** Places within an element in the element's own pixels, however the page scales it. */

/** How many times as large as laid out an element is drawn. */
export function scaleOf(node: HTMLElement): number {
  const { width } = node.getBoundingClientRect();
  return node.offsetWidth > 0 && width > 0 ? width / node.offsetWidth : 1;
}

export function localPoint(event: MouseEvent, node: HTMLElement): { readonly x: number; readonly y: number } {
  const { left, top } = node.getBoundingClientRect();
  const scale = scaleOf(node);
  return { x: (event.clientX - left) / scale, y: (event.clientY - top) / scale };
}
