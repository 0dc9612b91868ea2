/** The events that tell why two sides part: on each side what answers the other's. */
import { designOf } from '../engine/designs';
import { xenFunction } from '../engine/events';
import { PATCHES } from '../engine/patches';
import type { AnyEvent } from '../engine/trace';
import type { TwinFound } from '../explore/twin/found';
import { COMPARE_SCREEN, whyDecided, whyOrder, whyShifted, whySide } from '../words/compare';
import { say, type Sentence } from '../words/parts';
import { short } from '../words/short';

const WATCHING: readonly AnyEvent['code'][] = ['dm.protect', 'dm.mapRange'];

/** What makes a page watched, or no longer. */
const CHANGES: readonly AnyEvent['code'][] = [
  'dm.outOfSync',
  'dm.protect',
  'dm.unprotect',
  'dm.mark',
  'fault.resolved',
];
/** They end every instruction that is sent to somebody, whatever came of it. */
const ENDS: readonly AnyEvent['code'][] = ['ioreq.respReady', 'vcpu.resume', 'track.returned'];

/** What a side did where they part; null: it does not come to it. */
export function telling({ pin }: TwinFound, side: number): AnyEvent | null {
  if (!pin) return null;
  const of = (one: number): readonly AnyEvent[] => pin.sides[one]!.events;
  const refused = of(side).find(({ errno }) => errno !== undefined);
  if (refused) return refused;
  const rows = pin.sides.map(({ row }) => row);
  const own = rows[side];
  if (own && rows.some((row) => row !== null && (row.outcome !== own.outcome || row.role !== own.role)))
    if (own.outcome === 'forwarded') return of(side).findLast(({ code }) => code === 'io.select') ?? null;
  if (own && rows.some((row) => row !== null && row.watched !== own.watched))
    return of(side).find(({ code }) => CHANGES.includes(code)) ?? null;
  const watching = pin.sides.some(({ events }) => events.some((one) => one.errno && WATCHING.includes(one.code)));
  const watched = watching ? of(side).find(({ code }) => code === 'dm.protect') : undefined;
  return watched ?? of(side).findLast(({ code }) => !ENDS.includes(code)) ?? null;
}

const idOf = (name: string): string => PATCHES.find((one) => one.name === name)?.id ?? '';

/** One line: what makes them part, and by which functions. */
export function why(found: TwinFound): Sentence {
  const { pin, sides } = found;
  if (!pin) return say(COMPARE_SCREEN.same);
  const b = pin.groups.findIndex((group) => group !== 0);
  const told = [0, b].flatMap((side) => {
    const event = telling(found, side);
    const { paging, design } = sides[side]!;
    if (!event) return [];
    return [whySide(side, xenFunction(event.code, paging, designOf({ design }).functions), short(event, paging))];
  });
  const { decided, chance } = pin;
  const because =
    chance === 'order'
      ? [whyOrder(chance, b), whyShifted(decided, idOf)]
      : [whyDecided(decided, idOf), whyOrder(chance, b)];
  return say([...because, ...told].filter((one) => one !== '').join(' '));
}
