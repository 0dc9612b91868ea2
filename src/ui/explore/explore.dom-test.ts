// The screen of searches and lattices: what is set, what is said of it, and where its buttons lead.
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { ONE_FRAME } from '../../explore/lattice/testing';
import { poolHere } from '../../state/explore/pool-testing';
import { exploreOf } from '../../state/explore/explore.svelte';
import { page, type TestPage } from '../frame/page-testing';
import ExploreScreen from './ExploreScreen.svelte';

const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });
const SLOW = { timeout: 20_000 };

/** The screen, with a scenario that can be searched. */
async function shown(file: unknown = ONE_FRAME): Promise<TestPage> {
  const it = await page({ pool: poolHere() });
  await it.desk.openText('one.json', JSON.stringify(file));
  render(ExploreScreen, { page: it });
  await waitFor(() => expect(button('Search').disabled).toBe(false), SLOW);
  return it;
}
const LOCK_OFF = { ...ONE_FRAME, patches: { off: ['lockThroughEmulation'] } };

test('a number that is none says what is right, and nothing can be searched until it is', async () => {
  await shown();
  const depth = screen.getByLabelText('Depth, steps');
  await fireEvent.input(depth, { target: { value: 'deep' } });
  expect(screen.getByRole('alert').textContent).toContain('Write a whole number from 1 to 65');
  expect([depth.getAttribute('aria-invalid'), button('Search').disabled]).toEqual(['true', true]);
  await fireEvent.input(depth, { target: { value: '50' } });
  expect([screen.queryByRole('alert'), button('Search').disabled]).toEqual([null, false]);
});

test('a clean verdict says its bounds, and which patches were not exercised', async () => {
  await shown();
  await fireEvent.click(button('Search'));
  const verdict = screen.getByRole('region', { name: 'Verdict' });
  await waitFor(() => expect(verdict.textContent).toContain('not exercised'), SLOW);
  expect(verdict.textContent).toMatch(
    /Depth 14, all 53 states; bounds .* states\..*No order of the actors breaks an invariant\./s,
  );
  expect(verdict.textContent).toContain('syncSweep (A release sweeps before it returns): not exercised');
  expect(verdict.textContent).not.toContain('not needed');
});

test('what breaks an invariant opens as a session at its last step but one, and so does each actor', async () => {
  const it = await shown(LOCK_OFF);
  await fireEvent.click(button('Search'));
  await waitFor(() => expect(button('vcpu0: 7 steps')).toBeTruthy(), SLOW);
  const verdict = screen.getByRole('region', { name: 'Verdict' });
  expect(verdict.textContent).toContain('Broken in 7 steps, and in no fewer: no trapped write lost.');
  expect(verdict.textContent).toContain('toolstack: by its step it never breaks');
  // The way is told, to the step that breaks it.
  await waitFor(() => expect(within(verdict).getByRole('list', { name: 'The shortest way to it' })).toBeTruthy());
  const way = within(within(verdict).getByRole('list', { name: 'The shortest way to it' })).getAllByRole('listitem');
  expect(way.at(-1)!.textContent).toMatch(/The write to frame 0x800 \(ram_rw\) is discarded\./);
  await fireEvent.click(button('Open this run'));
  await waitFor(() => expect(it.frame.screen).toBe('race'));
  const file = JSON.parse(it.desk.chosen!.scenario as string) as Record<string, unknown>;
  expect(file).toMatchObject({
    title: 'no trapped write lost: One frame',
    start: 10,
    patches: { off: ['lockThroughEmulation'] },
    schedule: {
      script: ['xengt x4', 'toolstack', 'vcpu0', 'toolstack', 'vcpu0 x2', 'toolstack', 'vcpu0'],
      then: 'user',
    },
  });
  // The verdict stays, and says that it is of another.
  await waitFor(() => expect(screen.getByText(/Another scenario is open by now/)).toBeTruthy());
});

test('a lattice is drawn, walked by keys, read as text, and each broken set opens its way', async () => {
  const it = await shown();
  await fireEvent.click(screen.getByRole('tab', { name: 'Lattice' }));
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /read half/ }).checked).toBe(true);
  await fireEvent.click(button('Search all sets'));
  await waitFor(() => expect(screen.getByText(/Of 16 sets of four patches 12 can be built/)).toBeTruthy(), SLOW);
  expect(screen.getByText(/three keep every invariant/).closest('p')!.textContent).toContain(
    'at the least: lock held and read half.',
  );
  const list = screen.getByRole('listbox', { name: 'Sets of switches' });
  expect(within(list).getAllByRole('option')).toHaveLength(12);
  expect(within(list).getByRole('option', { name: 'lock held, read half: safe, and minimal' })).toBeTruthy();
  await fireEvent.focus(list);
  await fireEvent.keyDown(list, { key: 'ArrowDown' });
  const chosen = () => within(list).getByRole('option', { selected: true }).getAttribute('aria-label');
  expect(chosen()).toMatch(/: no trapped write lost: broken in \d+ steps$/);
  await fireEvent.keyDown(list, { key: 'Home' });
  expect(chosen()).toBe('no switch on: no trapped write lost: broken in 7 steps');

  await fireEvent.click(button('Text'));
  const rows = screen.getAllByRole('row').map((row) => row.textContent.replaceAll(/\s+/g, ' ').trim());
  expect(rows[1]).toBe('no switch onno trapped write lost: broken in 7 steps316');
  await fireEvent.click(button('Picture'));
  await fireEvent.keyDown(screen.getByRole('listbox'), { key: 'Enter' });
  await waitFor(() => expect(it.frame.screen).toBe('race'));
  expect(JSON.parse(it.desk.chosen!.scenario as string)).toMatchObject({
    title: 'no trapped write lost: One frame',
    patches: { off: expect.arrayContaining(['lockThroughEmulation', 'rmwReads', 'asyncReset']) as unknown },
  });
});

test('switches are chosen one by one, at most nine', async () => {
  const it = await shown({ ...ONE_FRAME, search: { from: 'domain.unpause' } });
  await fireEvent.click(screen.getByRole('tab', { name: 'Lattice' }));
  expect(button('Search all sets').disabled).toBe(true);
  await fireEvent.click(button('Find those that it exercises'));
  const run = exploreOf(it.desk, it.pool).lattice;
  await waitFor(() => expect(run.chosen).toHaveLength(9), SLOW);
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /type 15/ }).disabled).toBe(true));
  await fireEvent.click(screen.getByRole('checkbox', { name: /one counter/ }));
  expect(run.chosen).toHaveLength(8);
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /type 15/ }).disabled).toBe(false);
});
