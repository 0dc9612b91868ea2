import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_COSTS, DEFAULT_TABLE } from '../engine/cost-table';
import { COSTS, noCosts } from '../engine/trace';
import { Prices } from '../state/prices.svelte';
import type { Change } from '../state/undo.svelte';
import CostsPane from './CostsPane.svelte';
import Full from './costs/Full.svelte';
import PriceTable from './costs/PriceTable.svelte';
import { fakeSession, sized } from './view-testing';

let size: { restore(): void } | undefined;
beforeEach(() => localStorage.clear());
afterEach(() => size?.restore());

const costs = { write: { ...noCosts(), exits: 1 }, total: { ...noCosts(), exits: 1412, entries: 2 } };

test('costs come as of this write and in total', () => {
  render(CostsPane, { session: fakeSession({ costs }) });
  expect(screen.getByRole('row', { name: /^exits/ }).textContent).toMatch(/exits\s*1\s*1\u202f412/);
});

test('model cost is the counts times the prices, row by row and in sum', () => {
  const prices = new Prices(() => ({ exits: 100, entries: 7 }));
  render(CostsPane, { session: fakeSession({ costs }, {}, { prices }) });
  const cells = (row: RegExp) => [...screen.getByRole('row', { name: row }).querySelectorAll('td')];
  expect(cells(/^exits/).map((td) => td.textContent)).toEqual(['1', '1\u202f412', '141\u202f200']);
  expect(cells(/^p2m entries/).map((td) => td.textContent)).toEqual(['0', '2', '14']);
  expect(cells(/^model cost/).map((td) => td.textContent?.trim())).toEqual(['100', 'prices', '141\u202f214']);
});

test('in the short form the prices open where they are', async () => {
  render(CostsPane, { session: fakeSession({ costs }) });
  const button = screen.getByRole('button', { name: 'prices' });
  expect(button.getAttribute('aria-expanded')).toBe('false');
  await fireEvent.click(button);
  expect(button.getAttribute('aria-expanded')).toBe('true');
  expect(await screen.findAllByRole('textbox')).toHaveLength(DEFAULT_COSTS.length);
});

function table(scenario = {}, mine?: Prices) {
  const prices = mine ?? new Prices(() => scenario);
  render(PriceTable, { prices, scenario, costs, width: 460 });
  const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name });
  const row = (name: string) => field(name).closest('tr')!;
  const type = async (name: string, value: string) => fireEvent.input(field(name), { target: { value } });
  const dot = (name: string) => row(name).querySelector('i.edited') !== null;
  return { prices, field, row, type, dot };
}

test('every price has a field, and a source or the word assumption', async () => {
  const { field } = table();
  expect(screen.getAllByRole('textbox')).toHaveLength(DEFAULT_COSTS.length);
  expect(field('cycles for exits').value).toBe(String(DEFAULT_TABLE.exits));
  await fireEvent.click(screen.getByRole('button', { name: 'sources' }));
  const sourced = DEFAULT_COSTS.filter(({ source }) => source !== null).length;
  expect(screen.getAllByRole('link')).toHaveLength(sourced);
  expect(screen.getAllByText('assumption')).toHaveLength(DEFAULT_COSTS.length - sourced);
});

test('a price that is typed counts at once, has a dot, and the row says what it was', async () => {
  const { prices, row, type, dot } = table({ flushes: 70 });
  const was = (name: string) => row(name).querySelector('input + p')?.textContent;
  expect(dot('cycles for exits')).toBe(false);
  await type('cycles for exits', '1500.5');
  await type('cycles for TLB flushes', '0');
  expect([prices.table.exits, prices.table.flushes]).toEqual([1500.5, 0]);
  expect(was('cycles for exits')).toBe('default 2\u202f000');
  expect(was('cycles for TLB flushes')).toBe('scenario 70');
  expect([dot('cycles for exits'), dot('cycles for hypercalls')]).toEqual([true, false]);
  expect(within(row('cycles for exits')).getAllByRole('cell')[2]!.textContent).toBe('2\u202f118\u202f706');
});

test.each(['-1', 'many', '', '1e12'])('"%s" is refused beside its field, and the price stays', async (value) => {
  const { prices, field, row, type } = table();
  await type('cycles for exits', value);
  expect(prices.table).toEqual(DEFAULT_TABLE);
  expect(field('cycles for exits').getAttribute('aria-invalid')).toBe('true');
  expect(within(row('cycles for exits')).getByRole('alert').textContent).toContain('a number from 0 to');
  await type('cycles for exits', '7');
  expect(screen.queryByRole('alert')).toBeNull();
});

test('all of the typing in a field is one change to be taken back', async () => {
  const changes: Change[] = [];
  const prices = new Prices(() => ({}), { note: (change) => changes.push(change) });
  const { field, type } = table({}, prices);
  for (const value of ['1', '15', '150']) await type('cycles for exits', value);
  await fireEvent.change(field('cycles for exits'));
  expect([changes.length, prices.mine]).toEqual([1, { exits: 150 }]);
  await changes[0]!.undo();
  expect(prices.mine).toEqual({});
});

test('one price can be put back, and what was refused with it', async () => {
  const { prices, field, type } = table();
  await type('cycles for exits', '7');
  await type('cycles for hypercalls', 'x');
  await fireEvent.click(screen.getByRole('button', { name: 'Reset the price of hypercalls' }));
  expect([field('cycles for hypercalls').value, screen.queryByRole('alert')]).toEqual(['1000', null]);
  await fireEvent.click(screen.getByRole('button', { name: 'Reset the price of exits' }));
  expect([prices.table, prices.mine]).toEqual([DEFAULT_TABLE, {}]);
});

test('a reset puts every price back, the refused ones too', async () => {
  const { prices, field, type } = table();
  const all = screen.getByRole<HTMLButtonElement>('button', { name: 'Reset all' });
  expect(all.disabled).toBe(true);
  await type('cycles for exits', '7');
  await type('cycles for hypercalls', 'x');
  await fireEvent.click(all);
  expect(prices.table).toEqual(DEFAULT_TABLE);
  expect(field('cycles for hypercalls').value).toBe(String(DEFAULT_TABLE.hypercalls));
  expect(screen.queryByRole('alert')).toBeNull();
});

/** Three samples of two actors: an exit each of vCPU 0, and later two hypercalls of Xen. */
function chart(more: object = {}) {
  size = sized(1200, 700);
  const n = COSTS.length;
  const spent = new Float64Array(3 * 2 * n);
  spent[n * 2 + COSTS.indexOf('exits')] = 1;
  spent[n * 4 + COSTS.indexOf('exits')] = 2;
  spent[n * 5 + COSTS.indexOf('hypercalls')] = 2;
  const samples = { at: Uint32Array.of(0, 20, 40), costs: spent, outstanding: new Uint32Array(3) };
  const session = fakeSession({ costs }, { lanes: ['vcpu0', 'xen'], samples }, more);
  render(Full, { session, width: 1200, height: 700 });
  const slider = () => screen.getByRole('slider', { name: 'Step that is read' });
  const layers = () => [...document.querySelectorAll('[data-layer]')].map((path) => path.getAttribute('data-layer'));
  return { session, slider, layers };
}

test('the running total is stacked by primitive or by actor, and each layer has its name', async () => {
  const { layers } = chart();
  expect(layers()).toEqual(['exits', 'hypercalls']);
  await fireEvent.click(screen.getByRole('radio', { name: 'by actor' }));
  expect(layers()).toEqual(['vCPU 0', 'Xen']);
  expect(screen.getByRole('radio', { name: 'by actor' }).getAttribute('aria-checked')).toBe('true');
});

test('it reads the step shown, or the one that the keys go to, and Enter goes there', async () => {
  const { session, slider } = chart();
  expect(slider().getAttribute('aria-valuetext')).toBe('step 20: 2\u202f000 model cycles, exits 100%, hypercalls 0%');
  await fireEvent.keyDown(slider(), { key: 'ArrowRight' });
  expect(slider().getAttribute('aria-valuetext')).toBe('step 40: 6\u202f000 model cycles, exits 67%, hypercalls 33%');
  await fireEvent.keyDown(slider(), { key: 'Enter' });
  expect(session.asked.seek).toHaveBeenLastCalledWith(40);
  await fireEvent.keyDown(slider(), { key: 'Home' });
  expect(slider().getAttribute('aria-valuenow')).toBe('0');
});

test('another price is another stack', async () => {
  const { slider } = chart();
  await fireEvent.input(screen.getByRole('textbox', { name: 'cycles for exits' }), { target: { value: '10' } });
  expect(slider().getAttribute('aria-valuetext')).toBe('step 20: 10 model cycles, exits 100%, hypercalls 0%');
});

test('each actor has what it came to, and its share', () => {
  chart({ step: 40 });
  const cells = (name: string) =>
    within(screen.getByRole('row', { name: new RegExp(`^${name}`) }))
      .getAllByRole('cell')
      .map((cell) => cell.textContent);
  expect([cells('vCPU 0'), cells('Xen')]).toEqual([
    ['4\u202f000', '67%'],
    ['2\u202f000', '33%'],
  ]);
});

test('the chart can be read as a table, from which one goes to a step', () => {
  chart();
  const rows = [...document.querySelectorAll('[data-twin="costs"] tbody tr')];
  expect(rows.map((tr) => [...tr.children].map((cell) => cell.textContent?.trim()))).toEqual([
    ['0', '0', '0', '0'],
    ['20', '2\u202f000', '0', '2\u202f000'],
    ['40', '4\u202f000', '2\u202f000', '6\u202f000'],
  ]);
  expect(rows.map((tr) => tr.getAttribute('aria-current'))).toEqual([null, 'true', null]);
});

test('a run in which nothing has a price says so', () => {
  render(Full, { session: fakeSession({ costs }), width: 1200, height: 700 });
  expect(screen.getByText('Nothing that has a price was spent in this run.')).not.toBe(null);
});
