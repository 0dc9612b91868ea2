/**
 * A run too long for single events: its steps in bins, each with how much every lane did in it. Bins begin at the run's
 * start, not at the window's, and their sizes are powers of two: panning moves the picture and changes nothing in it.
 * Steps that broke something are kept one by one.
 */
import { spanOf, stepsIn, type Window } from './lane-window';

/** What is known of every step of a run, as the page has it; lanes by number. */
export interface RunColumns {
  /** By step - 1: how telling the step was, and the lane that acted. */
  readonly kinds: Uint8Array;
  readonly actors: Uint8Array;
  /** The lock, each time that it was held; steps inclusive. */
  readonly lockFrom: Uint32Array;
  readonly lockTo: Uint32Array;
  readonly waitVcpu: Uint8Array;
  readonly waitFrom: Uint32Array;
  readonly waitTo: Uint32Array;
}

/** From these kinds on a step left the guest, and broke something. */
export interface Telling {
  readonly exit: number;
  readonly violation: number;
}

export interface Violation {
  readonly step: number;
  readonly lane: number;
}

export interface Bins {
  /** Steps of a bin; the first bin's number (bin b holds steps b * size + 1 and on); how many bins there are. */
  readonly size: number;
  readonly first: number;
  readonly count: number;
  /** Steps of each bin; all but the run's last have `size`. */
  readonly steps: Uint32Array;
  /** Steps of a bin in which a lane acted, and in which it left the guest; at lane * count + bin. */
  readonly acts: Uint32Array;
  readonly exits: Uint32Array;
  /** Share of a bin during which a vCPU waited, as above; and the lock was held. */
  readonly waits: Float32Array;
  readonly lock: Float32Array;
  readonly violations: readonly Violation[];
}

/** Narrowest column, px. */
export const LEAST_COLUMN = 2;

/** Steps of a bin so that it is drawn at least LEAST_COLUMN wide: a power of two. */
export function binSize(span: number, pixels: number): number {
  let size = 1;
  while ((size / span) * pixels < LEAST_COLUMN) size *= 2;
  return size;
}

/** Lanes that act, and those that wait, in a window. */
export function lanesIn(run: RunColumns, window: Window): { acting: Set<number>; waiting: Set<number> } {
  const acting = new Set<number>();
  const waiting = new Set<number>();
  const { first, last } = stepsIn(window);
  const seen = new Uint8Array(256);
  for (let step = Math.max(1, first); step <= Math.min(last, run.actors.length); step++)
    seen[run.actors[step - 1]!] = 1;
  for (let lane = 0; lane < 256; lane++) if (seen[lane]) acting.add(lane);
  for (let i = 0; i < run.waitFrom.length; i++)
    if (run.waitFrom[i]! < window.to && run.waitTo[i]! > window.from) waiting.add(run.waitVcpu[i]!);
  return { acting, waiting };
}

/** The bins that the window meets. The lanes of vCPUs are the first ones, in order. Steps that are `drawn` otherwise count 0. */
export function binRun(
  run: RunColumns,
  lanes: number,
  window: Window,
  pixels: number,
  telling: Telling,
  drawn?: (step: number) => boolean,
): Bins {
  const steps = run.kinds.length;
  const size = binSize(spanOf(window), pixels);
  const first = Math.max(0, Math.floor(window.from / size));
  const count = Math.max(0, Math.ceil(Math.min(window.to, steps) / size) - first);
  const full = Uint32Array.from({ length: count }, (_, bin) => Math.min(size, steps - (first + bin) * size));
  const acts = new Uint32Array(lanes * count);
  const exits = new Uint32Array(lanes * count);
  const waits = new Float32Array(lanes * count);
  const lock = new Float32Array(count);
  const violations: Violation[] = [];
  const end = Math.min(steps, (first + count) * size);
  const { actors, kinds } = run;
  const shift = Math.log2(size);
  for (let i = first * size; i < end; i++) {
    if (drawn?.(i + 1)) continue;
    const lane = actors[i]!;
    const kind = kinds[i]!;
    const bin = (i >>> shift) - first;
    if (kind >= telling.violation) violations.push({ step: i + 1, lane });
    // Who acted may not be told.
    if (!(lane < lanes)) continue;
    acts[lane * count + bin]! += 1;
    if (kind >= telling.exit && kind < telling.violation) exits[lane * count + bin]! += 1;
  }
  const cover = (into: Float32Array, at: number, from: number, to: number): void => {
    const last = Math.min(first + count - 1, Math.floor((to - 1e-9) / size));
    for (let bin = Math.max(first, Math.floor(from / size)); bin <= last; bin++) {
      const part = Math.min(to, (bin + 1) * size) - Math.max(from, bin * size);
      into[at + bin - first] = Math.min(1, into[at + bin - first]! + part / full[bin - first]!);
    }
  };
  for (let i = 0; i < run.lockFrom.length; i++) cover(lock, 0, run.lockFrom[i]!, run.lockTo[i]!);
  for (let i = 0; i < run.waitFrom.length; i++)
    if (run.waitVcpu[i]! < lanes) cover(waits, run.waitVcpu[i]! * count, run.waitFrom[i]!, run.waitTo[i]!);
  return { size, first, count, steps: full, acts, exits, waits, lock, violations };
}

/** The first and the last step that bins stand for. */
export const binnedSteps = ({ size, first, steps }: Bins): { from: number; to: number } => ({
  from: first * size + 1,
  to: first * size + steps.reduce((sum, n) => sum + n, 0),
});

/** What a lane did in all bins together, in steps; waits rounded. */
export function laneTotals(
  { count, steps, acts, exits, waits }: Bins,
  lane: number,
): { acts: number; exits: number; waits: number } {
  const total = { acts: 0, exits: 0, waits: 0 };
  for (let bin = 0, at = lane * count; bin < count; bin++, at++) {
    total.acts += acts[at]!;
    total.exits += exits[at]!;
    total.waits += waits[at]! * steps[bin]!;
  }
  return { ...total, waits: Math.round(total.waits) };
}
