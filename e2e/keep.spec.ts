/** What the user makes is not lost, and can be taken along: undo, marks, pictures, the trace, a sheet of paper. */
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures';
import type { Simulator } from './simulator';

async function download({ page }: Simulator, act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test('another version and guest are taken back one by one to the step that was shown, and done again', async ({
  sim,
}) => {
  await sim.press('ArrowRight', 7);
  await sim.at(7);
  const hash = await sim.hash();
  await sim.choose('Version of Xen', /^v7/);
  await sim.choose('Guest memory', '1 GiB');
  await sim.opens(() => sim.press('Control+z'));
  await sim.opens(() => sim.press('Control+z'));
  await sim.at(7);
  expect(await sim.hash()).toBe(hash);
  await sim.opens(() => sim.press('Control+Shift+z'));
  await expect(sim.page.getByRole('combobox', { name: 'Version of Xen' })).toHaveValue('v7');
});

test('playing stops before a marked step, and goes on from there', async ({ sim }) => {
  for (const marked of [9, 15]) {
    await sim.to(marked);
    await sim.press('m');
  }
  await sim.press('Home');
  await sim.press('+', 5);
  await sim.press(' ');
  await sim.at(8);
  await expect(sim.page.getByRole('button', { name: 'Play' })).toBeVisible();
  await sim.press(' ');
  await sim.at(14);
});

test('a view is saved as SVG with its text as text, and as PNG at twice its size', async ({ sim }) => {
  await sim.press('Shift+ArrowRight', 8);
  await sim.press('ArrowRight', 5);
  await sim.settled();
  const svg = await download(sim, () => sim.palette('save PPGTT and its shadow as svg'));
  expect(svg.name).toMatch(/^p2mscope-gtt-step-\d+\.svg$/);
  const text = svg.bytes.toString();
  for (const part of ['<desc>', 'p2m says, mfn', '0x10f8001', '@font-face']) expect(text).toContain(part);
  expect(text).not.toMatch(/foreignObject|<script/);
  const box = (await sim.tables.boundingBox())!;
  const png = await download(sim, () => sim.palette('save PPGTT and its shadow as png'));
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(Math.abs(png.bytes.readUInt32BE(16) - 2 * box.width)).toBeLessThanOrEqual(2);
});

test('the trace is saved as JSON and as CSV, every event of the run in it', async ({ sim }) => {
  const json = await download(sim, () => sim.palette('save the trace as json'));
  const trace = JSON.parse(json.bytes.toString()) as { format: string; steps: number; events: { code: string }[] };
  expect([json.name, trace.format, trace.steps, trace.events.length]).toEqual([
    'p2mscope-trace.json',
    'p2mscope trace',
    397,
    397,
  ]);
  const csv = await download(sim, () => sim.palette('save the trace as csv'));
  const rows = csv.bytes.toString().trim().split(/\r?\n/);
  expect([rows.length, rows[0]!.split(',').slice(0, 5)]).toEqual([398, ['step', 'index', 'actor', 'code', 'errno']]);
});

test('the printed sheet has the sentence, the picture as vectors, the census and where it was, on white', async ({
  sim,
}) => {
  const { page } = sim;
  await page.emulateMedia({ colorScheme: 'dark' });
  await sim.press('Shift+ArrowRight', 8);
  const step = await sim.settled();
  await page.evaluate(() => {
    window.print = () => {
      const sheet = document.querySelector('article[aria-label="Handout"]')!;
      (window as unknown as { sheet: unknown }).sheet = {
        theme: document.documentElement.dataset['theme'],
        texts: sheet.querySelectorAll('figure svg text').length,
        ground: sheet.querySelector('figure svg > rect')!.getAttribute('fill'),
        words: sheet.textContent,
      };
    };
  });
  await sim.press('Control+p');
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { sheet?: object }).sheet !== undefined))
    .toBe(true);
  const sheet = await page.evaluate(
    () => (window as unknown as { sheet: { theme: string; texts: number; ground: string; words: string } }).sheet,
  );
  expect(sheet.theme).toBe('light');
  expect(sheet.texts).toBeGreaterThan(60);
  expect(sheet.ground).toBe('rgb(252, 252, 250)');
  for (const part of [`step ${step} of 397`, await sim.hash(), 'ioreq_server', 'exits'])
    expect(sheet.words).toContain(part);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a guest of 64 GiB is built, and shown from its first frame to its last', async ({ sim }) => {
  await sim.choose('Guest memory', '64 GiB');
  await expect(sim.map).toContainText('64 GiB');
  const frames = 2 ** 24;
  await expect(sim.census('ram_rw')).toHaveText(/\d/);
  const counts = await sim.map
    .getByRole('table', { name: 'Frames by stored p2m type' })
    .getByRole('cell')
    .allTextContents();
  expect(counts.reduce((sum, count) => sum + Number(count.replace(/\D/g, '')), 0)).toBeGreaterThanOrEqual(frames);
});
