/**
 * What the charts of this folder are made of. A chart is an XState machine whose states are Xen's, whose events are what Xen
 * does or is asked, and whose guards are data: patches that a transition needs or must not have, and facts that hold or do
 * not. A refusal is a transition that leads nowhere and names its errno. So a chart can be drawn, outlined, walked and
 * enumerated from the one object by which the engine decides (law.ts).
 */
import { setup, type AnyStateMachine } from 'xstate';
import type { Errno } from '../errno';
import type { PatchName, Xen } from '../patches';

type Some<T> = T | readonly T[];

/** All of it must hold: patches in the set, patches not in it, facts that are so, facts that are not. */
export interface When {
  readonly has?: Some<PatchName>;
  readonly lacks?: Some<PatchName>;
  readonly if?: Some<string>;
  readonly unless?: Some<string>;
}

/** Why nothing changes; `rule` is a code for the words. */
export interface Refusal {
  readonly errno: Errno;
  readonly rule: string;
}

export interface ChartEvent {
  readonly type: string;
  /** Names of the facts that hold. */
  readonly facts: readonly string[];
}

export const some = <T>(one: Some<T> | undefined): readonly T[] =>
  one === undefined ? [] : Array.isArray(one) ? (one as readonly T[]) : [one as T];

/** Whether the patches of a guard are as it wants them. */
export const fits = (xen: Xen, { has, lacks }: When): boolean =>
  some(has).every((patch) => xen[patch]) && !some(lacks).some((patch) => xen[patch]);

/** Whether a guard lets an event pass. */
export const passes = (xen: Xen, facts: readonly string[], when: When): boolean =>
  fits(xen, when) &&
  some(when.if).every((fact) => facts.includes(fact)) &&
  !some(when.unless).some((fact) => facts.includes(fact));

/** The guard and the two actions that every chart is made with. An action is a word that the decision carries. */
export const charts = setup({
  types: {
    context: {} as { readonly xen: Xen },
    input: {} as { readonly xen: Xen },
    events: {} as ChartEvent,
  },
  guards: {
    when: ({ context, event }, when: When) => passes(context.xen, event.facts, when),
  },
  actions: {
    refuse: (_, _refusal: Refusal) => undefined,
    effect: (_, _what: { readonly name: string }) => undefined,
  },
});

export const when = (params: When) => ({ type: 'when', params }) as const;
export const refuse = (errno: Errno, rule: string) => ({ type: 'refuse', params: { errno, rule } }) as const;
export const effect = (name: string) => ({ type: 'effect', params: { name } }) as const;

export interface Chart<S extends string = string, E extends string = string, F extends string = string> {
  readonly name: string;
  readonly machine: AnyStateMachine;
  /** States without parts, named by their path, as the numbers of `at` count them. */
  readonly states: readonly S[];
  /** What each event and each fact is, in a sentence. */
  readonly events: Readonly<Record<E, string>>;
  readonly facts: Readonly<Record<F, string>>;
  /** Number of a state, number of an event, bit of a fact. */
  readonly at: Readonly<Record<S, number>>;
  readonly on: Readonly<Record<E, number>>;
  readonly is: Readonly<Record<F, number>>;
}

const numbered = <K extends string>(names: readonly K[], number: (i: number) => number): Readonly<Record<K, number>> =>
  Object.fromEntries(names.map((name, i) => [name, number(i)])) as Record<K, number>;

/** A chart of a machine made by `charts.createMachine`. `states`: in the machine's own order. */
export function defineChart<const S extends string, E extends string, F extends string = never>(parts: {
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly states: readonly S[];
  readonly events: Readonly<Record<E, string>>;
  readonly facts?: Readonly<Record<F, string>>;
}): Chart<S, E, F> {
  const { states, events, facts = {} as Record<F, string> } = parts;
  return {
    ...parts,
    facts,
    at: numbered(states, (i) => i),
    on: numbered(Object.keys(events) as E[], (i) => i),
    is: numbered(Object.keys(facts) as F[], (i) => 1 << i),
  };
}
