// `npm test`: every proof in order, the cheap ones first, with the seconds each took; stops at the first that fails.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './browser.mjs';

const cwd = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} script */
function run(script) {
  return spawnSync('npm', ['run', '--silent', script], { cwd, stdio: 'inherit' }).status === 0;
}

function browser() {
  try {
    process.env.CHROMIUM_PATH = ensureBrowser();
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

/** @type {[string, () => boolean][]} */
const stages = [
  ['check', () => run('check')],
  ['unit', () => run('coverage')],
  ['conformance', () => run('conformance')],
  ['build', () => run('build') && run('build:single')],
  ['browser', browser],
  ['e2e', () => run('e2e')],
];

for (const [name, passes] of stages) {
  const start = performance.now();
  const ok = passes();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`[test] ${name} ${ok ? 'passed' : 'FAILED'} in ${seconds} s`);
  if (!ok) process.exit(1);
}
