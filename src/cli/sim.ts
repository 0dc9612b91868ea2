/** `npm run sim`: runs a scenario without a browser and prints what happened and what it cost. */
import { parseArgs } from 'node:util';
import { History, MOST_STEPS } from '../engine/history';
import { p2mTypeNames } from '../engine/p2m-type';
import { COSTS, type AnyEvent } from '../engine/trace';
import { XEN_FUNCTION } from '../engine/events';
import { COST_NAMES } from '../words/labels';
import { tell } from '../words/events';
import { count } from '../words/format';
import { plain } from '../words/parts';
import type { Scenario } from '../scenarios/schema';
import { World } from '../engine/world';
import { findScenario, InputError, listScenarios } from './input';

const USAGE = `usage: npm run sim -- FILE [--until N] [--json]
       npm run sim -- --list

FILE is a scenario file or the name of one that is shipped; --list prints those names.
  --until N   stop after N steps
  --json      one JSON object: scenario, steps, complete, hash, events, costs`;

/** Exit code: 0 the run is over, 2 bad input. */
export async function main(argv: string[]): Promise<number> {
  try {
    return await run(argv);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    return 2;
  }
}

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = options(argv);
  if (values.list) {
    for (const name of listScenarios()) console.log(name);
    return 0;
  }
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new InputError(USAGE);
  const until = values.until === undefined ? MOST_STEPS : steps(values.until);
  const scenario = await findScenario(file);
  const events: AnyEvent[] = [];
  const history = begin(file, scenario);
  const names = { typeNames: p2mTypeNames(history.world.xen), claims: history.world.xen.claim };
  const complete = history.run(until, (stepEvents) => {
    if (values.json) events.push(...stepEvents);
    else for (const event of stepEvents) console.log(line(event, plain(tell(event, names).sentence)));
  });
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
      }),
    );
    return 0;
  }
  console.log(
    `\n${count(history.length)} steps, ${complete ? 'the run is over' : 'stopped here'}; hash ${store.hash()}`,
  );
  for (const cost of COSTS) console.log(`${COST_NAMES[cost].padEnd(28)} ${count(costs[cost]).padStart(12)}`);
  return 0;
}

function options(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        until: { type: 'string' },
        json: { type: 'boolean' },
        list: { type: 'boolean' },
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

function begin(file: string, { config }: Scenario): History {
  try {
    return new History(new World(config));
  } catch (error) {
    throw new InputError(`${file}: guest.pool: ${(error as Error).message}`);
  }
}

const line = (event: AnyEvent, sentence: string): string =>
  `${String(event.step).padStart(6)}  ${event.actor.padEnd(9)}  ${sentence}  [${XEN_FUNCTION[event.code]}]`;
