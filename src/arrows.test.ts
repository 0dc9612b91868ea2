// The rooms of src and who may read whom: the engine knows nobody, and nobody knows the page.
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Room -> rooms it may import; `?` after a name: `import type` only. A room that does not exist yet does no harm. */
const ROOMS: Record<string, string> = {
  engine: '',
  scenarios: 'engine',
  explore: 'engine scenarios',
  words: 'engine? scenarios? explore? worker?',
  layout: 'engine? explore?',
  worker: 'engine scenarios explore',
  state: 'engine scenarios explore words worker',
  ui: 'engine scenarios explore words layout worker state',
  App: 'engine scenarios explore words layout worker state ui',
  main: 'engine scenarios explore words layout worker state ui App',
  cli: 'engine scenarios explore words',
};

/** Words banned: from which files (never their tests), which, and why. */
const BANS: [files: RegExp, words: RegExp, rule: string][] = [
  [/^engine\//, /\bMath\.random\b/g, 'the engine takes chance from its seed'],
  [/^engine\//, /\b(Date|performance|setTimeout|setInterval)\b/g, 'engine time is the step number'],
  [/^engine\//, /\b(console|window|document|self)\b/g, 'the engine runs anywhere, and emits codes'],
  [
    /^(?!worker\/start(-inline)?\.ts$)/,
    /\bnew (Shared)?Worker\b|\?(shared)?worker\b/g,
    'only worker/start starts a worker',
  ],
  [
    /^(ui\/|App)/,
    /\bsession[?!]?\.whole[?!]*\.|\bwhole\b[^\n]*\} = [^\n]*session\b/g,
    'a view tells no more of a run than session.info does',
  ],
  [/\.svelte$/, /\{@html/g, 'the page writes text, never HTML'],
];

const IMPORT =
  /\b(?:import|export)\s+(type\s)?(?:[\w*$\s{},]+?\sfrom\s*)?['"]([^'"\n]+)['"]|\bimport(?:\.meta\.glob)?\s*\(\s*['"]([^'"\n]+)['"]/g;

/** Comments become blanks, so that they may say anything; lines keep their numbers. */
function code(text: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[^]*?\*\/|<!--[^]*?-->/g;
  return text.replace(token, (t) => (/^['"`]/.test(t) ? t : t.replace(/[^\n]/g, ' ')));
}

const roomOf = (path: string): string => path.split('/')[0]!.replace(/\.(ts|svelte)$/, '');
/** Tests and what only they read: random guests, the vectors measured on real Xen code, opened through Node, their replay. */
const isTest = (path: string): boolean =>
  /[.-]test\.ts$|^engine\/(vectors\/|replay(\/|$)|(.*[/-])?testing(\.ts)?$)|^explore\/testing(\.ts)?$/.test(path);
/** The command line has a command for what the tests do with vectors of their own. */
const isReplay = (path: string): boolean => /^engine\/replay(\/|$)/.test(path);

/** Why the file at `path` (from src) may not import `target`, or undefined. */
function refusal(path: string, target: string, typeOnly: boolean): string | undefined {
  const from = roomOf(path);
  if (!target.startsWith('.')) {
    const stranger = from === 'engine' && !isTest(path) && target !== 'xstate';
    return stranger ? `engine imports itself and 'xstate', not '${target}'` : undefined;
  }
  const resolved = posix.join(posix.dirname(path), target);
  const to = roomOf(resolved);
  const replays = from === 'cli' && isReplay(resolved);
  if (isTest(resolved) && !isTest(path) && !replays) return `only tests import '${target}'`;
  if (to === from || target.endsWith('.css')) return undefined;
  if (!(to in ROOMS)) return `'${to}' is not a room of src: name it in ROOMS`;
  const allowed = ROOMS[from]!.split(' ');
  if (allowed.includes(to) || (typeOnly && allowed.includes(`${to}?`))) return undefined;
  return allowed.includes(`${to}?`)
    ? `${from} may \`import type\` from ${to}, nothing else`
    : `${from} may not import ${to}`;
}

/** Everything wrong with one file, as `file:line -> rule`. */
function faults(path: string, text: string): string[] {
  const source = code(text);
  const found: [at: number, rule: string][] = [];
  for (const match of source.matchAll(IMPORT)) {
    const rule = refusal(path, (match[2] ?? match[3])!, !!match[1]);
    if (rule) found.push([match.index, rule]);
  }
  for (const [files, words, rule] of BANS)
    if (files.test(path) && !isTest(path))
      for (const match of source.matchAll(words)) found.push([match.index, `${match[0]}: ${rule}`]);
  return found.map(([at, rule]) => `src/${path}:${source.slice(0, at).split('\n').length} -> ${rule}`);
}

const src = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(ts|svelte)$/.test(path) && path !== 'arrows.test.ts' && !path.endsWith('.d.ts'));

test.each(Object.keys(ROOMS))('%s imports along the arrows and keeps its bans', (room) => {
  const inRoom = files.filter((path) => roomOf(path) === room);
  expect(inRoom.flatMap((path) => faults(path, readFileSync(join(src, path), 'utf8')))).toEqual([]);
});

test('every file of src is in a room', () => {
  expect(files.filter((path) => !(roomOf(path) in ROOMS))).toEqual([]);
});

test.each([
  ['engine/a.ts', "\nimport { b } from '../ui/b';", 'src/engine/a.ts:2 -> engine may not import ui'],
  ['engine/a.ts', "import 'node:fs';", "src/engine/a.ts:1 -> engine imports itself and 'xstate', not 'node:fs'"],
  ['engine/a.ts', "import { b } from './vectors/load';", "src/engine/a.ts:1 -> only tests import './vectors/load'"],
  [
    'engine/a.ts',
    "import { b } from './machines/paths-testing';",
    "src/engine/a.ts:1 -> only tests import './machines/paths-testing'",
  ],
  [
    'worker/a.ts',
    "import { b } from '../engine/replay/b';",
    "src/worker/a.ts:1 -> only tests import '../engine/replay/b'",
  ],
  ['cli/a.ts', "import '../engine/vectors/load';", "src/cli/a.ts:1 -> only tests import '../engine/vectors/load'"],
  ['engine/xengt/a.ts', "export * from '../../words/b';", 'src/engine/xengt/a.ts:1 -> engine may not import words'],
  ['engine/a.ts', '/* Date\n*/ Date.now()', 'src/engine/a.ts:2 -> Date: engine time is the step number'],
  [
    'layout/a.ts',
    "import {\n  b,\n} from '../engine/b';",
    'src/layout/a.ts:1 -> layout may `import type` from engine, nothing else',
  ],
  ['words/a.ts', "import.meta.glob('../ui/*.ts')", 'src/words/a.ts:1 -> words may not import ui'],
  ['cli/a.ts', "await import('../ui/b.svelte')", 'src/cli/a.ts:1 -> cli may not import ui'],
  ['state/a.svelte.ts', "import '../App.svelte';", 'src/state/a.svelte.ts:1 -> state may not import App'],
  ['ui/A.svelte', '<p>{@html x}</p>', 'src/ui/A.svelte:1 -> {@html: the page writes text, never HTML'],
  ['ui/a.ts', 'new Worker(url)', 'src/ui/a.ts:1 -> new Worker: only worker/start starts a worker'],
])('a fault in %s is named with its line: %j', (path, text, message) => {
  expect(faults(path, text)).toEqual([message]);
});

test.each([
  ['layout/a.ts', "import type { B } from '../engine/b';\nimport { hierarchy } from 'd3';"],
  ['engine/a.ts', "// the document's Date\nimport { setup } from 'xstate';\nimport { b } from './xengt/b';"],
  ['engine/a.test.ts', "import { expect } from 'vitest';\nconsole.log(performance.now());"],
  ['cli/a.ts', "import { FAMILIES } from '../engine/replay';\nimport type { B } from '../engine/replay/b';"],
  ['main.ts', "import './app.css';\nimport App from './App.svelte';\nimport { startWorker } from './worker/start';"],
])('%s may say %j', (path, text) => {
  expect(faults(path, text)).toEqual([]);
});
