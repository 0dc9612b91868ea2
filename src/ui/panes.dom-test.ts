import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi, type Mock } from 'vitest';
import { Prices } from '../state/prices.svelte';
import type { Session } from '../state/session.svelte';
import EntryPane from './EntryPane.svelte';
import InvariantsPane from './InvariantsPane.svelte';
import Timeline from './Timeline.svelte';
import Transport from './Transport.svelte';

/** What is written in the first place of this kind. */
const text = (selector: string) => document.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim();

/** As much of a session as a pane reads. */
function session(picture: object, more: object = {}) {
  return {
    picture: { servers: [], ...picture },
    info: { typeNames: [], claims: true, kinds: new Uint8Array(40) },
    status: 'ready',
    can: () => true,
    step: 20,
    of: 40,
    pace: { speed: 4 },
    seek: vi.fn(),
    toggle: vi.fn(),
    prev: vi.fn(),
    next: vi.fn(),
    first: vi.fn(),
    last: vi.fn(),
    nextTrapped: vi.fn(),
    prevTrapped: vi.fn(),
    pause: vi.fn(),
    hasTrapped: (direction: number) => direction > 0,
    prices: new Prices(() => undefined),
    ...more,
  } as unknown as Session & Record<'first' | 'nextTrapped' | 'prevTrapped', Mock>;
}

const entry = {
  gfn: 0x1a4c3,
  path: [
    { level: 1, index: 5, table: 9, low: 7, high: 0, lowBefore: 7, highBefore: 0 },
    {
      level: 0,
      index: 195,
      table: 10,
      low: 0x4b7c3175,
      high: 0x9cf0_0000,
      lowBefore: 0x4b7c3377,
      highBefore: 0x9c00_0000,
    },
  ],
  stored: 15,
  effective: 15,
  order: 0,
  mfn: 0x4b7c3,
  reading: 'claimed',
  setBy: { step: 12, actor: 'xengt', function: 'set_mem_type' },
};

test('the entry pane reads the lowest entry and shows which fields this step changed', () => {
  render(EntryPane, { session: session({ entry }) });
  expect(text('.reading p')).toBe('w is 0: a write exits, because XenGT claimed the type.');
  expect(screen.getAllByRole('listitem')[0]?.textContent).toMatch(/type\s+0\s+15/);
  expect(screen.getByRole('button', { name: 'type 15' }).className).toContain('changed');
  expect(screen.getByRole('button', { name: 'r 1' }).className).not.toContain('changed');
});

test('a field that gets the focus says what it is for and who sets it', async () => {
  render(EntryPane, { session: session({ entry }) });
  await fireEvent.focus(screen.getByRole('button', { name: 'recalc 0' }));
  expect(text('.reading')).toBe(
    'The type below is to be worked out again when the guest next comes here. Bit 10, set by Xen, a global type change. The processor ignores it.',
  );
});

test('another level of the path can be picked', async () => {
  render(EntryPane, { session: session({ entry }) });
  await fireEvent.click(screen.getByRole('button', { name: 'level 1, 2 MiB' }));
  expect(screen.getAllByRole('button', { name: 'mfn 0x0' })).toHaveLength(2);
  expect(screen.getByRole('button', { name: 'level 1, 2 MiB' }).getAttribute('aria-pressed')).toBe('true');
});

test('an entry of AMD’s tables has the names and the words of its own fields', async () => {
  const leaf = { level: 0, index: 195, table: 10, low: 0x4b7c3065, high: 0x80f0_0000 };
  const path = [{ ...leaf, lowBefore: 0x4b7c3067, highBefore: 0 }];
  const info = { typeNames: [], claims: true, paging: 'npt' };
  render(EntryPane, { session: session({ entry: { ...entry, path } }, { info }) });
  expect(text('section[aria-label="NPT entry of frame"] .reading p')).toBe(
    'rw is 0: a write exits, because XenGT claimed the type.',
  );
  expect(screen.getAllByRole('listitem').map((li) => li.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
    'nx 0 1',
    'type 0 15',
    'rw 1 0',
  ]);
  expect(screen.getByRole('button', { name: 'type 15' }).className).toContain('type');
  await fireEvent.focus(screen.getByRole('button', { name: 'us 1' }));
  expect(text('.reading')).toBe(
    "User. Every nested walk counts as a user's, so without it any access exits: the mark for recalculation. Bit 2, set by Xen, a global type change. The processor reads it.",
  );
});

test('each invariant has its name, one without words its id, and says its state', () => {
  const audit = [
    { rule: 'write.lost', state: 'holds' },
    { rule: 'shadow.equals', state: 'broken' },
    { rule: 'owner.one', state: 'none' },
    { rule: 'vcpu.waits', state: 'open' },
    { rule: 'not.yet', state: 'holds' },
  ];
  render(InvariantsPane, { session: session({ audit }) });
  expect(screen.getAllByRole('listitem').map((li) => li.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
    'no trapped write lost holds',
    'shadow = translation when idle broken',
    'at most one owner no such thing here',
    'no vCPU blocked for ever not asked while in flight',
    'not.yet holds',
  ]);
  expect(text('.head .unit')).toBe('1 broken, 2 hold, 1 not asked');
});

test('the timeline is a slider that says the step and moves by pages', async () => {
  const seek = vi.fn();
  render(Timeline, { session: session({}, { seek }) });
  const slider = screen.getByRole('slider', { name: 'Timeline' });
  expect(slider.getAttribute('aria-valuetext')).toBe('Step 20 of 40');
  await fireEvent.keyDown(slider, { key: 'PageUp' });
  expect(seek).toHaveBeenLastCalledWith(30);
});

test('every button of the transport has a name, and one that leads nowhere does nothing', async () => {
  const it = session({});
  render(Transport, { session: it });
  await fireEvent.click(screen.getByRole('button', { name: 'Next trapped write' }));
  await fireEvent.click(screen.getByRole('button', { name: 'Previous trapped write' }));
  await fireEvent.click(screen.getByRole('button', { name: 'To the start' }));
  expect([it.nextTrapped, it.prevTrapped, it.first].map((act) => act.mock.calls.length)).toEqual([1, 0, 1]);
});
