/**
 * The timeline: as many bins as there is room for, each with how much its steps did, and marks that no bin swallows.
 * A step's kind is a number that grows with how telling it is.
 */

/** Distance of two bars and width of one, px. */
export const PITCH = 3;
const BAR = 2;

export interface Timeline {
  readonly width: number;
  /** Path of the bars, standing on y = 0 and `height` high at the most. */
  readonly bars: string;
  /** Path of a tick for each bin that holds a trapped write, hanging from y = 0. */
  readonly ticks: string;
  /** A mark for each step that broke an invariant; those on one pixel are one. */
  readonly violations: readonly { readonly step: number; readonly x: number }[];
}

export interface TimelineShape {
  readonly width: number;
  readonly height: number;
  readonly tick: number;
  /** From this kind on a step holds a trapped write; from this one on it broke something. */
  readonly trapped: number;
  readonly violation: number;
}

/** Where a step lies: step 0 at the left, the last at the right. */
export const stepX = (step: number, of: number, width: number): number => (of > 0 ? (step / of) * width : 0);

/** The step at a place, however far outside it is. */
export const stepAt = (x: number, of: number, width: number): number =>
  width > 0 ? Math.max(0, Math.min(of, Math.round((x / width) * of))) : 0;

/** How far Page Up and Page Down go. */
export const pageOf = (of: number): number => Math.max(10, Math.round(of / 20));

/** What each bin's steps come to: the sum of their kinds a step, and whether one trapped a write. */
export function bins(
  kinds: Uint8Array,
  count: number,
  trapped: number,
): { readonly busy: Float32Array; readonly trapped: Uint8Array } {
  const busy = new Float32Array(count);
  const has = new Uint8Array(count);
  const of = kinds.length;
  // A run may have millions of steps: the division is done for bins, not for steps.
  for (let b = 0, i = 0; b < count; b++) {
    const from = i;
    const end = b === count - 1 ? of : Math.min(of, Math.ceil(((b + 1) / count) * of));
    let sum = 0;
    let telling = 0;
    for (; i < end; i++) {
      const kind = kinds[i]!;
      sum += kind;
      if (kind > telling) telling = kind;
    }
    if (i > from) busy[b] = sum / (i - from);
    has[b] = i > from && telling >= trapped ? 1 : 0;
  }
  return { busy, trapped: has };
}

export function timeline(kinds: Uint8Array, shape: TimelineShape): Timeline {
  const { width, height, tick } = shape;
  const count = Math.max(1, Math.min(kinds.length, Math.floor(width / PITCH)));
  const binned = bins(kinds, count, shape.trapped);
  const most = Math.max(...binned.busy) || 1;
  let bars = '';
  let ticks = '';
  for (let b = 0; b < count; b++) {
    // A bin's middle, so that few wide bins stand where their steps are.
    const x = Math.round(((b + 0.5) / count) * width - BAR / 2);
    const h = Math.round((binned.busy[b]! / most) * height);
    if (h > 0) bars += `M${x} 0h${BAR}v${-h}h${-BAR}z`;
    if (binned.trapped[b]) ticks += `M${x} 0h${BAR}v${tick}h${-BAR}z`;
  }
  return { width, bars, ticks, violations: marks(kinds, width, shape.violation) };
}

function marks(kinds: Uint8Array, width: number, violation: number): { step: number; x: number }[] {
  const found: { step: number; x: number }[] = [];
  for (let i = 0; i < kinds.length; i++) {
    if (kinds[i]! < violation) continue;
    const x = Math.round(stepX(i + 1, kinds.length, width));
    if (found.at(-1)?.x !== x) found.push({ step: i + 1, x });
  }
  return found;
}
