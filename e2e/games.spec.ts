/** Games made of searches: a write lost by keyboard alone in as few steps as there are, and what is broken mended for least. */
import AxeBuilder from '@axe-core/playwright';
import type { Simulator } from './simulator';
import { expect, test } from './fixtures';

const button = ({ page }: Simulator, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const violations = async ({ page }: Simulator) =>
  (await new AxeBuilder({ page }).options({ rules: { 'target-size': { enabled: true } } }).analyze()).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );

test('a hostile scheduler loses a write at par by keyboard alone, and on the mended Xen it is proven that none can', async ({
  sim,
}) => {
  const { page } = sim;
  await sim.press('8');
  await page.getByRole('tab', { name: 'Search' }).press('End');
  const levels = page.getByRole('list', { name: 'Levels' });
  await sim.opens(() => levels.getByRole('button', { name: 'Play: The lock through emulation' }).press('Enter'));
  const game = page.getByRole('region', { name: 'Hostile scheduler: The lock through emulation' });
  await expect(game).toHaveAttribute('data-steps', '0');
  await expect(game.getByRole('definition')).toHaveText(['0', '6', '0']);
  await sim.press('h');
  const answer = game.getByRole('status');
  await expect(answer).toContainText('6 steps from here, at best: no trapped write lost.');
  await sim.press('h');
  await expect(answer).toContainText('Let toolstack act: key 1.');
  expect(await violations(sim)).toEqual([]);

  // A step is taken back.
  await sim.press('1');
  await expect(game).toHaveAttribute('data-steps', '1');
  await sim.press('Backspace');
  await expect(game).toHaveAttribute('data-steps', '0');

  // The guest runs, vCPU 0 writes a frame that is protected, and the frame is given back before the write is looked up.
  const moves = game.getByRole('region', { name: 'Who acts next' });
  const path = ['toolstack', 'toolstack', 'vCPU 0', 'Xen, for vCPU 0', 'toolstack', 'Xen, for vCPU 0'];
  for (const [n, who] of path.entries()) {
    const names = await moves.getByRole('button').locator('strong').allTextContents();
    await sim.press(String(names.indexOf(who) + 1));
    await expect(game).toHaveAttribute('data-steps', String(n + 1));
  }
  await expect(game).toHaveAttribute('data-won', 'true');
  await expect(page.getByRole('paragraph').filter({ hasText: 'Broken in 6 steps' })).toContainText(
    'no trapped write lost. As short as can be: par is 6.',
  );

  await button(sim, 'Levels').press('Enter');
  await expect(levels.getByRole('listitem').filter({ hasText: 'Xen without lock held' }).first()).toContainText(
    'won in 6 steps, par',
  );
  await sim.opens(() =>
    levels
      .getByRole('button', { name: 'Play with the Xen in which it is mended: The lock through emulation' })
      .press('Enter'),
  );
  await button(sim, 'It cannot be done').press('Enter');
  await expect(answer).toContainText('Proven: from here no order of the actors breaks an invariant.');
  await expect(answer).toContainText('All 7 485 states from here were searched, to depth 36.');
});

test('a broken Xen is mended, and for less', async ({ page, sim }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('tab', { name: 'More' }).click();
  await button(sim, 'Explore').click();
  await page.getByRole('tab', { name: 'Games' }).click();
  await page.getByRole('tab', { name: 'Repair' }).click();
  await button(sim, 'Mend it: A claim needs no ranges').click();
  const said = page.getByRole('paragraph').filter({ hasText: 'In 62 steps this Xen' });
  await expect(said).toContainText('breaks an invariant: shadow = translation when idle.');
  await page.getByRole('checkbox', { name: 'Backward strings find their server' }).check();
  await button(sim, 'Try it').click();
  const result = page.getByRole('region', { name: 'What a search says of it' });
  await expect(result).toContainText('Still broken, for 15 lines: shadow = translation when idle, in 62 steps.');
  await page.getByRole('checkbox', { name: 'Backward strings find their server' }).uncheck();
  await page.getByRole('checkbox', { name: 'A server claims the type' }).check();
  await button(sim, 'Try it').click();
  await expect(result).toContainText('Mended for 291 lines: no order of the actors breaks an invariant.');
  await expect(result).toContainText('There is one for 30 lines');
  await button(sim, 'Show the cheapest').click();
  await expect(result).toContainText('The cheapest: fourth rangeset, 30 lines.');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await violations(sim)).toEqual([]);

  await page.getByRole('checkbox', { name: 'A server claims the type' }).uncheck();
  await page.getByRole('checkbox', { name: 'A fourth rangeset, for trapped RAM' }).check();
  await button(sim, 'Try it').click();
  await expect(result).toContainText('It is the cheapest there is: 8 sets of patches searched.');
});
