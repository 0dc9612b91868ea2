import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';
import { DEFAULT_COSTS, DEFAULT_TABLE } from '../engine/cost-table';
import { Prices } from '../state/prices.svelte';
import CostEditor from './CostEditor.svelte';

beforeEach(() => localStorage.clear());

function editor(scenario = {}) {
  const prices = new Prices(() => scenario);
  render(CostEditor, { open: true, prices, scenario });
  const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name });
  return { prices, field, row: (name: string) => field(name).closest('tr')! };
}

test('every price has a field, and a source or the word assumption', () => {
  const { field } = editor();
  expect(screen.getAllByRole('textbox')).toHaveLength(DEFAULT_COSTS.length);
  expect(field('cycles for exits').value).toBe(String(DEFAULT_TABLE.exits));
  const sourced = DEFAULT_COSTS.filter(({ source }) => source !== null).length;
  expect(screen.getAllByRole('link')).toHaveLength(sourced);
  expect(screen.getAllByText('assumption')).toHaveLength(DEFAULT_COSTS.length - sourced);
});

test('a price that is typed counts at once, and the row says what it was', async () => {
  const { prices, field, row } = editor({ flushes: 70 });
  const was = (name: string) => row(name).querySelector('input + p')?.textContent;
  await fireEvent.input(field('cycles for exits'), { target: { value: '1500.5' } });
  await fireEvent.input(field('cycles for TLB flushes'), { target: { value: '0' } });
  expect([prices.table.exits, prices.table.flushes]).toEqual([1500.5, 0]);
  expect(was('cycles for exits')).toBe('default 2\u202f000');
  expect(was('cycles for TLB flushes')).toBe('scenario 70');
});

test.each(['-1', 'many', '', '1e12'])('"%s" is refused beside its field, and the price stays', async (value) => {
  const { prices, field, row } = editor();
  await fireEvent.input(field('cycles for exits'), { target: { value } });
  expect(prices.table).toEqual(DEFAULT_TABLE);
  expect(field('cycles for exits').getAttribute('aria-invalid')).toBe('true');
  expect(within(row('cycles for exits')).getByRole('alert').textContent).toContain('a number from 0 to');
  await fireEvent.input(field('cycles for exits'), { target: { value: '7' } });
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a reset puts every price back, the refused ones too', async () => {
  const { prices, field } = editor();
  await fireEvent.input(field('cycles for exits'), { target: { value: '7' } });
  await fireEvent.input(field('cycles for hypercalls'), { target: { value: 'x' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Reset all' }));
  expect(prices.table).toEqual(DEFAULT_TABLE);
  expect(field('cycles for hypercalls').value).toBe(String(DEFAULT_TABLE.hypercalls));
  expect(screen.queryByRole('alert')).toBeNull();
});
