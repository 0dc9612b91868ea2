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
