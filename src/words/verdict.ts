/** What a search has found, bounds first: the page and the command line say it alike. */
import type { SearchFound } from '../explore/search/search-job';
import { count, plural } from './format';
import { RULES } from './labels';
import { patchTitle } from './patches';

type Exercised = NonNullable<SearchFound['tried']>['patches'][number];

const times = (n: number): string => (n === 1 ? 'once' : `${count(n)} times`);

export const VERDICT = {
  /** How far it went; where every state was seen, that it is a proof within the scenario. */
  bounds: ({ end, states, depth, bounds }: Pick<SearchFound, 'end' | 'states' | 'depth' | 'bounds'>): string => {
    switch (end) {
      case 'complete':
        return `Depth ${count(depth)}, all ${plural(states, 'state')}; bounds ${bound(bounds)}.`;
      case 'violation':
        return `Depth ${count(depth)}, ${plural(states, 'state')} until then; bounds ${bound(bounds)}.`;
      case 'depth':
        return `Stopped at depth ${count(bounds.depth)}, its bound, after ${plural(states, 'state')} of at most ${count(bounds.states)}.`;
      case 'states':
        return `Stopped at ${plural(states, 'state')}, its bound, in depth ${count(depth)} of at most ${count(bounds.depth)}.`;
    }
  },
  found: ({ end, violation, livelock }: Pick<SearchFound, 'end' | 'violation' | 'livelock'>): string =>
    violation
      ? `Broken in ${plural(violation.steps, 'step')}, and in no fewer: ${RULES[violation.rule]}.`
      : livelock
        ? `Nothing is broken, but after ${plural(livelock.steps, 'step')} the run can never come to an end.`
        : end === 'complete'
          ? 'No order of the actors breaks an invariant.'
          : 'Nothing was found within these bounds; what lies beyond was not looked at.',
  exercised: ({ patch, times: n, nearMisses, atLeast }: Exercised): string => {
    const title = `${patch} (${patchTitle(patch)})`;
    if (n === null) return `${title}: cannot be compared move by move`;
    if (n === 0) return `${title}: not exercised`;
    const near =
      nearMisses === 0
        ? `${atLeast ? 'no near miss found within the bounds' : 'never a near miss'}`
        : `${atLeast ? 'at least ' : ''}${plural(nearMisses, 'near miss', 'near misses')}`;
    return `${title}: made a difference ${times(n)}, ${near}`;
  },
  refused: (code: string, errno: string, n: number): string => `${errno} from ${code}: ${times(n)}`,
  refusals: 'Refusals met',
  noRefusals: 'No call was refused.',
  patches: 'Patches',
  /** What the shortest way to break it is made of. */
  steps: 'The shortest way to it',
} as const;

const bound = ({ depth, states }: SearchFound['bounds']): string => `${count(depth)} steps, ${plural(states, 'state')}`;
