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

  const verdict = page.getByRole('region', { name: 'Verdict' });
  /** Seconds until a search has its verdict. @param {string} name of its button */
  const search = async (name) => {
    const start = performance.now();
    await button(name).click();
    await verdict.locator('strong', { hasText: 'states' }).waitFor(LONG);
    return (performance.now() - start) / 1000;
  };
  const seconds = await search('Search');
  const said = (await verdict.innerText()).replaceAll(/[\s\u00a0]/g, ' ');
  const states = Number(/([\d ]+) states/.exec(said)?.[1]?.replaceAll(' ', ''));
  row(`search in the page, ${by}`, `${Math.round(states / seconds)} /s`, `${states} states in ${seconds.toFixed(1)} s`);
  await button('Stop').click();
  // Whoever counts frames has the page draw sixty a second.
  row('the page meanwhile', await frames(page, async () => void (await search('Search again'))));
  await button('Stop').click();

  await page.getByRole('tab', { name: 'Lattice' }).click();
  /** @param {string} name of its button */
  const lattice = async (name) => {
    const start = performance.now();
    await button(name).click();
    await button('Stop').waitFor(LONG);
    await button('Stop').waitFor({ state: 'detached', ...LONG });
    return (performance.now() - start) / 1000;
  };
  row(`lattice of its nine switches, ${by}`, `${(await lattice('Search all sets')).toFixed(1)} s`);
  row('the page meanwhile', await frames(page, async () => void (await lattice('Search all sets again'))));
}
