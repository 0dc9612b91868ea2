/** `npm run sweep`: runs a sweep, or a part of it, without a browser, and puts parts together. */
import { parseArgs } from 'node:util';
import { SWEEPS as SHIPPED } from '../explore/sweep';
import { measure, type PointResult } from '../explore/sweep/point';
import { csvOf, isWhole, merge, parseResult, resultOf, verdictOf } from '../explore/sweep/result';
import type { Part, SweepResult } from '../explore/sweep/result';
import { parseSweep, parseSweepText } from '../explore/sweep/schema';
import { shardOf, type Sweep } from '../explore/sweep/sweep';
import { parseJson } from '../scenarios/schema-text';
import { SWEEP_CLI } from '../words/sweeps';
import { answering, InputError, read, refused } from './input';
import { printSweep } from './sweep-table';

/** Exit code: see USAGE. */
export const main = answering(run);

async function run(argv: string[]): Promise<number> {
  const { values, positionals } = options(argv);
  if (values.help) {
    console.log(SWEEP_CLI.usage);
    return 0;
  }
  if (values.list) {
    for (const { name } of SHIPPED) console.log(name);
    return 0;
  }
  if (values.json && values.csv) throw new InputError('--json and --csv: say one of them');
  if (values.merge) {
    if (positionals.length === 0 || values.shard !== undefined) throw new InputError(SWEEP_CLI.usage);
    return tell(merged(positionals), values, false);
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new InputError(SWEEP_CLI.usage);
  const sweep = await findSweep(file);
  const { shard = '1/1' } = values;
  return tell(measured(sweep, shardNumbers(sweep, shard)), values, values.shard !== undefined);
}

function options(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        shard: { type: 'string' },
        merge: { type: 'boolean' },
        json: { type: 'boolean' },
        csv: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new InputError(`${(error as Error).message}\n${SWEEP_CLI.usage}`);
  }
}

async function findSweep(nameOrFile: string): Promise<Sweep> {
  const shipped = SHIPPED.find(({ name }) => name === nameOrFile);
  const parsed = shipped
    ? parseSweep(await shipped.load())
    : parseSweepText(read(nameOrFile, 'no such file, and no shipped sweep of that name (--list shows them)'));
  if (!parsed.ok) throw refused(nameOrFile, parsed.problems);
  return parsed.sweep;
}

function shardNumbers(sweep: Sweep, text: string): number[] {
  const [, i, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  if (i === undefined || Number(i) < 1 || Number(i) > Number(of))
    throw new InputError(`--shard ${text}: must be as in 1/4, the first of four`);
  return shardOf(sweep, Number(i), Number(of));
}

function measured(sweep: Sweep, numbers: readonly number[]): SweepResult {
  const points: PointResult[] = [];
  for (const n of numbers) {
    if (process.stderr.isTTY) process.stderr.write(`\r${points.length} of ${numbers.length} runs `);
    const job = measure(sweep, n);
    let piece = job.next();
    while (!piece.done) piece = job.next();
    points.push(piece.value);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return resultOf(sweep, points);
}

function merged(files: readonly string[]): SweepResult {
  const parts = files.map((name): Part => {
    const json = parseJson(read(name, 'no such file'));
    const parsed = json.ok ? parseResult(json.input) : json;
    if (!parsed.ok) throw refused(name, parsed.problems);
    return { name, result: parsed.result };
  });
  const all = merge(parts);
  if (all.ok) return all.result;
  throw new InputError(all.problems.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('\n'));
}

/** `part`: that points are missing was asked for. */
function tell(result: SweepResult, { json, csv }: { json?: boolean; csv?: boolean }, part: boolean): number {
  if (json) console.log(JSON.stringify(result));
  else if (csv) console.log(csvOf(result).trimEnd());
  else for (const line of printSweep(result)) console.log(line);
  return verdictOf(result) || (part || isWhole(result) ? 0 : 3);
}
