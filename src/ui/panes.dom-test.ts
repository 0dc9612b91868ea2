import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi, type Mock } from 'vitest';
import { noCosts } from '../engine/trace';
import { Prices } from '../state/prices.svelte';
import type { Session } from '../state/session.svelte';
import { OUTCOMES, type Outcome } from '../worker/protocol';
import CostsPane from './CostsPane.svelte';
import EntryPane from './EntryPane.svelte';
import InvariantsPane from './InvariantsPane.svelte';
import ServersPane from './ServersPane.svelte';
import Timeline from './Timeline.svelte';
import Transport from './Transport.svelte';
import WritesPane from './WritesPane.svelte';

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
    speed: 4,
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
  expect(screen.getByText('type').closest('li')?.textContent).toMatch(/type\s+0\s+15/);
  expect(screen.getByRole('button', { name: 'type 15' }).className).toContain('changed');
  expect(screen.getByRole('button', { name: 'r 1' }).className).not.toContain('changed');
});

test('a field that gets the focus says what it is for and who sets it', async () => {
  render(EntryPane, { session: session({ entry }) });
  await fireEvent.focus(screen.getByRole('button', { name: 'recalc 0' }));
  expect(text('.reading')).toBe(
    'The type below is to be worked out again when the guest next comes here. set by Xen, a global type change',
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
    "User. Every nested walk counts as a user's, so without it any access exits: the mark for recalculation. set by Xen, a global type change",
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

test('the servers come with their claim, how full they are, and the state of each slot', () => {
  const servers = [
    {
      id: 1,
      name: 'XenGT',
      enabled: true,
      isDefault: false,
      claim: 2,
      entries: 1093,
      cap: 256,
      memory: [1, 2],
      port: [],
      pci: [],
      ring: null,
    },
  ];
  const slots = [{ vcpu: 0, server: 1, state: 2, orphaned: false }];
  render(ServersPane, { session: session({ servers, slots }) });
  expect(text('ul')).toBe('1 XenGT claimed, WRITE; 1 093 entries memory 2 port 0 pci 0');
  expect(screen.getAllByRole('img').map((gauge) => gauge.getAttribute('aria-label'))).toEqual([
    '2 of 256 memory ranges used',
  ]);
  expect(screen.getByText('INPROCESS').tagName).toBe('STRONG');
});

const qemu = {
  id: 2,
  name: 'QEMU',
  enabled: true,
  isDefault: true,
  claim: 0,
  entries: 0,
  cap: 256,
  memory: [],
  port: [],
  pci: [],
  ring: { read: 509, write: 512, pending: 3, cap: 511, atomic: false },
};

test('the default server comes with its ring, and with a slot where a request is under way', () => {
  const slots = [0, 1].map((vcpu) => ({ vcpu, server: 2, state: vcpu, orphaned: false }));
  render(ServersPane, { session: session({ servers: [qemu], slots }) });
  expect(text('section')).toBe(
    'ioreq servers ranges of 256 2 QEMU default: takes what nobody else does ring 3 of 511 read 509, write 512 QEMU vCPU 1 NONEREADY, nowINPROCESSRESP_READY',
  );
  expect(screen.getAllByRole('img').map((gauge) => gauge.getAttribute('aria-label'))).toEqual([
    '3 of 511 slots of the buffered ring filled',
  ]);
});

test('of many slots those without a request are counted, not drawn', () => {
  const slots = (state: number) =>
    Array.from({ length: 8 }, (_, vcpu) => ({ vcpu, server: 1, state: vcpu === 3 ? state : 0, orphaned: false }));
  const { unmount } = render(ServersPane, { session: session({ slots: slots(1) }) });
  expect([screen.getAllByText(/^slot vCPU/).length, screen.getByText('7 more slots: NONE') !== null]).toEqual([
    1,
    true,
  ]);
  unmount();
  render(ServersPane, { session: session({ slots: slots(0) }) });
  expect(text('section')).toBe('ioreq servers No server. create_ioreq_server 8 slots: NONE');
});

test('a request whose server is gone says that nobody will answer it', () => {
  const slots = [{ vcpu: 1, server: 1, state: 1, orphaned: true }];
  render(ServersPane, { session: session({ servers: [qemu], slots }) });
  const row = screen.getByText(/server 1 is gone, nobody will answer/);
  expect(row.textContent?.replace(/\s+/g, ' ').trim()).toBe('slot vCPU 1 READY server 1 is gone, nobody will answer');
});

test('costs come as of this write and in total', () => {
  const costs = { write: { ...noCosts(), exits: 1 }, total: { ...noCosts(), exits: 1412 } };
  render(CostsPane, { session: session({ costs }) });
  expect(screen.getByRole('row', { name: /^exits/ }).textContent).toMatch(/exits\s*1\s*1\u202f412/);
});

test('model cost is the counts times the prices, row by row and in sum', () => {
  const prices = new Prices(() => ({ exits: 100, entries: 7 }));
  const costs = { write: { ...noCosts(), exits: 1 }, total: { ...noCosts(), exits: 1412, entries: 2 } };
  render(CostsPane, { session: session({ costs }, { prices }) });
  const cells = (row: RegExp) => [...screen.getByRole('row', { name: row }).querySelectorAll('td')];
  expect(cells(/^exits/).map((td) => td.textContent)).toEqual(['1', '1\u202f412', '141\u202f200']);
  expect(cells(/^p2m entries/).map((td) => td.textContent)).toEqual(['0', '2', '14']);
  expect(cells(/^model cost/).map((td) => td.textContent)).toEqual(['100', '', '141\u202f214']);
});

const writes = {
  length: 500,
  from: Uint32Array.from({ length: 500 }, (_, i) => 10 * i),
  to: Uint32Array.from({ length: 500 }, (_, i) => 10 * i + 8),
  gpa: new Float64Array(500).fill(0x1a4c31e8),
  size: new Uint8Array(500).fill(8),
  old: new Uint32Array(1000),
  new: new Uint32Array(1000).fill(0x2f81b003),
  outcome: new Uint8Array(500).fill(1),
  server: new Uint8Array(500).fill(1),
  level: new Uint8Array(500),
};

test('of 500 intercepted writes only those in sight are drawn, decoded, and lead to their step', async () => {
  const seek = vi.fn();
  render(WritesPane, { session: session({}, { info: { writes }, seek }) });
  const rows = screen.getAllByRole('option');
  expect(rows.length).toBeLessThan(30);
  expect(rows[1]!.textContent).toContain('PT 61');
  expect(rows[2]!.textContent).toContain('in flight');
  await fireEvent.click(rows[1]!);
  expect(seek).toHaveBeenLastCalledWith(10);
});

test('of the outcomes only a write that somebody should have seen is marked as wrong', () => {
  const codes: Outcome[] = ['buffered', 'bypassed', 'copied', 'lost', 'orphaned', 'stopped'];
  const outcome = Uint8Array.from(codes, (code) => OUTCOMES.indexOf(code));
  render(WritesPane, { session: session({}, { info: { writes: { ...writes, length: 6, outcome } }, step: 1000 }) });
  const cells = screen.getAllByRole('option').map((row) => row.lastElementChild!);
  expect(cells.map((cell) => [cell.textContent?.trim(), cell.classList.contains('wrong')])).toEqual([
    ['queued', false],
    ['bypassed', true],
    ['copied', false],
    ['lost', true],
    ['orphaned', false],
    ['stopped', false],
  ]);
});

test('in the list of writes arrows choose and Enter goes there', async () => {
  const seek = vi.fn();
  render(WritesPane, { session: session({}, { info: { writes }, seek }) });
  const list = screen.getByRole('listbox');
  await fireEvent.keyDown(list, { key: 'ArrowDown' });
  await fireEvent.keyDown(list, { key: 'ArrowDown' });
  await fireEvent.keyDown(list, { key: 'Enter' });
  expect(seek).toHaveBeenLastCalledWith(40);
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
