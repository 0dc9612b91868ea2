import { expect, test } from 'vitest';
import { actionOf, roving } from './keys';

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
  ['4', { pane: 3 }],
  ['q', null],
  ['b', null],
  ['PageDown', null],
  ['Escape', null],
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
])('before an audience %j means %j', (key, action) => {
  expect(press(key, undefined, {}, true)).toEqual(action);
});

test('shift with an arrow goes to the trapped writes', () => {
  expect(press('ArrowRight', undefined, { shiftKey: true })).toBe('nextTrapped');
  expect(press('ArrowLeft', undefined, { shiftKey: true })).toBe('prevTrapped');
});

test('a key with control, or in a field or a dialog, belongs to the browser', () => {
  expect(press('t', undefined, { ctrlKey: true })).toBeNull();
  expect(press('t', '<select></select>')).toBeNull();
  expect(press(' ', '<dialog><p data-focus></p></dialog>')).toBeNull();
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
