import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, expect, test } from 'vitest';
import { OUTCOMES, type Outcome } from '../../worker/protocol';
import { fakeSession, server, sized } from '../view-testing';
import WritesPane from '../WritesPane.svelte';

const N = 500;
/** A write each 10 steps, to entry 61 on, of two pages by turns; by two vCPUs. */
const writes = {
  length: N,
  from: Uint32Array.from({ length: N }, (_, i) => 10 * i),
  to: Uint32Array.from({ length: N }, (_, i) => 10 * i + 8),
  gpa: Float64Array.from({ length: N }, (_, i) => (i % 2 ? 0x5a_b000 : 0x1a4c_3000) + ((61 + i) % 512) * 8),
  size: new Uint8Array(N).fill(8),
  old: new Uint32Array(2 * N),
  new: Uint32Array.from({ length: 2 * N }, (_, i) => (i % 2 ? 0 : 0x2f81_b003 + (i / 2) * 0x1000)),
  outcome: Uint8Array.from({ length: N }, (_, i) => (i === 7 ? 4 : 1)),
  server: Uint8Array.from({ length: N }, (_, i) => (i === 7 ? 0 : 1)),
  level: Uint8Array.from({ length: N }, (_, i) => (i % 2 ? 1 : 0)),
};
const actors = Uint8Array.from({ length: 10 * N }, (_, i) => Math.floor(i / 20) % 2);
const LONG = 'a-device-model-with-a-name-of-sixty-four-characters-for-gvt-dom7';

let size: { restore(): void } | undefined;
afterEach(() => size?.restore());

function pane(more: object = {}, width = 1000, height = 800, picture: object = { servers: [server({})] }) {
  size = sized(width, height);
  const session = fakeSession(picture, { writes, past: { actors } }, { of: 10 * N, ...more });
  render(WritesPane, { session });
  const grid = () => screen.getByRole('grid', { name: 'Intercepted writes' });
  const rows = () => within(grid()).getAllByRole('row').slice(1);
  const cells = (row: HTMLElement) =>
    within(row)
      .getAllByRole('gridcell')
      .map((cell) => cell.textContent?.trim());
  const chip = (name: RegExp) => screen.getByRole('button', { name });
  const find = (value: string) =>
    fireEvent.input(screen.getByRole('searchbox', { name: 'Find writes' }), { target: { value } });
  const all = () => Number(grid().getAttribute('aria-rowcount')) - 1;
  return { session, grid, rows, cells, chip, find, all };
}

test('of 500 intercepted writes only those in sight exist, decoded; each knows its place, and leads to its step', async () => {
  const { session, rows, cells, all } = pane();
  expect([all(), rows().length < 60]).toEqual([500, true]);
  const [first, second] = rows() as [HTMLElement, HTMLElement];
  expect([first.getAttribute('aria-rowindex'), second.getAttribute('aria-rowindex')]).toEqual(['2', '3']);
  expect(cells(second)).toEqual([
    '10',
    '0',
    '0x5ab1f0',
    'PD 62',
    '0x0',
    '',
    '0x2f81c003',
    'table in frame 0x2f81c',
    'XenGT',
    'forwarded',
  ]);
  await fireEvent.click(second);
  expect(session.asked.seek).toHaveBeenLastCalledWith(10);
});

test('a write under way is in flight until it has ended; what is to come is told as the journal has it', () => {
  const { rows, cells } = pane();
  expect(
    rows()
      .slice(1, 4)
      .map((row) => cells(row).at(-1)),
  ).toEqual(['forwarded', 'in flight', 'forwarded']);
  expect(
    rows()
      .slice(1, 4)
      .map((row) => row.className.includes('now')),
  ).toEqual([false, true, false]);
  expect(
    rows()
      .slice(1, 4)
      .map((row) => row.className.includes('future')),
  ).toEqual([false, false, true]);
});

test('of the outcomes only a write that somebody should have seen is marked as wrong', () => {
  const codes: Outcome[] = ['buffered', 'bypassed', 'copied', 'lost', 'orphaned', 'stopped'];
  const outcome = Uint8Array.from(codes, (code) => OUTCOMES.indexOf(code));
  const info = {
    writes: { ...writes, length: 6, outcome, from: writes.from.slice(0, 6) },
    past: { actors },
    lanes: [],
  };
  const { rows } = pane({ step: 1000, info });
  const marks = rows().map((row) => within(row).getAllByRole('gridcell').at(-1)!.querySelector('span')!);
  expect(marks.map((mark) => [mark.textContent?.trim(), mark.classList.contains('wrong')])).toEqual([
    ['queued', false],
    ['bypassed', true],
    ['copied', false],
    ['lost', true],
    ['orphaned', false],
    ['stopped', false],
  ]);
});

test('in the list arrows choose and Enter goes there; Escape lets go', async () => {
  const { session, grid } = pane();
  expect(grid().getAttribute('aria-activedescendant')).toBe('writes-2');
  await fireEvent.keyDown(grid(), { key: 'ArrowDown' });
  await fireEvent.keyDown(grid(), { key: 'ArrowDown' });
  expect(grid().getAttribute('aria-activedescendant')).toBe('writes-4');
  await fireEvent.keyDown(grid(), { key: 'Enter' });
  expect(session.asked.seek).toHaveBeenLastCalledWith(40);
  await fireEvent.keyDown(grid(), { key: 'Escape' });
  expect(grid().getAttribute('aria-activedescendant')).toBe('writes-2');
});

test('keys of the page are not taken: arrows with Shift, left and right', async () => {
  const { grid } = pane();
  const left = async (init: object) => fireEvent.keyDown(grid(), { cancelable: true, ...init });
  expect([await left({ key: 'ArrowRight', shiftKey: true }), await left({ key: 'ArrowRight' })]).toEqual([true, true]);
  expect(await left({ key: 'ArrowDown' })).toBe(false);
});

test('outcomes are filtered by chips that are the legend too, each with its count', async () => {
  const { chip, all, cells, rows } = pane();
  expect(
    [chip(/^forwarded/).textContent, chip(/^lost/).textContent].map((t) => t?.replace(/\s+/g, ' ').trim()),
  ).toEqual(['forwarded 499', 'lost 1']);
  await fireEvent.click(chip(/^lost/));
  expect([all(), cells(rows()[0]!)[0], chip(/^lost/).getAttribute('aria-pressed')]).toEqual([1, '70', 'true']);
  expect(screen.getAllByRole('status')[0]!.textContent).toBe('1 of 500 writes');
  await fireEvent.click(chip(/^lost/));
  expect(all()).toBe(500);
});

test('filters of two kinds narrow each other, and tell what the others leave', async () => {
  const { chip, all } = pane();
  await fireEvent.click(chip(/^PD /));
  await fireEvent.click(chip(/^vCPU 1/));
  expect(all()).toBe(125);
  expect(chip(/^PT /).textContent?.replace(/\s+/g, ' ').trim()).toBe('PT 124');
  await fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
  expect([all(), chip(/^PD /).getAttribute('aria-pressed')]).toEqual([500, 'false']);
});

test('the search takes an address, a frame, a value or a name', async () => {
  const { find, all, cells, rows } = pane();
  const found = async (what: string) => (await find(what), [all(), cells(rows()[0]!)[0]]);
  expect(await found('0x5ab1f0')).toEqual([1, '10']);
  expect(await found('5ab')).toEqual([250, '10']);
  expect(await found('0x2f81c003')).toEqual([1, '10']);
  expect(await found('nobody')).toEqual([1, '70']);
  expect(await found('')).toEqual([500, '0']);
});

test('what cannot be found says why: it reads as nothing, or nothing has it', async () => {
  const { find, all } = pane();
  await find('zzz');
  expect([all(), screen.getByRole('alert').textContent]).toEqual([0, 'No address, value or name: zzz.']);
  const field = screen.getByRole('searchbox', { name: 'Find writes' });
  expect(field.getAttribute('aria-invalid')).toBe('true');
  await find('0xdead');
  expect([all(), screen.queryByRole('alert'), screen.getByText('No write matches.') !== null]).toEqual([0, null, true]);
  expect(field.getAttribute('aria-invalid')).toBe('false');
});

test('all chips are one stop of the Tab key, and arrows go along them', async () => {
  const { chip } = pane();
  const chips = within(screen.getByRole('toolbar', { name: 'Filters' })).getAllByRole('button');
  expect(chips.map((each) => each.tabIndex)).toEqual([0, ...chips.slice(1).map(() => -1)]);
  chips[0]!.focus();
  await fireEvent.keyDown(chips[0]!, { key: 'ArrowRight' });
  expect(document.activeElement).toBe(chip(/^lost/));
  await fireEvent.keyDown(chips[1]!, { key: 'End' });
  expect(document.activeElement).toBe(chips.at(-1));
});

test('a name of 64 characters keeps its end, and is whole on hover', () => {
  const { rows, chip } = pane({}, 1000, 800, { servers: [server({ name: LONG })] });
  const owner = within(rows()[0]!).getAllByRole('gridcell').at(-2)!;
  expect([owner.textContent?.trim(), owner.title]).toEqual(['a-device-…gvt-dom7', LONG]);
  expect(chip(/gvt-dom7/).title).toBe(`${LONG} (console: writes only server 1)`);
});

test('rows of the frame that is selected are marked, and one that is pointed at points at its frame', async () => {
  const { session, rows } = pane({ view: { gfn: 0x5ab } });
  expect(
    rows()
      .slice(0, 4)
      .map((row) => row.querySelector('[data-sign="selected"]') !== null),
  ).toEqual([false, true, false, true]);
  await fireEvent.pointerEnter(rows()[0]!, { pointerType: 'mouse' });
  expect(session.pointed).toBe(0x1a4c3);
  await fireEvent.pointerLeave(screen.getByRole('grid'));
  expect(session.pointed).toBe(null);
});

const plot = () => screen.getByRole('application', { name: 'Writes by step and address' });
const marks = (outcome: string): number =>
  [...document.querySelectorAll(`[data-outcome="${outcome}"]`)].reduce(
    (sum, path) => sum + (path.getAttribute('d')?.match(/M/g)?.length ?? 0),
    0,
  );

test('a filter narrows the marks as it does the rows', async () => {
  const { chip } = pane();
  expect([marks('lost'), marks('forwarded') > 50]).toEqual([1, true]);
  await fireEvent.click(chip(/^lost/));
  expect([marks('lost'), marks('forwarded')]).toEqual([1, 0]);
});

test('the keys go from mark to mark, choose the row, and Enter goes to its step', async () => {
  const { session, grid } = pane();
  plot().focus();
  await fireEvent.keyDown(plot(), { key: 'ArrowRight' });
  expect(grid().getAttribute('aria-activedescendant')).toBe('writes-2');
  await fireEvent.keyDown(plot(), { key: 'ArrowRight' });
  expect(screen.getAllByRole('status').at(-1)!.textContent).toBe('step 30, 0x5ab200: forwarded, XenGT');
  await fireEvent.keyDown(plot(), { key: 'ArrowDown' });
  expect(grid().getAttribute('aria-activedescendant')).toBe('writes-1');
  await fireEvent.keyDown(plot(), { key: 'Enter' });
  expect(session.asked.seek).toHaveBeenLastCalledWith(10);
});

test('where it is low and narrow there are the rows alone; with nothing intercepted a line says so', () => {
  pane({}, 300, 160);
  expect([screen.queryByRole('application'), screen.getAllByRole('columnheader').map((th) => th.textContent)]).toEqual([
    null,
    ['step', 'address', 'outcome'],
  ]);
});

test('a run without such writes says so', () => {
  size = sized(1000, 800);
  render(WritesPane, { session: fakeSession({}) });
  expect(screen.getByText('No write was intercepted in this run.')).not.toBe(null);
});
