/** What must hold of the page itself: accessible in both themes, nothing hidden, usable on a phone and by keyboard. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';
import { Simulator } from './simulator';

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the ${theme} theme, in flight, in the list of writes and in the help`, async ({ sim }) => {
    const { page } = sim;
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    const violations = async () =>
      (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => ({
        id,
        at: nodes.map((n) => n.html),
      }));
    await sim.press('Shift+ArrowRight', 8);
    await sim.press('ArrowRight', 4);
    await sim.settled();
    expect(await violations()).toEqual([]);
    await page.getByRole('tab', { name: 'Intercepted writes' }).click();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Keys and help' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });
}

for (const [width, height] of [
  [1280, 800],
  [1920, 1080],
  [390, 844],
  // A desk of 1280x800 at 200%.
  [640, 400],
] as const) {
  test(`nothing reaches past the edge at ${width}x${height}, and no text is below 12 px`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const sim = new Simulator(page);
    await sim.open();
    await sim.press('Shift+ArrowRight', 8);
    await sim.press('ArrowRight', 4);
    await expect(sim.sentence).toContainText('INPROCESS');
    const found = await page.evaluate(() => {
      const small: string[] = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode as Text;
        if (text.data.trim() && parseFloat(getComputedStyle(text.parentElement!).fontSize) < 12)
          small.push(`${text.parentElement!.outerHTML.slice(0, 120)}`);
      }
      return {
        past: document.documentElement.scrollWidth - innerWidth,
        below: document.documentElement.scrollHeight - innerHeight,
        small,
      };
    });
    expect(found).toEqual({ past: 0, below: 0, small: [] });
  });
}

test('by keyboard alone: every control can be reached, and the focus is never lost', async ({ sim }) => {
  const { page } = sim;
  await sim.press('Shift+ArrowRight', 8);
  const reached = new Set<string>();
  for (let n = 0; n < 80; n++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const at = document.activeElement!;
      return at === document.body ? '' : (at.getAttribute('aria-label') ?? at.textContent.trim().slice(0, 40));
    });
    if (name === '' && n > 10) break;
    reached.add(name);
  }
  for (const name of ['Scenario', 'Version of Xen', 'Map of guest memory', 'Walk a GPU address', 'Play', 'Timeline']) {
    expect(
      [...reached].some((at) => at.includes(name)),
      `${name} among ${[...reached].join(' | ')}`,
    ).toBe(true);
  }
});

test('on a phone one pane is shown at a time, and the tabs lead to all', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const sim = new Simulator(page);
  await sim.open();
  await expect(sim.map).toBeVisible();
  await expect(sim.tables).toBeHidden();
  await page.getByRole('tab', { name: 'Tables' }).click();
  await expect(sim.tables).toBeVisible();
  await page.getByRole('tab', { name: 'Entry' }).click();
  await expect(sim.field('w')).toHaveAccessibleName('w 1');
});
