// Panning and zooming the map of guest memory, frame by frame, beside clearing and blitting a canvas of the same size. What a
// frame costs is the processor's time of all processes of the browser: frames themselves come when the screen is ready.
import { choose, processorTime, row, spread } from './measure.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const FRAMES = 120;

/** Milliseconds a frame, one number a frame, while the map moves; and while a canvas of its size is blitted.
 * @param {Page} page @param {'zoom' | 'pan' | 'blit'} what */
const measure = (page, what) =>
  page.evaluate(
    async ({ what, count }) => {
      const map = /** @type {HTMLElement} */ (
        document.querySelector('[role="application"][aria-label="Map of guest memory"]')
      );
      const drawn = /** @type {HTMLCanvasElement} */ (map.querySelector('canvas'));
      const box = map.getBoundingClientRect();
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const at = { bubbles: true, cancelable: true, view: window };
      const middle = { clientX: box.left + box.width * 0.4, clientY: box.top + box.height * 0.4 };
      const on = /** @type {Element} */ (document.elementFromPoint(middle.clientX, middle.clientY));
      const wheel = (/** @type {number} */ deltaY) =>
        on.dispatchEvent(new WheelEvent('wheel', { ...at, ...middle, deltaY }));
      /** @type {(i: number) => void} */
      let act = (i) => void wheel(i < count / 2 ? -40 : 40);
      let undo = () => {};
      if (what === 'pan') {
        for (let i = 0; i < 12; i++) wheel(-60);
        await frame();
        on.dispatchEvent(new MouseEvent('mousedown', { ...at, ...middle, button: 0 }));
        act = (i) => {
          const x = middle.clientX + 80 * Math.sin(i / 9);
          const y = middle.clientY + 60 * Math.cos(i / 7);
          window.dispatchEvent(new MouseEvent('mousemove', { ...at, clientX: x, clientY: y, buttons: 1 }));
        };
        undo = () => void window.dispatchEvent(new MouseEvent('mouseup', { ...at, ...middle }));
      } else if (what === 'blit') {
        const image = await createImageBitmap(drawn);
        const canvas = document.createElement('canvas');
        canvas.width = drawn.width;
        canvas.height = drawn.height;
        canvas.style.cssText = `position:fixed;z-index:9;left:${box.left}px;top:${box.top}px;width:${box.width}px;height:${box.height}px`;
        document.body.append(canvas);
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        act = (i) => {
          context.clearRect(0, 0, canvas.width, canvas.height);
          context.drawImage(image, (i % 7) - 3, (i % 5) - 2);
        };
        undo = () => canvas.remove();
      }
      await frame();
      const times = [];
      let last = performance.now();
      for (let i = 0; i < count; i++) {
        act(i);
        await frame();
        const now = performance.now();
        times.push(now - last);
        last = now;
      }
      const whole = document.querySelector(
        'button[aria-label="Show the whole guest"], button[title="Show the whole guest"]',
      );
      if (what === 'pan' && (!whole || whole.getAttribute('aria-disabled') === 'true'))
        throw new Error('the map did not move');
      undo();
      map.focus();
      map.dispatchEvent(new KeyboardEvent('keydown', { ...at, key: 'Home' }));
      map.blur();
      await frame();
      return times.slice(5);
    },
    { what, count: FRAMES },
  );

/** @param {Page} page */
export async function benchMap(page) {
  for (const [memory, frames] of [
    ['16 MiB', '4 thousand'],
    ['1 GiB', '256 thousand'],
    ['16 GiB', '4 million'],
  ]) {
    await choose(page, 'Guest memory', /** @type {string} */ (memory));
    const map = page.getByRole('application', { name: 'Map of guest memory' });
    await map.hover();
    await page.waitForLoadState('networkidle');
    /** @param {'zoom' | 'pan' | 'blit'} what */
    const cost = async (what) => {
      const before = await processorTime(page);
      const times = await measure(page, what);
      return { ...spread(times), cost: ((await processorTime(page)) - before) / FRAMES };
    };
    const blit = await cost('blit');
    for (const what of /** @type {const} */ (['zoom', 'pan'])) {
      const { median, most, cost: ms } = await cost(what);
      const times = (ms / blit.cost).toFixed(2);
      row(
        `map, ${what}, ${frames} frames`,
        `${ms.toFixed(1)} ms of processor`,
        `a frame, ×${times} of a blit (${blit.cost.toFixed(1)} ms); frames ${median.toFixed(1)} ms apart, at most ${most.toFixed(1)}`,
      );
    }
  }
}
