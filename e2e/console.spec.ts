/** The console: what buttons and menus do is a line here, and what is wrong in one is said with its place. */
import AxeBuilder from '@axe-core/playwright';
import { readFile } from 'node:fs/promises';
import { isTold } from '../src/scenarios/lines-page-testing';
import { expect, test } from './fixtures';
import type { Simulator } from './simulator';

const parts = ({ page }: Simulator) => {
  const console = page.getByRole('region', { name: 'Console', exact: true });
  return {
    console,
    box: console.getByRole('combobox', { name: 'Line', exact: true }),
    log: console.getByRole('log'),
    options: console.getByRole('option'),
  };
};

test('a hypercall is typed with completion, refused by Xen with its errno; a guest write by hand is trapped', async ({
  sim,
}) => {
  const { page } = sim;
  const { console, box, log, options } = parts(sim);
  await sim.toEnd();
  await sim.press('`');
  await expect(box).toBeFocused();

  await page.keyboard.type('map_m');
  await expect(options).toHaveText(['map_mem_type_to_ioreq_server']);
  for (const key of ['Tab', 'Tab', 'Tab']) await page.keyboard.press(key);
  await expect(box).toHaveValue('map_mem_type_to_ioreq_server id=1 flags=2 ');
  await expect(options).toHaveText(['type=HVMMEM_ioreq_server']);
  const axe = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  expect(axe.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await page.keyboard.press('Enter');
  await sim.at(398);
  await expect(log).toContainText('EBUSY: XenGT holds the claim');
  await expect(log.getByText('EBUSY')).toHaveCSS('font-family', /Mono/);
  await expect(box).toHaveValue('');

  await page.keyboard.type('set_mem_type first_pfn=0x300 typ=ioreq_server');
  await page.keyboard.press('Enter');
  await expect(log).toContainText('Refused, column 30: set_mem_type has no argument "typ"');
  await expect(box).toHaveValue('set_mem_type first_pfn=0x300 typ=ioreq_server');
  // The caret stands at the mistake.
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowRight');
  await page.keyboard.type('e');
  await page.keyboard.press('Enter');
  await sim.at(399);
  await page.keyboard.type('write gpa=0x300000 value=7');
  await page.keyboard.press('Enter');
  await sim.at(400);
  await expect(log).toContainText('Step 400');
  await expect(sim.sentence).toContainText('EPT violation');
  const steps = await sim.steps();
  expect(steps).toBeGreaterThan(405);

  // Lines come back, the log is cleared, and Escape gives the focus back.
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(box).toHaveValue('set_mem_type first_pfn=0x300 type=ioreq_server');
  await page.keyboard.press('Control+l');
  await expect(log).toHaveText('');
  await page.keyboard.press('Escape');
  await expect(console).toBeHidden();
  await sim.press('ArrowRight');
  await sim.at(401);
});

test('a session is saved as a script, and comes out the same from it', async ({ sim }) => {
  const { page } = sim;
  const { console, box, log } = parts(sim);
  await sim.press('`');
  for (const line of ['open sweep', 'seek 40', 'set_mem_type first_pfn=0x300 type=mmio_dm']) {
    await box.fill(line);
    await box.press('Enter');
    await expect(log).toContainText(line === 'open sweep' ? 'is open' : line === 'seek 40' ? 'Step 40' : 'Step 41');
  }
  // What is done on the page alone is no part of it.
  for (const line of ['mark', 'theme']) {
    await box.fill(line);
    await box.press('Enter');
    await expect(log.locator('.entry').last()).toContainText('done');
  }
  const hash = await sim.hash();
  const download = page.waitForEvent('download');
  await console.getByRole('button', { name: 'Save as script' }).click();
  const script = await readFile(await (await download).path(), 'utf8');
  expect(script.split('\n')).toEqual([
    '# p2mscope script 1',
    'open sweep',
    'at 40 set_mem_type first_pfn=0x300 nr=1 type=HVMMEM_mmio_dm',
    `seek 41 hash=${hash}`,
    '',
  ]);
  await sim.load('mine.p2m', script);
  await sim.at(41);
  expect(await sim.hash()).toBe(hash);
  await expect(page.getByRole('button', { name: 'One step on', exact: true })).toHaveAttribute(
    'title',
    /console: next/,
  );
});

/** Buttons that have no line, each for a reason. */
const WITHOUT_LINE = [
  // It closes what lies over the console.
  'dialog header button',
  // It does the line that is typed.
  'form:has([role="combobox"]) button[type="submit"]',
  // What is pointed at is told of; pressed, nothing is done.
  '[role="toolbar"][aria-label="Fields of the entry, bit 63 first"] button',
  // A mark of a picture: as text it is a row, which has one.
  'svg [role="button"]',
].join(', ');

test('every button tells a line, which typed does the same', async ({ sim }) => {
  const { page } = sim;
  const { box, log } = parts(sim);
  const lines = new Set<string>();
  const buttons = 'button, [role="button"], [role="tab"], [role="menuitem"]';
  const look = async (): Promise<void> => {
    const found = await page.evaluate(
      ([all, without]) =>
        [...document.querySelectorAll<HTMLElement>(all)]
          .filter((it) => !it.matches(without))
          .map((it) => ({ html: it.outerHTML.slice(0, 160), line: it.dataset['line'], title: it.title })),
      [buttons, WITHOUT_LINE] as const,
    );
    for (const { html, line, title } of found) {
      expect(title, html).toContain(line ?? 'a line');
      lines.add(line!);
    }
  };
  const done = async (line: string, says: string): Promise<void> => {
    await box.fill(line);
    await box.press('Enter');
    const entry = log.locator('.entry').last();
    await expect(entry.locator('code').first()).toHaveText(line);
    await expect(entry).toContainText(says);
  };

  await sim.toEnd();
  await sim.press('`');
  await look();
  for (const screen of ['memory', 'gtt', 'race', 'costs', 'charts', 'compare', 'explore', 'overview']) {
    await done(`screen ${screen}`, 'done');
    await expect(page.getByTestId('page')).toHaveAttribute('data-view', screen);
    await look();
  }
  for (const [line, dialog] of [
    ['lessons', 'Lessons'],
    ['editor', 'Scenario as text'],
    ['address', 'Open from an address'],
    ['questions list', 'Answers'],
    ['library', 'Sessions'],
  ] as const) {
    await done(line, 'done');
    const it = page.getByRole('dialog', { name: dialog });
    await expect(it.getByRole('button').nth(1)).toBeVisible();
    await look();
    await it.getByRole('button', { name: 'Close' }).click();
    await expect(it).toBeHidden();
  }
  await done('menu gtt', 'done');
  await expect(page.getByRole('menu')).toBeVisible();
  await look();
  await sim.press('Escape');

  await done('theme', 'Light or dark: done');
  await expect(page.locator('html')).toHaveAttribute('data-theme', /./);
  await done('price exits=1234', 'Price of exits: done');
  await done('price reset', 'done');
  await done('price reset', 'Refused: Reset all prices: they are');
  await done('maximise costs', 'done');
  await done('leave', 'Refused: Leave the presentation: not now');
  await done('ept zoom in', 'Refused: Nothing on the page as it is shown has this line');
  await done('share link', 'done');
  await expect(
    page
      .getByRole('dialog', { name: 'Share' })
      .getByRole('status')
      .filter({ hasText: /cop(ied|y)/i }),
  ).toBeVisible();

  // Each is one that help tells of, as it tells of it.
  expect(lines.size).toBeGreaterThan(120);
  expect([...lines].filter((line) => !isTold(line))).toEqual([]);
});
