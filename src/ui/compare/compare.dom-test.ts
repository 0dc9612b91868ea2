/** The screen that compares: the sentence, the sides at the pin, moving along the instructions, another side, a side opened. */
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { resultOf } from '../../explore/last';
import type { TwinTold } from '../../explore/twin/found';
import { twinJob } from '../../explore/twin/job';
import SWEEP from '../../scenarios/sweep-nothing.json';
import { Stopped, type Pool } from '../../state/pool';
import { page as testPage, type TestPage } from '../frame/page-testing';
import CompareScreen from './CompareScreen.svelte';

let page: TestPage;
let asked: TwinTold[];
beforeEach(async () => {
  asked = [];
  const run = (_: string, told: TwinTold) => {
    asked.push(told);
    return { found: resultOf(twinJob(told)), pause: vi.fn(), resume: vi.fn(), stop: vi.fn() };
  };
  page = await testPage({ pool: { run } as unknown as Pool });
  page.desk.chosen = { name: 'sweep-nothing', file: null, scenario: SWEEP, overrides: {}, opening: {} };
});
afterEach(cleanup);

const differs = () => screen.getByRole('region', { name: 'What differs' });
const squeeze = (text: string | null | undefined) => text?.replace(/\s+/g, ' ').trim();
const sentence = () => squeeze(differs().querySelector('.sentence')?.textContent);
const slider = () => screen.findByRole('slider', { name: 'Guest instructions' });
const side = (letter: string) => within(screen.getByRole('group', { name: `Side ${letter}` }));

async function show() {
  render(CompareScreen, { page });
  await slider();
}

test('the version of the scenario and the one that mends it are compared at once', async () => {
  await show();
  expect(sentence()).toBe('They part after guest instruction 14: the second claim is EBUSY in A, granted in B.');
  expect(squeeze(differs().querySelector('.why')?.textContent)).toContain('Because B has sweepResolves (eb13199100)');
  expect(asked.map(({ variants }) => variants.map(({ version }) => version))).toEqual([['claim-sync', 'claim']]);
  expect(side('A').getByText('nobody; 4 entries left')).toBeTruthy();
  expect(side('B').getByText('XenGT; 0 entries')).toBeTruthy();
});

test('arrows go along the instructions, n to the next that differs, and the table tells what stands there', async () => {
  await show();
  const it = await slider();
  expect(it.getAttribute('aria-valuenow')).toBe('14');
  await fireEvent.keyDown(it, { key: 'ArrowLeft' });
  expect(it.getAttribute('aria-valuenow')).toBe('13');
  await fireEvent.keyDown(it, { key: 'n' });
  expect(it.getAttribute('aria-valuenow')).toBe('18');
  expect(it.getAttribute('aria-valuetext')).toMatch(/^18: write, 0x\w+\. A: .*EINVAL\. B: is sent to XenGT$/);
  await fireEvent.keyDown(document.body, { key: 'Home' });
  expect(it.getAttribute('aria-valuenow')).toBe('1');
  await fireEvent.click(screen.getByRole('button', { name: 'To where they part' }));
  expect(it.getAttribute('aria-valuenow')).toBe('14');
  const row = within(screen.getByRole('table', { name: /^Guest instructions 8 to 18/ }))
    .getAllByRole('row')
    .at(-1)!;
  expect([...row.children].map((cell) => squeeze(cell.textContent))[0]).toBe('18');
});

test('costs stand beside each other with their difference and ratio, and rules by side', async () => {
  await show();
  const cells = (name: string) =>
    within(screen.getByRole('row', { name: new RegExp(`^${name}`) }))
      .getAllByRole('cell')
      .filter((cell) => !cell.classList.contains('plot'))
      .map((cell) => squeeze(cell.textContent));
  expect(cells('TLB flushes')).toEqual(['5', '9', '+4', '×1.8']);
  expect(cells('exits')).toEqual(['11', '11', '0', '×1']);
  expect(cells('a free type can be claimed')).toEqual(['broken', 'holds']);
});

test('a third side is added, another version and a patch switched: each is compared anew', async () => {
  await show();
  await fireEvent.click(screen.getByRole('button', { name: 'Add a side' }));
  await screen.findByRole('group', { name: 'Side C' });
  expect(sentence()).toBe('They part after guest instruction 14: the second claim is EBUSY in A, granted in B and C.');
  await fireEvent.change(screen.getByRole('combobox', { name: 'Version of Xen, side C' }), {
    target: { value: 'claim-sync' },
  });
  await vi.waitFor(() => expect(sentence()).toMatch(/EBUSY in A and C, granted in B/));
  await fireEvent.click(screen.getByRole('button', { name: 'Remove side B' }));
  await vi.waitFor(() => expect(sentence()).toMatch(/^A and B never part/));
  const off = within(screen.getByRole('group', { name: 'Patches, side B' })).getByRole('checkbox', {
    name: /^A release sweeps before it returns/,
  });
  await fireEvent.click(off);
  await vi.waitFor(() => expect(asked.at(-1)!.variants[1]).toMatchObject({ patches: { off: ['syncSweep'] } }));
});

test('a patch goes with all that needs it, and comes back with what it needs', async () => {
  await show();
  const patch = (name: RegExp) =>
    within(screen.getByRole('group', { name: 'Patches, side B' })).getByRole<HTMLInputElement>('checkbox', { name });
  await fireEvent.click(patch(/^A server claims the type/));
  expect(asked.at(-1)!.variants[1]!.patches).toEqual({
    off: ['claim', 'rmwReads', 'asyncReset', 'syncSweep', 'sweepResolves'],
  });
  await fireEvent.click(patch(/^A release resets its pages/));
  expect(asked.at(-1)!.variants[1]!.patches).toEqual({ off: ['rmwReads', 'syncSweep', 'sweepResolves'] });
  expect(patch(/^A server claims the type/).checked).toBe(true);
});

test('a side is opened as a session of its own, at the step of what tells', async () => {
  await show();
  const openText = vi.spyOn(page.desk, 'openText').mockResolvedValue(true);
  await fireEvent.click(screen.getByRole('button', { name: 'Open A here: as a session, at its step 104' }));
  await vi.waitFor(() => expect(openText).toHaveBeenCalled());
  const [name, text] = openText.mock.calls[0]!;
  expect(name).toBe('The sweep that swept nothing: A, Apr 2017: a sweep of nothing');
  expect(JSON.parse(text)).toMatchObject({ version: 'claim-sync', start: 104, seed: 1 });
  expect(page.frame.screen).toBe('overview');
});

test('stopped, it says so and can be run again', async () => {
  let stop: () => void = () => undefined;
  const found = new Promise<never>((_, reject) => (stop = () => reject(new Stopped('stopped'))));
  const run = vi.fn(() => ({ found, pause: vi.fn(), resume: vi.fn(), stop: () => stop() }));
  const waiting = await testPage({ pool: { run } as unknown as Pool });
  waiting.desk.chosen = page.desk.chosen;
  render(CompareScreen, { page: waiting });
  await fireEvent.click(await screen.findByRole('button', { name: 'Stop' }));
  expect(await screen.findByText('Stopped before the sides were compared.')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Run again' }));
  expect(run).toHaveBeenCalledTimes(2);
});
