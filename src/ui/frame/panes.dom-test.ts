/** The tools of a pane, their menu, and the swipe of a phone. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { Frame } from '../../state/frame.svelte';
import { session } from '../../state/session-testing';
import PaneMenu from './PaneMenu.svelte';
import { DRAGGED, Panes } from './panes.svelte';
import PaneTools from './PaneTools.svelte';
import { swipe } from './swipe';

beforeEach(() => localStorage.clear());

function setup(width = 800) {
  const frame = new Frame();
  const panes = new Panes(frame, session().it);
  const seat = panes.seat('memory', () => width);
  const { unmount } = render(PaneTools, { seat, tools: seat.tools! });
  return { frame, panes, seat, unmount };
}
const button = (name: string) => screen.getByRole('button', { name });

test('where there is room the head has words for text and size, and one stop of the Tab key in all', async () => {
  const { frame, unmount } = setup();
  expect(screen.getAllByRole('button').map((at) => [at.textContent.trim(), at.tabIndex])).toEqual([
    ['Text', -1],
    ['Maximise', -1],
    ['', 0],
  ]);
  await fireEvent.click(button('Text'));
  expect([frame.text('memory'), button('Text').getAttribute('aria-pressed')]).toEqual([true, 'true']);
  await fireEvent.click(button('Maximise'));
  flushSync();
  expect(frame.maximised).toBe('memory');
  await fireEvent.click(button('Restore'));
  expect(frame.maximised).toBeNull();
  unmount();
});

test('a narrow head has the menu alone, and what leads back from where it is not as it came', () => {
  const { frame, unmount } = setup(320);
  const names = () => screen.getAllByRole('button').map((at) => at.textContent.trim());
  expect(names()).toEqual(['']);
  frame.maximise('memory');
  frame.toggleText('memory');
  flushSync();
  expect(names()).toEqual(['Text', 'Restore', '']);
  unmount();
});

test('the button opens the menu and closes it, and so does the arrow that opens menus', async () => {
  const { panes, unmount } = setup();
  const more = button('Tools of the pane: Guest memory');
  await fireEvent.click(more);
  expect([panes.menu?.view, more.getAttribute('aria-expanded')]).toEqual(['memory', 'true']);
  await fireEvent.click(more);
  expect([panes.menu, more.getAttribute('aria-expanded')]).toEqual([null, 'false']);
  await fireEvent.keyDown(more, { key: 'ArrowDown' });
  expect(panes.menu?.at).toBe(more);
  unmount();
});

test('a dragged head carries the pane that its view stands in', () => {
  const { panes, seat, unmount } = setup();
  const dragged = (drag?: (event: DragEvent) => void) => {
    const setData = vi.fn();
    drag?.({ dataTransfer: { setData } } as unknown as DragEvent);
    return setData.mock.calls[0];
  };
  expect(dragged(seat.tools!.drag)).toEqual([DRAGGED, 'memory']);
  expect(dragged(panes.seat('servers', () => 0).tools!.drag)).toEqual([DRAGGED, 'inspector']);
  expect(panes.seat('servers', () => 0, true).tools!.drag).toBeUndefined();
  unmount();
});

function menu(view: 'memory' | 'servers' = 'memory', phone = false) {
  const frame = new Frame();
  const panes = new Panes(frame, session().it);
  const at = document.body.appendChild(document.createElement('button'));
  panes.menu = { view, at };
  const { unmount } = render(PaneMenu, { menu: panes.menu, panes, phone });
  const items = () => screen.getAllByRole('menuitem').map((item) => item.textContent.replace(/\s+/g, ' ').trim());
  const leave = () => (unmount(), at.remove());
  return { frame, panes, at, items, leave };
}
const focused = () => document.activeElement?.textContent?.replace(/\s+/g, ' ').trim();
const press = (key: string) => fireEvent.keyDown(document.activeElement!, { key });

test('the menu of a pane: what can be done with the view, who it can change places with, what else can stand here', () => {
  const { items, leave } = menu();
  const group = (name: string) =>
    [...screen.getByRole('group', { name }).querySelectorAll('[role="menuitem"]')].map((at) => at.textContent.trim());
  expect(items().slice(0, 4)).toEqual(['Maximise this panex', 'Read as textv', 'Save as SVG', 'Save as PNG']);
  expect(group('Change places with')).toEqual([
    'PPGTT and its shadow',
    'This write, and all writes',
    'Entry, servers, invariants, costs',
  ]);
  expect(group('Show here')).toEqual([
    'EPT',
    'Space and time',
    'Intercepted writes',
    'EPT entry',
    'ioreq servers',
    'Invariants',
    'Costs',
    'What may happen next',
    'Histories you have tried',
  ]);
  leave();
});

test('a part of a pane that is made of several moves with all of it', async () => {
  const { frame, leave } = menu('servers');
  await fireEvent.click(screen.getByRole('menuitem', { name: 'Guest memory' }));
  expect(frame.panes).toEqual(['inspector', 'gtt', 'below', 'memory']);
  leave();
});

test('arrows, Home, End and letters move in the menu; Escape closes it and gives the focus back', async () => {
  const { panes, at, leave } = menu();
  expect(focused()).toBe('Maximise this panex');
  await press('ArrowDown');
  expect(focused()).toBe('Read as textv');
  await press('End');
  expect(focused()).toBe('Histories you have tried');
  await press('e');
  expect(focused()).toBe('Entry, servers, invariants, costs');
  await press('e');
  expect(focused()).toBe('EPT');
  await press('Home');
  await press('ArrowUp');
  expect(focused()).toBe('Maximise this panex');
  await press('Escape');
  expect([panes.menu, document.activeElement]).toEqual([null, at]);
  leave();
});

test('leaving the menu closes it; its own button does that itself', async () => {
  const { panes, at, leave } = menu();
  const leaveTo = (to: Element) => fireEvent.focusOut(document.activeElement!, { relatedTarget: to });
  await leaveTo(at);
  expect(panes.menu).not.toBeNull();
  await leaveTo(document.body);
  expect(panes.menu).toBeNull();
  leave();
});

test('what is chosen is done, and the menu is gone', async () => {
  const { frame, panes, leave } = menu();
  await fireEvent.click(screen.getByRole('menuitem', { name: 'EPT' }));
  expect([frame.panes, panes.menu]).toEqual([['ept', 'gtt', 'below', 'inspector'], null]);
  leave();
});

test('on a phone the menu reads as text and saves, no more', () => {
  const { items, leave } = menu('memory', true);
  expect(items()).toEqual(['Read as text', 'Save as SVG', 'Save as PNG']);
  leave();
});

test('a flat quick stroke of a finger is a swipe; a steep, short or slow one, and one on a map, is none', () => {
  const node = document.body.appendChild(document.createElement('main'));
  node.innerHTML = '<p></p><div role="application"></div>';
  const go = vi.fn();
  const off = swipe(go)(node) as () => void;
  const stroke = (dx: number, dy: number, ms = 200, on = 'p', pointerType = 'touch') => {
    go.mockClear();
    const at = (type: string, clientX: number, clientY: number, timeStamp: number) => {
      const event = new PointerEvent(type, {
        pointerType,
        isPrimary: true,
        pointerId: 1,
        clientX,
        clientY,
        bubbles: true,
      });
      Object.defineProperty(event, 'timeStamp', { value: timeStamp });
      node.querySelector(on)!.dispatchEvent(event);
    };
    at('pointerdown', 200, 100, 0);
    at('pointerup', 200 + dx, 100 + dy, ms);
    return go.mock.calls.flat() as unknown[];
  };
  expect(stroke(-90, 5)).toEqual([1]);
  expect(stroke(90, -20)).toEqual([-1]);
  expect(stroke(-90, 60)).toEqual([]);
  expect(stroke(-40, 0)).toEqual([]);
  expect(stroke(-90, 0, 900)).toEqual([]);
  expect(stroke(-90, 0, 200, '[role]')).toEqual([]);
  expect(stroke(-90, 0, 200, 'p', 'mouse')).toEqual([]);
  off();
  node.remove();
});
