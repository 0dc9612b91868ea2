// The page's part of `npm run bench`: the production build in a real browser. First load, a step from key to pixels, scrubbing a
// hundred thousand steps, panning and zooming the map, memory: each beside something to compare it with in the same run.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { benchMap } from './bench/map.mjs';
import { benchSearch } from './bench/search.mjs';
import { choose, frames, longScenario, memory, opens, rest, row, steps } from './bench/measure.mjs';
import { ensureBrowser } from './browser.mjs';

const ADDRESS = 'http://127.0.0.1:4199/';
const root = fileURLToPath(new URL('..', import.meta.url));
await build({ root, logLevel: 'error' });
const server = await preview({ root, logLevel: 'error', preview: { port: 4199, host: '127.0.0.1', strictPort: true } });
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** @param {string[]} args @param {number} [cores] as the page is told; as the machine has if not said */
async function open(args, cores) {
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: [...QUIET, ...args] });
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  if (cores !== undefined)
    await page.addInitScript((n) => Object.defineProperty(navigator, 'hardwareConcurrency', { value: n }), cores);
  /** @type {Promise<number>[]} */
  const scripts = [];
  page.on('response', (response) => {
    if (/\.js$/.test(response.url())) scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
  });
  await page.goto(ADDRESS);
  await page.locator('[data-step="0"]').waitFor();
  await page.waitForLoadState('networkidle');
  const bytes = (await Promise.all(scripts)).reduce((a, b) => a + b, 0);
  return { browser, page, bytes };
}

const { browser, page, bytes } = await open([]);
console.log(`\nChromium ${browser.version()}, production build\n`);
row('first load, scripts, gzip', `${bytes} B`);

async function scrub() {
  const box = await page.getByRole('slider', { name: 'Timeline' }).boundingBox();
  if (!box) throw new Error('no timeline');
  await page.mouse.move(box.x + 2, box.y + 20);
  await page.mouse.down();
  for (let i = 0; i < 240; i++) await page.mouse.move(box.x + 2 + ((i * 7) % (box.width - 4)), box.y + 20);
  await page.mouse.up();
}

row('page at rest', await frames(page, () => rest(page, 120)));
row('memory of the page, objects + arrays: First light', await memory(page));
for (const title of ['First light: a page table, entry by entry', 'Four million frames']) {
  await choose(page, 'Scenario', title);
  row(`one step, key to picture: ${title.split(':')[0]}`, await steps(page, 100));
  row(`scrubbing: ${title.split(':')[0]}`, await frames(page, scrub));
}
row('memory of the page, objects + arrays: Four million frames', await memory(page));

const long = longScenario();
await opens(page, async () => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Open file' }).click();
  const buffer = Buffer.from(JSON.stringify(long));
  await (await chooser).setFiles({ name: 'long.json', mimeType: 'application/json', buffer });
});
const last = Number(await page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax'));
row(`one step, key to picture: ${last} steps`, await steps(page, 100));
row(`scrubbing: ${last} steps`, await frames(page, scrub));
row(`memory of the page, objects + arrays: ${last} steps`, await memory(page));
await browser.close();

const other = await open([]);
await benchMap(other.page);
await other.browser.close();

// A search has all cores but one.
for (const workers of [1, 2]) {
  const searching = await open([], workers + 1);
  await benchSearch(searching.page, workers);
  await searching.browser.close();
}

// Without a limit on its frame rate the browser shows a picture when it is made, not when the screen is ready for it.
const fast = await open(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
for (const title of ['First light: a page table, entry by entry', 'Four million frames']) {
  await choose(fast.page, 'Scenario', title);
  row(`one step, model to pixels: ${title.split(':')[0]}`, await steps(fast.page, 200));
}
await fast.browser.close();
await server.close();
process.exit(0);
