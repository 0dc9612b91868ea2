// What the page's measurements share: rows of output, time between frames, time from a key to its picture, memory.

/** @typedef {import('@playwright/test').Page} Page */

/** @param {string} what @param {string} figure @param {string} [beside] */
export const row = (what, figure, beside = '') => console.log(`${what.padEnd(52)} ${figure.padStart(20)}  ${beside}`);

/** Middle and last of numbers. @param {number[]} of */
export function spread(of) {
  const sorted = [...of].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? NaN, most: sorted.at(-1) ?? NaN };
}

/** Milliseconds between animation frames while `act` runs. @param {Page} page @param {() => Promise<void>} act */
export async function frames(page, act) {
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
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
  return `${(1000 / mean).toFixed(0)} frames/s, slowest ${Math.max(...gaps).toFixed(0)} ms`;
}

/** Lets so many frames go by. @param {Page} page @param {number} n */
export const rest = (page, n) =>
  page.evaluate(async (count) => {
    for (let i = 0; i < count; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  }, n);

/** Milliseconds from a key press to the picture of the next step, as the page itself sees them. @param {Page} page @param {number} n */
export async function steps(page, n) {
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
    return found;
  }, n);
  const { median, most } = spread(times);
  return `${median.toFixed(1)} ms, slowest of ${n} ${most.toFixed(1)} ms`;
}

/** Milliseconds of processor that all processes of the browser have taken so far. @param {Page} page */
export async function processorTime(page) {
  const session = await /** @type {import('@playwright/test').Browser} */ (
    page.context().browser()
  ).newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return 1000 * processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Bytes held by the page's thread and by its worker's: objects, and arrays beside the heap. @param {Page} page */
export async function memory(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = /** @type {{ usedSize: number, backingStorageSize: number }} */ (
    await session.send('Runtime.getHeapUsage')
  );
  await session.detach();
  const MIB = 2 ** 20;
  return `${(usedSize / MIB).toFixed(1)} + ${(backingStorageSize / MIB).toFixed(1)} MiB`;
}

/** Opens something and waits for its first picture. @param {Page} page @param {() => Promise<unknown>} act */
export async function opens(page, act) {
  const opened = Number(await page.locator('[data-opened]').getAttribute('data-opened'));
  await act();
  await page.locator(`[data-opened="${opened + 1}"]`).waitFor({ timeout: 120_000 });
}

/** @param {Page} page @param {'Scenario' | 'Guest memory' | 'Version of Xen'} name @param {string} label */
export async function choose(page, name, label) {
  const box = page.getByRole('combobox', { name, exact: true });
  const option = (await box.locator('option').allTextContents()).find((text) => text.trim() === label);
  await opens(page, () => box.selectOption({ label: option ?? label }));
  await box.blur();
}

/** A run of about a hundred thousand steps on a guest of four million frames. */
export function longScenario() {
  const at = { gma: '0x1000_0000', size: '4 KiB' };
  const ops = Array.from({ length: 14_000 }, (_, i) => (i % 2 ? { op: 'unbind', ...at } : { op: 'bind', ...at }));
  return {
    format: 1,
    title: 'A hundred thousand steps',
    version: 'claim',
    guest: { memory: '16 GiB' },
    vcpus: [[{ op: 'ppgtt_create' }, ...ops]],
  };
}
