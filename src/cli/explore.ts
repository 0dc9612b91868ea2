/** `npm run explore`: searches every interleaving of a scenario without a browser, and prints what was found within which bounds. */
import { parseArgs } from 'node:util';
import { p2mTypeNames } from '../engine/p2m-type';
import { step } from '../engine/step';
import type { World } from '../engine/world';
import { beginAt, type Begun } from '../explore/begin';
import { JobError } from '../explore/job-error';
import { last } from '../explore/last';
import { beginSearch } from '../explore/search/search-from';
import { searching, type SearchFound } from '../explore/search/search-job';
import { tell } from '../words/events';
import { plain } from '../words/parts';
import { VERDICT } from '../words/verdict';
import { designNamed } from './designs';
import { answering, findScenario, InputError, listScenarios } from './input';
import { joinPatches, parsePatches } from './patches';

const USAGE = `usage: npm run explore -- FILE [--depth N] [--states N] [--from STEP] [--version NAME] [--patches A,-B]
                              [--design NAME] [--bare] [--json]
       npm run explore -- --list

Searches every order in which the actors of a scenario can act for a way to break an invariant.
FILE is a scenario file, a script of lines as the console takes them, or the name of a scenario that is shipped;
--list prints those names, one a line.
  --depth N       look no further than N steps; what the scenario says, or 1000, if not said
  --states N      keep no more than N states; what the scenario says, or 2000000, if not said
  --from STEP     begin after so many steps of the scenario's own run; what the scenario says, or 0, if not said
  --version NAME, --patches A,-B, --design NAME   as npm run sim has them
  --bare          if nothing is found, do not say which refusals were met and what each patch has prevented: to know that takes
                  longer than the search itself
  --json          one JSON object

Exit code: 0 every state was seen and nothing is broken, 1 a violation was found, 2 bad input, 3 a bound was reached.`;

const MOST_DEPTH = 65_535;
const MOST_STATES = 100_000_000;

export const main = answering(run);

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = options(argv);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.list) {
    for (const name of listScenarios()) console.log(name);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new InputError(USAGE);
  const changes = {
    version: values.version,
    patches: values.patches === undefined ? undefined : parsePatches(values.patches),
    design: values.design === undefined ? undefined : designNamed(values.design),
  };
  const { scenario } = await findScenario(file, changes);
  const { search } = scenario;
  const bounds = {
    depth: whole('--depth', values.depth, search?.depth ?? 1000, MOST_DEPTH),
    states: whole('--states', values.states, search?.states ?? 2_000_000, MOST_STATES),
  };
  const begun = from(file, () =>
    values.from === undefined ? beginSearch(scenario) : beginAt(scenario, whole('--from', values.from, 0, MOST_DEPTH)),
  );
  const first = begun.world.fork();
  const found = last(searching(begun, { bounds, exercised: !values.bare }));
  if (values.json) console.log(JSON.stringify({ scenario: scenario.title, ...found }));
  else print(found, first, begun);
  if (found.violation || found.livelock) return 1;
  return found.end === 'complete' ? 0 : 3;
}

function print(found: SearchFound, first: World, { before }: Begun): void {
  console.log(VERDICT.bounds(found));
  console.log(VERDICT.found(found));
  const way = found.violation ?? found.livelock;
  if (way) {
    const { xen, numbered, paging } = first.config;
    const names = { typeNames: p2mTypeNames(xen, numbered), claims: xen.claim, paging };
    console.log(`\n${VERDICT.steps}:`);
    for (const choice of way.choices.slice(before.length))
      for (const event of step(first, choice))
        console.log(
          `${String(event.step).padStart(6)}  ${event.actor.padEnd(9)}  ${plain(tell(event, names).sentence)}`,
        );
  }
  if (!found.tried) return;
  const { refused, patches } = found.tried;
  console.log(refused.length === 0 ? `\n${VERDICT.noRefusals}` : `\n${VERDICT.refusals}:`);
  for (const { code, errno, times } of refused) console.log(`  ${VERDICT.refused(code, errno, times)}`);
  console.log(`\n${VERDICT.patches}:`);
  for (const patch of patches) console.log(`  ${VERDICT.exercised(patch)}`);
}

function from<T>(file: string, begin: () => T): T {
  try {
    return begin();
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    throw new InputError(
      error.problems.map(({ path, message }) => `${file}: ${path && `${path}: `}${message}`).join('\n'),
    );
  }
}

function whole(option: string, text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  const n = Number(text);
  if (!/^\d+$/.test(text) || n > most) throw new InputError(`${option} ${text}: must be a whole number up to ${most}`);
  return n;
}

function options(argv: string[]) {
  try {
    return parseArgs({
      args: joinPatches(argv),
      allowPositionals: true,
      options: {
        depth: { type: 'string' },
        states: { type: 'string' },
        from: { type: 'string' },
        version: { type: 'string' },
        patches: { type: 'string' },
        design: { type: 'string' },
        bare: { type: 'boolean' },
        json: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new InputError(`${(error as Error).message}\n${USAGE}`);
  }
}
