import { expect, test, vi } from 'vitest';
import { Desk, MEMORY_SIZES } from './desk.svelte';
import type { Session } from './session.svelte';

function desk() {
  const session = { open: vi.fn(async () => true), problems: [] as unknown[], changes: { note: vi.fn() } };
  const shipped = [{ name: 'a', title: 'A', load: () => ({ name: 'a' }) }];
  return { it: new Desk(session as unknown as Session, shipped), session };
}
const file = (text: string) => ({ name: 'mine.json', text: async () => text });

test('guest memory can be chosen from 16 MiB to 64 GiB', () => {
  expect([MEMORY_SIZES.length, MEMORY_SIZES[0], MEMORY_SIZES.at(-1)]).toEqual([13, 2 ** 24, 2 ** 36]);
});

test('version and memory are changes to the scenario that is open, and add up', async () => {
  const { it, session } = desk();
  await it.choose('a');
  await it.override({ version: 'v7' });
  await it.override({ memory: 2 ** 30 });
  expect(session.open).toHaveBeenLastCalledWith({ name: 'a' }, { version: 'v7', memory: 2 ** 30 });
});

test('a file that is not JSON is refused without asking the engine', async () => {
  const { it, session } = desk();
  await it.openFile(file('{'));
  expect(session.open).not.toHaveBeenCalled();
  expect(it.refusal?.what).toBe('mine.json');
  it.dismiss();
  expect(it.refusal).toBeNull();
});

test('a refused file leaves what was chosen before, and its problems are told', async () => {
  const { it, session } = desk();
  await it.choose('a');
  Object.assign(session, { problems: [{ path: 'x', message: 'y' }] });
  session.open.mockResolvedValueOnce(false);
  await it.openFile(file('{}'));
  expect(it.chosen?.name).toBe('a');
  expect(it.refusal).toEqual({ what: 'mine.json', problems: [{ path: 'x', message: 'y' }] });
});
