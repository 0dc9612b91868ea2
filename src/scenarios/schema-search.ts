/** What a file says of a search of it: where one begins, how far it goes, and which switches its lattice is about. */
import * as v from 'valibot';
import { MOST_STEPS } from '../engine/history';
import type { PatchName } from '../engine/patches';
import { list, oneOf, strict, whole } from './fields';
import type { Place } from './lesson';
import { place } from './places';
import { PATCH_NAMES } from './xen-set';

/** Most states that a file may ask for. */
const MOST_STATES = 100_000_000;

export interface SearchPlan {
  /** Where it begins: before the first step of this place, in the file's own run. */
  readonly from: Place;
  /** Steps from there, and states; null: whoever searches says. */
  readonly depth: number | null;
  readonly states: number | null;
  /** Each once; null: those that the guest has a use for. */
  readonly patches: readonly PatchName[] | null;
}

export const search = v.pipe(
  strict(
    {
      from: v.optional(place, 0),
      depth: v.optional(whole(1, MOST_STEPS)),
      states: v.optional(whole(1, MOST_STATES)),
      patches: v.optional(list(oneOf(PATCH_NAMES), 100, 'patches', 'patches')),
    },
    'a search',
  ),
  v.transform(({ from, depth, states, patches }): SearchPlan => ({
    from,
    depth: depth ?? null,
    states: states ?? null,
    patches: patches ? [...new Set(patches)] : null,
  })),
);
