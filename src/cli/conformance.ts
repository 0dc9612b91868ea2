/** `npm run conformance`: runs vector files against the engine and says where it differs from what Xen was measured to do. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FAMILIES, parseVectors, vectorFile, type VectorFile } from '../engine/replay/index';
import { DIFFERENCES_SHOWN, type Outcome } from '../engine/replay/types';
import { InputError } from './input';

/** The vectors that come with the source, from the folder that npm runs scripts in. */
const KEPT = 'src/engine/vectors';

const USAGE = `usage: npm run conformance [-- PATH...]

PATH is a vector file (.json, .jsonl, either also .gz) or a folder of them, walked; without one, those in ${KEPT}.
The file's name is the family:
  ${Object.keys(FAMILIES).join(', ')}
A file in a folder patches/<commit> was measured with that commit of Xen applied, in patches/<commit>-before without it.
Exit code: 0 all agree, 1 some do not, 2 bad usage or a file that cannot be read.`;

interface Family {
  total: number;
  agreed: number;
  readonly differences: string[];
}

/** Exit code: 0 everything agrees, 1 something differs, 2 bad usage or an unreadable file. */
export function main(argv: string[]): number {
  try {
    return run(argv);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    return 2;
  }
}

function run(argv: string[]): number {
  if (argv.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  if (argv.some((arg) => arg.startsWith('-'))) throw new InputError(USAGE);
  const paths = argv.length > 0 ? argv : [resolve(KEPT)];
  const files = new Map(paths.flatMap((path) => find(path)));
  const families = new Map<string, Family>();
  for (const [file, vectors] of files) {
    const family = families.get(vectors.family) ?? { total: 0, agreed: 0, differences: [] };
    families.set(vectors.family, family);
    add(family, replay(file, vectors), shown(file));
  }
  let [passed, failed] = [0, 0];
  for (const [name, { total, agreed, differences }] of [...families].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${name}: ${agreed} of ${total} agree`);
    for (const difference of differences) console.log(difference.replace(/^/gm, '  '));
    passed += agreed;
    failed += total - agreed;
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function add(family: Family, { total, agreed, differences }: Outcome, file: string): void {
  family.total += total;
  family.agreed += agreed;
  const room = DIFFERENCES_SHOWN - family.differences.length;
  family.differences.push(...differences.slice(0, room).map((difference) => `${file}: ${difference}`));
}

/** The vector files at a path, by their absolute paths. */
function find(argument: string): [file: string, vectors: VectorFile][] {
  const path = resolve(callers(), argument);
  if (!existsSync(path)) throw new InputError(`${argument}: no such file or folder`);
  if (!statSync(path).isDirectory()) return [[path, known(path)]];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const files = names.map((name) => join(path, name)).filter((file) => vectorsAt(file) && statSync(file).isFile());
  const vectors = files.sort().flatMap((file): [string, VectorFile][] => {
    if (vectorsAt(file)!.family in FAMILIES) return [[file, known(file)]];
    console.error(`${shown(file)}: skipped, no family of vectors is called so`);
    return [];
  });
  if (vectors.length === 0) throw new InputError(`${argument}: no vector files in there`);
  return vectors;
}

function known(file: string): VectorFile {
  const vectors = vectorsAt(file);
  if (!vectors || !(vectors.family in FAMILIES)) {
    throw new InputError(`${shown(file)}: not a file of vectors; its name has to be one of\n  ${listed()}`);
  }
  if (vectors.unknown !== undefined) {
    throw new InputError(`${shown(file)}: '${vectors.unknown}' is no revision that is known here`);
  }
  return vectors;
}

function replay(file: string, { family, revision }: VectorFile): Outcome {
  let lines;
  try {
    const bytes = readFileSync(file);
    lines = parseVectors(file, (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  } catch (error) {
    throw new InputError(`${shown(file)}: ${(error as Error).message}`);
  }
  return FAMILIES[family]!(lines, revision);
}

const listed = (): string => `${Object.keys(FAMILIES).join(', ')}, and end in .json, .jsonl or these and .gz`;
const vectorsAt = (file: string): VectorFile | undefined => vectorFile(file.split(sep).join('/'));
/** npm runs scripts in the project's folder; INIT_CWD is where the user called it. */
const callers = (): string => process.env.INIT_CWD ?? process.cwd();
const shown = (file: string): string => relative(callers(), file) || file;
