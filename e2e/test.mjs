// `npm test`: every proof, the cheap ones first, with the seconds each took; stops at the first that fails.
import { spawn, spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './browser.mjs';

const cwd = fileURLToPath(new URL('..', import.meta.url));

/** Each takes one core: two at a time, the long ones first. What they print is kept until they end. */
const SIDE_BY_SIDE = [
  'check:lint:svelte',
  'check:lint:code',
  'check:types',
  'check:format',
  'conformance',
  'check:engine',
  'build',
  'build:single',
];

/** @param {string} script @param {...string} args */
function run(script, ...args) {
  return spawnSync('npm', ['run', '--silent', script, '--', ...args], { cwd, stdio: 'inherit' }).status === 0;
}

/** One after the other: each has all cores. Of what is measured only the engine must be covered. @type {[string, () => boolean][]} */
const IN_TURN = [
  ['unit: engine', () => run('coverage')],
  ['unit: all else', () => run('unit', '--project=!engine')],
  ['browser', browser],
  ['e2e', () => run('e2e')],
];

function browser() {
  try {
    process.env.CHROMIUM_PATH = ensureBrowser();
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

/** @param {string} name @param {number} start @param {boolean} ok */
function tell(name, start, ok) {
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`[test] ${name} ${ok ? 'passed' : 'FAILED'} in ${seconds} s`);
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** @param {string} script @returns {Promise<boolean>} */
function aside(script) {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn('npm', ['run', '--silent', script], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {Buffer[]} */
    const said = [];
    child.stdout.on('data', (part) => said.push(part));
    child.stderr.on('data', (part) => said.push(part));
    running.add(child);
    child.on('error', (error) => said.push(Buffer.from(`${error.message}\n`)));
    child.on('close', (status) => {
      running.delete(child);
      process.stdout.write(Buffer.concat(said));
      tell(script, start, status === 0);
      resolve(status === 0);
    });
  });
}

/** @param {string[]} waiting */
async function lane(waiting) {
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) {
    if (await aside(script)) continue;
    for (const other of running) other.kill();
    process.exit(1);
  }
}

const waiting = [...SIDE_BY_SIDE];
await Promise.all([lane(waiting), lane(waiting)]);
for (const [name, passes] of IN_TURN) {
  const start = performance.now();
  const ok = passes();
  tell(name, start, ok);
  if (!ok) process.exit(1);
}
