/** Each view: what it says in its text twin, what it draws where pixels are the claim, and that axe finds nothing in it. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';
import type { Simulator } from './simulator';

/** Targets of 24 px are not among what it looks for by itself. */
const TARGETS = { rules: { 'target-size': { enabled: true } } };

const violations = async ({ page }: Simulator) =>
  (await new AxeBuilder({ page }).options(TARGETS).analyze()).violations.map(({ id, nodes }) => ({
    id,
    at: nodes.map((n) => n.html),
  }));

const twin = ({ page }: Simulator, name: string) => page.locator(`[data-twin="${name}"]`).first();

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any screen, picture or text, in the ${theme} theme`, async ({ sim }) => {
    const { page } = sim;
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await sim.press('Shift+ArrowRight', 8);
    await sim.press('ArrowRight', 5);
    await sim.settled();
    for (const screen of ['Overview', 'Memory', 'GTT', 'Race', 'Costs'] as const) {
      await sim.preset(screen);
      await page.waitForLoadState('networkidle');
      expect(await violations(sim), screen).toEqual([]);
    }
    // What differs in the other theme is its colours, and these are on the screens.
    if (theme === 'dark') return;
    for (const view of ['costs', 'writes', 'servers']) {
      await page.locator(`[data-seat="${view}"]`).focus();
      await sim.press('v');
    }
    expect(await violations(sim), 'as text').toEqual([]);
    await page.getByRole('button', { name: 'Tools of the pane: Costs' }).press('Enter');
    await expect(page.getByRole('menu')).toBeVisible();
    expect(await violations(sim), 'menu').toEqual([]);
    await sim.press('Escape');
    await sim.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
    expect(await violations(sim), 'palette').toEqual([]);
  });
}

test('the EPT: a release marks the root, a fault brings the mark down, and the counts say so', async ({ sim }) => {
  await sim.choose('Scenario', /^One mark now/);
  await sim.preset('Memory');
  const level = (n: number) => twin(sim, 'ept-counts').getByRole('row', { name: new RegExp(`^(level )?${n} `) });
  await sim.to(82);
  await expect(level(3)).toHaveText(/3\s*1\s*1\s*0/);
  await sim.press('ArrowRight');
  await sim.at(83);
  await expect(twin(sim, 'ept-path')).toContainText('faulted here');
  await sim.press('ArrowRight', 3);
  await sim.at(86);
  await expect(level(1)).toHaveText(/1\s*1\s*63\s*1/);
  await expect(level(3)).toHaveText(/3\s*1\s*0\s*1/);
});

test('the EPT: a type change in a gigabyte makes its tables, all of them named', async ({ sim }) => {
  await sim.choose('Scenario', /shatters/i);
  await sim.preset('Memory');
  await sim.to(28);
  await expect(twin(sim, 'ept-step')).toContainText('513 tables made');
});

test('the GTT: a typed address is walked in both tables to the frame of each, and a bad one is refused', async ({
  sim,
}) => {
  await sim.press('Shift+ArrowRight', 8);
  await sim.preset('GTT');
  const walk = sim.page.getByRole('textbox', { name: 'Walk a GPU address' });
  await walk.fill('0x47g3');
  await walk.press('Enter');
  await expect(sim.page.getByRole('alert').filter({ hasText: 'no digit' })).toContainText('g');
  await expect(walk).toHaveValue('0x47g3');
  await walk.fill('0x4743_d000');
  await walk.press('Enter');
  await expect(sim.tables).toContainText('The GPU reads machine frame 0x10f8000, the one that the guest means.');
});

test('the GTT: entries changed behind the back of the device model are listed as stale', async ({ sim }) => {
  await sim.choose('Scenario', /behind/i);
  await sim.preset('GTT');
  await sim.to(77);
  const differ = twin(sim, 'gtt-differences');
  await expect(differ.getByRole('row')).toHaveCount(5);
  for (const entry of [1, 2, 3, 4]) await expect(differ).toContainText(`PT 0x603, entry ${entry}`);
});

test('space and time: an event shows its causes back to the instruction, each link a sentence that leads there', async ({
  sim,
}) => {
  const { page } = sim;
  await sim.to(78);
  await sim.preset('Race');
  const lanes = page.getByRole('region', { name: /actor by actor$/i });
  await lanes.getByRole('button', { name: /^step 78, XenGT: guest entry 0/ }).click();
  const chain = twin(sim, 'chain');
  await expect(chain).toContainText('5 causes, back to step 66');
  const links = chain.getByRole('button', { name: /^step \d+/ });
  const steps = links.evaluateAll((all) => all.map((one) => /step\s*(\d+)/.exec(one.textContent)?.[1]));
  expect(await steps).toEqual(['66', '67', '69', '71', '75', '78']);
  await links.first().click();
  await sim.at(66);
});

test('intercepted writes: search, filters and the scatter show the same rows, and a row leads to its step', async ({
  sim,
}) => {
  const { page } = sim;
  await sim.preset('Costs');
  const writes = page.getByRole('region', { name: 'Intercepted writes' });
  const find = writes.getByRole('searchbox', { name: 'Find writes' });
  await find.fill('zzz');
  await expect(writes.getByRole('alert')).toContainText('zzz');
  await find.fill('0xdead');
  await expect(writes).toContainText('No write matches.');
  await find.fill('');
  await writes.getByRole('button', { name: /^PT 24/ }).click();
  await expect(writes.getByRole('button', { name: /^PT 24/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(writes).toContainText('24 of 35 writes');
});

test('servers: at the wall the gauge is full, the list has all ranges, and each is an interval', async ({ sim }) => {
  const { page } = sim;
  await sim.choose('Scenario', /wall/i);
  await sim.preset('Race');
  await sim.toEnd();
  await sim.palette('maximise ioreq servers');
  const servers = page.locator('#pane-servers');
  await expect(servers.getByRole('group', { name: 'Ranges of each server by address' })).toContainText('256 of 256');
  await expect(servers.getByRole('grid', { name: 'All ranges' })).toHaveAttribute('aria-rowcount', '257');
});

test('costs: a price set in the table changes the chart, is marked, and is taken back', async ({ sim }) => {
  const { page } = sim;
  await sim.toEnd();
  await sim.preset('Costs');
  const costs = page.getByRole('region', { name: 'Costs so far' });
  const total = costs
    .getByRole('row', { name: /^model cost/ })
    .getByRole('cell')
    .nth(2);
  const before = await total.textContent();
  const exits = costs.getByRole('textbox', { name: 'cycles for exits' });
  await exits.fill('-4');
  await exits.press('Enter');
  await expect(exits).toHaveAttribute('aria-invalid', 'true');
  await expect(total).toHaveText(before!);
  await exits.fill('4000');
  await exits.press('Enter');
  await expect(total).not.toHaveText(before!);
  await costs.getByRole('button', { name: 'Reset the price of exits' }).click();
  await expect(total).toHaveText(before!);
  await costs.getByRole('radio', { name: 'by actor' }).check();
  await expect(twin(sim, 'costs')).toContainText('XenGT');
});

test('guest memory: a frame of type 15 is drawn in its colour where the map says it is', async ({ sim }) => {
  const { page } = sim;
  await sim.press('Shift+ArrowRight', 12);
  await sim.preset('Memory');
  const jump = page.getByRole('textbox', { name: 'Go to a gfn or address' });
  await jump.fill('0x5ade8');
  await jump.press('Enter');
  const map = page.getByRole('application', { name: 'Map of guest memory' });
  await expect(sim.entry.getByRole('heading')).toBeVisible();
  // The colour of ioreq_server, somewhere near the middle of the map, where a jump brings the frame.
  const first = map.locator('canvas').first();
  const found = () =>
    first.evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
      const is = (x: number, y: number, r: number, g: number, b: number): boolean => {
        const at = (y * width + x) * 4;
        return data[at] === r && data[at + 1] === g && data[at + 2] === b;
      };
      let blue = 0;
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (is(x, y, 0x15, 0x34, 0xd4)) blue++;
      return blue;
    });
  await expect.poll(found).toBeGreaterThan(40);
});

test('guest memory: a selected range offers the hypercalls that it can be given to, and one changes its type', async ({
  sim,
}) => {
  const { page } = sim;
  await sim.press('Shift+ArrowRight', 12);
  await sim.preset('Memory');
  const ro = sim.census('ram_ro');
  await expect(ro).toHaveText('64');
  const jump = page.getByRole('textbox', { name: 'Go to a gfn or address' });
  await jump.fill('0x2000-0x200f');
  await jump.press('Enter');
  const act = page
    .getByRole('button')
    .filter({ hasText: /set_mem_type.*ram_ro/ })
    .first();
  await expect(act).toBeVisible();
  const step = await sim.settled();
  await act.click();
  await sim.at(step + 1);
  await sim.map.getByRole('button', { name: 'Let go' }).click();
  await expect(ro).toHaveText('80');
  await sim.press('Control+z');
  await sim.at(step);
  await expect(ro).toHaveText('64');
});
