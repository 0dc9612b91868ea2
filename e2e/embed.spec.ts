/** The page in a frame of another's: one view, the transport, and messages from the one origin that may send them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

interface Host {
  readonly told: { type: string; id?: unknown; state?: Record<string, unknown>; problems?: { path: string }[] }[];
}

/** A course page on another origin, with the simulator in a frame. `query` may name that origin as ORIGIN. */
async function hold(page: Page, baseURL: string, query: string): Promise<void> {
  const course = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>Week 3</title><body></body>');
  });
  await new Promise<void>((resolve) => course.listen(0, '127.0.0.1', resolve));
  page.once('close', () => course.close());
  const origin = `http://127.0.0.1:${(course.address() as AddressInfo).port}`;
  await page.goto(`${origin}/course`);
  await page.evaluate(
    (src) => {
      const host: Host = { told: [] };
      Object.assign(window, { host });
      addEventListener('message', ({ data }) => void host.told.push(data as Host['told'][number]));
      document.body.append(Object.assign(document.createElement('iframe'), { src, width: 900, height: 600 }));
    },
    new URL(query.replace('ORIGIN', origin), baseURL).href,
  );
}
const told = (page: Page, type: string): Promise<Host['told']> =>
  page.evaluate((wanted) => (window as unknown as { host: Host }).host.told.filter((one) => one.type === wanted), type);
const send = (page: Page, message: object): Promise<void> =>
  page.evaluate((data) => frames[0]!.postMessage(data, '*'), message);

test('a course page steps through one view by messages, hears of each step, and is told what is wrong', async ({
  page,
  baseURL,
}) => {
  await hold(page, baseURL!, '?embed=memory&origin=ORIGIN');
  const frame = page.frameLocator('iframe');
  await expect(frame.getByRole('region', { name: 'Guest memory' })).toBeVisible();
  await expect(frame.getByRole('combobox', { name: 'Scenario' })).toHaveCount(0);
  await expect.poll(() => told(page, 'ready')).toMatchObject([{ state: { step: 0, of: 397 } }]);
  await send(page, { p2mscope: 1, id: 'a', type: 'seek', step: 140 });
  await expect.poll(() => told(page, 'done')).toMatchObject([{ id: 'a', state: { step: 140 } }]);
  await expect(frame.getByTestId('page')).toHaveAttribute('data-step', '140');
  await send(page, { p2mscope: 1, id: 'b', type: 'load', scenario: { format: 1 } });
  await expect.poll(async () => (await told(page, 'refused'))[0]?.problems?.length).toBeGreaterThan(2);
  await send(page, { p2mscope: 1, id: 'c', type: 'open', name: 'sweep' });
  await expect.poll(() => told(page, 'opened')).toMatchObject([{ state: { title: 'The sweep that sweeps' } }]);
  await frame.getByRole('button', { name: 'One step on' }).click();
  await expect.poll(async () => (await told(page, 'step')).at(-1)).toMatchObject({ state: { step: 1 } });
});

test('a page on an origin that was not named is neither heard nor told anything; a chart can be shown', async ({
  page,
  baseURL,
}) => {
  await hold(page, baseURL!, '?embed=charts&chart=server&origin=https://course.example');
  const frame = page.frameLocator('iframe');
  await expect(frame.getByTestId('page')).toHaveAttribute('data-step', '0');
  await expect(frame.getByRole('application', { name: /server/i })).toBeVisible();
  await send(page, { p2mscope: 1, type: 'seek', step: 9 });
  await frame.getByRole('button', { name: 'One step on' }).click();
  await expect(frame.getByTestId('page')).toHaveAttribute('data-step', '1');
  expect(await page.evaluate(() => (window as unknown as { host: Host }).host.told)).toEqual([]);
});
