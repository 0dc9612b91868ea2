// The games on the page: what is said of a level, who may act, and what a search answers.
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { poolHere } from '../../state/explore/pool-testing';
import { Session } from '../../state/session.svelte';
import { Client } from '../../worker/client';
import { serve } from '../../worker/server';
import { pageOf, type TestPage } from '../frame/page-testing';
import Games from './Games.svelte';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));
const SLOW = { timeout: 20_000 };

const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });
const answer = () => document.querySelector('.answer')!.textContent.replaceAll(/\s+/g, ' ').trim();
const moves = () =>
  within(screen.getByRole('region', { name: 'Who acts next' }))
    .queryAllByRole('button')
    .map((one) => one.textContent.replaceAll(/\s+/g, ' ').trim());

function shown(): TestPage {
  const session = new Session(() => {
    const { port1, port2 } = new MessageChannel();
    closing.push(
      () => port1.close(),
      () => port2.close(),
    );
    serve(port2);
    return new Client(port1);
  });
  const it = pageOf(session, { pool: poolHere() });
  render(Games, { page: it });
  return it;
}

test('a level is played by keys: who may act is told with what would come of it, a step is taken back, the win is graded', async () => {
  shown();
  await fireEvent.click(button('Play: No range ends before it starts'));
  const game = await screen.findByRole('region', { name: 'Hostile scheduler: No range ends before it starts' }, SLOW);
  await waitFor(() => expect(game.querySelectorAll('dd')[1]!.textContent).toBe('2'), SLOW);
  await waitFor(() => expect(moves()).toHaveLength(1));
  expect(moves()[0]).toBe('1 toolstack unpause');

  await fireEvent.keyDown(document.body, { key: 'h' });
  await waitFor(() => expect(answer()).toContain('2 steps from here, at best'), SLOW);
  await fireEvent.keyDown(document.body, { key: 'h' });
  await waitFor(() => expect(answer()).toContain('Let toolstack act: key 1.'));

  await fireEvent.keyDown(document.body, { key: '1' });
  await waitFor(() => expect(game.dataset['steps']).toBe('1'));
  expect(answer()).toBe('');
  await fireEvent.keyDown(document.body, { key: 'Backspace' });
  await waitFor(() => expect(game.dataset['steps']).toBe('0'));
  await fireEvent.keyDown(document.body, { key: '1' });
  await waitFor(() => expect(game.dataset['steps']).toBe('1'));
  await waitFor(() => expect(moves().length).toBeGreaterThan(1));
  expect(moves()).toEqual([
    '1 vCPU 0 EPT violation at frame 0xf0002',
    '2 vCPU 1 EPT violation at frame 0xf0002',
    '3 toolstack range for server 1',
  ]);
  await fireEvent.keyDown(document.body, { key: '3' });
  await waitFor(() => expect(game.dataset['won']).toBe('true'));
  expect(screen.getByText('Broken in 2 steps').closest('p')!.textContent).toBe(
    'Broken in 2 steps: rangesets sorted, within the cap. As short as can be: par is 2.',
  );

  await fireEvent.click(button('Levels'));
  expect(screen.getByText('won in 2 steps, par')).toBeTruthy();
});

test('the shortest way opens in the player, and the game says that another run is open', async () => {
  const it = shown();
  await fireEvent.click(button('Play: No range ends before it starts'));
  await waitFor(() => expect(button('It cannot be done').disabled).toBe(false), SLOW);
  await fireEvent.click(button('It cannot be done'));
  await waitFor(() => expect(answer()).toContain('It can be done: in 2 steps from here.'), SLOW);
  await fireEvent.click(button('See the shortest way'));
  await waitFor(() => expect(it.frame.screen).toBe('race'));
  expect(JSON.parse(it.desk.chosen!.scenario as string)).toMatchObject({
    title: 'The shortest way: No range ends before it starts',
    patches: { off: ['rangeCheck'] },
  });
  await waitFor(() => expect(screen.getByText('Another run is open')).toBeTruthy());
  expect(button('It cannot be done').disabled).toBe(true);
});

test('a repair has its price with all that comes along, and a verdict', async () => {
  shown();
  await fireEvent.click(screen.getByRole('tab', { name: 'Repair' }));
  await fireEvent.click(button('Mend it: The helper that counts nothing'));
  await waitFor(() => expect(screen.getByText('breaks an invariant')).toBeTruthy(), SLOW);
  const result = screen.getByRole('region', { name: 'What a search says of it' });
  await fireEvent.click(button('Try it'));
  await waitFor(() => expect(result.textContent).toContain('Still broken, for 0 lines: entry_count'), SLOW);
  await fireEvent.click(screen.getByRole('checkbox', { name: /The counter is told the right level/ }));
  expect(result.textContent).toContain('1 patch, 3 lines.');
  expect(result.textContent).toContain('What is chosen has changed since it was tried.');
  await fireEvent.click(button('Try it'));
  await waitFor(
    () => expect(result.textContent).toContain('It is the cheapest there is: 2 sets of patches searched.'),
    SLOW,
  );
  expect(result.textContent).toContain(
    'Mended for 3 lines: no order of the actors breaks an invariant. All 894 states from here were searched, to depth 23.',
  );
});
