/**
 * The part of a run that its lanes show. Along the axis of steps the events of step s lie between s - 1 and s, the last of
 * them at s; a run of n steps lies between 0 and n. A window is a part of that axis, its ends anywhere between two steps.
 */
import { scaleLinear, type ScaleLinear } from 'd3';

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Steps of the narrowest window. */
export const LEAST_SPAN = 6;
/** Pixels along the axis that a step needs for its events to be told apart. */
export const LEAST_PITCH = 4;

export const spanOf = ({ from, to }: Window): number => to - from;

/** The whole run; one step wide when nothing has happened. */
export const wholeRun = (of: number): Window => ({ from: 0, to: Math.max(1, of) });

/** The nearest window inside the run that is as wide, as far as the run and the narrowest window let it. */
export function clampWindow({ from, to }: Window, of: number): Window {
  const most = Math.max(1, of);
  const span = Math.min(Math.max(to - from, Math.min(LEAST_SPAN, most)), most);
  const middle = (from + to) / 2;
  const left = Math.min(Math.max(middle - span / 2, 0), most - span);
  return { from: left, to: left + span };
}

/** `factor` above 1 shows less; the step `anchor` keeps its place. */
export function zoomWindow(window: Window, factor: number, anchor: number, of: number): Window {
  const most = Math.max(1, of);
  const span = Math.min(Math.max(spanOf(window) / factor, Math.min(LEAST_SPAN, most)), most);
  const share = (anchor - window.from) / spanOf(window);
  const from = anchor - span * share;
  return clampWindow({ from, to: from + span }, of);
}

export const panWindow = ({ from, to }: Window, steps: number, of: number): Window =>
  clampWindow({ from: from + steps, to: to + steps }, of);

/** Whether the mark of a step lies in the window. Step 0 is the start of the run. */
export const holds = ({ from, to }: Window, step: number): boolean =>
  (step > from && step <= to) || (step === 0 && from <= 0);

/** The window with the step in it: the same when it holds it, else as wide and round the step. */
export function reveal(window: Window, step: number, of: number): Window {
  if (holds(window, step)) return window;
  const half = spanOf(window) / 2;
  return clampWindow({ from: step - half, to: step + half }, of);
}

/** The window goes along when the step shown leaves it, with most of its room ahead; where it was not in it, it stays. */
export function goAlong(window: Window, before: number, after: number, of: number): Window {
  if (holds(window, after) || !holds(window, before)) return window;
  const from = after - spanOf(window) * (after > before ? 0.25 : 0.75);
  return clampWindow({ from, to: from + spanOf(window) }, of);
}

/** First and last step with a mark in the window; at least one. */
export function stepsIn({ from, to }: Window): { first: number; last: number } {
  const first = Math.floor(from + 1e-6) + 1;
  return { first, last: Math.max(first, Math.floor(to + 1e-6)) };
}

/** Whether single events are drawn: at most `most` steps, and room for them. */
export function isDetailed(window: Window, pixels: number, most: number): boolean {
  const { first, last } = stepsIn(window);
  return last - first + 1 <= most && pixels / spanOf(window) >= LEAST_PITCH;
}

/** Steps to ask events of, at most `most`, those round the window as well; null: all that the window needs are known. */
export function stretchFor(
  window: Window,
  known: (step: number) => boolean,
  of: number,
  most: number,
): { from: number; to: number } | null {
  const steps = stepsIn(window);
  const [first, last] = [Math.max(1, steps.first), Math.min(of, steps.last)];
  let missing = false;
  for (let step = first; step <= last && !missing; step++) missing = !known(step);
  if (!missing) return null;
  const spare = Math.max(0, most - (last - first + 1));
  const from = Math.max(1, Math.min(first - Math.floor(spare / 2), of - most + 1));
  return { from, to: Math.min(of, from + most - 1) };
}

/** Position along a lane of a point of the axis, every step as wide as the other. Not clamped. */
export const evenScale = ({ from, to }: Window, start: number, end: number): ScaleLinear<number, number> =>
  scaleLinear([from, to], [start, end]);

/** d3-zoom's scale and shift that show the window between `start` and `end`, at 1 and 0 the whole run. */
export function lookOf(window: Window, of: number, start: number, end: number): { k: number; shift: number } {
  const most = Math.max(1, of);
  const k = most / spanOf(window);
  return { k, shift: start - k * (start + (window.from / most) * (end - start)) };
}

/** The window that d3-zoom's scale and shift show. */
export function windowOf(k: number, shift: number, of: number, start: number, end: number): Window {
  const most = Math.max(1, of);
  const stepAt = (pixel: number): number => (((pixel - shift) / k - start) / Math.max(1, end - start)) * most;
  return clampWindow({ from: stepAt(start), to: stepAt(end) }, of);
}

/** What of the window a handle of the overview moves. */
export type Handle = 'from' | 'to' | 'both';

/** The window after one of its handles was moved by so many steps; the ends do not pass each other. */
export function moveHandle(window: Window, handle: Handle, steps: number, of: number): Window {
  if (handle === 'both') return panWindow(window, steps, of);
  const most = Math.max(1, of);
  const least = Math.min(LEAST_SPAN, most);
  return handle === 'from'
    ? { from: Math.min(Math.max(window.from + steps, 0), window.to - least), to: window.to }
    : { from: window.from, to: Math.max(Math.min(window.to + steps, most), window.from + least) };
}

/** Where the window lies on an overview `length` pixels long; never less than `least` of them. */
export function boxOn(window: Window, of: number, length: number, least: number): { at: number; size: number } {
  const most = Math.max(1, of);
  const size = Math.min(length, Math.max(least, (spanOf(window) / most) * length));
  const middle = ((window.from + window.to) / 2 / most) * length;
  return { at: Math.min(Math.max(middle - size / 2, 0), length - size), size };
}
