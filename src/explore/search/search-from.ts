/** Where in a scenario's own run a search of it begins, as its file says: whatever the version, at the same place. */
import { TOOLSTACK } from '../../engine/choice';
import { History } from '../../engine/history';
import type { AnyEvent } from '../../engine/trace';
import { World } from '../../engine/world';
import { readScenario } from '../../scenarios/base';
import { Commands, Drive } from '../../scenarios/drive';
import type { Place } from '../../scenarios/lesson';
import { placeText } from '../../scenarios/places';
import type { Changes, Scenario } from '../../scenarios/schema';
import { beginAt, type Begun } from '../begin';
import { JobError } from '../job-error';

/** Steps that are run between two looks whether the place has come. */
const PIECE = 500;

/** The world at which the search of a file begins. Throws JobError as `stateAt` does, and for a place that its run never comes to. */
export async function searchFrom(input: unknown, changes: Changes = {}): Promise<Begun> {
  const read = await readScenario(input, changes);
  if (!read.ok) throw new JobError(read.problems);
  return beginSearch(read.scenario);
}

/** The same of a scenario that was read already. */
export function beginSearch(scenario: Scenario): Begun {
  const from = scenario.search?.from ?? { step: 0 };
  const step = stepOf(scenario, from);
  if (step !== null) return beginAt(scenario, step);
  throw new JobError([{ path: 'search.from', message: `the run never comes to ${placeText(from)}` }]);
}

/**
 * Steps of the scenario's run before a place: as many as it names, or all those before the first of an operation, or before
 * the one that brings an event for the nth time. null: the run ends before.
 */
export function stepOf({ config, schedule, acts, steps }: Scenario, place: Place): number | null {
  if ('step' in place) return place.step;
  const commands = new Commands();
  const history = new History(new World({ ...config, commands: commands.list }));
  const isThere = watch(place, history);
  let found: number | null = null;
  const drive = new Drive(history, { schedule, acts, lenient: false, most: steps }, commands, (events, w) => {
    if (found === null && isThere(events, w)) found = w.steps - 1;
  });
  while (found === null && !drive.advance(PIECE));
  return found;
}

/** Whether a step, told when it is made, is the first of a place. */
function watch(
  place: Exclude<Place, { readonly step: number }>,
  history: History,
): (events: readonly AnyEvent[], w: World) => boolean {
  if ('toolstack' in place)
    return (_, w) => history.choice(w.steps) === TOOLSTACK && w.toolstack.done > place.toolstack;
  if ('event' in place) {
    let left = place.nth;
    return (events) => events.some(({ code }) => code === place.event) && --left === 0;
  }
  return (_, w) => {
    if (history.choice(w.steps) !== place.vcpu || w.hands[place.vcpu]!.latched === 1) return false;
    const { pc, kind } = w.vcpus[place.vcpu]!;
    return pc > place.op || (pc === place.op && kind !== 0);
  };
}
