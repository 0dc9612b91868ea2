/** d3-zoom on the plane of lanes, d3-brush on the overview of the run: wheel, pinch and drag, by mouse and by touch. */
import { brushX, brushY, pointer, select, zoom, ZoomTransform, type D3BrushEvent, type D3ZoomEvent } from 'd3';
import { LEAST_BOX, type Brush } from './brush-box';
import { boxOn, lookOf, moveHandle, panWindow, spanOf, windowOf, type Window } from '../../layout/lane-window';

export interface PlaneArea {
  /** Steps of the run; where along the plane the window lies, pixels. */
  readonly of: number;
  readonly start: number;
  readonly end: number;
  readonly down: boolean;
  /** Scale at which the narrowest window is shown. */
  readonly deepest: number;
  /** What is shown now, and whether it follows the step (one finger then does not pan). */
  readonly window: () => Window;
  readonly follows: () => boolean;
  readonly moved: (to: Window) => void;
  /** A gesture begins, and ends. */
  readonly moving: (is: boolean) => void;
}

/** A turn of the wheel sideways, or with Shift, pans. */
const pans = (event: WheelEvent): boolean => event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);

export function planeZoom(node: HTMLElement, area: PlaneArea): () => void {
  const { of, start, end, down, deepest, moved, moving } = area;
  let drawn = 1;
  const extent = (): [[number, number], [number, number]] => [
    [start * drawn, start * drawn],
    [end * drawn, end * drawn],
  ];
  /** d3-zoom keeps its transform on the element: it begins each time where the window is, whoever moved that. */
  const begin = (): void => {
    // Before an audience the pane is drawn larger than it is laid out; d3-zoom sees it as it is drawn.
    drawn = node.offsetWidth > 0 ? node.getBoundingClientRect().width / node.offsetWidth : 1;
    made.translateExtent(extent());
    const { k, shift } = lookOf(area.window(), of, start * drawn, end * drawn);
    (node as unknown as { __zoom: ZoomTransform }).__zoom = new ZoomTransform(k, shift, shift);
  };
  const wheel = (event: WheelEvent): void => {
    if (!pans(event) || event.ctrlKey) return;
    event.preventDefault();
    const by = event.deltaX || event.deltaY;
    moved(panWindow(area.window(), (by / Math.max(1, end - start)) * spanOf(area.window()), of));
  };
  const wanted = (event: Event): boolean => {
    if (event instanceof WheelEvent) return event.ctrlKey || !pans(event);
    if (window.TouchEvent && event instanceof TouchEvent) return event.touches.length > 1 || !area.follows();
    return !(event instanceof MouseEvent) || (event.button === 0 && !event.ctrlKey);
  };
  const made = zoom<HTMLElement, unknown>()
    .scaleExtent([1, deepest])
    .extent(extent)
    .translateExtent(extent())
    .clickDistance(4)
    .filter(wanted)
    .on('start', ({ sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => void (sourceEvent && moving(true)))
    .on('end', () => moving(false))
    .on('zoom', ({ transform, sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
      if (sourceEvent) moved(windowOf(transform.k, down ? transform.y : transform.x, of, start * drawn, end * drawn));
    });
  const selection = select(node);
  const signs = ['wheel', 'mousedown', 'touchstart'] as const;
  for (const sign of signs) node.addEventListener(sign, begin, { passive: true });
  node.addEventListener('wheel', wheel, { passive: false });
  selection.call(made).on('dblclick.zoom', null);
  return () => {
    moving(false);
    selection.on('.zoom', null);
    for (const sign of signs) node.removeEventListener(sign, begin);
    node.removeEventListener('wheel', wheel);
  };
}

export interface StripArea {
  readonly of: number;
  /** Along the strip and across it, pixels. */
  readonly length: number;
  readonly across: number;
  readonly down: boolean;
  readonly window: () => Window;
  readonly moved: (to: Window) => void;
  readonly moving: (is: boolean) => void;
}

export function stripBrush(node: SVGGElement, area: StripArea): Brush {
  const { of, length, across, down, moved, moving } = area;
  const steps = (pixels: number): number => (pixels / Math.max(1, length)) * Math.max(1, of);
  let began: { readonly window: Window; readonly box: readonly [number, number] } | null = null;
  const boxOf = (window: Window): [number, number] => {
    const { at, size } = boxOn(window, of, length, LEAST_BOX);
    return [at, at + size];
  };
  const made = (down ? brushY<unknown>() : brushX<unknown>())
    .extent([[0, 0], down ? [across, length] : [length, across]])
    .handleSize(12)
    .keyModifiers(false)
    .on('start', ({ sourceEvent }: D3BrushEvent<unknown>) => {
      if (!sourceEvent) return;
      began = { window: area.window(), box: boxOf(area.window()) };
      moving(true);
    })
    .on('brush', ({ sourceEvent, selection, mode }: D3BrushEvent<unknown>) => {
      if (!sourceEvent || !selection || !began) return;
      const [a, b] = selection as [number, number];
      // The window may be narrower than its box: what moves it is how far the box was moved.
      if (mode === 'drag') moved(panWindow(began.window, steps(a - began.box[0]), of));
      else if (mode === 'handle' && a === began.box[0])
        moved(moveHandle(began.window, 'to', steps(b - began.box[1]), of));
      else if (mode === 'handle' && b === began.box[1])
        moved(moveHandle(began.window, 'from', steps(a - began.box[0]), of));
      else moved({ from: steps(a), to: steps(b) });
    })
    .on('end', ({ sourceEvent, selection }: D3BrushEvent<unknown>) => {
      if (!sourceEvent) return;
      // A press beside the window, without a drag: the window comes there.
      if (!selection && began) {
        const at = steps(pointerAlong(sourceEvent as MouseEvent | TouchEvent, node, down));
        const { from, to } = began.window;
        moved(panWindow(began.window, at - (from + to) / 2, of));
      }
      began = null;
      moving(false);
      place(area.window());
    });
  const selection = select(node);
  selection.call(made);
  const place = (window: Window): void => {
    if (!began) made.move(selection, boxOf(window));
  };
  place(area.window());
  return {
    place,
    detach: () => {
      if (began) moving(false);
      selection.on('.brush', null);
      node.replaceChildren();
    },
  };
}

function pointerAlong(event: MouseEvent | TouchEvent, node: SVGGElement, down: boolean): number {
  const at = 'changedTouches' in event ? event.changedTouches[0] : event;
  return at ? (pointer(at, node)[down ? 1 : 0] ?? 0) : 0;
}
