/** What whoever has a search made by several shares, and a share, say to each other. */
import type { Choice } from '../../engine/choice';
import type { PatchName } from '../../engine/patches';
import type { Problem } from '../../scenarios/schema';
import type { Batch } from './exchange';
import type { Exercised, Refused } from './exercised';
import type { Bounds, Trail } from './search';
import type { SearchTold } from './search-job';
import type { Standing } from './shard';

type Nothing = Readonly<Record<never, never>>;

/** What a share is asked, and what comes with it. */
export interface Asks {
  share: { readonly told: SearchTold; readonly index: number; readonly of: number };
  /** For a while: the answer says whether the depth is over. */
  look: Nothing;
  /** Wider bounds, for a search that was cut off. */
  resume: { readonly bounds: Bounds };
  take: { readonly from: number; readonly batch: Batch };
  stand: Nothing;
  descend: Nothing;
  trail: { readonly state: number };
  /** States to reach back from; null: those where a run is over. */
  reach: { readonly states: readonly number[] | null };
  endless: Nothing;
  refusals: Nothing;
  exercise: { readonly patch: PatchName };
  /** What the share holds is not needed any more; there is no answer. */
  leave: Nothing;
}
export type Asking = keyof Asks;
export type ToShard = { [K in Asking]: { readonly type: K } & Asks[K] }[Asking];

/** What it answers to each. */
export interface Answers extends Record<Asking, unknown> {
  share: { readonly before: readonly Choice[]; readonly patches: readonly PatchName[] };
  look: { readonly over: boolean; readonly standing: Standing };
  resume: null;
  take: null;
  stand: Standing;
  descend: null;
  trail: Trail;
  /** By share, what to reach back from there. */
  reach: readonly (readonly number[])[];
  endless: number | null;
  refusals: readonly Refused[];
  exercise: Exercised;
}

export type FromShard =
  | { readonly type: 'answer'; readonly answer: Answers[Asking] }
  | { readonly type: 'refused'; readonly problems: readonly Problem[] }
  /** None of the answers: it comes in the midst of a look, for another share to take. */
  | { readonly type: 'batch'; readonly to: number; readonly batch: Batch };

/** What goes along with a message, in place of a copy of it: states on their way are many. */
export const buffersOf = (message: ToShard | FromShard): ArrayBuffer[] =>
  message.type === 'take' || message.type === 'batch' ? [message.batch.rows.buffer] : [];

/** Where a share is asked, and is heard. */
export interface ShardPort {
  post(message: ToShard): void;
  hear: ((message: FromShard) => void) | null;
}
