import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Session } from '../../state/session.svelte';
import type { LanesPicture, Picture, SessionInfo, View } from '../../worker/protocol';
import LanesPane from '../LanesPane.svelte';
import { laneView } from './lane-view.svelte';
import { event, infoOf, WRITE } from './testing';

/** The pane is so large; happy-dom lays nothing out. */
let size = { width: 900, height: 320 };
beforeEach(() => {
  size = { width: 900, height: 320 };
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockImplementation(() => size.width);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockImplementation(() => size.height);
});
afterEach(() => void vi.restoreAllMocks());

/** A session of a run of which step s is an event of Xen, but for the write in its first five steps. */
async function opened(steps: number, more: Partial<SessionInfo> = {}, at = 4) {
  const asked: View[] = [];
  const events = [...WRITE.events];
  for (let step = 6; step <= steps; step++)
    events.push(event(step, 'xen', 'vcpu.resume', { vcpu: 0, gfn: step }, step - 1));
  const lanesOf = (view: View): LanesPicture => {
    const { from, to } = view.stretch ?? { from: 1, to: 5 };
    const inside = events.filter(({ step }) => step >= from && step <= to);
    return { ...(view.stretch ? { locks: [], waits: [], ends: [] } : WRITE), from, to, events: inside };
  };
  const server = {
    open: vi.fn(async () => ({ ...infoOf(steps, more), start: at, undoable: 0, costs: {} })),
    seek: vi.fn(async (step: number, view: View): Promise<Picture> => {
      asked.push(view);
      const chain = view.event ? events.filter((one) => one.step <= view.event!.step && one.step <= 5) : [];
      const map = { cells: 4, changed: new Uint32Array(0), counts: new Uint16Array(0) };
      return { step, map, chain, lanes: lanesOf(view), servers: [] } as unknown as Picture;
    }),
    close: vi.fn(),
  };
  const session = new Session(() => server as never);
  await session.open({});
  render(LanesPane, { session });
  await settled();
  return { session, asked };
}
/** Until the worker has answered, and what it answered is drawn. */
async function settled(): Promise<void> {
  for (let i = 0; i < 6; i++) await tick();
}
const key = async (name: string, more: object = {}): Promise<void> => {
  await fireEvent.keyDown(document.activeElement!, { key: name, ...more });
  await settled();
};
const dot = (name: RegExp): HTMLElement =>
  [...document.querySelectorAll<HTMLElement>('[data-event]')].find((one) =>
    name.test(one.getAttribute('aria-label')!),
  )!;
const shown = (): string => document.querySelector('[data-window]')!.getAttribute('data-window')!;
const focusOn = async (element: HTMLElement): Promise<void> => {
  element.focus();
  await settled();
};

test('the step is followed: its write, the event of now, a wait that is partly still to come', async () => {
  await opened(40);
  expect(shown()).toBe('follows');
  expect(document.querySelector('.unit')?.textContent).toBe('steps 1 to 5');
  expect(dot(/INPROCESS/).getAttribute('aria-current')).toBe('step');
  const waits = [...document.querySelectorAll('line.wait')].map((line) => line.classList.contains('future'));
  expect(waits).toEqual([false, true]);
  const rows = within(screen.getByRole('table', { name: 'Events of steps 1 to 5' })).getAllByRole('row');
  expect(rows.map((row) => row.getAttribute('aria-current'))).toEqual([null, null, null, null, 'true', null]);
});

test('Enter on an event lists what led to it, a sentence a link, back to the instruction; Escape lets go', async () => {
  const { session } = await opened(40);
  await focusOn(dot(/INPROCESS/));
  await key('Enter');
  const list = document.querySelector<HTMLElement>('[data-twin="chain"]')!;
  expect(
    within(list)
      .getAllByRole('button', { name: /^step/ })
      .map((one) => one.textContent?.replace(/\s+/g, ' ').trim()),
  ).toEqual([
    'step 1 vCPU 0 writes 8 bytes at 0x1a4c31e8: an EPT violation, it leaves the guest.',
    'step 2 Xen looks frame 0x1a4c3 up: type ioreq_server, so the access must be emulated.',
    "step 3 Xen fills the slot of vCPU 0 in server 1's page: READY. The vCPU waits.",
    'step 4 XenGT takes the request of vCPU 0: INPROCESS.',
  ]);
  expect(within(list).getByText('3 causes, back to step 1')).toBeTruthy();
  expect(document.querySelectorAll('[data-sign="link"]')).toHaveLength(3);
  expect(dot(/INPROCESS/).getAttribute('aria-pressed')).toBe('true');
  expect(dot(/guest entry 61/).classList.contains('quiet')).toBe(true);
  await key('Escape');
  expect(session.view.event).toBeNull();
  expect(document.querySelector('[data-twin="chain"]')).toBeNull();
  expect(document.activeElement).toBe(dot(/INPROCESS/));
});

test('a link of the chain leads to its step; arrow keys walk the list', async () => {
  const { session } = await opened(40);
  await focusOn(dot(/INPROCESS/));
  await key('Enter');
  await focusOn(screen.getByRole('button', { name: /^step 4 XenGT/ }));
  await key('ArrowUp');
  expect(document.activeElement).toBe(screen.getByRole('button', { name: /^step 3 Xen/ }));
  await fireEvent.click(document.activeElement!);
  await settled();
  expect(session.picture?.step).toBe(3);
  expect(document.activeElement?.getAttribute('aria-current')).toBe('step');
  expect(session.view.event).toEqual({ step: 4, index: 0 });
});

test('a second press on the chosen event selects its frame', async () => {
  const { session } = await opened(40);
  await fireEvent.click(dot(/guest entry 61/));
  await settled();
  expect([session.view.event?.step, session.view.gfn]).toEqual([5, null]);
  await fireEvent.click(dot(/guest entry 61/));
  await settled();
  expect(session.view.gfn).toBe(0x1a4c3);
});

test('an event that has the focus points at its frame in every view; events of the selected frame have corners', async () => {
  const { session } = await opened(40);
  await focusOn(dot(/guest entry 61/));
  expect(session.pointed).toBe(0x1a4c3);
  expect(document.querySelectorAll('[data-sign="pointed"]')).toHaveLength(5);
  document.activeElement!.dispatchEvent(new FocusEvent('blur'));
  await settled();
  expect(session.pointed).toBeNull();
  await session.select(0x1a4c3);
  await settled();
  expect(document.querySelectorAll('[data-sign="selected"]')).toHaveLength(5);
});

test('arrow keys move from event to event, and Shift leaves them to the transport', async () => {
  await opened(40);
  await focusOn(dot(/slot READY/));
  await key('ArrowRight');
  expect(document.activeElement).toBe(dot(/INPROCESS/));
  await key('ArrowUp');
  expect(document.activeElement).toBe(dot(/slot READY/));
  await key('ArrowLeft', { shiftKey: true });
  expect(document.activeElement).toBe(dot(/slot READY/));
  expect(document.querySelectorAll('[data-event][tabindex="0"]')).toHaveLength(1);
});

test('minus shows more steps, of which the worker is asked the events; 0 follows again', async () => {
  const { session, asked } = await opened(4000);
  await focusOn(dot(/INPROCESS/));
  await key('-');
  await key('-');
  expect(shown()).toBe('1-20');
  expect(session.view.stretch).toEqual({ from: 1, to: 400 });
  expect(asked.at(-1)?.stretch).toEqual({ from: 1, to: 400 });
  expect(document.querySelectorAll('[data-event]')).toHaveLength(20);
  expect(document.activeElement).toBe(dot(/INPROCESS/));
  await key('0');
  expect([shown(), session.view.stretch]).toEqual(['follows', null]);
  expect(document.activeElement).toBe(dot(/INPROCESS/));
});

test('a long window has no single events: its keys pan, and the focus comes back with the events', async () => {
  await opened(100_000);
  await focusOn(dot(/INPROCESS/));
  for (let i = 0; i < 9; i++) await key('-');
  expect(shown()).toBe('1-2560');
  const plane = screen.getByRole('application', { name: 'How much each actor did' });
  expect(document.activeElement).toBe(plane);
  expect(document.querySelector('.unit')?.textContent).toMatch(
    /^steps 1 to 2\u202f560 of 100\u202f000, one column is 8 steps/,
  );
  await key('ArrowRight');
  expect(shown()).toBe('321-2880');
  for (let i = 0; i < 6; i++) await key('+');
  expect(document.activeElement?.getAttribute('data-event')).toBe('vcpu.resume');
});

test('at the last event of a window the arrow key pans on', async () => {
  const { session } = await opened(4000);
  laneView(session).show({ from: 100, to: 120 });
  await settled();
  await focusOn(dot(/^step 120,/));
  await key('ArrowRight');
  expect(shown()).toBe('106-125');
  expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^step 121,/);
});

test('the window goes along with the step, and shows what lies outside as the step at its edge', async () => {
  const { session } = await opened(4000);
  laneView(session).show({ from: 0, to: 20 });
  await settled();
  await fireEvent.click(dot(/INPROCESS/));
  await session.seek(20);
  await session.seek(21);
  await settled();
  expect(shown()).toBe('17-36');
  expect(document.querySelector('[data-sign="stub"]')?.textContent?.trim()).toBe('step 4 and 3 more');
  await fireEvent.click(document.querySelector('[data-sign="stub"]')!);
  await settled();
  expect([session.picture?.step, shown()]).toEqual([4, '1-20']);
});

test('a press on the ground goes to the step there', async () => {
  const { session } = await opened(4000);
  laneView(session).show({ from: 0, to: 4000 });
  await settled();
  const plane = document.querySelector<HTMLElement>('.plane')!;
  plane.getBoundingClientRect = () => new DOMRect(0, 0, 900, 280);
  // The plane's steps lie between 92 and 886 pixels.
  await fireEvent.click(plane, { clientX: 92 + (886 - 92) / 4, clientY: 280 });
  await settled();
  expect(session.picture?.step).toBe(1000);
});

test('the handles of the overview are moved by keys, and are one tab stop', async () => {
  await opened(4000);
  const handle = (name: string) => screen.getByRole('slider', { name });
  await focusOn(handle('Window'));
  await key('PageDown');
  expect(shown()).toBe('5-10');
  expect(handle('Window').getAttribute('aria-valuetext')).toBe('steps 5 to 10 of 4\u202f000');
  await key('ArrowDown');
  expect(document.activeElement).toBe(handle('Last step shown'));
  for (let i = 0; i < 3; i++) await key('ArrowRight');
  expect(handle('Last step shown').getAttribute('aria-valuenow')).toBe('13');
  expect(document.querySelectorAll('[role="slider"][tabindex="0"]')).toHaveLength(1);
  await key('Home');
  expect(shown()).toBe('follows');
});

test('in a small pane there is no overview, and the causes lie over the lanes', async () => {
  size = { width: 300, height: 136 };
  await opened(40);
  expect(screen.queryByRole('slider')).toBeNull();
  await fireEvent.click(dot(/INPROCESS/));
  await settled();
  expect(document.querySelector('[data-twin="chain"]')?.classList.contains('over')).toBe(true);
});

test('another scenario is followed from its start', async () => {
  const { session } = await opened(4000);
  laneView(session).show({ from: 100, to: 120 });
  await settled();
  await session.open({});
  await settled();
  expect(shown()).toBe('follows');
});
