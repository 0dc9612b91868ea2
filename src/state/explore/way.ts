/** The shortest way to what a search has found, told step by step. */
import type { Choice } from '../../engine/choice';
import type { Actor } from '../../engine/trace';
import { p2mTypeNames } from '../../engine/p2m-type';
import { step } from '../../engine/step';
import { stateAt } from '../../explore/begin';
import { tell } from '../../words/events';
import type { Sentence } from '../../words/parts';
import type { Target } from './target';

export interface WayStep {
  readonly step: number;
  readonly actor: Actor;
  readonly sentence: Sentence;
}

/** Steps before the search's beginning, and of the way itself, with which it is still told: it is run here once more. */
const MOST_BEFORE = 5000;
export const MOST_TOLD = 60;

/** null: it is too long, or does not lead there any more. */
export async function tellWay(
  { scenario, changes, step: from }: Pick<Target, 'scenario' | 'changes' | 'step'>,
  choices: readonly Choice[],
): Promise<readonly WayStep[] | null> {
  if (from > MOST_BEFORE) return null;
  const { world: w, before } = await stateAt(scenario, changes, from);
  const way = choices.slice(before.length);
  if (way.length > MOST_TOLD) return null;
  const { xen, numbered, paging } = w.config;
  const names = { typeNames: p2mTypeNames(xen, numbered), claims: xen.claim, paging };
  return way.flatMap((choice) =>
    step(w, choice).map((event) => ({
      step: event.step,
      actor: event.actor,
      sentence: tell(event, names).sentence,
    })),
  );
}
