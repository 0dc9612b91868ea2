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

test('the page as one file runs from a disk, worker included, and asks for nothing', async ({ page }) => {
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
  const own = fileURLToPath(new URL('../dist-single/', import.meta.url));
  expect(asked.filter((url) => !/^(data|blob):/.test(url))).toEqual([`file://${own}p2mscope.html`]);
  expect(errors).toEqual([]);
});
