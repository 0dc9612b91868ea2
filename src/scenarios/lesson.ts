/** What a scenario says to who learns from it: types only. A place or a step is where the run is stopped, asked about, told of. */
import type { Errno } from '../engine/errno';
import type { Cost, EventCode } from '../engine/trace';
import type { ActAt } from './acts';
import type { Switches } from './xen-set';

/**
 * Somewhere in a run, whatever the version: before step so-and-so; before the first step of an operation of a vCPU's program
 * or of the toolstack's (counted from 0); before the nth step (from 1) that brings an event.
 */
export type Place =
  | { readonly step: number }
  | { readonly vcpu: number; readonly op: number }
  | { readonly toolstack: number }
  | { readonly event: EventCode; readonly nth: number };

export const MINUTES = [5, 15, 50] as const;
/** What a student does: answers to it, changes it, makes one. */
export const LEARNING = ['responding', 'changing', 'constructing'] as const;

export interface Lesson {
  /** Place in the course, from 1. */
  readonly number: number;
  /** What a student can do after it. */
  readonly goal: string;
  readonly minutes: (typeof MINUTES)[number];
  readonly level: (typeof LEARNING)[number];
  /** Names of the lessons that come before, and what else must be known. */
  readonly needs: readonly string[];
}

/**
 * What is asked of an operation: what becomes of the access; the type of its frame afterwards; what the call answers; who gets
 * to see it; the value that is read; how often a primitive is spent; at a fault, what Xen must do.
 */
export const ASKS = ['outcome', 'type', 'errno', 'sees', 'value', 'cost', 'xen'] as const;
export type Ask = (typeof ASKS)[number];

export interface Prompt {
  readonly before: Place;
  readonly ask: Ask;
  /** Frame that is asked about; null: the one that the operation is about. */
  readonly gfn: number | null;
  /** Primitive that is counted, where the cost is asked. */
  readonly cost: Cost | null;
  /** The question in the lesson's own words; null: as it is always put. */
  readonly text: string | null;
  /** Said with the answer. */
  readonly after: string | null;
}

export interface Narration {
  readonly from: Place;
  readonly text: string;
}

/** What is looked at first. */
export interface StartView {
  readonly screen: string | null;
  readonly gfn: number | null;
  /** GPU address, bytes. */
  readonly gma: number | null;
}

/** A set of patches that an answer holds under: a version, and what is switched beside it. */
export interface PatchSet {
  readonly version: string;
  readonly patches: Switches;
}

/** An answer to a question. `never`: the operation does not come to its end. */
export type Answer =
  | { readonly ask: 'outcome'; readonly outcome: string }
  | { readonly ask: 'type'; readonly type: string }
  | { readonly ask: 'errno'; readonly errno: Errno | null }
  | { readonly ask: 'sees'; readonly who: string }
  | { readonly ask: 'value'; readonly low: number; readonly high: number }
  | { readonly ask: 'cost'; readonly cost: Cost; readonly count: number }
  /** `errno`: what a hypercall is answered, null 0; none: it is no hypercall. */
  | { readonly ask: 'xen'; readonly does: string; readonly errno?: Errno | null | undefined }
  | { readonly ask: 'never'; readonly why: string };

export const CONFIDENCE = ['guess', 'think', 'know'] as const;

/** What was answered to a question, and what was true. */
export interface Answered {
  /** Step that the question was put before. */
  readonly step: number;
  readonly ask: Ask;
  /** null: not sure. */
  readonly said: Answer | null;
  readonly confidence: (typeof CONFIDENCE)[number] | null;
  readonly truth: Answer;
  /** What the student says to have seen, asked after it was shown; null: not asked or not answered. */
  readonly saw: Answer | null;
  /** Hands in a class, by option: those of the first vote and of the second; null: nobody voted. */
  readonly votes: {
    readonly options: readonly (Answer | null)[];
    readonly first: readonly number[];
    readonly second: readonly number[];
  } | null;
}

/** A history that was tried and left. */
export interface HistoryRecord {
  readonly name: string;
  readonly acts: readonly ActAt[];
  /** Step that was shown when it was left. */
  readonly step: number;
  /** What is switched in it over the version, in place of what the file switches; not said: as in the file. */
  readonly patches?: Switches | undefined;
  /** It was made by flipping a switch from the first image on, and making the same choices as long as they could be made. */
  readonly fork?: Fork | undefined;
}

/** How a history of another set of patches goes with the one whose choices it makes. */
export interface Fork {
  /** Steps after which they are not the same any more; not said: they always are. */
  readonly parts?: number | undefined;
  /** Steps of those of its acts that only keep its scheduler to the other's choices, ascending. */
  readonly along: readonly number[];
}

/** What a file carries of a session beside the run itself: nothing of it changes the run. */
export interface Carried {
  /**
   * Step that was shown, and the hash of its state, to tell whether it came out the same; `basis` tells whether the shipped
   * scenario that it was made from is the same.
   */
  readonly at: { readonly step: number; readonly hash: string; readonly basis?: string | undefined } | null;
  readonly histories: readonly HistoryRecord[];
  readonly answers: readonly Answered[];
}
