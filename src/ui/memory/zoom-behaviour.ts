/** d3-zoom on an element: wheel, pinch, drag and double click move the look; a program may move it too. */
import { select, zoom, zoomIdentity, zoomTransform, type D3ZoomEvent, type ZoomTransform } from 'd3';
import type { Area, Move, Surface } from './zoom';

export interface Behaviour {
  go(to: Move): void;
  by(factor: number): void;
  detach(): void;
}

/** `moved` hears of every change, and of the end of each gesture. A drag that selects is left alone. */
export function behaviour(
  node: Surface,
  { width, height, deepest, start, moved, selects = () => false }: Area,
): Behaviour {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  /** One finger on the whole guest scrolls the page: there is nothing to pan. */
  const wanted = (event: Event): boolean => {
    if (window.TouchEvent && event instanceof TouchEvent && event.type === 'touchstart' && event.touches.length === 1)
      return zoomTransform(node).k !== 1 && !selects(event);
    if (!(event instanceof MouseEvent)) return true;
    if (event.type === 'wheel') return true;
    return !event.ctrlKey && event.button === 0 && !selects(event);
  };
  const made = zoom<Surface, unknown>()
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
    .on('zoom', ({ transform }: D3ZoomEvent<Surface, unknown>) => moved(transform, false))
    .on('end', ({ transform }: D3ZoomEvent<Surface, unknown>) => moved(transform, true));
  const selection = select(node);
  selection.call(made);
  const transform = ({ k, x, y }: Move): ZoomTransform => zoomIdentity.translate(x, y).scale(k);
  // Not by a gesture, of which somebody would hear.
  if (start) selection.property('__zoom', transform(start()));
  return {
    go: (to) => made.transform(selection, transform(to)),
    by: (factor) => made.scaleBy(selection, factor),
    detach: () => void selection.on('.zoom', null),
  };
}
