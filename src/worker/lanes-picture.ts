/** The events of a stretch of a run with the locks held, the waits and the vCPUs that end in it, by running it once more. */
import type { History } from '../engine/history';
import type { Actor, AnyEvent } from '../engine/trace';
import { isAway, PHASE } from '../engine/vcpu';
import { vcpuActor, type World } from '../engine/world';
import type { Journal } from './journal';
import type { LanesPicture } from './protocol';

/** Steps shown where no write gives the stretch, and at most. */
const PLAIN_STEPS = 16;
const MOST_STEPS = 48;

type Bar = { actor: Actor; name: string; from: number; to: number };

/** The stretch that step `n` belongs to: the write under way, else some steps round it. */
export function stretch(journal: Journal, n: number): { from: number; to: number } {
  const i = journal.writeAt(n);
  const write = i < 0 ? undefined : journal.write(i);
  let from = Math.max(1, n - PLAIN_STEPS / 2);
  let to = from + PLAIN_STEPS - 1;
  if (write && n <= write.to) ({ from, to } = write);
  if (to - from >= MOST_STEPS) {
    const page = Math.floor((n - from) / MOST_STEPS);
    from += page * MOST_STEPS;
    to = Math.min(to, from + MOST_STEPS - 1);
  }
  return { from, to: Math.min(to, journal.steps) };
}

export function lanesPicture(history: History, from: number, to: number): LanesPicture {
  const events: AnyEvent[] = [];
  const locks: Bar[] = [];
  const waits: Bar[] = [];
  const ends: { actor: Actor; at: number }[] = [];
  if (to >= from && history.length > 0) {
    const open: { lock: Bar | undefined; waits: (Bar | undefined)[] } = { lock: undefined, waits: [] };
    // From the step before on, to know who had stopped by then.
    for (const { events: ofStep, world } of history.replay(Math.max(1, from - 1), to)) {
      world.vcpus.forEach((v, i) => endOf(v.phase, vcpuActor(i), world.steps, ends));
      if (world.steps < from) continue;
      events.push(...ofStep);
      open.lock = lockBar(open.lock, world, locks);
      world.vcpus.forEach((v, i) => (open.waits[i] = waitBar(open.waits[i], world, v.phase, i, waits)));
    }
  }
  return { from, to, events, locks, waits, ends };
}

function endOf(phase: number, actor: Actor, at: number, into: { actor: Actor; at: number }[]): void {
  if (phase === PHASE.crashed && !into.some((end) => end.actor === actor)) into.push({ actor, at });
}

function lockBar(bar: Bar | undefined, w: World, into: Bar[]): Bar | undefined {
  const holder = w.p2mLock;
  if (bar) bar.to = w.steps;
  if (holder === null) return undefined;
  if (bar) return bar;
  const made = { actor: 'xen' as const, name: 'gfn lock', from: w.steps, to: w.steps };
  into.push(made);
  return made;
}

function waitBar(bar: Bar | undefined, w: World, phase: number, i: number, into: Bar[]): Bar | undefined {
  if (bar) bar.to = w.steps;
  if (!isAway(phase)) return undefined;
  if (bar) return bar;
  const made = { actor: vcpuActor(i), name: 'waits', from: w.steps, to: w.steps };
  into.push(made);
  return made;
}
