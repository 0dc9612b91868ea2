/** The map of guest memory: from the whole guest to one page, by keyboard and by number. */
import { expect, test } from './fixtures';

test('a frame typed as number or address is selected, its entry shown bit by bit', async ({ sim }) => {
  const { page } = sim;
  const jump = page.getByRole('textbox', { name: 'Go to a gfn or address' });
  await jump.fill('0xc0');
  await jump.press('Enter');
  await expect(sim.entry).toContainText('0xc0');
  await expect(sim.field('type')).toHaveAccessibleName('type 3');
  await expect(sim.field('w')).toHaveAccessibleName('w 0');
  await jump.fill('0x12345');
  await jump.press('Enter');
  await expect(sim.entry).toContainText('0x12345');
  await expect(sim.field('type')).toHaveAccessibleName('type 0');
  await expect(sim.field('mfn')).toHaveAccessibleName('mfn 0x1112345');
});

test('a number that is no frame is refused where it was typed', async ({ sim }) => {
  const jump = sim.page.getByRole('textbox', { name: 'Go to a gfn or address' });
  await jump.fill('zebra');
  await jump.press('Enter');
  await expect(jump).toHaveAttribute('aria-invalid', 'true');
});

test('a GPU address typed is walked in both tables', async ({ sim }) => {
  await sim.press('Shift+ArrowRight', 12);
  const walk = sim.page.getByRole('textbox', { name: 'Walk a GPU address' });
  await walk.fill('0x4743d000');
  await walk.press('Enter');
  const walks = sim.tables.getByRole('table', { name: 'Both walks' });
  await expect(walks.getByRole('row', { name: /PT 61/ }).first()).toContainText('0x78000');
  await expect(sim.tables).toContainText('The GPU reads machine frame 0x10f8000');
});

test.describe('by two fingers', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a pinch goes nearer, one finger pans, and the whole guest comes back', async ({ sim }) => {
    const { page } = sim;
    const map = page.getByRole('application', { name: 'Map of guest memory' });
    const whole = sim.map.getByRole('button', { name: 'Show the whole guest' });
    await expect(whole).toHaveAttribute('aria-disabled', 'true');
    const box = (await map.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const cdp = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
      cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([px, py], id) => ({ x: px, y: py, id })) });
    const first = sim.map.locator('[data-twin="memory"] tbody th').first();
    // What zooms is loaded at the first sign of a finger.
    await map.tap();
    await page.waitForLoadState('networkidle');
    await touch('touchStart', [x - 20, y], [x + 20, y]);
    for (let by = 30; by <= 120; by += 15) await touch('touchMove', [x - by, y], [x + by, y]);
    await touch('touchEnd');
    await expect(whole).not.toHaveAttribute('aria-disabled', 'true');
    const before = await first.textContent();
    await touch('touchStart', [x, y]);
    for (let by = 10; by <= 90; by += 10) await touch('touchMove', [x, y - by]);
    await touch('touchEnd');
    await expect(first).not.toHaveText(before!);
    await whole.click();
    await expect(whole).toHaveAttribute('aria-disabled', 'true');
  });
});
