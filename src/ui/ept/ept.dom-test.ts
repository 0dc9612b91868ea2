import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ENTRY_BITS } from '../../layout/ept';
import type { Session } from '../../state/session.svelte';
import { EPT_ENTRY, type EptPicture } from '../../worker/protocol';
import EptPane from '../EptPane.svelte';
import { missing } from './frames.svelte';
import { levelOf } from './level.svelte';

const { leaf: LEAF, table: TABLE, marked: MARKED, below: BELOW } = ENTRY_BITS;
const GIB = 512 ** 2;

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
});
afterEach(() => vi.restoreAllMocks());

const one = new Uint8Array(1024);
one.set([TABLE | BELOW, TABLE, LEAF | MARKED]);
const EPT: EptPicture = {
  levels: [
    { tables: 2, present: 1024, marked: 512 },
    { tables: 1, present: 3, marked: 1 },
    { tables: 1, present: 2, marked: 1 },
    { tables: 1, present: 1, marked: 0 },
  ],
  entries: [new Uint8Array(0), one, Uint8Array.of(TABLE | BELOW, LEAF | MARKED), Uint8Array.of(TABLE | BELOW)],
  made: [],
  freed: [],
  access: { gfn: 700, level: 1, faulted: true },
  outstanding: 3,
};
const none = new Uint8Array(0);
const FRAMES = { first: 0, types: none, effective: none, orders: none, pending: none, touched: none };

/** As much of a session as the pane reads. */
function session(ept: Partial<EptPicture> = {}, more: object = {}, view: object = {}) {
  const picture = {
    step: 20,
    of: 40,
    hash: 'h',
    ept: { ...EPT, ...ept },
    frames: FRAMES,
    focus: null,
    servers: [{ claim: 0 }],
    charts: null,
    ...more,
  };
  return {
    picture,
    info: {
      paging: 'ept',
      typeNames: ['p2m_ram_rw'],
      claims: true,
      numbered: 0,
      patches: ['asyncReset'],
      guest: { bytes: 2 * 2 ** 30, frames: 2 * GIB, vcpus: 1 },
      samples: { at: Uint32Array.of(0, 10, 30), outstanding: Uint32Array.of(0, 3, 0), costs: new Float64Array(0) },
    },
    view: { gfn: null, window: null, charts: false, range: null, ...view },
    pointed: null as number | null,
    playing: false,
    presenting: false,
    speed: 4,
    look: vi.fn(() => Promise.resolve(true)),
    select: vi.fn(() => Promise.resolve(true)),
    seek: vi.fn(() => Promise.resolve(true)),
  };
}
const show = (it: unknown) => render(EptPane, { session: it as Session });
const rows = (name: string) =>
  [...document.querySelectorAll(`[data-twin="${name}"] tbody tr`)].map((row) =>
    [...row.children].map((cell) => cell.textContent?.trim().replaceAll('\u202f', ' ')),
  );
const focused = () => document.querySelector('[data-twin="focused-entry"]')?.textContent;

test('the bits of an entry are those of the worker’s protocol', () => {
  expect(ENTRY_BITS).toEqual(EPT_ENTRY);
});

test('the twin has the counts of each level, settled being what is present and not marked', async () => {
  show(session());
  await tick();
  expect(rows('ept-counts')).toEqual([
    ['level 3', '1', '0', '1'],
    ['level 2', '1', '1', '1'],
    ['level 1', '1', '1', '2'],
    ['level 0', '2', '512', '512'],
  ]);
});

test('the twin has the way of the access down to where it faulted', async () => {
  show(session());
  await tick();
  expect(rows('ept-path')).toEqual([
    ['level 3', '0x0', '0', 'points to a table', 'settled', ''],
    ['level 2', '0x0', '0', 'points to a table', 'settled', ''],
    ['level 1', '0x200', '1', 'points to a table', 'settled', 'faulted here'],
  ]);
  expect(document.querySelector('[data-sign="access"]')).not.toBeNull();
});

test('the twin has a row for each run in view, from the root down', async () => {
  show(session());
  await tick();
  const runs = rows('ept');
  expect(runs.slice(0, 3)).toEqual([
    ['level 3', '0x0', '134 217 728', '1', 'points to a table', '0', '1'],
    ['level 2', '0x0', '262 144', '1', 'points to a table', '0', '1'],
    ['level 2', '0x40000', '262 144', '1', 'maps memory', '1', '0'],
  ]);
  expect(runs.filter(([level]) => level === 'level 1').length).toBeGreaterThan(0);
});

test('arrow keys walk entries and levels, and Enter selects the first frame and shows its level', async () => {
  const it = session();
  show(it);
  const map = screen.getByRole('application', { name: 'Entries of the EPT' });
  await fireEvent.focus(map);
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowRight']) await fireEvent.keyDown(map, { key });
  expect(focused()).toBe('level 2, entry 1, 0x40000, 1 GiB, maps memory, marked');
  expect(it.pointed).toBe(0x40000);
  await fireEvent.keyDown(map, { key: 'Enter' });
  expect(it.select).toHaveBeenLastCalledWith(0x40000);
  expect(levelOf(it as unknown as Session).level).toBe(2);
  await fireEvent.keyDown(map, { key: 'Escape' });
  expect(it.select).toHaveBeenLastCalledWith(null);
  expect(levelOf(it as unknown as Session).level).toBeNull();
});

test('down from an entry goes to what the step is about; where there is no table the entry above stays', async () => {
  const it = session({}, { focus: { gfn: 1030, index: null } });
  show(it);
  const map = screen.getByRole('application');
  await fireEvent.focus(map);
  for (const key of ['ArrowUp', 'ArrowDown']) await fireEvent.keyDown(map, { key });
  expect(focused()).toBe('level 1, entry 2, 0x400, 2 MiB, maps memory, marked');
});

test('arrows with Shift are left to the transport', async () => {
  show(session());
  const map = screen.getByRole('application');
  const event = new KeyboardEvent('keydown', { key: 'ArrowRight', shiftKey: true, bubbles: true, cancelable: true });
  map.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(false);
});

test('a click selects the entry under the pointer', async () => {
  const it = session();
  show(it);
  const map = screen.getByRole('application');
  map.getBoundingClientRect = () => ({ left: 0, top: 0, width: parseFloat(map.style.width) }) as DOMRect;
  const level2 = parseFloat(map.style.height) * 0.42;
  await fireEvent.click(map, { clientX: parseFloat(map.style.width) * 0.75, clientY: level2 });
  expect(it.select).toHaveBeenLastCalledWith(GIB);
});

test('AMD’s tables go by their own name', () => {
  const it = session();
  show({ ...it, info: { ...it.info, paging: 'npt' } });
  expect(screen.getByRole('region').getAttribute('aria-label')).toBe('NPT page table');
  expect(screen.getByRole('application').getAttribute('aria-label')).toBe('Entries of the NPT page table');
});

test('how many entries are left is said with the step, and where it changed a row leads there', async () => {
  show(session());
  await tick();
  expect(screen.getAllByRole('img').map((at) => at.getAttribute('aria-label'))).toEqual([
    '3 entries of a server’s type at step 20',
  ]);
  expect(rows('ept-left')).toEqual([
    ['0', '0'],
    ['10', '3'],
    ['30', '0'],
  ]);
});

test('while entries of a released type are left what could be done is asked for, and what is refused is listed', async () => {
  const offers = [
    { act: { command: { op: 'log_dirty', on: true } }, line: 'log_dirty on', arrows: [], errno: 'EBUSY' },
    { act: { command: { op: 'create_ioreq_server' } }, line: 'create_ioreq_server', arrows: [], errno: null },
    { act: { command: { op: 'mem_paging' } }, line: 'mem_paging', arrows: [], errno: 'EBUSY' },
  ];
  const it = session({}, { charts: { instances: [], taken: [], offers } });
  show(it);
  await tick();
  expect(it.look).toHaveBeenCalledWith({ charts: true });
  const list = screen.getByRole('list', { name: 'Meanwhile, until it reaches 0' });
  expect([...list.children].map((li) => li.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
    'log_dirty on EBUSY A page of this type cannot be counted dirty as well. hap_enable_log_dirty',
  ]);
});

test('while the type is claimed nothing is asked for', async () => {
  const it = session({}, { servers: [{ claim: 2 }] });
  show(it);
  await tick();
  expect(it.look).not.toHaveBeenCalled();
  expect(screen.queryByRole('list')).toBeNull();
});

test('tables that a step made and freed are outlined and counted', async () => {
  show(session({ access: null, made: [{ level: 0, first: 0 }], freed: [{ level: 1, first: GIB }] }));
  await tick();
  expect(document.querySelector('[data-twin="ept-step"]')?.textContent).toBe('1 table made; 1 table freed');
  expect(document.querySelectorAll('rect.made, rect.freed')).toHaveLength(2);
});

test('without a scenario one line says how to get tables', () => {
  show({ ...session(), picture: null, info: null });
  expect(screen.getByRole('region').querySelector('p')?.textContent.trim()).toBe(
    'No tables yet. Open a scenario to see them.',
  );
});

test('frames are asked for only in tables that exist, are wide enough, and are not at hand', () => {
  const tables = {
    frames: 2 * GIB,
    entries: EPT.entries,
    seen: (first: number) => (first === 0 ? { ...FRAMES } : null),
  };
  expect(missing(tables, { from: 0, to: 2 * GIB, width: 800 })).toBeNull();
  expect(missing(tables, { from: 0, to: 512, width: 800 })).toBeNull();
  expect(missing(tables, { from: 100, to: 2000, width: 800 })).toEqual({ first: 512, frames: 512 });
});
