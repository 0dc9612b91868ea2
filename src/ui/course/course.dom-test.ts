/** The list of lessons and the strip of notes: what they show, what a choice does, what is remembered. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { COURSE, PLAIN_SCENARIOS } from '../../scenarios/course';
import type { Page } from '../frame/commands';
import { fakeSession } from '../view-testing';
import Course from './Course.svelte';
import Note from './Note.svelte';

beforeEach(() => localStorage.clear());

function list(name: string | null) {
  const choose = vi.fn(async () => {});
  const begin = vi.fn();
  const desk = { chosen: { name }, choose };
  const page = { desk, questions: { begin }, session: { status: 'ready' } } as unknown as Page;
  const { unmount } = render(Course, { open: true, page });
  return { choose, begin, unmount, dialog: screen.getByRole('dialog', { name: 'Lessons' }) };
}
const titles = (dialog: HTMLElement): string[] =>
  within(within(dialog).getByRole('list', { name: 'Lessons in their order' }))
    .queryAllByRole('button')
    .map((button) => button.querySelector('strong')!.textContent);

test('lists every lesson with what it needs, the others below, and says which is open', () => {
  const { dialog, unmount } = list('sweep');
  expect(titles(dialog)).toEqual(COURSE.map(({ title }) => title));
  const open = dialog.querySelectorAll('[aria-current]');
  expect([...open].map((button) => button.querySelector('strong')?.textContent)).toEqual(['The sweep that sweeps']);
  expect(open[0]!.textContent).toContain('After The sweep that swept nothing');
  const others = within(dialog).getByRole('list', { name: 'Other scenarios' });
  expect(within(others).getAllByRole('button')).toHaveLength(PLAIN_SCENARIOS.length);
  unmount();
});

test('filters by time and level together, and says when nothing is left', async () => {
  const { dialog, unmount } = list(null);
  const pick = (name: string, value: string) =>
    fireEvent.change(within(dialog).getByRole('combobox', { name }), { target: { value } });
  await pick('Level', 'constructing');
  const constructing = COURSE.filter(({ level }) => level === 'constructing').map(({ title }) => title);
  expect(titles(dialog)).toEqual(constructing);
  expect(within(dialog).getByRole('status').textContent).toBe(`${constructing.length} of ${COURSE.length} lessons`);
  await pick('Time', '5');
  expect(titles(dialog)).toEqual([]);
  expect(dialog.textContent).toContain('No lesson takes that long at that level.');
  unmount();
});

test('a choice closes the list and opens the lesson, and its questions begin', async () => {
  const { dialog, choose, begin, unmount } = list(null);
  await fireEvent.click(within(dialog).getByRole('button', { name: /^10 Released between/ }));
  expect([choose.mock.calls, (dialog as HTMLDialogElement).open]).toEqual([[['released-meanwhile']], false]);
  await vi.waitFor(() => expect(begin).toHaveBeenCalledOnce());
  unmount();
});

test('the note is the last at or before the step shown; folded away, it stays so', async () => {
  const notes = [
    { step: 3, text: 'First.' },
    { step: 7, text: 'Second.' },
  ];
  const at = (step: number) => fakeSession({ step }, { title: 'A title', lesson: { number: 4 }, notes });
  const said = (step: number): string => {
    const { unmount } = render(Note, { session: at(step) });
    const text = screen.getByRole('region', { name: 'Lesson' }).querySelector('p')?.textContent ?? '-';
    unmount();
    return text;
  };
  expect([2, 3, 6, 7, 40].map(said)).toEqual(['', 'First.', 'First.', 'Second.', 'Second.']);
  const { unmount } = render(Note, { session: at(3) });
  expect(screen.getByRole('heading').textContent).toBe('Lesson 4: A title');
  await fireEvent.click(screen.getByRole('button', { name: 'Fold the notes away' }));
  flushSync();
  expect(screen.getByRole('button', { name: 'Show the notes' }).getAttribute('aria-expanded')).toBe('false');
  unmount();
  expect(said(3)).toBe('-');
});
