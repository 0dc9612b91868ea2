/**
 * What if a switch had been otherwise from the first image on: the same guest with other patches makes the same choices, as long as
 * it can, beside the run that made them. Where the two first differ, and how each ends.
 */
import { AUDIT, audit, type AuditRule } from '../../engine/audit';
import type { Choice } from '../../engine/choice';
import type { Config } from '../../engine/config';
import { isOver } from '../../engine/liveness';
import { p2mTypeNames } from '../../engine/p2m-type';
import { patchesOf, PATCHES, type PatchName, type Xen } from '../../engine/patches';
import { step } from '../../engine/step';
import type { AnyEvent, CostCounts } from '../../engine/trace';
import { World } from '../../engine/world';
import type { ActAt } from '../../scenarios/acts';
import { readScenario } from '../../scenarios/base';
import { Commands, Drive } from '../../scenarios/drive';
import { Once } from '../../scenarios/once';
import type { Changes, Scenario } from '../../scenarios/schema';
import { differenceOf, switchedBy } from '../../scenarios/switches';
import type { Switches } from '../../scenarios/xen-set';
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import { switchedTo } from '../switched';
import type { Switch } from '../twin/decide';
import { firstOther, sameEvents } from './events';
import { Other, type Parted } from './other';

export type { Parted, Switch };

export interface CounterfactualTold {
  /** Parsed file, or its text, with what was done in it. */
  readonly scenario: unknown;
  readonly changes?: Changes | undefined;
  /** Flipped from the first image on, in turn; each with what it needs, or what needs it. */
  readonly switches: readonly Switch[];
  /** Steps at which the run was cut off; not said: where the scenario has it. */
  readonly steps?: number | undefined;
}

/** `over`: nobody can act any more to any avail. `waits`: for its user. `cut`: at the bound on steps. */
export interface HowItEnds {
  readonly end: 'over' | 'waits' | 'cut';
  readonly steps: number;
  readonly hash: string;
  /** Rules that are broken at its end, each with the first step after which it is. */
  readonly broken: readonly { readonly rule: AuditRule; readonly step: number }[];
  /** Writes of the guest's that were lost, or went by XenGT. */
  readonly lost: number;
  readonly unseen: number;
  readonly costs: CostCounts;
}

/** The run is `was`, the other one `is`. */
export interface Both<T> {
  readonly was: T;
  readonly is: T;
}

export interface Differs {
  readonly step: number;
  readonly events: Both<readonly AnyEvent[]>;
  /** Of each the first that the other has not; null: it has no such step. */
  readonly telling: Both<AnyEvent | null>;
}

export interface CounterfactualFound {
  readonly patches: Both<readonly PatchName[]>;
  /** All that is switched; `along`: what came or went with what was flipped. */
  readonly switched: readonly (Switch & { readonly along: boolean })[];
  /** The same over the changes of the run, as the other is opened by. */
  readonly switches: Switches;
  /** First step that does something else; null: none. Where one of them has no such step it has no events there. */
  readonly differs: Differs | null;
  readonly parted: Parted | null;
  /** Steps after which they are not the same any more; null: they always are. */
  readonly parts: number | null;
  readonly ends: Both<HowItEnds>;
  /** By which a run of the scenario under the other patches is the other run, and which of them only keep it along. */
  readonly acts: readonly ActAt[];
  readonly along: readonly number[];
  /** What sentences about its events need to know. */
  readonly names: Both<{
    readonly typeNames: readonly string[];
    readonly claims: boolean;
    readonly paging: Config['paging'];
  }>;
}

const PIECE = 500;

export async function* counterfactualJob(told: CounterfactualTold): AsyncGenerator<Progress, CounterfactualFound> {
  const was = await read(told.scenario, told.changes ?? {});
  const target = flipped(was.config.xen, told.switches);
  const diff = differenceOf(was.config.xen, target);
  const switches = switchedBy(told.changes?.patches ?? {}, diff);
  const is = await read(told.scenario, { ...told.changes, patches: switches });
  const most = Math.min(told.steps ?? was.steps, was.steps);
  const progress = (done: number): Progress => ({ done, of: null, facts: { steps: done } });

  const commands = new Commands();
  const once = new Once(imageOf(was, commands));
  const choices: Choice[] = [];
  /** Of the piece under way, until they differ. */
  let seen: (readonly AnyEvent[])[] = [];
  let from = 0;
  let differs: Differs | null = null;
  const { schedule } = was;
  const drive = new Drive(once, { schedule, acts: was.acts, lenient: true, most }, commands, (events) => {
    choices.push(once.choice);
    if (!differs) seen.push(events);
  });
  const other = new Other(
    imageOf(is, commands),
    {
      choices,
      get acts() {
        return drive.acts;
      },
      chooser: (at) => drive.chooser(at),
    },
    { schedule, most },
    (n, events) => {
      const its = seen[n - 1 - from];
      if (!differs && (!its || !sameEvents(its, events))) differs = differing(n, its ?? [], events);
    },
  );
  for (let over = false; !over;) {
    over = drive.advance(PIECE);
    other.follow(choices.length);
    if (other.parted) break;
    if (!over) {
      from = choices.length;
      seen = [];
    }
    yield progress(once.length + other.world.steps);
  }
  other.alone();
  const parted = other.parted;
  // Its own next step is held against the one that it could not make.
  let ended = other.advance(1);
  if (!differs && ended && other.world.steps < choices.length) {
    const n = other.world.steps;
    differs = differing(n + 1, seen[n - from] ?? [], []);
  }
  seen = [];
  while (!drive.advance(PIECE)) yield progress(once.length + other.world.steps);
  while (!ended) {
    ended = other.advance(PIECE);
    yield progress(once.length + other.world.steps);
  }
  const all = once.length + other.world.steps;
  const looking = (steps: number): Progress => progress(all + steps);
  const end = (over: boolean, waits: boolean): HowItEnds['end'] => (over ? 'over' : waits ? 'waits' : 'cut');
  const ends = {
    was: yield* endOf(once.world, end(drive.over, drive.free), () => imageOf(was, commands), choices, looking),
    is: yield* endOf(
      other.world,
      end(isOver(other.world), other.waits),
      () => imageOf(is, commands),
      other.choices,
      looking,
    ),
  };
  const found = differs;
  const parts = Math.min(found ? found.step - 1 : Infinity, parted?.step ?? Infinity);
  const picked = new Set(told.switches.map(({ patch }) => patch));
  return {
    patches: { was: patchesOf(was.config.xen), is: patchesOf(is.config.xen) },
    switched: PATCHES.filter(({ name }) => was.config.xen[name] !== is.config.xen[name]).map(({ name }) => ({
      patch: name,
      on: is.config.xen[name],
      along: !picked.has(name),
    })),
    switches,
    differs: found,
    parted,
    parts: parts === Infinity ? null : parts,
    ends,
    acts: other.acts,
    along: other.along,
    names: { was: namesOf(was), is: namesOf(is) },
  };
}

const differing = (step: number, was: readonly AnyEvent[], is: readonly AnyEvent[]): Differs => ({
  step,
  events: { was, is },
  telling: { was: firstOther(was, is) ?? was.at(-1) ?? null, is: firstOther(is, was) ?? is.at(-1) ?? null },
});

async function read(scenario: unknown, changes: Changes): Promise<Scenario> {
  const found = await readScenario(scenario, changes);
  if (!found.ok) throw new JobError(found.problems);
  return found.scenario;
}

const flipped = (xen: Xen, switches: readonly Switch[]): Xen =>
  switches.reduce((set, { patch, on }) => (set[patch] === on ? set : switchedTo(set, patch, on)), xen);

function imageOf({ config }: Scenario, commands: Commands): World {
  try {
    return new World({ ...config, commands: commands.list });
  } catch (error) {
    throw new JobError([{ path: 'guest.pool', message: (error as Error).message }]);
  }
}

const namesOf = ({ config }: Scenario): CounterfactualFound['names']['was'] => ({
  typeNames: p2mTypeNames(config.xen, config.numbered),
  claims: config.xen.claim,
  paging: config.paging,
});

/** `first`: its first image once more, to find where each rule breaks that is broken at its end. */
function* endOf(
  w: World,
  end: HowItEnds['end'],
  first: () => World,
  choices: readonly Choice[],
  progress: (steps: number) => Progress,
): Generator<Progress, HowItEnds> {
  const rules = audit(w).flatMap(({ rule, state }) => (state === 'broken' ? [rule] : []));
  return {
    end,
    steps: w.steps,
    hash: w.store.hash(),
    broken: yield* firstBroken(rules, first, choices, progress),
    lost: w.book.lostWrites,
    unseen: w.book.unseenWrites,
    costs: w.costs,
  };
}

/** The first step after which each of some rules is broken, all of which are at the end: by running it once more. */
function* firstBroken(
  rules: readonly AuditRule[],
  first: () => World,
  choices: readonly Choice[],
  progress: (steps: number) => Progress,
): Generator<Progress, HowItEnds['broken']> {
  const found = new Map<AuditRule, number>();
  if (rules.length > 0) {
    const world = first();
    const look = (): boolean => {
      for (const rule of rules) if (!found.has(rule) && AUDIT[rule](world) === 'broken') found.set(rule, world.steps);
      return found.size === rules.length;
    };
    for (let done = look(); !done && world.steps < choices.length; done = look()) {
      step(world, choices[world.steps]!);
      if (world.steps % PIECE === 0) yield progress(world.steps);
    }
  }
  return rules.map((rule) => ({ rule, step: found.get(rule) ?? choices.length })).sort((a, b) => a.step - b.step);
}
