// A race led by hand: who may act next, and the histories that come of choosing otherwise.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';
import type { Simulator } from './simulator';

const violations = async ({ page }: Simulator) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => ({
    id,
    at: nodes.map(({ target }) => target),
  }));

test('who schedules by hand picks another actor; both histories are named, compared and gone back to', async ({
  sim,
}) => {
  const { page, histories, mayHappen } = sim;
  await sim.preset('Race');
  const steps = await sim.steps();
  const { youSchedule } = mayHappen;
  await expect(histories.ends).toHaveText([new RegExp(`as recorded.*${steps} steps, ends well`)]);
  await expect(mayHappen.choice('xengt')).toContainText('in this run');
  await youSchedule.click();
  await expect(youSchedule).toHaveAttribute('aria-checked', 'true');
  expect(await sim.steps()).toBe(0);

  for (const line of ['xengt', 'xengt', 'xengt', 'xengt', 'toolstack', 'vcpu1']) await sim.pick(line);
  expect(await sim.steps()).toBe(6);
  await expect(sim.sentence).toContainText('vCPU 1 writes');
  await expect(histories.ends).toHaveCount(2);
  const mine = histories.end(/^yours from step 0: 6 steps, waits for you, shown now/);
  await expect(mine).toHaveAttribute('aria-current', 'true');

  // Another branch in its midst: what is left stays.
  await sim.press('ArrowLeft');
  await sim.at(5);
  await sim.pick('vcpu0');
  await expect(sim.sentence).toContainText('EPT violation');
  await expect(histories.ends).toHaveCount(3);
  await histories.view.getByRole('button', { name: 'Name this history' }).click();
  await page.keyboard.type('vCPU 0 first');
  await page.keyboard.press('Enter');
  await expect(histories.end(/^vCPU 0 first: 6 steps/)).toBeVisible();
  await histories.view.getByRole('button', { name: 'Compare', exact: true }).click();
  const compare = histories.view.getByRole('group', { name: 'Compare' });
  await compare.getByRole('combobox').selectOption('yours from step 0');
  await expect(compare).toContainText('They part at step 5: in vCPU 0 first vcpu0, in yours from step 0 vcpu1.');
  await expect(compare.getByRole('row', { name: /^exits/ })).toHaveText(/exits\s*1\s*0\s*\u22121/);
  expect(await violations(sim)).toEqual([]);

  const left = await sim.hash();
  await histories.end(/^as recorded/).click();
  await histories.view.getByRole('button', { name: 'Return to as recorded' }).click();
  await sim.at(0);
  expect(await sim.steps()).toBe(steps);
  await expect(histories.ends).toHaveCount(3);
  await sim.press('Control+z');
  await sim.at(6);
  expect([await sim.hash(), await sim.steps()]).toEqual([left, 6]);
  await expect(histories.ends).toHaveCount(3);
});

test('by the keyboard alone: a digit picks, arrows go through the tree, what is deleted comes back', async ({
  sim,
}) => {
  const { page, histories, mayHappen } = sim;
  await sim.to(5);
  await sim.press('4');
  await expect(mayHappen.choice('vcpu1')).toBeVisible();
  // From pane to pane: time, what may happen next.
  await sim.press('F6', 2);
  await sim.press('Tab');
  const other = mayHappen.view.getByRole('button').filter({ hasText: /^\s*\d/, hasNotText: 'in this run' });
  const key = (await other.first().locator('kbd').textContent())!;
  await mayHappen.youSchedule.focus();
  await sim.press(key);
  await sim.at(6);
  await expect(page.getByTestId('page')).toHaveAttribute('data-view', 'race');
  await expect(histories.ends).toHaveCount(2);
  await histories.ends.last().focus();
  await sim.press('ArrowUp');
  await expect(histories.end(/^as recorded/)).toBeFocused();
  await expect(histories.end(/^as recorded/)).toHaveAttribute('aria-pressed', 'true');
  await histories.view.getByRole('button', { name: 'Delete' }).press('Enter');
  await expect(histories.ends).toHaveCount(1);
  await expect(histories.ends).toBeFocused();
  await sim.press('Control+z');
  await expect(histories.ends).toHaveCount(2);
  await sim.press('Control+z');
  await sim.at(5);
  await expect(histories.end(/^as recorded.*shown now$/)).toBeVisible();
});
