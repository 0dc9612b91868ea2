/** Every order of the actors searched: from the verdict into the player, and all sets of patches at once. */
import AxeBuilder from '@axe-core/playwright';
import { ONE_FRAME } from '../src/explore/lattice/testing';
import type { Simulator } from './simulator';
import { expect, test } from './fixtures';

/** 53 states, 64 without the lock. */
const oneFrame = (more: object = {}): string => JSON.stringify({ ...ONE_FRAME, ...more });

const button = ({ page }: Simulator, name: string) => page.getByRole('button', { name, exact: true });
const violations = async ({ page }: Simulator) =>
  (await new AxeBuilder({ page }).options({ rules: { 'target-size': { enabled: true } } }).analyze()).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );

test('a search finds the shortest way to lose a write, which opens in the player and breaks there', async ({ sim }) => {
  const { page } = sim;
  await sim.load('one.json', oneFrame({ patches: { off: ['lockThroughEmulation'] } }));
  await sim.press('8');
  await expect(page.getByTestId('page')).toHaveAttribute('data-view', 'explore');
  await button(sim, 'Search').click();
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toContainText('Broken in 7 steps, and in no fewer: no trapped write lost.');
  await expect(verdict).toContainText('toolstack: by its step it never breaks');

  const download = page.waitForEvent('download');
  await button(sim, 'Save as JSON').click();
  expect((await download).suggestedFilename()).toBe('p2mscope-verdict.json');

  await sim.opens(() => button(sim, 'vcpu0: 7 steps').click());
  await sim.at(10);
  await expect(page.getByTestId('page')).toHaveAttribute('data-view', 'race');
  expect(await sim.steps()).toBe(11);
  await sim.press('ArrowRight');
  await sim.at(11);
  await sim.preset('Overview');
  await expect(sim.invariant('no trapped write lost')).toContainText(/broken|violated/i);

  // What was found is still there.
  await sim.press('8');
  await expect(verdict).toContainText('Another scenario is open by now');
});

test('all sets of patches are searched; the minimal safe one is marked, the others open what breaks them', async ({
  sim,
}) => {
  const { page } = sim;
  await sim.load('one.json', oneFrame());
  await sim.press('8');
  await button(sim, 'Search').click();
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('not exercised');
  expect(await violations(sim)).toEqual([]);

  await page.getByRole('tab', { name: 'Lattice' }).click();
  await button(sim, 'Search all sets').click();
  await expect(
    page.getByRole('paragraph').filter({ hasText: 'Of 16 sets of four patches 12 can be built' }),
  ).toContainText('three keep every invariant, at the least: lock held and read half.');
  const sets = page.getByRole('listbox', { name: 'Sets of switches' });
  await expect(sets.getByRole('option', { name: 'lock held, read half: safe, and minimal' })).toHaveCount(1);
  expect(await violations(sim)).toEqual([]);

  await sets.focus();
  await sim.press('ArrowDown');
  await sim.opens(() => sim.press('Enter'));
  await sim.settled();
  await expect(page.getByTestId('page')).toHaveAttribute('data-view', 'race');
});

test('several workers share a search out; what a bound has cut off goes on within wider ones', async ({ sim }) => {
  const { page } = sim;
  await page.addInitScript(() => Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 }));
  await page.reload();
  await sim.at(0);
  await sim.load('one.json', oneFrame());
  await sim.press('8');
  const verdict = page.getByRole('region', { name: 'Verdict' });
  const depth = page.getByRole('textbox', { name: 'Depth, steps' });
  await depth.fill('4');
  await button(sim, 'Search').click();
  await expect(verdict).toContainText('Stopped at depth 4, its bound');
  await expect(verdict).toContainText('Set wider bounds to go on from what was seen.');
  await depth.fill('100');
  await button(sim, 'Go on from here').click();
  await expect(verdict).toContainText('all 53 states');
  await expect(verdict).toContainText('No order of the actors breaks an invariant.');
});

test('on a phone a search is under More, and nothing reaches past the edge', async ({ page, sim }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await sim.load('one.json', oneFrame());
  await page.getByRole('tab', { name: 'More' }).click();
  await button(sim, 'Explore').click();
  await page.getByRole('tab', { name: 'Lattice' }).click();
  await button(sim, 'Search all sets').click();
  await expect(page.getByRole('option', { name: 'lock held, read half: safe, and minimal' })).toHaveCount(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await violations(sim)).toEqual([]);
});
