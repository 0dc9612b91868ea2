/** A session handed over as a link: it holds all of it, reaches the same state elsewhere, and is refused when it is damaged. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';
import { Simulator } from './simulator';

test('a link opened in another browser reaches the same step with the same state; a damaged one is refused', async ({
  sim,
  browser,
  baseURL,
}) => {
  const { page } = sim;
  await sim.choose('Version of Xen', /^v7/);
  await sim.press('ArrowRight', 21);
  await sim.at(21);
  await sim.press('m');
  const hash = await sim.hash();
  await sim.press('s');
  const dialog = page.getByRole('dialog', { name: 'Share this session as a link' });
  await expect(dialog.getByRole('img', { name: 'QR code of the link' })).toBeVisible();
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link.length).toBeLessThan(300);
  await dialog.getByText('To embed').click();
  await expect(dialog.getByRole('textbox', { name: /^Paste this/ })).toHaveValue(
    /^<iframe src="[^"]+\?embed=[a-z]+#s=2\.[\w-]+"/,
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  const elsewhere = await browser.newContext({ baseURL: baseURL! });
  const other = new Simulator(await elsewhere.newPage());
  await other.page.goto(link);
  await other.at(21);
  expect(await other.hash()).toBe(hash);
  await expect(other.page.getByRole('combobox', { name: 'Version of Xen' })).toHaveValue('v7');
  await expect(other.page.getByRole('combobox', { name: 'Scenario' }).locator('option:checked')).toHaveText(
    'First light: a page table, entry by entry, from a link',
  );
  expect(other.page.url()).toBe(new URL(baseURL!).href);
  await expect(other.page.getByRole('status').filter({ hasText: 'is not as it was' })).toBeHidden();

  const damaged = link.slice(link.indexOf('#'), -9);
  await other.page.evaluate((hash) => void (location.hash = hash), damaged);
  const refusal = other.page.getByRole('alert');
  await expect(refusal).toContainText('The link was not opened');
  await expect(refusal).toContainText('is damaged');
  await other.at(21);
  expect(await other.hash()).toBe(hash);
  expect(other.page.url()).toBe(new URL(baseURL!).href);
  await other.page.reload();
  await other.at(21);
  await elsewhere.close();
});
