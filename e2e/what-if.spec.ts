// A switch flipped in the past: where the run would have gone another way, shown as a branch of the tree, which outlives a reload.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';

test('a patch is flipped: it differs at a step, the other run is a branch, the trunk comes back; all of it after a reload', async ({
  sim,
}) => {
  const { page, histories } = sim;
  await sim.choose('Scenario', 'The sweep that swept nothing');
  await sim.preset('Race');
  const trunk = await sim.toEnd();
  const hash = await sim.hash();

  await sim.press('w');
  const dialog = page.getByRole('dialog', { name: 'What if' });
  await dialog.getByRole('checkbox', { name: 'sweepResolves' }).check();
  const answer = dialog.getByRole('region', { name: 'What would have come' });
  await expect(answer).toContainText('The same until step 90. At step 91, with it: The release sweeps 256 frames');
  await expect(answer).toContainText('with sweepResolves none of them would have been broken');
  await expect(answer.getByRole('row', { name: /^steps/ })).toHaveText(/133\s*134/);
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await sim.opens(() => answer.getByRole('button', { name: 'Show the other run there' }).click());
  await sim.at(91);
  await expect(dialog).toBeHidden();
  await expect(sim.sentence).toContainText('4 entries settled, 0 left');
  expect(await sim.steps()).toBe(134);
  await expect(histories.ends).toHaveCount(2);
  const branch = histories.end(/^with sweepResolves: 134 steps, ends well, shown now/);
  await expect(branch).toBeVisible();
  await expect(histories.view).toContainText('parts at step 90');

  await histories.end(/^as recorded/).click();
  await sim.opens(() => histories.view.getByRole('button', { name: 'Return to as recorded' }).click());
  await sim.toEnd();
  expect([await sim.hash(), await sim.steps()]).toEqual([hash, trunk]);

  await page.reload();
  await sim.at(trunk);
  expect(await sim.hash()).toBe(hash);
  await histories.end(/^with sweepResolves/).click();
  await sim.opens(() => histories.view.getByRole('button', { name: 'Return to with sweepResolves' }).click());
  await sim.at(91);
  expect(await sim.steps()).toBe(134);
  await expect(sim.sentence).toContainText('4 entries settled, 0 left');
});
