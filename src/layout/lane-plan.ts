/** Where in a pane of lanes the lanes, the axis, the overview of the run and the list of causes lie, in pixels. */

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface LanePlan {
  /** Time runs down. */
  readonly down: boolean;
  readonly plane: Place;
  /** Along the plane: where the first and the last step lie, and below it whether its steps are numbered. */
  readonly start: number;
  readonly end: number;
  readonly axis: boolean;
  /** Overview of the whole run; null: no room. Its steps lie from `stripStart` to `stripEnd` along it. */
  readonly strip: Place | null;
  readonly stripStart: number;
  readonly stripEnd: number;
  /** List of causes; null: not asked for. `over`: it lies over the lanes. */
  readonly chain: (Place & { readonly over: boolean }) | null;
}

const NAMES = 92;
const HEADS = 34;
const GAP = 16;

/** `chained`: a list of causes is to be shown. */
export function lanePlan(width: number, height: number, chained: boolean): LanePlan {
  const chain = chained ? chainPlace(width, height) : null;
  const w = chain && !chain.over && chain.h === height ? chain.x - GAP : width;
  const h = chain && !chain.over && chain.h < height ? chain.y - 8 : height;
  // A list beside the lanes does not turn them.
  const down = width < 480 || (width < 800 && height > width);
  if (down) {
    const strip = h >= 240 && w >= 260 ? { x: w - 30, y: 0, w: 30, h } : null;
    const plane = { x: 0, y: 0, w: strip ? strip.x - 6 : w, h };
    const end = plane.h - 10;
    return { down, plane, start: HEADS, end, axis: false, strip, stripStart: HEADS, stripEnd: end, chain };
  }
  const stripHigh = h < 200 ? 0 : h < 300 ? 24 : 34;
  const strip = stripHigh > 0 ? { x: 0, y: h - stripHigh, w, h: stripHigh } : null;
  const plane = { x: 0, y: 0, w, h: strip ? strip.y - 2 : h };
  const start = Math.min(NAMES, w / 3);
  const end = w - 14;
  return { down, plane, start, end, axis: plane.h >= 190, strip, stripStart: start, stripEnd: end, chain };
}

/** Beside the lanes where it is wide, under them where it is high, else over them. */
function chainPlace(width: number, height: number): Place & { over: boolean } {
  if (width >= 640) {
    const w = Math.round(Math.min(420, Math.max(260, width * 0.34)));
    return { x: width - w, y: 0, w, h: height, over: false };
  }
  if (height >= 320) {
    const h = Math.round(Math.min(280, height * 0.42));
    return { x: 0, y: height - h, w: width, h, over: false };
  }
  const w = Math.min(width, Math.max(240, Math.round(width * 0.62)));
  return { x: width - w, y: 0, w, h: height, over: true };
}

/** Most lanes that are told apart across the plane. */
export function mostLanes({ down, plane }: LanePlan, most: number): number {
  return down
    ? Math.max(2, Math.min(most, Math.floor((plane.w - 44) / 68)))
    : Math.min(most, Math.max(2, Math.floor(plane.h / 27)));
}

const TOP = 24;
/** The same where lanes lie far apart: room for two lines, or for a tall bar. */
const HIGH_TOP = 46;
const BOTTOM = 22;
const AXIS = 16;
/** Farthest that lanes lie apart, px. */
const FARTHEST = 160;

/** Where each of `n` lanes lies across the plane. */
export function acrossOf({ down, plane, axis }: LanePlan, n: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    if (down) return n === 1 ? plane.w / 2 : 44 + ((plane.w - 44 - 62) * i) / (n - 1);
    const room = plane.h - TOP - BOTTOM - (axis ? AXIS : 0);
    const top = room / Math.max(1, n - 1) > 56 ? HIGH_TOP : TOP;
    return Math.round(top + Math.min(FARTHEST, (room + TOP - top) / Math.max(1, n - 1)) * i) + 0.5;
  });
}

/** Steps to be numbered along an axis, none nearer than `apart` pixels to another; `step` comes first where it is seen. */
export function axisSteps(
  scale: { (at: number): number; ticks(count: number): number[]; range(): number[] },
  steps: { readonly first: number; readonly last: number },
  step: number,
  apart: number,
): number[] {
  const range = scale.range();
  const room = Math.abs((range.at(-1) ?? 0) - (range[0] ?? 0));
  const inside = (at: number): boolean => at >= steps.first && at <= steps.last;
  const nice = scale.ticks(Math.max(2, Math.floor(room / apart))).filter((at) => Number.isInteger(at) && inside(at));
  const found = inside(step) ? [step] : [];
  for (const at of nice) if (found.every((other) => Math.abs(scale(other) - scale(at)) >= apart)) found.push(at);
  return found.sort((a, b) => a - b);
}

/** Height of a bar that says "in every step", on lanes that lie so. */
export function barHeight({ down }: LanePlan, across: readonly number[]): number {
  const gap = (across[1] ?? across[0]! + FARTHEST) - across[0]!;
  return Math.max(4, Math.min(44, gap * 0.6, down ? gap : across[0]! - 2));
}
