/** Sweeps: run by the page's workers, drawn with the wall that is hit; a mark opens its run; the same numbers as on the command line. */
import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures';

test('a sweep of two designs, from the form to the wall, its run, and the file of its points', async ({ sim }) => {
  const { page } = sim;
  await sim.press('8');
  await page.getByRole('tab', { name: 'Sweeps' }).click();
  const form = page.getByRole('form', { name: 'What is compared' });
  for (const letter of ['E', 'D', 'B']) await form.getByRole('button', { name: `Leave ${letter} out` }).click();
  const values = form.getByRole('textbox', { name: 'Values of protected pages' });
  await values.fill('64, lots');
  await form.getByRole('button', { name: 'Run' }).click();
  await expect(form.getByRole('alert')).toContainText('"lots" is no value');
  await values.fill('1 to 64 times 8, 255, 256');
  await form.getByRole('button', { name: 'Run' }).click();
  await expect(page.getByText('A ends at 256 ranges with ENOMEM; B goes on.')).toBeVisible();
  await expect(page.getByText('10 runs', { exact: true })).toBeVisible();
  const chart = page.getByRole('group', { name: 'Cost of one write', exact: true });
  await expect(
    chart.getByRole('button', { name: /^A one rangeset, v7, 255 protected pages: 20.691 model/ }),
  ).toBeVisible();

  const axe = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  expect(axe.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'JSON', exact: true }).click();
  const result = JSON.parse(readFileSync(await (await saved).path(), 'utf8')) as { of: number; points: unknown[] };
  expect([result.of, result.points.length]).toEqual([10, 10]);

  // By keys: the wall's own run opens where the range is refused.
  const wall = chart.getByRole('button', { name: '256 ranges, A: ENOMEM, at 256 protected pages' });
  await chart.getByRole('button', { name: /^A one rangeset, v7, 1 protected/ }).focus();
  for (let n = 0; n < 8; n++) await page.keyboard.press('ArrowRight');
  await expect(wall).toBeFocused();
  await sim.opens(() => page.keyboard.press('Enter'));
  await sim.at(1299);
  await expect(sim.sentence).toContainText('ENOMEM');
});
