// What may happen next, and the histories that come of it: two views of one session, with a real worker.
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Session } from '../state/session.svelte';
import { Client } from '../worker/client';
import { serve } from '../worker/server';
import HistoriesPane from './HistoriesPane.svelte';
import NextPane from './NextPane.svelte';
import { changeRuns } from './next/runs';

const closing: (() => void)[] = [];
beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  closing.splice(0).forEach((close) => close());
});

const FILE = {
  format: 2,
  title: 'One page',
  version: 'claim',
  guest: { memory: '16 MiB', tables: 'contiguous' },
  vcpus: [
    [{ op: 'ppgtt_create' }, { op: 'bind', gma: 0, size: '4 KiB', gpa: '0x90_0000' }],
    Array.from({ length: 6 }, () => ({ op: 'write', gpa: '0x30_0000', value: '0x1' })),
  ],
};

async function both() {
  const session = new Session(() => {
    const { port1, port2 } = new MessageChannel();
    closing.push(
      () => port1.close(),
      () => port2.close(),
    );
    serve(port2);
    return new Client(port1);
  });
  await session.open(FILE);
  await session.seek(5);
  render(HistoriesPane, { session });
  render(NextPane, { session });
  const next = screen.getByRole('region', { name: 'What may happen next' });
  const tree = screen.getByRole('region', { name: 'Histories you have tried' });
  await waitFor(() => expect(choices(next).length).toBeGreaterThan(1));
  return { session, next, tree };
}
const choices = (next: HTMLElement) => [...next.querySelectorAll<HTMLElement>('[data-choice]')];
const lineOf = (button: HTMLElement) => button.querySelector('code.line')!.textContent;
const taken = (next: HTMLElement) => choices(next).filter((button) => button.classList.contains('taken'));
const names = (tree: HTMLElement) =>
  [...tree.querySelectorAll('ul button')].map((button) => button.getAttribute('aria-label'));
const at = (session: Session, step: number) => waitFor(() => expect(session.picture!.step).toBe(step));

test('each choice is a button by its actor with key and line; the one that the run takes simply steps', async () => {
  const { session, next } = await both();
  const groups = within(next).getAllByRole('group');
  expect(groups.map((group) => group.getAttribute('aria-label'))).toEqual(['vCPU 0', 'vCPU 1']);
  expect(choices(next).map((button) => [button.querySelector('kbd')!.textContent, lineOf(button)])).toEqual([
    ['1', 'vcpu0'],
    ['2', 'vcpu1'],
  ]);
  expect(next.textContent).toContain('Nothing to do: Xen, XenGT, toolstack.');
  const [runs] = taken(next);
  expect(runs!.textContent).toContain('in this run');
  await fireEvent.click(runs!);
  await at(session, 6);
  expect(session.info!.acts).toEqual([]);
});

test('another one makes another history; the one that is left is in the tree, and is gone back to', async () => {
  const { session, next, tree } = await both();
  const { steps, end } = session.info!;
  expect(names(tree)).toEqual([`as recorded: ${steps} steps, ends well, shown now`]);
  expect(tree.textContent).toContain('the history that you leave is kept here');
  const other = choices(next).find((button) => !button.classList.contains('taken'))!;
  await fireEvent.click(other);
  await at(session, 6);
  await waitFor(() => expect(names(tree).length).toBe(2));
  expect(names(tree)[0]).toBe(`as recorded: ${steps} steps, ends well`);
  await fireEvent.click(within(tree).getByRole('button', { name: /^as recorded/ }));
  await fireEvent.click(within(tree).getByRole('button', { name: 'Return to as recorded' }));
  await waitFor(() => expect(session.info!.acts).toEqual([]));
  expect([session.step, session.info!.end]).toEqual([5, end]);
});

test('digits press the choices while the focus is in the view, and the focus stays there', async () => {
  const { session, next } = await both();
  taken(next)[0]!.focus();
  const key = choices(next)
    .find((button) => !button.classList.contains('taken'))!
    .querySelector('kbd')!.textContent;
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  document.activeElement!.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  await at(session, 6);
  await waitFor(() => expect(next.contains(document.activeElement)).toBe(true));
});

test('who schedules by hand has a run that ends here, and grows with each choice', async () => {
  const { session, next, tree } = await both();
  const toggle = within(next).getByRole('switch', { name: 'You schedule' });
  expect(toggle.getAttribute('aria-checked')).toBe('false');
  await fireEvent.click(toggle);
  await waitFor(() => expect(toggle.getAttribute('aria-checked')).toBe('true'));
  expect([session.of, session.step]).toEqual([5, 5]);
  expect(taken(next)).toEqual([]);
  await fireEvent.click(choices(next)[1]!);
  await at(session, 6);
  expect([session.of, names(tree)]).toEqual([
    6,
    [expect.stringMatching(/^as recorded/), 'yours from step 5: 6 steps, waits for you, shown now'],
  ]);
  await fireEvent.click(toggle);
  await waitFor(() => expect(session.info!.free).toBe(false));
  expect(session.step).toBe(6);
});

test('histories are named in place, compared side by side, and deleted with undo', async () => {
  const { session, next, tree } = await both();
  const recorded = session.info!.steps;
  await fireEvent.click(within(next).getByRole('switch'));
  await waitFor(() => expect(names(tree).length).toBe(2));
  await waitFor(() => expect(choices(next).length).toBe(2));
  await fireEvent.click(choices(next)[0]!);
  await at(session, 6);
  await fireEvent.click(within(tree).getByRole('button', { name: 'Name this history' }));
  const name = within(tree).getByRole<HTMLInputElement>('textbox', { name: 'Name of the history' });
  await fireEvent.input(name, { target: { value: 'vCPU 0 first' } });
  await fireEvent.submit(name.closest('form')!);
  expect(document.activeElement?.textContent).toBe('Name this history');
  expect(names(tree)[1]).toMatch(/^vCPU 0 first: 6 steps/);

  await fireEvent.click(within(tree).getByRole('button', { name: 'Compare' }));
  const compare = within(tree).getByRole('group', { name: 'Compare' });
  expect(compare.querySelector('p')!.textContent).toBe(
    'They part at step 5: in vCPU 0 first you choose, in as recorded it goes on by itself.',
  );
  const steps = within(compare).getByRole('row', { name: /^steps/ });
  expect([...steps.querySelectorAll('td')].map((cell) => cell.textContent)).toEqual([
    '6',
    `${recorded}`,
    `+${recorded - 6}`,
  ]);
  await fireEvent.click(within(compare).getByRole('button', { name: 'End comparing' }));
  expect(within(tree).queryByRole('group', { name: 'Compare' })).toBe(null);

  await fireEvent.click(within(tree).getByRole('button', { name: /^as recorded/ }));
  await fireEvent.click(within(tree).getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(names(tree).length).toBe(1));
  expect(within(tree).getByRole('status').textContent).toBe('as recorded is deleted. Undo brings it back.');
  expect(tree.contains(document.activeElement)).toBe(true);
  await session.undo();
  await waitFor(() => expect(names(tree).length).toBe(2));
});

test('arrows go from one history to the next, and choose it', async () => {
  const { session, next, tree } = await both();
  await fireEvent.click(choices(next).find((button) => !button.classList.contains('taken'))!);
  await at(session, 6);
  await waitFor(() => expect(names(tree).length).toBe(2));
  const [first, second] = tree.querySelectorAll<HTMLElement>('ul button');
  expect([first!.tabIndex, second!.tabIndex]).toEqual([-1, 0]);
  second!.focus();
  await fireEvent.keyDown(second!, { key: 'ArrowUp' });
  expect([document.activeElement === first, first!.getAttribute('aria-pressed')]).toEqual([true, 'true']);
});

test('frames side by side that change alike are one', () => {
  const types = [0, 1, 2, 7, 8].map((gfn) => ({ gfn, from: 0, to: gfn === 8 ? 2 : 15 }));
  expect(changeRuns(types)).toEqual([
    { gfn: 0, from: 0, to: 15, frames: 3 },
    { gfn: 7, from: 0, to: 15, frames: 1 },
    { gfn: 8, from: 0, to: 2, frames: 1 },
  ]);
});
