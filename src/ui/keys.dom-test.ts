import { expect, test, vi } from 'vitest';
import { actionOf, handle, KEYS, roving, type ActionId, type Acts } from './keys';

/** What a key means while the focus is in `html`'s first element. */
function press(key: string, html = '<main></main>', more: KeyboardEventInit = {}, presenting = false) {
  document.body.innerHTML = html;
  let action: unknown;
  document.addEventListener('keydown', (event) => (action = actionOf(event, presenting)), { once: true });
  const target = document.querySelector('[data-focus]') ?? document.body.firstElementChild!;
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  return action;
}

test.each([
  [' ', 'toggle'],
  ['ArrowLeft', 'prev'],
  ['ArrowRight', 'next'],
  ['Home', 'first'],
  ['End', 'last'],
  ['+', 'faster'],
  ['-', 'slower'],
  ['t', 'theme'],
  ['g', 'charts'],
  ['?', 'help'],
  ['p', 'present'],
  ['4', { place: 3 }],
  ['x', 'maximise'],
  ['v', 'text'],
  ['m', 'mark'],
  ['/', 'palette'],
  ['=', 'faster'],
  ['F6', 'nextPane'],
  ['Escape', 'restore'],
  ['q', null],
  ['b', null],
  ['8', { place: 7 }],
  ['9', null],
  ['PageDown', null],
])('%j means %j', (key, action) => {
  expect(press(key)).toEqual(action);
});

test.each([
  ['PageDown', 'next'],
  ['ArrowRight', 'next'],
  ['PageUp', 'prev'],
  ['ArrowLeft', 'prev'],
  ['.', 'blank'],
  ['b', 'blank'],
  ['Escape', 'leave'],
  [' ', 'toggle'],
  ['t', 'theme'],
  ['g', null],
  ['4', null],
  ['p', null],
  ['x', null],
  ['/', 'palette'],
])('before an audience %j means %j', (key, action) => {
  expect(press(key, undefined, {}, true)).toEqual(action);
});

test('shift with an arrow goes to the trapped writes', () => {
  expect(press('ArrowRight', undefined, { shiftKey: true })).toBe('nextTrapped');
  expect(press('ArrowLeft', undefined, { shiftKey: true })).toBe('prevTrapped');
});

test('a key with control, in a field, a dialog or a menu belongs to the browser or to them', () => {
  expect(press('t', undefined, { ctrlKey: true })).toBeNull();
  expect(press('t', '<select></select>')).toBeNull();
  expect(press('z', '<input>', { ctrlKey: true })).toBeNull();
  expect(press(' ', '<dialog><p data-focus></p></dialog>')).toBeNull();
  expect(press('x', '<div role="menu"><button data-focus></button></div>')).toBeNull();
});

test('with control or the command key: undo, redo, and the palette from a field too, but not from a dialog', () => {
  expect(press('z', undefined, { ctrlKey: true })).toBe('undo');
  expect(press('Z', undefined, { ctrlKey: true, shiftKey: true })).toBe('redo');
  expect(press('y', undefined, { metaKey: true })).toBe('redo');
  expect(press('k', '<input>', { metaKey: true })).toBe('palette');
  expect(press('k', '<dialog><input data-focus></dialog>', { ctrlKey: true })).toBeNull();
  expect(press('z', undefined, { ctrlKey: true, altKey: true })).toBeNull();
});

test('no key has two meanings at the desk, nor before an audience', () => {
  for (const where of ['desk', 'presenting'] as const) {
    const all = Object.values(KEYS).flatMap((keys: { [at: string]: readonly string[] }) => [
      ...(keys['always'] ?? []),
      ...(keys[where] ?? []),
    ]);
    expect(all.length).toBeGreaterThan(15);
    expect([...new Set(all)]).toEqual(all);
  }
});

test('a key is used up by what it does, and free where that did nothing', () => {
  const acts = Object.fromEntries(Object.keys(KEYS).map((id) => [id, vi.fn()])) as unknown as Record<
    ActionId,
    () => unknown
  >;
  const all: Acts = { ...acts, restore: vi.fn(() => false), place: vi.fn(() => true) };
  const send = (key: string) => {
    const event = new KeyboardEvent('keydown', { key, cancelable: true });
    return [handle(event, false, all), event.defaultPrevented];
  };
  expect(send('t')).toEqual([true, true]);
  expect(acts.theme).toHaveBeenCalledOnce();
  expect(send('Escape')).toEqual([false, false]);
  expect(send('3')).toEqual([true, true]);
  expect(all.place).toHaveBeenCalledWith(2);
  expect(send('q')).toEqual([false, false]);
});

test('space presses a button that has the focus; arrows step all the same', () => {
  expect(press(' ', '<button></button>')).toBeNull();
  expect(press('ArrowRight', '<button></button>')).toBe('next');
});

test('a key that a control has used is not used twice', () => {
  document.body.innerHTML = '<div></div>';
  const div = document.querySelector('div')!;
  div.addEventListener('keydown', (event) => event.preventDefault());
  let action: unknown;
  document.addEventListener('keydown', (event) => (action = actionOf(event)), { once: true });
  div.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true, cancelable: true }));
  expect(action).toBeNull();
});

test('arrows move within a row of things and stop at its ends', () => {
  expect(roving('ArrowRight', 2, 3)).toBe(2);
  expect(roving('ArrowUp', 2, 3)).toBe(1);
  expect(roving('End', 0, 3)).toBe(2);
  expect(roving('x', 0, 3)).toBeNull();
});
