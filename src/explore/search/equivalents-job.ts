/** Each actor's own shortest way to break a rule, as a job: the shortest of those whose last step is that actor's. */
import type { AuditRule } from '../../engine/audit';
import { QEMU, QEMU_TAKE, TOOLSTACK, XENGT, XENGT_TAKE, type Choice } from '../../engine/choice';
import { readScenario } from '../../scenarios/base';
import type { Changes } from '../../scenarios/schema';
import { begunOn } from '../lattice/cells-job';
import { eachMove } from './graph';
import { JobError } from '../job-error';
import type { Progress } from '../progress';
import { Search, type Bounds } from './search';

export interface EquivalentsTold {
  /** Parsed file, or its text. */
  readonly scenario: unknown;
  readonly changes?: Changes | undefined;
  /** Step of the run to begin at; as the file says if not said. */
  readonly from?: number | undefined;
  readonly bounds: Bounds;
  /** The rule that is broken; others are looked after as well, as no way leads past what they forbid. */
  readonly rule: AuditRule;
}

/** Who acts: `vcpu0`, `xengt`, as events have it. */
export type By = string;

export interface Equivalents {
  /** One for each actor that there is, in the order of its choices; `way` null: none was found. */
  readonly actors: readonly {
    readonly actor: By;
    readonly way: { readonly steps: number; readonly choices: readonly Choice[] } | null;
  }[];
  /** Every state was seen: where there is no way, there is none. */
  readonly complete: boolean;
  readonly states: number;
}

/** Who acts by a choice: a device model that takes a request acts itself. */
export function actorOf(choice: Choice): By {
  if (choice >= QEMU_TAKE || choice === QEMU) return 'qemu';
  if (choice >= XENGT_TAKE || choice === XENGT) return 'xengt';
  return choice === TOOLSTACK ? 'toolstack' : `vcpu${choice}`;
}

const PIECE = 2000;

export async function* equivalentsJob(told: EquivalentsTold): AsyncGenerator<Progress, Equivalents> {
  const read = await readScenario(told.scenario, told.changes);
  if (!read.ok) throw new JobError(read.problems);
  const { world, before } = begunOn(read.scenario, read.scenario.config.xen, told.from);
  const search = new Search(world, { bounds: told.bounds, all: true });
  const progress = (): Progress => ({
    done: search.states.length,
    of: null,
    facts: { states: search.states.length, frontier: search.frontier, depth: search.depth, bytes: search.bytes },
  });
  while (!search.advance(PIECE)) yield progress();
  const broken = new Set(search.violations.filter(({ rule }) => rule === told.rule).map(({ state }) => state));
  const ways = new Map<By, readonly Choice[]>();
  const acting = new Set<By>();
  const { moves, states } = search;
  // States come in the order of their depth: the first way is the shortest.
  const walk = eachMove(search, (n, choice, found, state) => {
    const by = actorOf(moves.choices[choice]!);
    acting.add(by);
    if (ways.has(by)) return;
    const to = states.find(state, moves.apply(found, state, states.hash(n)));
    moves.takeBack(found, state, states.chunk(n), states.at(n));
    if (to >= 0 && broken.has(to)) ways.set(by, [...search.path(n), moves.choices[choice]!]);
  });
  while (!walk.next().done) yield progress();
  const actors = [...new Set(moves.choices.map(actorOf))].filter((by) => acting.has(by));
  return {
    actors: actors.map((actor) => {
      const way = ways.get(actor);
      return { actor, way: way ? { steps: way.length, choices: [...before, ...way] } : null };
    }),
    complete: search.end === 'complete' || search.end === 'violation',
    states: states.length,
  };
}
