/**
 * Which patches make a difference to a search, as a job: those without which it comes to other states, or by other ways. A patch that
 * the search never asks for makes none. A search that is cut off by its bounds knows of what lies within them.
 */
import { PATCHES, patchesOf, xenWith, type PatchName } from '../../engine/patches';
import { readScenario } from '../../scenarios/base';
import type { Changes, Scenario } from '../../scenarios/schema';
import { asking, begunOn } from './cells-job';
import { switchedTo } from '../switched';
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import { Search, type Bounds } from '../search/search';

export interface SwitchesTold {
  /** Parsed file, or its text. */
  readonly scenario: unknown;
  readonly changes?: Changes | undefined;
  /** Step of the run to begin at; as the file says if not said. */
  readonly from?: number | undefined;
  readonly bounds: Bounds;
}

export interface SwitchesFound {
  /** In the order of the commits. */
  readonly exercised: readonly PatchName[];
  readonly not: readonly PatchName[];
  /** Every search saw all of its states. */
  readonly complete: boolean;
}

const PIECE = 2000;

export async function* switchesJob(told: SwitchesTold): AsyncGenerator<Progress, SwitchesFound> {
  const read = await readScenario(told.scenario, told.changes);
  if (!read.ok) throw new JobError(read.problems);
  const { scenario } = read;
  const base = patchesOf(scenario.config.xen);
  const known = new Map<string, Looked>();
  const exercised: PatchName[] = [];
  let states = 0;
  for (const [done, { name }] of PATCHES.entries()) {
    const [on, off] = pairOf(base, name);
    const found: Looked[] = [];
    for (const set of [on, off]) {
      const before = known.get(set.join()) ?? [...known.values()].find((it) => it.isSameFor(set));
      if (before) found.push(before);
      else {
        const looked = yield* look(scenario, set, told, (more) => ({
          done,
          of: PATCHES.length,
          facts: { states: states + more },
        }));
        states += looked.states;
        found.push(looked);
        known.set(set.join(), looked);
      }
    }
    if (found[0]!.mark !== found[1]!.mark) exercised.push(name);
  }
  return {
    exercised,
    not: PATCHES.flatMap(({ name }) => (exercised.includes(name) ? [] : [name])),
    complete: [...known.values()].every(({ complete }) => complete),
  };
}

/** The set with a patch and without it: of one that is off, beside all that it needs. */
function pairOf(base: readonly PatchName[], name: PatchName): readonly [readonly PatchName[], readonly PatchName[]] {
  if (base.includes(name)) return [base, patchesOf(switchedTo(xenWith(base), name, false))];
  const under = new Set(base);
  const add = (of: PatchName): void => {
    for (const need of PATCHES.find((patch) => patch.name === of)!.needs) {
      add(need);
      under.add(need);
    }
  };
  add(name);
  return [patchesOf(xenWith([...under, name])), patchesOf(xenWith(under))];
}

/** What tells a search from another, whatever it was asked for. */
interface Looked {
  readonly mark: string;
  readonly states: number;
  readonly complete: boolean;
  readonly isSameFor: (set: readonly PatchName[]) => boolean;
}

function* look(
  scenario: Scenario,
  set: readonly PatchName[],
  { from, bounds }: SwitchesTold,
  progress: (states: number) => Progress,
): Generator<Progress, Looked> {
  const { xen, asked } = asking(set);
  const done = (mark: string, states: number, complete: boolean): Looked => {
    const answers = new Map([...asked].map((name) => [name, set.includes(name)]));
    const isSameFor = (other: readonly PatchName[]): boolean =>
      [...answers].every(([name, answer]) => other.includes(name) === answer);
    return { mark, states, complete, isSameFor };
  };
  let search: Search;
  try {
    // Past what breaks a rule it goes on elsewhere: that is where another patch may make its difference.
    search = new Search(begunOn(scenario, xen, from).world, { bounds, all: true });
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    return done('refused', 0, true);
  }
  while (!search.advance(PIECE)) yield progress(search.states.length);
  const { states, transitions, ended, violations } = search;
  let sum = 0;
  for (let n = 0; n < states.length; n++) sum = (Math.imul(sum, 31) + states.hash(n)) >>> 0;
  const broken = violations.map(({ rule, state }) => `${rule} ${state}`).join();
  const mark = `${states.length} ${transitions} ${ended.size} ${sum} ${broken}`;
  return done(mark, states.length, search.end === 'complete' || search.end === 'violation');
}
