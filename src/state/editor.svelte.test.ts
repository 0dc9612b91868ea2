/** The text that is edited: what it begins with, what keeps it, when it is checked and what becomes of it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseText } from '../scenarios/schema';
import { Desk } from './desk.svelte';
import { Draft, MOST_EDITED } from './editor.svelte';
import type { Session } from './session.svelte';

const SHIPPED = {
  format: 2,
  title: 'A',
  version: 'v7',
  guest: { memory: '4 GiB' },
  patches: { on: ['x'] },
  vcpus: [[]],
};

function made() {
  const check = vi.fn(async (_text: string): Promise<readonly { path: string; message: string }[]> => []);
  const where = vi.fn(async (): Promise<number | null> => 12);
  const session = {
    open: vi.fn(async () => true),
    seek: vi.fn(async () => true),
    problems: [] as unknown[],
    changes: { note: vi.fn() },
    worker: { check, where },
  };
  const shipped = ['a', 'b'].map((name) => ({ name, title: name, load: () => ({ ...SHIPPED, title: name }) }));
  const desk = new Desk(session as unknown as Session, shipped);
  return { desk, session, check, where, draft: new Draft(desk) };
}
const settle = () => vi.advanceTimersByTimeAsync(400);

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});
afterEach(() => vi.useRealTimers());

test('it begins with the text of what is open, with what was chosen on the page written into it', async () => {
  const { desk, draft } = made();
  await desk.choose('a');
  await desk.override({ version: 'claim' });
  await desk.override({ memory: 3 * 2 ** 29 });
  draft.begin();
  expect(JSON.parse(draft.text)).toEqual({
    format: 2,
    title: 'a',
    version: 'claim',
    guest: { memory: '1536 MiB' },
    vcpus: [[]],
  });
  expect([draft.name, draft.shipped, draft.changed]).toEqual(['a.json', 'a', false]);
});

test('the text of a file is left to the letter', async () => {
  const { desk, draft } = made();
  await desk.openText('mine.json', '{"format":2}');
  draft.begin();
  expect([draft.text, draft.name, draft.shipped]).toEqual(['{"format":2}', 'mine.json', null]);
});

test('it is checked once the typing rests, and an answer to an older text is not told', async () => {
  const { draft, check } = made();
  let late: (problems: []) => void = () => {};
  check.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
  draft.edit('{ "a"');
  await settle();
  expect([check.mock.calls, draft.checked]).toEqual([[['{ "a"']], 'now']);
  check.mockResolvedValueOnce([{ path: 'a', message: 'is no field' }]);
  draft.edit('{ "a": 1 }');
  draft.edit('{ "a": 12 }');
  await settle();
  late([]);
  await settle();
  expect(check.mock.calls.slice(1)).toEqual([['{ "a": 12 }']]);
  expect([draft.checked, draft.problems.length]).toEqual(['bad', 1]);
});

test('what is unfinished outlives another scenario and a reload, until it is discarded', async () => {
  const { desk, draft } = made();
  await desk.choose('a');
  draft.begin();
  draft.edit('{ "half": ');
  await settle();
  await desk.choose('b');
  draft.begin();
  expect([draft.text, draft.name, draft.changed]).toEqual(['{ "half": ', 'a.json', true]);
  const again = new Draft(desk);
  again.begin();
  expect([again.text, again.name, again.shipped, again.changed]).toEqual(['{ "half": ', 'a.json', 'a', true]);
  again.discard();
  await settle();
  expect([again.name, again.changed, sessionStorage.length]).toEqual(['b.json', false, 0]);
});

test('what is kept in the tab is data: anything else in its place is as good as nothing', () => {
  for (const kept of [
    '{',
    '7',
    '{"name":1,"text":"x"}',
    JSON.stringify({ name: 'a', text: 'x'.repeat(MOST_EDITED + 1) }),
  ]) {
    sessionStorage.setItem('p2mscope.draft', kept);
    expect(made().draft.text).toBe('');
  }
});

test('applied it is what is open; refused the text stays, its problems are told here and not on the page', async () => {
  const { desk, draft, session } = made();
  await desk.choose('a');
  draft.begin();
  draft.edit('{ "format": 3 }');
  Object.assign(session, { problems: [{ path: 'format', message: 'is newer' }] });
  session.open.mockResolvedValueOnce(false);
  expect(await draft.apply()).toBe(false);
  expect([draft.problems, draft.text, draft.changed, desk.refusal]).toEqual([
    [{ path: 'format', message: 'is newer' }],
    '{ "format": 3 }',
    true,
    null,
  ]);
  expect(await draft.apply()).toBe(true);
  expect([draft.changed, desk.chosen?.file, desk.chosen?.scenario]).toEqual([false, 'a.json', '{ "format": 3 }']);
  draft.begin();
  expect(JSON.parse((await draft.original())!)).toEqual({ ...SHIPPED, title: 'a' });
});

test('run from here opens only what is not open, and goes to the step; a place that no step comes to is said', async () => {
  const { desk, draft, session, where } = made();
  await desk.choose('a');
  draft.begin();
  session.open.mockClear();
  expect(await draft.runFrom({ vcpu: 0, op: 3 })).toBe('there');
  expect([session.open.mock.calls.length, where.mock.calls, session.seek.mock.calls]).toEqual([
    0,
    [[{ vcpu: 0, op: 3 }]],
    [[12]],
  ]);
  draft.edit('{}');
  where.mockResolvedValueOnce(null);
  expect(await draft.runFrom({ toolstack: 0 })).toBe('never');
  expect(session.open).toHaveBeenLastCalledWith('{}', {});
  draft.edit('{');
  session.open.mockResolvedValueOnce(false);
  expect(await draft.runFrom({ toolstack: 0 })).toBe('refused');
});

test('a text above a million letters is neither checked here nor kept in the tab', async () => {
  const { draft, check } = made();
  draft.edit(' '.repeat(MOST_EDITED + 1));
  await settle();
  expect([draft.long, draft.checked, check.mock.calls.length, sessionStorage.length]).toEqual([true, 'no', 0, 0]);
});

test('a new one is a scenario of its own, begun when it is put in', () => {
  const { draft } = made();
  const text = draft.blank();
  expect([draft.text, draft.name]).toEqual(['', 'new.json']);
  expect(parseText(text)).toMatchObject({ ok: true, scenario: { title: 'A scenario of my own' } });
});
