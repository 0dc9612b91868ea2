// What if: a line at the console flips a patch, the answer is told, the other run is kept; nothing is told while a question is open.
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { Client } from '../../worker/client';
import { serve } from '../../worker/server';
import { poolHere } from '../../state/explore/pool-testing';
import { Session } from '../../state/session.svelte';
import { press } from '../lined';
import { pageOf, type TestPage } from '../frame/page-testing';
import WhatIf from './WhatIf.svelte';

async function shown(name: string): Promise<TestPage> {
  const session = new Session(() => {
    const { port1, port2 } = new MessageChannel();
    serve(port2);
    return new Client(port1);
  });
  const it = pageOf(session, { pool: poolHere() });
  await it.desk.choose(name);
  return it;
}
const answer = () => screen.getByRole('region', { name: 'What would have come', hidden: true });
const button = (name: RegExp) => within(answer()).getByRole<HTMLButtonElement>('button', { name, hidden: true });
const at = (line: string) => document.querySelector<HTMLElement>(`[data-line="${line}"]`)!;

test('a flip by its line: the first difference, both ends; kept as a branch, and put back nothing is told', async () => {
  const it = await shown('read-modify-write');
  render(WhatIf, { open: true, page: it });
  expect(answer().textContent).toContain('Flip a patch');
  press(at('whatif -rmwReads'), '');
  await waitFor(() => expect(answer().textContent).toContain('The same until step 103. At step 104, with it: '));
  expect(answer().textContent).toContain(
    'After step 105 the choice vcpu0 cannot be made in it: vCPU 0 waits for the device model to answer.',
  );
  await fireEvent.click(button(/^Keep it as a branch/));
  expect(it.histories.tried.map(({ name, set }) => [name, set.includes('rmwReads')])).toEqual([
    ['without rmwReads', false],
  ]);
  expect(answer().textContent).toContain('without rmwReads is kept among the histories.');
  await fireEvent.click(button(/^To step 104/));
  await waitFor(() => expect(it.session.picture!.step).toBe(104));
  press(at('whatif +rmwReads'), '');
  await waitFor(() => expect(answer().textContent).toContain('Flip a patch'));
});

test('a patch that nothing asks for says that nothing differs, not that it is not needed', async () => {
  const it = await shown('proof-lock');
  render(WhatIf, { open: true, page: it });
  press(at('whatif -lockThroughEmulation'), '');
  await waitFor(() => expect(answer().textContent).toContain('Nothing differs in this run'));
  expect(answer().textContent).not.toContain('not needed');
  expect(within(answer()).queryByRole('button', { name: /^Show/, hidden: true })).toBeNull();
});

test('while a question is open there is only the reason why nothing is told', async () => {
  const it = await shown('read-modify-write');
  await it.session.seek(20);
  await it.session.ask();
  render(WhatIf, { open: true, page: it });
  expect(document.body.textContent).toContain('A question is open');
  expect(document.querySelector('input')).toBeNull();
});
