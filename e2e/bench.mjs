// The page's part of `npm run bench`: the production build in a real browser. First load, a step from key to pixels, and the
// frames of scrubbing, each at a small guest and at four million frames, beside an idle page in the same run.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { ensureBrowser } from './browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
await build({ root, logLevel: 'error' });
const server = await preview({ root, logLevel: 'error', preview: { port: 4199, host: '127.0.0.1', strictPort: true } });
const browser = await chromium.launch({
  executablePath: ensureBrowser(),
  args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });

/** @type {Promise<number>[]} */
const scripts = [];
page.on('response', (response) => {
  if (/\.js$/.test(response.url())) scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
});
await page.goto('http://127.0.0.1:4199/');
await page.locator('[data-step="0"]').waitFor();
await page.waitForLoadState('networkidle');
const bytes = (await Promise.all(scripts)).reduce((a, b) => a + b, 0);

/** @param {string} what @param {string} figure @param {string} [beside] */
const row = (what, figure, beside = '') => console.log(`${what.padEnd(46)} ${figure.padStart(18)}  ${beside}`);
console.log(`\nChromium ${browser.version()}, production build\n`);
row('first load, scripts, gzip', `${bytes} B`);

/** Milliseconds between animation frames while `act` runs. @param {() => Promise<void>} act */
async function frames(act) {
  await page.evaluate(() => {
    const state = /** @type {any} */ (globalThis);
    state.gaps = [];
    let last = performance.now();
    const tick = (/** @type {number} */ now) => {
      state.gaps.push(now - last);
      last = now;
      state.running = requestAnimationFrame(tick);
    };
    state.running = requestAnimationFrame(tick);
  });
  await act();
  /** @type {number[]} */
  const gaps = await page.evaluate(() => {
    const state = /** @type {any} */ (globalThis);
    cancelAnimationFrame(state.running);
    return state.gaps.slice(2);
  });
  gaps.sort((a, b) => a - b);
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
  return `${(1000 / mean).toFixed(0)} frames/s, slowest ${gaps.at(-1)?.toFixed(0)} ms`;
}

/** Milliseconds from a key press to the picture of the next step, as the page itself sees them. @param {number} n */
async function steps(n) {
  /** @type {number[]} */
  const times = await page.evaluate(async (count) => {
    const at = /** @type {HTMLElement} */ (document.querySelector('[data-step]'));
    const found = [];
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      const shown = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          requestAnimationFrame(() => resolve(undefined));
        });
        observer.observe(at, { attributeFilter: ['data-step'] });
      });
      dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
      await shown;
      found.push(performance.now() - start);
    }
    return found.sort((a, b) => a - b);
  }, n);
  return `${times[n >> 1]?.toFixed(1)} ms, slowest of ${n} ${times.at(-1)?.toFixed(1)} ms`;
}

const timeline = page.getByRole('slider', { name: 'Timeline' });
async function scrub() {
  const box = await timeline.boundingBox();
  if (!box) throw new Error('no timeline');
  await page.mouse.move(box.x + 2, box.y + 20);
  await page.mouse.down();
  for (let i = 0; i < 240; i++) await page.mouse.move(box.x + 2 + ((i * 7) % (box.width - 4)), box.y + 20);
  await page.mouse.up();
}

row('page at rest', await frames(() => new Promise((resolve) => setTimeout(resolve, 2000))));
for (const title of ['First light: a page table, entry by entry', 'Four million frames']) {
  const opened = Number(await page.locator('[data-opened]').getAttribute('data-opened'));
  await page.getByRole('combobox', { name: 'Scenario' }).selectOption({ label: title });
  await page.locator(`[data-opened="${opened + 1}"]`).waitFor({ timeout: 60_000 });
  await page.getByRole('combobox', { name: 'Scenario' }).blur();
  row(`one step, key to picture: ${title.split(':')[0]}`, await steps(100));
  row(`scrubbing: ${title.split(':')[0]}`, await frames(scrub));
}
await browser.close();
await server.close();
process.exit(0);
