/** One sentence and one view for an audience: by a clicker's keys, large enough, and back to the desk as it was. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';

test('a clicker steps, blanks the screen and leaves; the desk is as it was, the focus where it was', async ({
  sim,
}) => {
  const { page } = sim;
  const there = page.getByTestId('page');
  const main = page.getByRole('main', { name: 'Presentation' });
  const present = page.getByRole('button', { name: 'Present', exact: true });
  await sim.to(12);
  const words = await sim.sentence.textContent();
  await present.focus();
  await sim.press('Enter');
  await expect(main).toBeFocused();
  await expect(there).toHaveAttribute('data-mode', 'ready.idle presenting.showing');
  await expect(sim.tables).toBeVisible();
  await expect(sim.map).toBeHidden();
  await expect(main.getByText('Step 12 of')).toBeVisible();
  await sim.press('PageDown', 3);
  await sim.at(15);
  await sim.press('PageUp');
  await sim.at(14);
  await expect(main.getByText('Step 14 of')).toBeVisible();
  await sim.press('b');
  await expect(sim.tables).toBeHidden();
  await sim.press('PageUp');
  await expect(sim.tables).toBeVisible();
  await sim.press('PageUp');
  await sim.at(12);
  expect((await sim.sentence.textContent())?.trim()).toBe(words?.split('.')[0]?.trim() + '.');
  await sim.press('Escape');
  await expect(there).toHaveAttribute('data-mode', 'ready.idle desk');
  await expect(present).toBeFocused();
  await expect(sim.map).toBeVisible();
});

test('from the charts, the chart that was picked is presented', async ({ sim }) => {
  const { page } = sim;
  await sim.charts();
  await page.getByRole('tab', { name: 'Server' }).click();
  await sim.press('p');
  const main = page.getByRole('main', { name: 'Presentation' });
  await expect(main.getByRole('button', { name: /^created$/ })).toBeVisible();
  await sim.press('PageDown');
  await expect(main.getByRole('button', { name: /^created, current/ })).toBeVisible();
  await sim.press('Escape');
  await expect(page.getByRole('region', { name: 'Page type' })).toBeVisible();
});

for (const [width, height] of [
  [1280, 720],
  [1280, 800],
  [1920, 1080],
] as const) {
  test(`at ${width}x${height} no text is below 3 hundredths of the height, and none is cut`, async ({ sim }) => {
    const { page } = sim;
    await page.setViewportSize({ width, height });
    await sim.press('Shift+ArrowRight', 8);
    await sim.press('p');
    await expect(sim.tables).toBeVisible();
    await sim.settled();
    const found = await page.getByRole('main', { name: 'Presentation' }).evaluate((main) => {
      const small: string[] = [];
      const out: string[] = [];
      const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode as Text;
        const parent = text.parentElement!;
        if (!text.data.trim() || parent.closest('.unseen')) continue;
        let size = parseFloat(getComputedStyle(parent).fontSize);
        for (let at: Element | null = parent; at; at = at.parentElement)
          size *= parseFloat(getComputedStyle(at).scale) || 1;
        const range = document.createRange();
        range.selectNodeContents(text);
        const box = range.getBoundingClientRect();
        if (size < innerHeight * 0.03 - 0.01) small.push(`${text.data} ${size}`);
        if (box.right > innerWidth || box.bottom > innerHeight) out.push(text.data);
      }
      return { small, out };
    });
    expect(found).toEqual({ small: [], out: [] });
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  });
}
