/** The arrows that the engine's decisions take while something is done. */
import { watching, type Taken } from '../engine/machines/law';
import { arrowOf, factsOf } from '../engine/machines/read-chart';
import { P2M_TYPE_COUNT } from '../engine/p2m-type';
import type { World } from '../engine/world';
import type { ArrowTaken } from './protocol';

/**
 * Does something to a world, and answers each arrow taken meanwhile with how often it was, in order of the first time. Left out
 * are decisions from which nothing comes: the state stays, nothing is refused and nothing else is done; and a type that was
 * worked out for who looked a page up, and not stored.
 */
export function arrowsOf(w: World, act: () => void): ArrowTaken[] {
  const counts = new Map<string, { taken: Taken; count: number }>();
  const before = Array.from({ length: P2M_TYPE_COUNT }, (_, type) => w.census.total(type));
  watching((taken) => {
    const { chart, from, event, facts, decision } = taken;
    if (!decision.known || (decision.to === from && decision.refused === null && decision.effect === null)) return;
    const key = `${chart.name} ${from} ${event} ${facts}`;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { taken, count: 1 });
  }, act);
  const arrows = new Map<string, ArrowTaken>();
  for (const { taken, count } of counts.values()) {
    const { chart, from: at, decision } = taken;
    const [from, to] = [chart.states[at]!, chart.states[decision.to]!];
    const event = Object.keys(chart.on)[taken.event]!;
    const arrow = arrowOf(chart, w.xen, from, event, factsOf(chart, taken.facts))?.id;
    const times = isRecalc(event) ? Math.min(count, before[at]! - w.census.total(at)) : count;
    if (arrow === undefined || times <= 0) continue;
    const key = `${chart.name} ${arrow} ${from}`;
    arrows.set(key, { chart: chart.name, arrow, from, to, count: times + (arrows.get(key)?.count ?? 0) });
  }
  return [...arrows.values()];
}

/** A type worked out anew: asked for at each look-up of a marked page, and stored when the mark is settled. */
const isRecalc = (event: string): boolean => event.startsWith('recalc.');
