import { expect, test, vi } from 'vitest';
import { Desk, MEMORY_SIZES } from './desk.svelte';
import type { Session } from './session.svelte';
import { basisOf } from './share/basis';

function desk() {
  const session = { open: vi.fn(async () => true), problems: [] as unknown[], changes: { note: vi.fn() } };
  const shipped = [{ name: 'a', title: 'A', load: () => ({ name: 'a' }) }];
  return { it: new Desk(session as unknown as Session, shipped), session };
}
const file = (text: string, size = text.length) => ({ name: 'mine.json', size, text: vi.fn(async () => text) });

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

test('the text of a file goes to the engine as it is, which says whether it is JSON', async () => {
  const { it, session } = desk();
  Object.assign(session, { problems: [{ path: '', message: 'is not JSON' }] });
  session.open.mockResolvedValueOnce(false);
  await it.openFile(file('{'));
  expect(session.open).toHaveBeenCalledWith('{', {});
  expect(it.refusal).toEqual({ what: 'mine.json', problems: [{ path: '', message: 'is not JSON' }] });
  it.dismiss();
  expect(it.refusal).toBeNull();
});

test('a file above 16 MiB is refused unread, and a pasted text of that length', async () => {
  const { it, session } = desk();
  const large = file('{}', 16 * 2 ** 20 + 1);
  await it.openFile(large);
  expect(large.text).not.toHaveBeenCalled();
  const problems = [{ path: '', message: 'has 16.1 MiB; a scenario file has at most 16 MiB' }];
  expect(it.refusal).toEqual({ what: 'mine.json', problems });
  expect(await it.openText('pasted', ' '.repeat(17 * 2 ** 20))).toBe(false);
  expect(it.refusal?.problems[0]?.message).toBe('has 17.0 MiB; a scenario file has at most 16 MiB');
  expect(session.open).not.toHaveBeenCalled();
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

test('a run that comes out otherwise: whether it was the scenario that has changed, or the simulator', async () => {
  const { it, session } = desk();
  const found = '0'.repeat(16);
  const at = { step: 3, hash: 'f'.repeat(16) };
  const open = async (base: string | null, basis?: string) => {
    Object.assign(session, {
      of: 9,
      picture: { step: 3, hash: found },
      info: { base, carried: { at: { ...at, basis } } },
    });
    await it.openText('mine.json', '{}');
    return it.astray;
  };
  const basis = basisOf({ name: 'a' });
  const astray = { step: 3, meant: at.hash, found };
  expect(await open(null)).toEqual({ ...astray, why: 'simulator' });
  expect(await open('a', basis)).toEqual({ ...astray, why: 'simulator' });
  expect(it.basis).toBe(basis);
  expect(await open('a', basisOf({ name: 'A' }))).toEqual({ ...astray, why: 'scenario' });
  expect(await open('a')).toEqual({ ...astray, why: 'either' });
  Object.assign(session, { picture: { step: 3, hash: at.hash } });
  await it.override({});
  Object.assign(session, { info: { base: 'a', carried: { at } } });
  await it.openText('mine.json', '{}');
  expect(it.astray).toBeNull();
});

test('a fingerprint has 16 digits, and tells one text from another', () => {
  const texts = [{ a: 1 }, { a: 2 }, { b: 1 }, { a: 1, b: 1 }, ['a', 'b'], ['b', 'a']].map(basisOf);
  expect(new Set(texts).size).toBe(6);
  for (const text of texts) expect(text).toMatch(/^[0-9a-f]{16}$/);
});
