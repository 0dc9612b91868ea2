/** What is done is kept in the browser: over a reload and another visit, apart for each tab, in a list that can be taken along. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';
import { Simulator } from './simulator';

/** Waits until the session has a record. */
const kept = ({ page }: Simulator) =>
  expect.poll(() => page.evaluate(() => localStorage.getItem('p2mscope.kept'))).toBe('1');
const banner = ({ page }: Simulator) => page.getByRole('status').filter({ hasText: 'Back where you left off' });
const open = async ({ page }: Simulator) => {
  await page.keyboard.press('o');
  const dialog = page.getByRole('dialog', { name: 'Sessions kept in this browser' });
  await expect(dialog.getByRole('table')).toBeVisible();
  return dialog;
};
/** Another tab of the same browser. */
async function tab(sim: Simulator): Promise<Simulator> {
  const other = new Simulator(await sim.page.context().newPage());
  await other.page.goto('./');
  await expect(other.page.getByTestId('page')).toHaveAttribute('data-opened', '1');
  return other;
}

test('a reload and another visit come back to the step and the state; a fresh start is one press away', async ({
  sim,
}) => {
  const { page } = sim;
  await sim.choose('Version of Xen', /^v7/);
  await sim.press('ArrowRight', 11);
  await sim.at(11);
  await sim.press('m');
  await kept(sim);
  await sim.press('ArrowRight');
  await sim.at(12);
  const hash = await sim.hash();
  await page.reload();
  await sim.at(12);
  expect(await sim.hash()).toBe(hash);
  await expect(page.getByRole('combobox', { name: 'Version of Xen' })).toHaveValue('v7');
  await expect(banner(sim)).toContainText('First light: a page table, entry by entry');
  const next = await tab(sim);
  await next.at(0);
  await next.page.close();
  await page.close({ runBeforeUnload: true });
  const later = new Simulator(await page.context().newPage());
  await later.page.goto('./');
  await later.at(12);
  expect(await later.hash()).toBe(hash);
  await later.opens(() => banner(later).getByRole('button', { name: 'Start over' }).click());
  await later.at(0);
  await expect(banner(later)).toBeHidden();
});

test('two tabs do not write over each other: the second has a copy with a name of its own', async ({ sim }) => {
  await sim.press('ArrowRight', 5);
  await sim.at(5);
  await kept(sim);
  const other = await tab(sim);
  const list = await open(other);
  await expect(list.getByRole('row', { name: /open in another tab/ })).toContainText('5 of 397');
  await other.opens(() => list.getByRole('button', { name: /^Open a copy/ }).click());
  await other.at(5);
  await expect(other.page.getByRole('status').filter({ hasText: 'this is a copy' })).toContainText('entry (2)');
  await other.press('ArrowRight', 3);
  await other.at(8);
  await sim.press('ArrowRight');
  await sim.at(6);
  const both = await open(other);
  await expect(both.getByRole('row', { name: /open here/ })).toContainText('8 of 397');
  await expect
    .poll(async () => {
      await other.press('Escape');
      return (await open(other)).getByRole('row', { name: /open in another tab/ }).textContent();
    })
    .toContain('6 of 397');
});

test('sessions are renamed, duplicated, deleted, put back, and taken along in a file', async ({ sim }) => {
  const { page } = sim;
  await sim.press('ArrowRight', 4);
  await sim.at(4);
  await kept(sim);
  const hash = await sim.hash();
  const list = await open(sim);
  const rows = list.getByRole('rowheader');
  await list.getByRole('button', { name: /^Rename/ }).click();
  await list.getByRole('textbox').fill('Mine');
  await page.keyboard.press('Enter');
  await expect(rows).toHaveText([/^Mine\s*open here$/]);
  await list.getByRole('button', { name: /^Duplicate/ }).click();
  await expect(rows).toHaveText([/^Mine \(2\)/, /^Mine/]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await list.getByRole('button', { name: 'Delete \u201cMine (2)\u201d' }).click();
  await expect(rows).toHaveCount(1);
  await expect(list.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(2);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    list.getByRole('button', { name: 'Save all as a file' }).click(),
  ]);
  const all = readFileSync(await file.path());
  await list.locator('input[type=file]').setInputFiles({ name: 'all.json', mimeType: 'application/json', buffer: all });
  await expect(list.getByText('2 sessions brought in.')).toBeVisible();
  await expect(rows).toHaveCount(4);
  await sim.opens(() =>
    list
      .getByRole('button', { name: /^Open .*Mine \(2\)/ })
      .first()
      .click(),
  );
  await expect(list).toBeHidden();
  await sim.at(4);
  expect(await sim.hash()).toBe(hash);
});

test('where the browser keeps nothing, that is said once, and everything goes on', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('', 'SecurityError');
    };
  });
  const sim = new Simulator(page);
  await sim.open();
  await sim.press('ArrowRight', 2);
  await sim.at(2);
  const said = page.getByRole('status').filter({ hasText: 'This browser keeps nothing for this page' });
  await expect(said).toBeVisible();
  await said.getByRole('button', { name: 'Close' }).click();
  await sim.press('ArrowRight');
  await sim.at(3);
  await expect((await open(sim)).getByRole('row', { name: /open here/ })).toContainText('3 of 397');
  await expect(said).toBeHidden();
});
