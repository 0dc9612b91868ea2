/** Two versions on one guest: where they part, along the instructions, a side opened as a session. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { Simulator } from './simulator';

const compared = (page: Page) => page.getByRole('region', { name: 'What differs' });
const slider = (page: Page) => compared(page).getByRole('slider', { name: 'Guest instructions' });

test('v7 and the claim part at the page past the cap; the side of v7 opens at the refusal', async ({ sim }) => {
  const { page } = sim;
  await sim.choose('Scenario', /^The wall/);
  await sim.press('7');
  await expect(compared(page)).toContainText(
    'They part at guest instruction 510: frame 0x6874 is one range too many for A',
  );
  await expect(compared(page)).toContainText('Because B has claim (ca2b511d3f) and A has not.');
  await expect(page.getByRole('group', { name: 'Side A', exact: true })).toContainText('256 of 256');
  await expect(page.getByRole('group', { name: 'Side B', exact: true })).toContainText('XenGT; 256 entries');
  const row = compared(page).getByRole('row', { name: /^range comparisons/ });
  await expect(row).toContainText('111\u202f809');
  await expect(row).toContainText('÷37\u202f270');
  // Along the instructions by keys alone.
  await sim.press('ArrowLeft');
  await expect(slider(page)).toHaveAttribute('aria-valuenow', '509');
  await expect(page.getByRole('group', { name: 'Side A', exact: true })).toContainText('not watched 0');
  await sim.press('n', 2);
  await expect(slider(page)).toHaveAttribute(
    'aria-valuetext',
    /^511: write, .*A: goes past XenGT|^511: write, .*A: is a plain access/,
  );
  await compared(page).getByRole('button', { name: 'To where they part' }).click();
  await sim.opens(() =>
    compared(page)
      .getByRole('button', { name: /^Open A here/ })
      .click(),
  );
  await sim.at(5354);
  await expect(sim.sentence).toContainText('ENOMEM');
});

test('another version and a third side, in the dark, axe finds nothing', async ({ sim }) => {
  const { page } = sim;
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await sim.choose('Scenario', /^The sweep that swept nothing/);
  await sim.press('7');
  await expect(compared(page)).toContainText('the second claim is EBUSY in A, granted in B.');
  await compared(page).getByRole('button', { name: 'Add a side' }).click();
  await expect(compared(page)).toContainText('granted in B and C.');
  await page.getByRole('combobox', { name: 'Version of Xen, side B' }).selectOption('claim-async');
  await expect(compared(page)).toContainText('EBUSY in A and B, granted in C.');
  const violations = async () =>
    (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => ({
      id,
      at: nodes.map((n) => n.html),
    }));
  expect(await violations()).toEqual([]);
  await compared(page).getByRole('button', { name: 'As a table' }).click();
  expect(await violations()).toEqual([]);
});

test('on a phone the sides stand one below the other, nothing past the edge, no text below 12 px', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const sim = new Simulator(page);
  await sim.open();
  await page.getByRole('tab', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(compared(page)).toContainText('A and B never part: 95 guest instructions come to the same.');
  const found = await page.evaluate(() => {
    const small = [...document.querySelectorAll('body *')].filter(
      (at) =>
        [...at.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '') &&
        parseFloat(getComputedStyle(at).fontSize) < 12,
    );
    return { past: document.documentElement.scrollWidth - innerWidth, small: small.map((at) => at.outerHTML) };
  });
  expect(found).toEqual({ past: 0, small: [] });
});
