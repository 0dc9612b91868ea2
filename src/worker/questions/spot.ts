/**
 * What a question is about, so that it can be found in a run of the same guest under another Xen: an instruction of a program
 * or a whole operation, an operation of the toolstack's, or the step that brings an event for the nth time.
 */
import { COMMAND, TOOLSTACK, XENGT, type Choice } from '../../engine/choice';
import type { EventCode } from '../../engine/trace';
import type { Ask, Place } from '../../scenarios/lesson';
import type { Journal } from '../journal';
import { CALLS, PIECES, RELEASES, sameCalls } from './calls';
import type { InstructionOf } from './instructions';
import type { Begun, Places } from './places';

export type Spot =
  | {
      readonly kind: 'instruction';
      readonly vcpu: number;
      readonly op: number;
      /** null: all instructions of the operation. */
      readonly nth: number | null;
      /** Of its faults the one that is meant, from 0, where it is asked what Xen does. */
      readonly fault: number;
    }
  | { readonly kind: 'tool'; readonly op: number }
  | {
      readonly kind: 'event';
      readonly code: EventCode;
      readonly nth: number;
      /** Where another version has another call for the same: which of such calls, from 1, made for an instruction it is. */
      readonly within: {
        readonly vcpu: number;
        readonly op: number;
        readonly nth: number;
        readonly call: number;
      } | null;
    };

/** A spot in this run: the step in which it begins, and the one that the question is put before. */
export interface Found {
  readonly spot: Spot;
  readonly from: number;
  readonly step: number;
}

/** What is known of a run without running any of it again. */
export interface Gathered {
  readonly places: Places;
  readonly journal: Journal;
}

/** A step: who took it, and what it brought. */
export interface Around {
  readonly step: number;
  readonly choice: Choice;
  readonly codes: readonly EventCode[];
  /** Step of the instruction that it serves; 0 none. */
  readonly root: number;
  /** The instruction that it began, of a step that the run does not have yet; null: none. */
  readonly began: Begun | null;
}

/** An access leaves the guest. */
const EXITS: readonly EventCode[] = ['exit.violation', 'exit.misconfig', 'exit.io'];
/** What these are asked of is an instruction, whoever is at work for it. */
const OF_ACCESS: ReadonlySet<Ask | null> = new Set<Ask>(['outcome', 'sees', 'value', 'xen']);

/** The spot of a place. `around`: tells of a step. null: this run has no such place, or nobody's operation is there. */
export function spotOf(
  run: Gathered,
  place: Place,
  ask: Ask | null,
  around: (step: number) => Around | null,
): Found | null {
  const step = 'step' in place ? place.step : run.places.step(place);
  if (step === null || step < 1) return null;
  if ('toolstack' in place) return { spot: { kind: 'tool', op: place.toolstack }, from: step, step };
  if ('vcpu' in place) return { spot: { kind: 'instruction', ...place, nth: null, fault: 0 }, from: step, step };
  const of = around(step);
  return of && spotAround(run, of, ask, 'event' in place ? place.event : null);
}

/** What a step belongs to. `code`: the event of it that is meant; null: whatever it does. */
function spotAround(run: Gathered, around: Around, ask: Ask | null, code: EventCode | null): Found | null {
  const { places } = run;
  const { step, choice, codes } = around;
  if (choice < XENGT) {
    const begun = around.began ?? places.instructionAt(choice, step);
    return begun && isWithin(begun, step) ? instruction(run, begun, around) : null;
  }
  const tool = choice === TOOLSTACK || choice === XENGT ? places.toolAt(step) : null;
  if (tool?.step === step && choice === TOOLSTACK) return { spot: { kind: 'tool', op: tool.op }, from: step, step };
  const event = code ?? codes.find((one) => CALLS.has(one) || PIECES.has(one));
  const served = choice < COMMAND ? serving(run, around) : null;
  if (served && (event === undefined || (OF_ACCESS.has(ask) && !CALLS.has(event)))) return served;
  if (event !== undefined) {
    const nth = places.nth(event, step) || places.count(event) + 1;
    const within = served && sameCalls(event).length > 0 ? callOf(run, served, event, step) : null;
    return { spot: { kind: 'event', code: event, nth, within }, from: step, step };
  }
  return tool && { spot: { kind: 'tool', op: tool.op }, from: tool.step, step };
}

const isWithin = ({ step, end }: Begun, at: number): boolean => at >= step && (end === 0 || at <= end);

/** The instruction for which a device model is at work in a step. */
function serving(run: Gathered, around: Around): Found | null {
  const { root, step } = around;
  if (root === 0) return null;
  for (let i = 0; i < run.places.config.programs.length; i++) {
    const begun = run.places.instructionAt(i, step);
    if (begun?.step === root && isWithin(begun, step)) return instruction(run, begun, around);
  }
  return null;
}

/** Which call it is of those like it that are made for an instruction. */
function callOf({ places, journal }: Gathered, { spot, from }: Found, code: EventCode, step: number) {
  const { vcpu, op, nth } = spot as InstructionOf;
  let call = step > places.steps ? 1 : 0;
  for (const like of sameCalls(code))
    for (const at of places.within(like, from, step)) if (journal.root(at) === from) call++;
  return { vcpu, op, nth, call };
}

function instruction(run: Gathered, begun: Begun, { step, codes }: Around): Found {
  const { vcpu, op, nth } = begun;
  const beyond = step > run.places.steps && codes.some((code) => EXITS.includes(code)) ? 1 : 0;
  const faults = exits(run, begun, step).length + beyond;
  return { spot: { kind: 'instruction', vcpu, op, nth, fault: Math.max(0, faults - 1) }, from: begun.step, step };
}

/** Steps up to `step` in which an instruction left the guest. */
export function exits({ places, journal }: Gathered, begun: Begun, step: number): number[] {
  return EXITS.flatMap((code) => [...places.within(code, begun.step, step)])
    .filter((at) => journal.root(at) === begun.step)
    .sort((a, b) => a - b);
}

/** The step that shows the answer, as far as this run has it; its last one for what does not come to an end. */
export function untilOf(run: Gathered, { spot, from }: Found, ask: Ask): number {
  const { places } = run;
  if (spot.kind === 'tool') return places.toolAt(from)?.end || places.steps;
  if (spot.kind === 'event') return (RELEASES.has(spot.code) ? places.released(from) : from) || places.steps;
  const { vcpu, op, nth } = spot;
  const end = nth === null ? places.end(vcpu, op) : (places.instruction({ vcpu, op, nth })?.end ?? 0);
  return (ask === 'xen' && decidedIn(run, spot, from, end || places.steps)) || end || places.steps;
}

/** The step from `from` to `to` in which Xen decides what to do at the spot's fault; 0: none. */
function decidedIn(run: Gathered, spot: Spot & { kind: 'instruction' }, from: number, to: number): number {
  const { places, journal } = run;
  const begun = places.instructionAt(spot.vcpu, from)!;
  const after = (spot.nth === null ? undefined : exits(run, begun, to)[spot.fault]) ?? from;
  for (const at of places.decided(after, to)) {
    if (journal.root(at) === places.instructionAt(spot.vcpu, at)?.step) return at;
  }
  return 0;
}
