/** Without a network: the page after its first visit, and the page as one file. */
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { Simulator } from './simulator';

test.use({ serviceWorkers: 'allow' });

test('after one visit the page opens without a network, another scenario and a view not yet seen too', async ({
  page,
  context,
}) => {
  const sim = new Simulator(page);
  await sim.open();
  const hash = await sim.hash();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await context.setOffline(true);
  await page.reload();
  await sim.at(0);
  expect(await sim.hash()).toBe(hash);
  await sim.choose('Scenario', 'The sweep that sweeps');
  await sim.preset('Charts');
  await expect(page.getByRole('application').first()).toBeVisible();
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]')!;
    return (await (await fetch(link.href)).json()) as { start_url: string; display: string };
  });
  expect([manifest.start_url, manifest.display]).toEqual(['./', 'standalone']);
});

test('the page as one file runs from a disk, its worker, lessons, console, links and editor too, and asks for nothing', async ({
  page,
}) => {
  const asked: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(new URL('../dist-single/p2mscope.html', import.meta.url).href);
  const sim = new Simulator(page);
  await sim.at(0);
  await sim.choose('Scenario', 'The sweep that sweeps');
  await sim.toEnd();
  await sim.preset('Memory');

  // A lesson from the list, the console, a link that is followed, the editor.
  await sim.lesson(/^5 First light/);
  await sim.press('`');
  const box = page.getByRole('combobox', { name: 'Line', exact: true });
  for (const line of ['seek 40', 'set_mem_type first_pfn=0x300 type=mmio_dm', 'share link']) {
    await box.fill(line);
    await box.press('Enter');
    await expect(box).toHaveValue('');
  }
  const dialog = page.getByRole('dialog', { name: 'Share this session as a link' });
  await expect(dialog).toContainText('This page is a file');
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  await sim.at(41);
  const hash = await sim.hash();
  await sim.press('Escape');
  await sim.press('Escape');
  await sim.press('Home');
  await sim.at(0);
  await sim.opens(() => page.evaluate((to) => void (location.hash = to), link.slice(link.indexOf('#'))));
  await sim.at(41);
  expect(await sim.hash()).toBe(hash);
  const { text } = await sim.editor();
  await expect(text).toContainText('{ "step": 40, "do": "set_mem_type');

  const own = fileURLToPath(new URL('../dist-single/', import.meta.url));
  expect(asked.filter((url) => !/^(data|blob):/.test(url))).toEqual([`file://${own}p2mscope.html`]);
  expect(errors).toEqual([]);
});
