/** Addresses over the rows of the tables: round ones, as far apart as their labels need. */
import type { Window } from './ept';
import { xOf } from './ept-entry';

export interface AxisTick {
  readonly gfn: number;
  /** Pixels from the left of the window. */
  readonly x: number;
  /** Where its label has its own edge or middle. */
  readonly anchor: 'start' | 'middle' | 'end';
}

/**
 * Ticks at multiples of a power of two, at least `apart` pixels from each other. The whole guest has its end as well.
 * `frames`: of the whole guest.
 */
export function axisTicks(window: Window, frames: number, apart: number): AxisTick[] {
  const { from, to, width } = window;
  if (width <= 0 || to <= from) return [];
  const least = (apart * (to - from)) / width;
  const every = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, least))));
  const ticks: AxisTick[] = [];
  for (let gfn = Math.ceil(from / every) * every; gfn < to; gfn += every) ticks.push(tick(window, gfn, apart));
  const whole = from <= 0 && to >= frames;
  if (!whole) return ticks.filter(({ x }) => x <= width - 2);
  return [...ticks.filter(({ x }) => x === 0 || x < width - 1.4 * apart), { gfn: frames, x: width, anchor: 'end' }];
}

function tick(window: Window, gfn: number, apart: number): AxisTick {
  const x = xOf(window, gfn);
  const half = apart / 2;
  return { gfn, x, anchor: x < half ? 'start' : x > window.width - half ? 'end' : 'middle' };
}
