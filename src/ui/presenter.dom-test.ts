/** What an audience is shown, and what the presenter's keys and buttons send to the session. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet, flushSync } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { session } from '../state/session-testing';
import { BrokenError } from '../worker/client';
import { handle, KEYS, type Acts } from './keys';
import Presenter from './Presenter.svelte';

beforeEach(() => localStorage.clear());

async function presented() {
  const { it, server } = session();
  await it.open('x');
  it.picture = { ...it.picture!, events: [] };
  it.present();
  const children = createRawSnippet(() => ({ render: () => '<p>the one view</p>' }));
  const { unmount } = render(Presenter, { session: it, children });
  const press = async (key: string) => {
    const event = new KeyboardEvent('keydown', { key, cancelable: true });
    const none = Object.fromEntries(Object.keys(KEYS).map((id) => [id, vi.fn()])) as unknown as Acts;
    handle(event, it.presenting, { ...none, blank: it.blank, leave: it.leave, next: it.next, prev: it.prev });
    await vi.waitFor(() => expect(it.mode).toMatch(/^(ready.idle|broken)/));
    flushSync();
  };
  return { it, server, press, unmount };
}

test('there is one sentence, one view and one line of state, and the focus is in it', async () => {
  const { unmount } = await presented();
  expect(screen.getByRole('region', { name: 'What happened' }).textContent?.trim()).toBe(
    'The guest is built and paused; the device model has not started.',
  );
  const main = screen.getByRole('main', { name: 'Presentation' });
  expect(main.querySelector('.view')!.textContent.trim()).toBe('the one view');
  expect(main.querySelector('footer p')!.textContent).toBe('Step 2 of 10');
  expect(document.activeElement).toBe(main);
  unmount();
});

test('keys of a clicker step, blank the screen and leave', async () => {
  const { it, press, unmount } = await presented();
  await press('b');
  expect([it.mode, screen.getByRole('main').classList.contains('blank')]).toEqual([
    'ready.idle presenting.blank',
    true,
  ]);
  await press('.');
  expect([it.mode, screen.getByRole('main').classList.contains('blank')]).toEqual([
    'ready.idle presenting.showing',
    false,
  ]);
  unmount();
});

test('buttons do what the keys do', async () => {
  const { it, unmount } = await presented();
  const seek = vi.fn(async () => true);
  it.seek = seek;
  await fireEvent.click(screen.getByRole('button', { name: 'One step on' }));
  await fireEvent.click(screen.getByRole('button', { name: 'One step back' }));
  expect(seek.mock.calls).toEqual([[3], [1]]);
  await fireEvent.click(screen.getByRole('button', { name: 'Leave the presentation' }));
  expect(it.mode).toBe('ready.idle desk');
  unmount();
});

test('when the worker dies before an audience the sentence says so, and a button starts it again', async () => {
  const { it, server, unmount } = await presented();
  server.seek.mockRejectedValueOnce(new BrokenError('gone'));
  await it.next();
  flushSync();
  expect(screen.getByRole('region', { name: 'What happened' }).textContent).toContain('The engine stopped at step 2');
  server.open.mockReturnValueOnce(new Promise(() => {}));
  await fireEvent.click(screen.getByRole('button', { name: 'Start it again from this step' }));
  expect(it.mode).toBe('recovering presenting.showing');
  unmount();
});
