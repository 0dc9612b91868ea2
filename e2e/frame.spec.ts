/** Panes that can be moved, maximised and read, screens, the palette and the keys: by mouse, keyboard and touch. */
import { expect, test } from './fixtures';
import { Simulator } from './simulator';

const OVERVIEW = {
  '1280x800': {
    memory: [24, 97, 392, 406],
    gtt: [448, 97, 452, 406],
    below: [24, 515, 876, 209],
    inspector: [932, 97, 324, 627],
  },
  '1920x1080': {
    memory: [24, 122, 603, 574],
    gtt: [659, 122, 753, 574],
    below: [24, 708, 1388, 296],
    inspector: [1444, 122, 452, 882],
  },
} as const;

/** It has no notes above the panes. */
const NO_LESSON = /^Half a fix/;

for (const [size, places] of Object.entries(OVERVIEW)) {
  test(`at ${size} the overview is 4 + 5 + 3 columns, the inspector never under 324 px`, async ({ sim }) => {
    const [width, height] = size.split('x').map(Number);
    await sim.page.setViewportSize({ width: width!, height: height! });
    await sim.choose('Scenario', NO_LESSON);
    await expect(sim.page.getByRole('separator')).toHaveCount(3);
    for (const [view, place] of Object.entries(places)) await expect.poll(() => sim.pane(view)).toEqual(place);
  });
}

test('each screen has its views, by button and by key', async ({ sim }) => {
  const { page } = sim;
  const regions = async () =>
    page
      .locator('main')
      .getByRole('region')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
  const screens = {
    Memory: ['Guest memory', 'EPT', 'EPT entry of frame'],
    GTT: ['PPGTT and its shadow', 'EPT entry of frame', 'Intercepted writes'],
    Race: [/actor by actor$/i, 'What may happen next', 'Invariants', 'Histories you have tried'],
    Costs: ['Costs so far', 'Intercepted writes', 'ioreq servers'],
  } as const;
  let key = 2;
  for (const [name, views] of Object.entries(screens)) {
    for (const way of [() => sim.preset(name as keyof typeof screens), () => sim.press(String(key))]) {
      await sim.press('1');
      await way();
      await expect(page.getByTestId('page')).toHaveAttribute('data-view', name.toLowerCase());
      await expect.poll(async () => (await regions()).length).toBeGreaterThanOrEqual(views.length);
      for (const view of views) await expect(page.getByRole('region', { name: view }).first()).toBeVisible();
    }
    key++;
  }
  await sim.press('6');
  await expect(page.getByRole('application', { name: 'Chart: Page type' })).toBeVisible();
  await sim.press('g');
  await expect(page.getByTestId('page')).toHaveAttribute('data-view', 'costs');
});

test('a divider is moved by mouse and by keyboard, kept over a reload, and put back', async ({ sim }) => {
  const { page } = sim;
  await page.setViewportSize({ width: 1280, height: 800 });
  const divider = page.getByRole('separator', { name: 'Divider between Guest memory and PPGTT and its shadow' });
  await expect(divider).toHaveAttribute('aria-valuenow', '46');
  await page.mouse.move(432, 300);
  await page.mouse.down();
  await page.mouse.move(480, 300, { steps: 4 });
  await page.mouse.up();
  // The first move of the mouse takes hold of it.
  const [, , dragged] = await sim.pane('memory');
  expect(dragged).toBeGreaterThan(430);
  expect(dragged).toBeLessThanOrEqual(440);
  await divider.focus();
  await sim.press('ArrowLeft', 2);
  const share = Number(await divider.getAttribute('aria-valuenow'));
  const [, , width] = await sim.pane('memory');
  expect(width).toBe(Math.round(dragged! - 0.04 * 844));
  // Shift with an arrow steps all the same.
  await sim.press('Shift+ArrowRight');
  await expect(page.getByTestId('page')).not.toHaveAttribute('data-step', '0');
  await page.reload();
  await expect(divider).toHaveAttribute('aria-valuenow', String(share));
  expect((await sim.pane('memory'))[2]).toBe(width);
  await sim.palette('panes as they came');
  await expect.poll(async () => (await sim.pane('memory'))[2]).toBe(392);
});

test('what an older page left in memory changes nothing and breaks nothing', async ({ sim }) => {
  await sim.page.evaluate(() => localStorage.setItem('p2mscope.frame', '{"v":1,"trees":{"overview":{"dir":"row"}}}'));
  await sim.page.reload();
  await sim.at(0);
  await expect(sim.map).toBeVisible();
  await expect(sim.tables).toBeVisible();
});

test('two panes change places by menu and by dragging one head onto the other, and keep what they showed', async ({
  sim,
}) => {
  const { page } = sim;
  const memory = await sim.pane('memory');
  const gtt = await sim.pane('gtt');
  await page.getByRole('textbox', { name: 'Go to a gfn or address' }).fill('0x5ade8');
  await page.getByRole('textbox', { name: 'Go to a gfn or address' }).press('Enter');
  await sim.paneTool('Guest memory', 'PPGTT and its shadow');
  expect([await sim.pane('gtt'), await sim.pane('memory')]).toEqual([memory, gtt]);
  await expect(page.getByRole('button', { name: 'Tools of the pane: Guest memory' })).toBeFocused();
  await expect(sim.entry.getByRole('heading')).toBeVisible();
  await sim.map.getByRole('heading', { name: 'Guest memory' }).dragTo(sim.tables.getByRole('heading').first());
  expect([await sim.pane('memory'), await sim.pane('gtt')]).toEqual([memory, gtt]);
});

test('another view takes the place of one, and the pane made of several lets go of what has a pane of its own', async ({
  sim,
}) => {
  await expect(sim.page.locator('#pane-inspector').getByRole('region', { name: 'ioreq servers' })).toBeVisible();
  await sim.paneTool('PPGTT and its shadow', 'ioreq servers');
  await expect(sim.tables).toBeHidden();
  await expect(sim.page.locator('#pane-servers').getByRole('region', { name: 'ioreq servers' })).toBeVisible();
  await expect(sim.servers).toHaveCount(1);
});

test('a view is maximised and comes back with the focus where it was, by menu, key and palette', async ({ sim }) => {
  const { page } = sim;
  await sim.maximise('Guest memory');
  await expect(sim.tables).toBeHidden();
  const whole = await sim.pane('memory');
  expect(whole[2]).toBe(1440 - 48);
  await expect(page.getByRole('button', { name: 'Tools of the pane: Guest memory' })).toBeFocused();
  await sim.press('Escape');
  await expect(sim.tables).toBeVisible();
  await expect(page.getByRole('button', { name: 'Tools of the pane: Guest memory' })).toBeFocused();
  // A part of the inspector, and a view that this screen has not.
  await sim.palette('maximise ioreq servers');
  expect(await sim.pane('servers')).toEqual(whole);
  await sim.press('x');
  await expect(sim.map).toBeVisible();
  await sim.palette('maximise EPT');
  expect(await sim.pane('ept')).toEqual(whole);
  await sim.preset('Overview');
  await expect(page.locator('#pane-ept')).toHaveCount(0);
});

test('a view is read as text in place of its picture', async ({ sim }) => {
  const { page } = sim;
  await sim.readAsText('Guest memory');
  await expect(sim.map.locator('canvas')).toHaveCount(0);
  await expect(sim.map.locator('[data-twin]').first()).toBeVisible();
  await page.locator('[data-seat="memory"]').focus();
  await sim.press('v');
  await expect(sim.map.locator('canvas').first()).toBeVisible();
});

test('the palette goes to steps, frames and addresses, runs scenarios, and says what is never broken', async ({
  sim,
}) => {
  const { page } = sim;
  await sim.palette('140');
  await sim.at(140);
  await sim.palette('frame 0x1a4c3');
  await expect(sim.entry).toContainText('0x1a4c3');
  await sim.palette('address 0x5ade81e8');
  await expect(sim.entry).toContainText('0x5ade8');
  await sim.press('/');
  const dialog = page.getByRole('dialog', { name: 'Commands' });
  await dialog.getByRole('combobox').fill('breaks shadow');
  await sim.press('Enter');
  await expect(dialog.getByRole('status')).toHaveText('No step of this run breaks it.');
  await sim.press('Escape');
  await expect(dialog).toBeHidden();
  await sim.opens(() => sim.palette('open: the wall'));
  await expect(page.getByRole('combobox', { name: 'Scenario' })).toHaveValue('range-wall');
  await sim.opens(() => sim.palette('run with 16 gib'));
  await expect(page.getByRole('combobox', { name: 'Guest memory', exact: true })).toHaveValue(String(2 ** 34));
});

test('what is presented follows the screen, and another view can be chosen while presenting', async ({ sim }) => {
  const { page } = sim;
  const main = page.getByRole('main', { name: 'Presentation' });
  await sim.press('2');
  await sim.press('p');
  await expect(main.getByRole('region', { name: 'Guest memory' })).toBeVisible();
  await sim.palette('present intercepted writes');
  await expect(main.getByRole('region', { name: 'Intercepted writes' })).toBeVisible();
  await sim.press('Escape');
  await expect(page.getByTestId('page')).toHaveAttribute('data-view', 'memory');
});

test('the help lists each key of the page once, in groups', async ({ sim }) => {
  await sim.press('?');
  const dialog = sim.page.getByRole('dialog', { name: 'Keys and help' });
  const steps = dialog.getByRole('table', { name: 'Steps' });
  await expect(steps.getByRole('row', { name: 'Space Play, or pause' })).toBeVisible();
  await expect(dialog.getByRole('row', { name: 'x Maximise the pane, or back to all' })).toBeVisible();
  await expect(dialog.getByRole('row', { name: '/ Ctrl K Commands' })).toHaveCount(1);
});

test('between 800 and 1199 pixels there are two columns, and the inspector is a drawer below', async ({ sim }) => {
  const { page } = sim;
  await page.setViewportSize({ width: 900, height: 700 });
  await sim.choose('Scenario', NO_LESSON);
  await expect.poll(() => sim.pane('memory')).toEqual([24, 122, 410, 336]);
  expect(await sim.pane('gtt')).toEqual([466, 122, 410, 336]);
  expect((await sim.pane('below')).slice(0, 3)).toEqual([24, 470, 852]);
  await expect(page.getByRole('separator')).toHaveCount(0);
  const drawer = page.getByRole('button', { name: 'Entry, servers, invariants, costs', exact: true });
  await expect(sim.servers).toBeHidden();
  await drawer.click();
  await expect(sim.servers).toBeVisible();
  await page.getByRole('combobox', { name: 'Screens' }).selectOption('Race');
  await expect(page.getByRole('region', { name: 'Invariants' })).toBeVisible();
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('every view can be reached on a phone, and a swipe goes to the pane beside', async ({ page }) => {
    const sim = new Simulator(page);
    await sim.open();
    for (const [tab, region] of [
      ['Tables', 'PPGTT and its shadow'],
      ['Entry', 'EPT entry of frame'],
      ['Servers', 'Invariants'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).tap();
      await expect(page.getByRole('region', { name: region })).toBeVisible();
    }
    for (const view of ['EPT', 'Intercepted writes', 'Invariants', 'Costs', 'What may happen next']) {
      await page.getByRole('tab', { name: 'More' }).tap();
      await page.getByRole('button', { name: view, exact: true }).tap();
      await expect(page.getByRole('tab', { name: 'More' })).toHaveAttribute('aria-selected', 'true');
      await expect(page.getByRole('region', { name: new RegExp(`^${view}`) }).first()).toBeVisible();
    }
    await page.getByRole('tab', { name: 'More' }).tap();
    await page.getByRole('button', { name: 'All commands' }).tap();
    await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
    await page.keyboard.press('Escape');

    const touch = await page.context().newCDPSession(page);
    const swipe = async (from: number, to: number, y: number) => {
      const at = (type: 'touchStart' | 'touchMove', x: number) =>
        touch.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y }] });
      await at('touchStart', from);
      for (const part of [0.3, 0.6, 1]) await at('touchMove', from + (to - from) * part);
      await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    const tab = (name: string) => page.getByRole('tab', { name, selected: true });
    await page.getByRole('tab', { name: 'Entry' }).tap();
    await swipe(320, 80, 620);
    await expect(tab('Servers')).toBeVisible();
    await swipe(80, 320, 620);
    await expect(tab('Entry')).toBeVisible();
    // The map pans. (A tap right after a swipe only stops what the swipe has set moving.)
    await page.getByRole('tab', { name: 'Memory' }).click();
    const box = (await page.getByRole('application', { name: 'Map of guest memory' }).boundingBox())!;
    await swipe(320, 80, box.y + box.height / 2);
    await expect(tab('Memory')).toBeVisible();
  });
});
