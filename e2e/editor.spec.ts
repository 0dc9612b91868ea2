/** A scenario as text: edited, checked, run from somewhere in it, pasted, fetched. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';
import type { Simulator } from './simulator';

/** Selects a piece of the text by the editor's own search, from the keyboard. */
async function select({ page }: Simulator, text: string): Promise<void> {
  await page.keyboard.press('Control+f');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}

test('from the keyboard alone: a mistake is marked with its hint and goes, the text is opened, and that is taken back', async ({
  sim,
}) => {
  const { page } = sim;
  const editor = await sim.editor();
  const status = editor.dialog.getByRole('status');
  await expect(status).toHaveText('No problem found.');
  await select(sim, '"claim"');
  await page.keyboard.insertText('"claims"');
  await expect(status).toHaveText('1 problem found.');
  await expect(editor.problems).toHaveText([/version.*must be one of "before-v7".*Hint: Perhaps "claim" is meant\./]);
  await expect(editor.text.locator('.cm-lintRange-error')).toHaveText('"version": "claims"');
  const axe = new AxeBuilder({ page }).include('dialog');
  expect((await axe.analyze()).violations.map(({ id, nodes }) => ({ id, at: nodes.map((n) => n.html) }))).toEqual([]);
  await page.keyboard.press('Control+z');
  await expect(status).toHaveText('No problem found.');
  await expect(editor.problems).toHaveCount(0);

  await select(sim, '4 GiB');
  await page.keyboard.insertText('1 GiB');
  await sim.opens(() => page.keyboard.press('Control+Enter'));
  await expect(editor.dialog).toBeHidden();
  await expect(page.getByRole('combobox', { name: 'Guest memory' })).toHaveValue(String(2 ** 30));
  await sim.opens(() => page.keyboard.press('Control+z'));
  await expect(page.getByRole('combobox', { name: 'Guest memory' })).toHaveValue(String(2 ** 32));

  // Tab belongs to the text until Escape gives it back; a second Escape closes.
  await sim.editor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(editor.dialog.getByRole('button', { name: 'New' })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(editor.text).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(editor.dialog).toBeHidden();
  await sim.press('ArrowRight');
  await sim.at(1);
});

test('run from here goes to the operation under the caret; a text that is refused stays, over closing and another scenario', async ({
  sim,
}) => {
  const { page } = sim;
  const editor = await sim.editor();
  await select(sim, '"op": "rmw"');
  await editor.dialog.getByRole('button', { name: 'Run from here' }).click();
  await expect(editor.dialog).toBeHidden();
  await sim.settled();
  await expect(sim.sentence).toContainText('vCPU 1');
  await expect(sim.sentence).toContainText('0x304000');

  await sim.editor();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('{ "format": 2, "title": "Half a scen');
  await page.keyboard.press('Control+Enter');
  await expect(editor.problems).toContainText(['is not JSON']);
  await editor.dialog.getByRole('button', { name: 'Close' }).click();
  await sim.choose('Scenario', /^One page changes/);
  await sim.editor();
  await expect(editor.text).toContainText('Half a scen');
  await expect(editor.dialog).toContainText('first-light.json, changed and not opened yet');
  await editor.dialog.getByRole('button', { name: 'Discard' }).click();
  await expect(editor.text).toContainText('One page changes');
  await expect(editor.dialog.getByRole('button', { name: 'Discard' })).toBeDisabled();
});

test('a scenario that is pasted is opened, and one that stands at an address; what is none says so', async ({
  sim,
  context,
}) => {
  const { page } = sim;
  const file = (memory: string) =>
    JSON.stringify({
      format: 2,
      title: 'Mine',
      version: 'claim',
      guest: { memory },
      vcpus: [[{ op: 'ppgtt_create' }]],
    });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const paste = async (text: string) => {
    await page.evaluate((it) => navigator.clipboard.writeText(it), text);
    await page.keyboard.press('Control+v');
  };
  await sim.opens(() => paste(`\n${file('64 MiB')}`));
  const box = page.getByRole('combobox', { name: 'Scenario', exact: true });
  await expect(box).toContainText('File: pasted text');
  await expect(sim.map).toContainText('64 MiB');
  await paste('{ "format": 2, ');
  await expect(page.getByRole('alert')).toContainText('pasted text was not opened: 1 problem');
  await page.getByRole('alert').getByRole('button', { name: 'Close' }).click();

  const headers = { 'access-control-allow-origin': '*' };
  await page.route('https://course.example/**', (route) =>
    route.fulfill({ headers, body: route.request().url().endsWith('.json') ? file('128 MiB') : '<!doctype html>' }),
  );
  await page.keyboard.press('u');
  const dialog = page.getByRole('dialog', { name: 'Open from an address' });
  const address = dialog.getByRole('textbox', { name: 'Address of a scenario file' });
  await address.fill('course.example/week 3');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status')).toContainText('must begin with http:// or https://');
  await address.fill('https://course.example/week3');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status')).toContainText('It is no JSON object');
  expect((await new AxeBuilder({ page }).include('dialog').analyze()).violations.map(({ id }) => id)).toEqual([]);
  await address.fill('https://course.example/week3.json');
  await sim.opens(() => page.keyboard.press('Enter'));
  await expect(dialog).toBeHidden();
  await expect(box).toContainText('File: week3.json');
  await expect(sim.map).toContainText('128 MiB');
});
