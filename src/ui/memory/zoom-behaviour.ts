/** d3-zoom on an element: wheel, pinch, drag and double click move the look; a program may move it too. */
import { select, zoom, zoomIdentity, zoomTransform, type D3ZoomEvent } from 'd3';
import type { Area, Move } from './zoom';

export interface Behaviour {
  go(to: Move): void;
  by(factor: number): void;
  detach(): void;
}

/** `moved` hears of every change. */
export function behaviour(node: HTMLElement, { width, height, deepest, moved }: Area): Behaviour {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  /** One finger on the whole guest scrolls the page: there is nothing to pan. */
  const wanted = (event: Event): boolean => {
    if (window.TouchEvent && event instanceof TouchEvent && event.type === 'touchstart' && event.touches.length === 1)
      return zoomTransform(node).k !== 1;
    if (!(event instanceof MouseEvent)) return true;
    return (!event.ctrlKey || event.type === 'wheel') && event.button === 0;
  };
  const made = zoom<HTMLElement, unknown>()
    .scaleExtent([1, deepest])
    .extent([
      [0, 0],
      [width, height],
    ])
    .translateExtent([
      [0, 0],
      [width, height],
    ])
    .duration(still ? 0 : 240)
    .filter(wanted)
    .on('zoom', ({ transform }: D3ZoomEvent<HTMLElement, unknown>) => moved(transform));
  const selection = select(node);
  selection.call(made);
  return {
    go: (to) => made.transform(selection, zoomIdentity.translate(to.x, to.y).scale(to.k)),
    by: (factor) => made.scaleBy(selection, factor),
    detach: () => void selection.on('.zoom', null),
  };
}
