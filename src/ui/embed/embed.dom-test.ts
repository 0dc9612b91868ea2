/** What a page that holds this one in a frame may ask, what is refused, and who may ask at all. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Desk } from '../../state/desk.svelte';
import { session } from '../../state/session-testing';
import { answer } from './messages';
import { friend } from './origin';

async function embedded() {
  const { it, server } = session();
  const desk = new Desk(it, [{ name: 'mine', title: 'Mine', load: async () => ({ title: 'Mine' }) }]);
  await it.open('x');
  return { it, server, ask: (data: unknown) => answer(data, it, desk) };
}

test('a step is asked for, and the answer says where the run stands, under the number of who asked', async () => {
  const { ask } = await embedded();
  expect(await ask({ p2mscope: 1, id: 7, type: 'seek', step: 5 })).toMatchObject({
    type: 'done',
    id: 7,
    state: { title: 't', step: 5, of: 10, playing: false },
  });
  expect(await ask({ p2mscope: 1, type: 'step', by: -2 })).toMatchObject({ id: null, state: { step: 3 } });
  expect(await ask({ p2mscope: 1, type: 'step' })).toMatchObject({ state: { step: 4 } });
});

test('a scenario is loaded as text or object, and opened by the name that it is shipped under', async () => {
  const { ask, server } = await embedded();
  await ask({ p2mscope: 1, type: 'load', scenario: { format: 2 } });
  await ask({ p2mscope: 1, type: 'load', scenario: '{"format":2}' });
  expect(server.open.mock.calls.slice(1).map(([scenario]: unknown[]) => scenario)).toEqual([
    '{"format":2}',
    '{"format":2}',
  ]);
  expect(await ask({ p2mscope: 1, type: 'open', name: 'mine' })).toMatchObject({ type: 'done' });
  expect(await ask({ p2mscope: 1, type: 'open', name: 'none' })).toMatchObject({
    type: 'refused',
    problems: [{ path: 'name', message: 'no scenario that comes with the page is called none' }],
  });
});

test('what is no message of this page is not answered, and what is a wrong one is refused with its field', async () => {
  const { ask, it } = await embedded();
  for (const data of [null, 5, 'x', [], {}, { p2mscope: 2, type: 'seek', step: 1 }]) expect(await ask(data)).toBeNull();
  expect(await ask({ p2mscope: 1, type: 'eval', code: '1' })).toMatchObject({
    type: 'refused',
    problems: [{ path: 'type', message: 'is no message of this page: see the documentation of ?embed' }],
  });
  expect(await ask({ p2mscope: 1, type: 'seek', step: '1' })).toMatchObject({ problems: [{ path: 'step' }] });
  expect(it.step).toBe(2);
});

test('whatever comes in is answered, refused or passed over', async () => {
  const { ask } = await embedded();
  const type = fc.constantFrom('load', 'open', 'seek', 'step', 'play', 'pause', 'state', '__proto__', '');
  const message = fc.record(
    {
      p2mscope: fc.constantFrom(1, 2, '1'),
      id: fc.anything(),
      type,
      step: fc.anything(),
      scenario: fc.anything(),
      by: fc.anything(),
    },
    { requiredKeys: ['p2mscope'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(message, fc.anything()), async (data) => {
      const told = await ask(data);
      expect(told === null || ['done', 'refused'].includes(told.type)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  vi.clearAllTimers();
});

test('one origin may speak: the one that the address names, else the page that holds this one, else its own', () => {
  const own = 'https://sim.example';
  expect(friend('?embed', own, 'https://course.example/week/3')).toBe('https://course.example');
  expect(friend('?embed&origin=https://other.example/x', own, 'https://course.example/')).toBe('https://other.example');
  expect(friend('?embed', own, '')).toBe(own);
  for (const bad of ['*', 'null', 'javascript:alert(1)', 'file:///x', ''])
    expect(friend(`?embed&origin=${encodeURIComponent(bad)}`, own, 'https://course.example/')).toBeNull();
});
