/** d3-zoom on an element: wheel, pinch, drag and double click move the look; a program may move it too. */
import { select, zoom, zoomIdentity, zoomTransform, type D3ZoomEvent, type ZoomBehavior } from 'd3';

export interface Move {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export class Zoomer {
  #behaviour: ZoomBehavior<HTMLElement, unknown> | null = null;
  #node: HTMLElement | null = null;

  /** Attachment for an element of `width` by `height`; `moved` hears of every change. */
  attach(node: HTMLElement, width: number, height: number, deepest: number, moved: (to: Move) => void): () => void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const behaviour = zoom<HTMLElement, unknown>()
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
      .filter((event: Event) => this.#wanted(event))
      .on('zoom', ({ transform }: D3ZoomEvent<HTMLElement, unknown>) => moved(transform));
    this.#behaviour = behaviour;
    this.#node = node;
    select(node).call(behaviour);
    return () => {
      select(node).on('.zoom', null);
      this.#behaviour = null;
    };
  }

  /** One finger on the whole guest scrolls the page: there is nothing to pan. */
  #wanted(event: Event): boolean {
    if (window.TouchEvent && event instanceof TouchEvent && event.type === 'touchstart' && event.touches.length === 1)
      return this.#node !== null && zoomTransform(this.#node).k !== 1;
    if (!(event instanceof MouseEvent)) return true;
    return (!event.ctrlKey || event.type === 'wheel') && event.button === 0;
  }

  go(to: Move): void {
    if (this.#node && this.#behaviour)
      this.#behaviour.transform(select(this.#node), zoomIdentity.translate(to.x, to.y).scale(to.k));
  }

  by(factor: number): void {
    if (this.#node && this.#behaviour) this.#behaviour.scaleBy(select(this.#node), factor);
  }
}
