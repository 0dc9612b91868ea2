/** `npm run sim`: runs a scenario without a browser and prints what happened and what it cost. */
import { parseArgs } from 'node:util';
import { History, MOST_STEPS } from '../engine/history';
import { p2mTypeNames } from '../engine/p2m-type';
import { heapOf } from '../engine/designs/heap';
import { cycles, priced, type Cycles } from '../engine/cost-table';
import { COSTS, type AnyEvent, type CostCounts } from '../engine/trace';
import { xenFunction } from '../engine/events';
import { COST_NAMES, COST_PANE, HEAP } from '../words/labels';
import { tell, type Names } from '../words/events';
import { count } from '../words/format';
import { plain } from '../words/parts';
import { SIM } from '../words/sim';
import type { ActAt } from '../scenarios/acts';
import { Commands, Drive, type Plan } from '../scenarios/drive';
import { lineOfAct } from '../scenarios/lines';
import { whyNot } from '../scenarios/lines-why';
import type { Scenario } from '../scenarios/schema';
import { World } from '../engine/world';
import { about } from './about';
import { auditOf, printAudit } from './audit';
import { designNamed, listDesigns } from './designs';
import { answering, findCosts, findScenario, InputError, listScenarios } from './input';
import { joinPatches, listPatches, listVersions, parsePatches } from './patches';

const USAGE = `usage: npm run sim -- FILE [--version NAME] [--patches A,-B] [--until N] [--costs FILE] [--audit] [--json]
                          [--design NAME]
       npm run sim -- --list | --list-versions | --list-patches | --list-designs
       npm run sim -- --about NAME

FILE is a scenario file, a script of lines as the console takes them, or the name of a scenario that is shipped;
--list prints those names.
  --version NAME  another version of Xen than the scenario's: one of --list-versions
  --patches A,-B  patch A on, patch B off: names of --list-patches; write --patches=-B to begin with one that is off
  --design NAME   another way for XenGT to learn of writes than the scenario's: one of --list-designs
  --until N       stop after N steps
  --costs FILE    a JSON file of cycles by cost, in place of the default ones and the scenario's: { "exits": 2000 }
  --about NAME    what a patch or a design is and what goes wrong without it; types: the room for page types
  --audit         say of each invariant whether it holds, and where it was first broken and how
  --json          one JSON object: scenario, steps, complete, hash, events, costs, cycles, heap, with --audit also audit`;

/** Exit code: 0 the run is over, 2 bad input. */
export const main = answering(run);

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = options(argv);
  const lists = {
    list: listScenarios,
    'list-versions': listVersions,
    'list-patches': listPatches,
    'list-designs': listDesigns,
  };
  for (const [option, lines] of Object.entries(lists)) {
    if (!values[option as keyof typeof lists]) continue;
    for (const line of lines()) console.log(line);
    return 0;
  }
  if (values.about !== undefined) {
    for (const line of about(values.about)) console.log(line);
    return 0;
  }
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new InputError(USAGE);
  const until = values.until === undefined ? undefined : steps(values.until);
  const patches = values.patches === undefined ? undefined : parsePatches(values.patches);
  const design = values.design === undefined ? undefined : designNamed(values.design);
  const changes = { version: values.version, patches, design };
  const { scenario, act } = await findScenario(file, changes);
  const table = priced(scenario.costs, values.costs === undefined ? {} : findCosts(values.costs));
  const events: AnyEvent[] = [];
  const commands = new Commands();
  const history = begin(file, scenario, commands);
  const { functions } = history.world.design;
  const { xen, paging, numbered } = scenario.config;
  const names = { typeNames: p2mTypeNames(xen, numbered), claims: xen.claim, paging };
  const drive = new Drive(history, planOf(scenario, until, changes), commands, (stepEvents) => {
    if (values.json) events.push(...stepEvents);
    else for (const event of stepEvents) console.log(line(event, names, functions));
  });
  while (!drive.advance(SLICE));
  if (drive.refused !== null)
    throw new InputError(`${act(drive.refused)}: ${cannot(history, drive.acts[drive.refused]!, numbered)}`);
  const complete = drive.over;
  const kept = keptState(scenario, history);
  const { costs, store } = history.world;
  if (values.json) {
    console.log(
      JSON.stringify({
        scenario: scenario.title,
        steps: history.length,
        complete,
        hash: store.hash(),
        events,
        costs,
        cycles: { table, ...cycles(costs, table) },
        heap: heapOf(history.world),
        ...(kept ? { kept } : {}),
        ...(values.audit ? { audit: auditOf(history) } : {}),
      }),
    );
    return 0;
  }
  console.log(
    `\n${count(history.length)} steps, ${complete ? 'the run is over' : 'stopped here'}; hash ${store.hash()}`,
  );
  if (kept) console.log(kept.found === kept.hash ? SIM.same(kept.step) : SIM.other(kept.step, kept.hash, kept.found));
  const { ranges, nodes, counters, total } = heapOf(history.world);
  console.log(HEAP(count(total), count(ranges), count(nodes), count(counters)));
  bill(costs, cycles(costs, table));
  if (values.audit) printAudit(auditOf(history), names);
  return 0;
}

/** A line a primitive: its name, how often, what that comes to; and the sum. */
function bill(counts: CostCounts, { byCost, total }: Cycles): void {
  const row = (name: string, n: string, price: string): void =>
    console.log(`${name.padEnd(28)} ${n.padStart(12)} ${price.padStart(18)}`);
  row('', COST_PANE.count, COST_PANE.cycles);
  for (const cost of COSTS) row(COST_NAMES[cost], count(counts[cost]), count(Math.round(byCost[cost])));
  row(COST_PANE.model, '', count(Math.round(total)));
}

function options(argv: string[]) {
  try {
    return parseArgs({
      args: joinPatches(argv),
      allowPositionals: true,
      options: {
        version: { type: 'string' },
        patches: { type: 'string' },
        design: { type: 'string' },
        about: { type: 'string' },
        until: { type: 'string' },
        costs: { type: 'string' },
        audit: { type: 'boolean' },
        json: { type: 'boolean' },
        list: { type: 'boolean' },
        'list-versions': { type: 'boolean' },
        'list-patches': { type: 'boolean' },
        'list-designs': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new InputError(`${(error as Error).message}\n${USAGE}`);
  }
}

function steps(text: string): number {
  const n = Number(text);
  if (!/^\d+$/.test(text) || n > MOST_STEPS)
    throw new InputError(`--until ${text}: must be a whole number up to ${MOST_STEPS}`);
  return n;
}

/** Steps that are taken in one go. */
const SLICE = 10_000;

/** What is done after the last step that is asked for is not done. In a scenario that is changed acts may not be possible. */
function planOf({ schedule, acts, steps: most }: Scenario, until: number | undefined, changes: object): Plan {
  const last = until ?? most;
  const lenient = Object.values(changes).some((change) => change !== undefined);
  return { schedule, acts: acts.filter(({ step }) => step < last), lenient, most: last };
}

const cannot = ({ world, length }: History, { step, act }: ActAt, numbered: number): string =>
  SIM.cannot(lineOfAct(act, numbered), step, step > length ? SIM.ended(length) : whyNot(world, act));

/** The state that the scenario says to be in at some step, and the one that is there; null: it says none. */
function keptState(
  { carried }: Scenario,
  history: History,
): { step: number; hash: string; found: string | null } | null {
  const { at } = carried;
  if (!at) return null;
  return { ...at, found: at.step <= history.length ? history.at(at.step).store.hash() : null };
}

function begin(file: string, { config }: Scenario, { list }: Commands): History {
  try {
    return new History(new World({ ...config, commands: list }));
  } catch (error) {
    throw new InputError(`${file}: guest.pool: ${(error as Error).message}`);
  }
}

function line(event: AnyEvent, names: Names, functions: Parameters<typeof xenFunction>[2]): string {
  const told = plain(tell(event, names).sentence);
  const by = xenFunction(event.code, names.paging, functions);
  return `${String(event.step).padStart(6)}  ${event.actor.padEnd(9)}  ${told}  [${by}]`;
}
