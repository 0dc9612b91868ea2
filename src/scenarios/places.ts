/**
 * Places of a run as text: `82` a step, `vcpu0[3]` an operation of a vCPU's program, counted from 0 as it is once its loops are
 * written out, `toolstack[1]`, `dm.mark` or `dm.sweep#2` the first or second step that brings the event.
 */
import * as v from 'valibot';
import { EVENT_CODES } from '../engine/events';
import { MOST_STEPS } from '../engine/history';
import { meant, shown, withHint } from './hints';
import type { Place } from './lesson';

/** Most operations of all programs together. */
export const MOST_OPS = 1_000_000;
const MOST_VCPUS = 8;

/** undefined: it is none. Only its form is looked at: whether a program is so long is not known here. */
export function parsePlace(text: string | number): Place | undefined {
  if (typeof text === 'number') return isUpTo(text, 0, MOST_STEPS) ? { step: text } : undefined;
  if (text.length > 60) return undefined;
  if (/^\d+$/.test(text)) return parsePlace(Number(text));
  const [, who, of, at] = /^(vcpu(\d)|toolstack)\[(\d+)\]$/.exec(text) ?? [];
  if (who !== undefined) {
    const op = Number(at);
    if (op >= MOST_OPS) return undefined;
    if (of === undefined) return { toolstack: op };
    return Number(of) < MOST_VCPUS ? { vcpu: Number(of), op } : undefined;
  }
  const [code, nth = '1'] = text.split(/#(?=\d+$)/);
  const event = EVENT_CODES.find((known) => known === code);
  return event && isUpTo(Number(nth), 1, MOST_STEPS) ? { event, nth: Number(nth) } : undefined;
}

/** As `parsePlace` reads it; a step is a number. */
export function placeText(place: Place): string | number {
  if ('step' in place) return place.step;
  if ('vcpu' in place) return `vcpu${place.vcpu}[${place.op}]`;
  if ('toolstack' in place) return `toolstack[${place.toolstack}]`;
  return place.nth === 1 ? place.event : `${place.event}#${place.nth}`;
}

const isUpTo = (n: number, least: number, most: number): boolean => Number.isInteger(n) && n >= least && n <= most;

const PLACE = 'is no place in a run: write 82 for a step, "vcpu0[3]", "toolstack[1]", or an event like "dm.sweep#2"';

function placeHint(input: string | number): string | undefined {
  if (typeof input === 'number')
    return isUpTo(Math.round(input), 0, MOST_STEPS) ? `Perhaps ${Math.round(input)}.` : undefined;
  const [, who, at] = /^\s*(vcpu\s*\d|toolstack)\D*(\d+)?\D*$/i.exec(input.slice(0, 60)) ?? [];
  if (who !== undefined) return `Perhaps "${who.toLowerCase().replace(/\s/g, '')}[${at ?? 0}]" is meant.`;
  return meant(input.split('#')[0], EVENT_CODES);
}

/** A place in a file. */
export const place = v.pipe(
  v.union([v.string(), v.number()], PLACE),
  v.rawTransform(({ dataset, addIssue, NEVER }): Place => {
    const found = parsePlace(dataset.value);
    if (found) return found;
    addIssue({ message: withHint(`${shown(dataset.value)} ${PLACE}`, placeHint(dataset.value)) });
    return NEVER;
  }),
);
