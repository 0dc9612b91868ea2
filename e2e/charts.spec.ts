/** The charts by which Xen decides: what is fired from them happens, and the other views follow. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { Simulator } from './simulator';

const CLAIM = 'map_mem_type_to_ioreq_server id=1 type=HVMMEM_ioreq_server flags=2';
const RELEASE = 'map_mem_type_to_ioreq_server id=1 type=HVMMEM_ioreq_server flags=0';

/** To the step at which the fourth table has just been watched: four pages are of type 15. */
async function fourTables(sim: Simulator): Promise<void> {
  await sim.press('Shift+ArrowRight', 8);
  await sim.press('ArrowRight', 4);
  await sim.settled();
}

const state = (page: Page, chart: string, name: RegExp) =>
  page.getByRole('application', { name: `Chart: ${chart}` }).getByRole('button', { name });

test('each event of the claim, fired from the chart: map, entry and counters follow', async ({ sim }) => {
  const { page } = sim;
  await fourTables(sim);
  await expect(sim.census('ioreq_server')).toHaveText('4');
  await expect(sim.field('w')).toHaveAccessibleName('w 0');
  await sim.charts();
  await expect(state(page, 'Claim', /^claimed, current/)).toBeVisible();
  await expect(state(page, 'Page type', /^ioreq_server, current, 4 frames/)).toBeVisible();

  // A second claim is refused: the arrow bounces, and the sentence says why.
  await sim.fire(CLAIM);
  await expect(sim.sentence).toContainText('EBUSY');
  await expect(sim.sentence).toContainText('holds');
  await expect(page.getByRole('application', { name: 'Chart: Claim' })).toContainText('EBUSY');
  await expect(state(page, 'Claim', /^claimed, current/)).toBeVisible();

  // The release: the claim is gone, and the entries wait.
  await sim.fire(RELEASE);
  await expect(state(page, 'Claim', /^draining, current/)).toBeVisible();
  await sim.fire(CLAIM);
  await expect(sim.sentence).toContainText('EBUSY');
  await sim.fire('toolstack');
  await expect(sim.sentence).toContainText('marks the top table');
  // The sweep: 256 frames a step, until the last entry is plain memory again.
  await sim.toEnd();
  await expect(state(page, 'Claim', /^unclaimed, current/)).toBeVisible();
  await expect(state(page, 'Page type', /^ioreq_server(, current)?, 0 frames/)).toBeVisible();
  await sim.fire(CLAIM);
  await expect(state(page, 'Claim', /^claimed, current/)).toBeVisible();

  await sim.overview();
  await expect(sim.servers).toContainText('WRITE');
  await expect(sim.census('ioreq_server')).toHaveCount(0);
  // The table that was watched is plain memory again, whoever holds the claim.
  const jump = page.getByRole('textbox', { name: 'Go to a gfn or address' });
  await jump.fill('0x5ade8');
  await jump.press('Enter');
  await expect(sim.entry).toContainText('0x5ade8');
  await expect(sim.field('w')).toHaveAccessibleName('w 1');
  await expect(sim.field('type')).toHaveAccessibleName('type 0');
});

test('an act is taken back: the run is the one that it was, and the step where it was done is shown', async ({
  sim,
}) => {
  await fourTables(sim);
  const step = await sim.settled();
  const steps = await sim.steps();
  await sim.press('End');
  await sim.settled();
  const hash = await sim.hash();
  await sim.press('Home');
  await sim.to(step);
  await sim.charts();
  await sim.fire(RELEASE);
  await sim.page.getByRole('button', { name: 'Undo' }).click();
  await sim.at(step);
  expect(await sim.steps()).toBe(steps);
  await sim.toEnd();
  expect(await sim.hash()).toBe(hash);
});

test('the same by keyboard alone: walk to the state, list its arrows, fire one', async ({ sim }) => {
  const { page } = sim;
  await fourTables(sim);
  await sim.press('g');
  const chart = page.getByRole('application', { name: 'Chart: Claim' });
  await expect(state(page, 'Claim', /^claimed, current/)).toBeVisible();
  for (let n = 0; n < 30 && !(await chart.evaluate((at) => at === document.activeElement)); n++)
    await page.keyboard.press('Tab');
  await expect(chart).toBeFocused();
  const explained = page.getByRole('region', { name: 'What is pointed at' });
  await expect(explained).toContainText('Writes are sent to the holder');
  const step = await sim.settled();
  await sim.press('Enter');
  for (let n = 0; n < 20 && !(await explained.textContent())!.includes(`does ${RELEASE}`); n++)
    await page.keyboard.press('ArrowDown');
  await expect(explained).toContainText('release');
  await sim.press('Enter');
  await sim.at(step + 1);
  await expect(state(page, 'Claim', /^draining, current/)).toBeVisible();
  await expect(sim.sentence).toContainText('gives up the claim of XenGT');
  // A refused one fires too: the keyboard has moved along to the state that is lit now.
  await sim.press('Enter');
  for (let n = 0; n < 20 && !(await explained.textContent())!.includes(`does ${CLAIM}`); n++)
    await page.keyboard.press('ArrowDown');
  await sim.press('Enter');
  await sim.at(step + 2);
  await expect(sim.sentence).toContainText('EBUSY');
});

test('patches that take an arrow away show it as a ghost with their commit', async ({ sim }) => {
  const chart = sim.page.getByRole('application', { name: 'Chart: Page type' });
  await sim.charts();
  await expect(chart).toContainText('not since ca2b511d3f');
  await sim.choose('Version of Xen', /^v7/i);
  await expect(chart).not.toContainText('not since ca2b511d3f');
  await expect(state(sim.page, 'Page type', /^mmio_write_dm/)).toBeVisible();
});

test('before a step the student says where the claim will stand, and is told', async ({ sim }) => {
  const { page } = sim;
  // Three steps on, XenGT claims the type.
  await sim.until(/XenGT asks for memory/);
  await sim.charts();
  await page.getByRole('button', { name: 'Predict' }).click();
  const step = await sim.settled();
  await page.getByRole('button', { name: 'One step on' }).click();
  const question = page.getByRole('region', { name: 'What comes next?' });
  await expect(question).toContainText('After the next step, where will Claim, ioreq_server stand?');
  await sim.at(step);
  await question.getByRole('button', { name: 'still unclaimed' }).click();
  await sim.at(step + 1);
  await expect(question).toContainText('Not so: you said unclaimed, and it is now claimed');
  await expect(question).toContainText('0 of 1 right');
  await sim.press('ArrowRight');
  await question.getByRole('button', { name: 'still claimed' }).click();
  await sim.at(step + 2);
  await expect(question).toContainText('Right: still claimed');
  await expect(question).toContainText('1 of 2 right');
});

test('a pinned step is what the counts are compared with: the guest has unlinked its four tables since', async ({
  sim,
}) => {
  await fourTables(sim);
  await sim.charts();
  await sim.page.getByRole('button', { name: 'Pin' }).click();
  await sim.toEnd();
  await expect(state(sim.page, 'Page type', /^ioreq_server/)).toContainText('\u22124');
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the charts, drawn and as text, in the ${theme} theme`, async ({ sim }) => {
    const { page } = sim;
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await fourTables(sim);
    await sim.charts();
    const violations = async () =>
      (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => ({
        id,
        at: nodes.map((n) => n.html),
      }));
    // Every chart is drawn of the same parts: in the other theme, which differs by its colours, two show all of them.
    const tabs = await page.getByRole('tablist', { name: 'Which chart' }).getByRole('tab').all();
    for (const tab of theme === 'light' ? tabs : tabs.slice(0, 2)) {
      await tab.click();
      expect(await violations()).toEqual([]);
    }
    await page.getByRole('button', { name: 'As text' }).first().click();
    expect(await violations()).toEqual([]);
  });
}

for (const [width, height] of [
  [1280, 800],
  [1920, 1080],
  [390, 844],
] as const) {
  test(`the charts reach past no edge at ${width}x${height}, and no text is below 12 px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const sim = new Simulator(page);
    await sim.open();
    await fourTables(sim);
    await sim.charts();
    await expect(page.getByRole('button', { name: /^claimed, current/ })).toBeVisible();
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
}
