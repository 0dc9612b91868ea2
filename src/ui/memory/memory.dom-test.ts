/** The view of guest memory over a real worker: its keys, what it may show, a range and what can be done with it, its list. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Session } from '../../state/session.svelte';
import { Client } from '../../worker/client';
import { serve } from '../../worker/server';
import MemoryPane from '../MemoryPane.svelte';

const closing: (() => void)[] = [];
/** Of a machine that has much else to do. */
const SLOW = { timeout: 20_000 };
const sizes = { clientWidth: 744, clientHeight: 600 };
beforeEach(() => {
  localStorage.clear();
  for (const [name, value] of Object.entries(sizes))
    vi.spyOn(HTMLElement.prototype, name as 'clientWidth', 'get').mockReturnValue(value);
});
afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(HTMLElement.prototype, 'animate');
  closing.splice(0).forEach((close) => close());
});

const FILE = {
  format: 1,
  title: 'One buffer',
  version: 'claim-async',
  guest: { memory: '4 GiB', mapping: '2 MiB' },
  toolstack: [{ op: 'wait', vcpu: 0, done: 1 }, { op: 'detach' }],
  vcpus: [[{ op: 'ppgtt_create' }, { op: 'read', gpa: '0x20_0000' }, { op: 'read', gpa: '0x20_0000' }]],
};

async function shown(step = 0) {
  const session = new Session(() => {
    const { port1, port2 } = new MessageChannel();
    closing.push(
      () => port1.close(),
      () => port2.close(),
    );
    serve(port2);
    return new Client(port1);
  });
  expect(await session.open(FILE)).toBe(true);
  await session.seek(step);
  const { unmount } = render(MemoryPane, { session });
  closing.push(unmount);
  const map = screen.getByRole('application', { name: 'Map of guest memory' });
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      await fireEvent.keyDown(map, { key });
      await idle(session);
    }
  };
  return { session, map, press };
}

/** Until all that was asked of the worker is there, and drawn. */
async function idle(session: Session): Promise<void> {
  await vi.waitFor(() => expect(session.mode).toBe('ready.idle desk'), SLOW);
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  flushSync();
}
const status = () => document.querySelector('[data-twin="focused-cell"]')!.textContent.trim();
const twin = () =>
  [...document.querySelectorAll('[data-twin="memory"] tbody tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent.trim()),
  );
const sign = (name: string) => document.querySelectorAll(`[data-sign="${name}"]`).length;

test('arrows walk the map in order of address, and say where they are', async () => {
  const { press } = await shown();
  await press('ArrowRight', 'ArrowRight');
  const [first, second] = [status(), (await press('ArrowRight'), status())];
  expect(first).toMatch(/^0x[0-9a-f]+, 512 frames of ram_rw/);
  expect(parseInt(second, 16) - parseInt(first, 16)).toBe(512);
  await press('ArrowDown');
  expect((parseInt(status(), 16) - parseInt(second, 16)) % 512).toBe(0);
  expect(parseInt(status(), 16)).toBeGreaterThan(parseInt(second, 16) + 512);
});

test('plus comes nearer, Home shows the whole guest again', async () => {
  const { press } = await shown();
  const out = screen.getByRole('button', { name: 'Zoom out' });
  expect(out.getAttribute('aria-disabled')).toBe('true');
  await press('ArrowRight', '+', '+');
  await vi.waitFor(() => expect(out.getAttribute('aria-disabled')).toBe('false'), SLOW);
  await press('Home');
  await vi.waitFor(() => expect(out.getAttribute('aria-disabled')).toBe('true'), SLOW);
});

test('brackets make the two ends of a range, Escape lets it go', async () => {
  const { session, press } = await shown();
  await press('ArrowRight', 'ArrowRight', 'ArrowRight', '[');
  const { first, last } = session.view.range!;
  expect(last - first).toBe(511);
  await press('ArrowRight', 'ArrowRight', ']');
  expect(session.view.range).toEqual({ first, last: last + 1024 });
  expect(sign('range')).toBe(1);
  // The end comes before the start: it is all there is.
  await press('ArrowLeft', 'ArrowLeft', 'ArrowLeft', ']');
  expect(session.view.range).toEqual({ first: first - 512, last: first - 1 });
  await press('Escape');
  expect([session.view.range, sign('range')]).toEqual([null, 0]);
});

test('with Range pressed Enter at both ends selects what is between', async () => {
  const { session, press } = await shown();
  await press('ArrowRight');
  await fireEvent.click(screen.getByRole('button', { name: 'Range' }));
  await press('Enter');
  expect([session.view.range, status()]).toEqual([null, expect.stringMatching(/^Range starts at 0x/)]);
  await press('ArrowRight', 'ArrowRight', 'Enter');
  const { first, last } = session.view.range!;
  expect(last - first).toBe(3 * 512 - 1);
});

test('a range that is typed is selected, and what can be done with it is offered, refusals with their errno', async () => {
  const { session } = await shown(20);
  const box = screen.getByRole('textbox', { name: 'Go to a gfn or address' });
  await fireEvent.input(box, { target: { value: '0x1000-0x11ff' } });
  await fireEvent.submit(box.closest('form')!);
  await idle(session);
  expect(session.view.range).toEqual({ first: 0x1000, last: 0x11ff });
  const panel = screen.getByRole('region', { name: 'Selected range' });
  expect(within(panel).getByRole('heading').textContent).toBe('0x1000 to 0x11ff');
  expect(panel.textContent).toContain('512 frames, 2 MiB');
  const buttons = within(panel).getAllByRole('button').slice(1);
  expect(buttons.length).toBe(session.picture!.operations.length);
  expect(buttons.length).toBeGreaterThan(0);
  const refused = session.picture!.operations.filter(({ errno }) => errno !== null);
  expect(panel.querySelectorAll('.refused')).toHaveLength(refused.length);
  const perform = vi.spyOn(session, 'perform').mockResolvedValue(true);
  await fireEvent.click(buttons[0]!);
  expect(perform).toHaveBeenCalledTimes(1);
  await fireEvent.click(within(panel).getByRole('button', { name: 'Let go' }));
  await idle(session);
  expect(screen.queryByRole('region', { name: 'Selected range' })).toBe(null);
});

test('what is no place is refused where it was typed', async () => {
  const { session } = await shown();
  const box = screen.getByRole('textbox', { name: 'Go to a gfn or address' });
  for (const value of ['zebra', '0x1000-zebra', '0x1-0xffffffffffff']) {
    await fireEvent.input(box, { target: { value } });
    await fireEvent.submit(box.closest('form')!);
    expect([box.getAttribute('aria-invalid'), screen.getByRole('alert').textContent]).toEqual([
      'true',
      'No such frame in this guest',
    ]);
  }
  expect(session.view.range).toBe(null);
});

test('what the colours show is chosen, has its legend, and is remembered', async () => {
  const { session } = await shown(20);
  const ground = screen.getByRole<HTMLSelectElement>('combobox', { name: 'What the colours show' });
  const choose = async (value: string) => {
    await fireEvent.change(ground, { target: { value } });
    await idle(session);
  };
  expect([...ground.options].map(({ text }) => text)).toEqual([
    'stored type',
    'effective type',
    'write heat',
    'this step',
  ]);
  expect(screen.getByRole('table', { name: 'Frames by stored p2m type' })).toBeTruthy();
  await choose('effective');
  expect(session.view.counts).toBe('effective');
  expect(screen.getByRole('table', { name: 'Frames by effective p2m type' })).toBeTruthy();
  await choose('heat');
  expect([session.view.counts, screen.queryByRole('table', { name: /^Frames by/ })]).toEqual(['stored', null]);
  expect(screen.getByRole('list', { name: /^intercepted writes so far, in 2 MiB/ }).textContent).toMatch(/^\s*0\s*1/);
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /^pending/ }).disabled).toBe(true);
  expect(localStorage.getItem('p2mscope.memory.ground')).toBe('heat');
  await choose('changed');
  expect(document.querySelector('[data-legend="changes"]')!.textContent).toMatch(/^This step wrote/);
});

test('the list tells runs of the part that is seen, of each what maps it and what it waits for', async () => {
  await shown();
  expect(twin()[0]!.slice(0, 2)).toEqual(['0x0', '0x1ff']);
  const big = twin().find(([, , stored]) => stored === 'ram_rw')!;
  expect(big.slice(2)).toEqual(['ram_rw', 'ram_rw', '2 MiB', 'none', '0']);
  for (const [i, [first]] of twin().entries())
    if (i > 0) expect(parseInt(first!, 16)).toBe(parseInt(twin()[i - 1]![1]!, 16) + 1);
});

test('when the claim is released all waits at the top, and the legend says so', async () => {
  const { session } = await shown();
  let at = 0;
  while (at < session.of && session.picture!.ept.levels[3]!.marked === 0) await session.seek(++at);
  await idle(session);
  expect(session.picture!.ept.levels[3]!.marked).toBe(1);
  expect(
    twin()
      .filter(([, , stored]) => stored !== 'no entry')
      .map((row) => row[5]),
  ).toEqual(twin().flatMap(([, , stored]) => (stored === 'no entry' ? [] : ['top'])));
  const plain = twin().find(([, , stored]) => stored === 'ram_rw')!;
  expect(plain[3]).toBe('not asked');
  expect(document.querySelector('[data-legend="pending"]')!.textContent).toMatch(/top/);
});

test('what another view points at is shown, and what is pointed at here is told', async () => {
  const { session, press } = await shown();
  session.pointed = 0x4000;
  flushSync();
  expect(sign('pointed')).toBe(1);
  await press('ArrowRight');
  expect(session.pointed).not.toBe(0x4000);
});

/** The step at which the first table page is made type 15, and its block of 2 MiB split. */
async function splits(session: Session): Promise<number> {
  let at = 0;
  while (at < session.of && session.picture!.ept.made.length === 0) await session.seek(++at);
  expect(session.picture!.ept.made).toMatchObject([{ level: 0 }]);
  return at;
}

test('a block that a step splits is seen to shatter, once, and beside it lies what it was', async () => {
  const animate = vi.fn<(frames: unknown, timing: { duration: number }) => void>();
  Object.assign(HTMLElement.prototype, { animate });
  const { session } = await shown();
  const at = await splits(session);
  await session.seek(at - 1);
  await idle(session);
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1e6);
  animate.mockClear();
  await session.seek(at);
  await idle(session);
  expect(animate.mock.calls.map(([, { duration }]) => duration)).toEqual([240]);
  expect(document.querySelector('.heading')!.textContent).toMatch(
    /^Block 0x[0-9a-f]+, 2 MiB\s+one entry before this step, now 512/,
  );
  expect(screen.getByRole('img', { name: 'before' })).toBeTruthy();
  // Held down, or scrubbing.
  await session.seek(at - 1);
  clock.mockReturnValue(1e6 + 50);
  await session.seek(at);
  await idle(session);
  await session.seek(at + 1);
  await idle(session);
  expect(animate).toHaveBeenCalledTimes(1);
  expect(screen.queryByRole('img', { name: 'before' })).toBe(null);
});

test('nothing moves for who wants stillness', async () => {
  const animate = vi.fn<(frames: unknown, timing: { duration: number }) => void>();
  Object.assign(HTMLElement.prototype, { animate });
  vi.spyOn(window, 'matchMedia').mockImplementation(
    (query) =>
      ({ matches: query.includes('reduced-motion'), addEventListener() {}, removeEventListener() {} }) as never,
  );
  const { session } = await shown();
  const at = await splits(session);
  await session.seek(at - 1);
  await idle(session);
  vi.spyOn(performance, 'now').mockReturnValue(1e6);
  await session.seek(at);
  await idle(session);
  expect(animate).not.toHaveBeenCalled();
});
