// Finds (or gets) a Chromium for Playwright. `node e2e/browser.mjs` prints its path.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable'];
const FIXED = [
  '/usr/lib/chromium/chromium',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const PLAYWRIGHT = fileURLToPath(new URL('../node_modules/@playwright/test/cli.js', import.meta.url));
const root = process.platform === 'linux' && process.getuid?.() === 0;

/** @param {string} path */
function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A downloaded browser may lack system libraries, and Ubuntu's chromium-browser may be a note about a snap.
 * @param {string} path */
function starts(path) {
  return spawnSync(path, ['--version', '--no-sandbox'], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

function candidates() {
  const named = process.env.CHROMIUM_PATH;
  if (named && !executable(named)) throw new Error(`CHROMIUM_PATH=${named} is not an executable file.`);
  if (named) return [named];
  const path = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const system = path.flatMap((dir) => NAMES.map((name) => join(dir, name)));
  return [chromium.executablePath(), ...system, ...FIXED].filter(executable);
}

/** Path of a browser already present, or undefined. No network, no side effects. To be given to Playwright as
 * `executablePath`, without `channel`: with `channel: 'chromium'` it would be ignored. */
export function findBrowser() {
  return candidates()[0];
}

/** @param {number} seconds @param {string} command @param {...string} args */
function attempt(seconds, command, ...args) {
  console.error(`[browser] ${command} ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout: seconds * 1000, env }).status === 0;
}

/** Path of a browser that starts: one already present, else Playwright's download, else (as root) Debian's package.
 * Throws one line that says what to do. */
export function ensureBrowser() {
  const present = () => candidates().find(starts);
  const named = process.env.CHROMIUM_PATH;
  if (named && !present()) throw new Error(`CHROMIUM_PATH=${named} does not start: fix it, or unset it.`);
  const ways = [
    () => true,
    () => attempt(300, process.execPath, PLAYWRIGHT, 'install', '--no-shell', 'chromium'),
    // The download runs on nothing but its own files, except for libraries that a bare system does not have.
    () =>
      root &&
      executable(chromium.executablePath()) &&
      attempt(600, process.execPath, PLAYWRIGHT, 'install-deps', 'chromium'),
    () =>
      root &&
      executable('/usr/bin/apt-get') &&
      attempt(300, 'apt-get', 'update', '-q') &&
      attempt(600, 'apt-get', 'install', '-y', '-q', '--no-install-recommends', 'chromium'),
  ];
  for (const way of ways) {
    const browser = way() && present();
    if (browser) return browser;
  }
  throw new Error(
    'No Chromium that starts: run `npx playwright install --with-deps chromium` (asks for root), or install Chrome or Chromium, or set CHROMIUM_PATH to one.',
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(ensureBrowser());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
