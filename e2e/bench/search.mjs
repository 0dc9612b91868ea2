// Every order of a scenario searched in the page by one worker and by two, its lattice, and what the page does meanwhile.
import { choose, frames, row } from './measure.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const SCENARIO = 'Two frames, two vCPUs, one claim';
const LONG = { timeout: 300_000 };

/** @param {Page} page @param {number} workers */
export async function benchSearch(page, workers) {
  const by = workers === 1 ? 'one worker' : `${workers} workers`;
  await choose(page, 'Scenario', SCENARIO);
  await page.keyboard.press('8');
  const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });

  let start = 0;
  let seconds = 0;
  const verdict = page.getByRole('region', { name: 'Verdict' });
  const drawn = await frames(page, async () => {
    start = performance.now();
    await button('Search').click();
    await verdict.locator('strong', { hasText: 'states' }).waitFor(LONG);
    seconds = (performance.now() - start) / 1000;
  });
  const said = (await verdict.innerText()).replaceAll(/[\s\u00a0]/g, ' ');
  const states = Number(/([\d ]+) states/.exec(said)?.[1]?.replaceAll(' ', ''));
  row(`search in the page, ${by}`, `${Math.round(states / seconds)} /s`, `${states} states in ${seconds.toFixed(1)} s`);
  row('the page meanwhile', drawn);
  await button('Stop').click();

  await page.getByRole('tab', { name: 'Lattice' }).click();
  const lattice = await frames(page, async () => {
    start = performance.now();
    await button('Search all sets').click();
    await page
      .getByText(/at the least/)
      .first()
      .waitFor(LONG);
    await button('Stop').waitFor({ state: 'detached', ...LONG });
    seconds = (performance.now() - start) / 1000;
  });
  row(`lattice of its nine switches, ${by}`, `${seconds.toFixed(1)} s`);
  row('the page meanwhile', lattice);
}
