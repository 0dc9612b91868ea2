// Sweeps on the page: chosen or changed in the form, drawn as they come, each mark opening its run.
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { measured, SMALL, sweepOf } from '../../explore/sweep/testing';
import type { Pool } from '../../state/pool';
import { sweepsOf } from '../../state/sweeps.svelte';
import { page as pageOf } from '../frame/page-testing';
import { controls, press as pressControl } from '../lined';
import { sized } from '../view-testing';
import Sweeps from './Sweeps.svelte';

let size: { restore(): void } | undefined;
beforeEach(() => {
  size = sized(900, 600);
});
afterEach(() => size?.restore());

/** A page whose pool measures at once. */
async function shown(input: unknown = SMALL) {
  const run = vi.fn((job: string, { sweep, n }: { sweep: unknown; n: number }) => ({
    found: Promise.resolve(
      job === 'point' ? measured(sweepOf(sweep), n) : { file: { title: `run ${n}`, start: 7 }, step: 7 },
    ),
    stop: () => undefined,
  }));
  const pool = { run } as unknown as Pool;
  const page = await pageOf({ pool });
  const openText = vi.spyOn(page.desk, 'openText').mockResolvedValue(true);
  const sweeps = sweepsOf(pool);
  sweeps.take(input);
  render(Sweeps, { page });
  await tick();
  const press = async (name: string): Promise<void> => {
    await fireEvent.click(screen.getByRole('button', { name }));
    await new Promise((resolve) => setTimeout(resolve));
    await tick();
  };
  const chart = (name: string) => within(screen.getByRole('group', { name }));
  return { page, openText, sweeps, run, press, chart };
}

test('Run measures all points; a line ends at its wall, which is drawn and named, and a count of losses goes on past it', async () => {
  const { press, chart } = await shown();
  expect(screen.getByText('6 runs to make')).toBeTruthy();
  await press('Run');
  expect(screen.getByText('6 runs')).toBeTruthy();
  expect(screen.getByText('4 ranges', { selector: 'strong' }).closest('p')!.textContent).toBe(
    'A ends at 4 ranges with ENOMEM; B goes on.',
  );
  const marks = (name: string) =>
    chart(name)
      .getAllByRole('button')
      .map((it) => it.getAttribute('aria-label'));
  expect(marks('Cost of one write')).toEqual([
    'A ranges, 1 protected pages: 19\u202f168 model cycles',
    'B claim, 1 protected pages: 19\u202f144 model cycles',
    'A ranges, 3 protected pages: 19\u202f180 model cycles',
    'B claim, 3 protected pages: 19\u202f144 model cycles',
    'B claim, 4 protected pages: 19\u202f144 model cycles',
    '4 ranges, A: ENOMEM, at 4 protected pages',
  ]);
  expect(marks('Writes lost')).toContain('A ranges, 4 protected pages: 3 writes nobody was told of');
  expect(screen.getAllByText('Model costs from the cost table, not a measured machine.')).toHaveLength(2);
});

test('keys walk the marks, one of which is in the order of Tab; Enter opens its run as a session', async () => {
  const { press, chart, openText, page, run } = await shown();
  await press('Run');
  const marks = chart('Cost of one write').getAllByRole('button');
  expect(marks.map((it) => it.tabIndex)).toEqual([0, -1, -1, -1, -1, -1]);
  (marks[0] as unknown as SVGElement).focus();
  await fireEvent.keyDown(marks[0]!, { key: 'ArrowRight' });
  await fireEvent.keyDown(marks[1]!, { key: 'End' });
  const last = chart('Cost of one write').getByRole('button', { name: /^B claim, 4/ });
  expect(document.activeElement).toBe(last);
  await fireEvent.keyDown(last, { key: 'Enter' });
  await new Promise((resolve) => setTimeout(resolve));
  expect(run).toHaveBeenLastCalledWith('pointRun', expect.objectContaining({ n: 5 }));
  expect(openText).toHaveBeenCalledWith('run 5', expect.stringContaining('"start": 7'));
  expect(page.frame.screen).toBe('overview');
  // The same by its line, as the console does it.
  const line = [...controls().keys()].find((one) => one === 'sweep cycles wall0')!;
  pressControl(controls().get(line)!, '');
  await new Promise((resolve) => setTimeout(resolve));
  expect(run).toHaveBeenLastCalledWith('pointRun', expect.objectContaining({ n: 4 }));
});

test('what is shown is there as tables, too, each cell opening its run', async () => {
  const { press, openText } = await shown();
  await press('Run');
  await press('As tables');
  const table = screen.getByRole('table', { name: 'Cost of one write, model cycles' });
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows.map((row) => [...row.children].map((cell) => cell.textContent.trim()))).toEqual([
    ['1', '19\u202f168', '19\u202f144'],
    ['3', '19\u202f180', '19\u202f144'],
    ['4', 'ENOMEM', '19\u202f144'],
  ]);
  await fireEvent.click(within(rows[2]!).getAllByRole('button')[0]!);
  await new Promise((resolve) => setTimeout(resolve));
  expect(openText).toHaveBeenCalledWith('run 4', expect.anything());
});

test('designs, values and measures are changed in the form; what is wrong is said, and what would be right', async () => {
  const { press, sweeps } = await shown();
  const values = screen.getByRole('textbox', { name: 'Values of protected pages' });
  await fireEvent.input(values, { target: { value: '1, many' } });
  await press('Run');
  expect(screen.getByRole('alert').textContent).toContain('"many" is no value: write 1, 16, 255 or 1 to 4096 times 4');
  await fireEvent.input(values, { target: { value: '1 to 4 times 2' } });
  await fireEvent.input(screen.getByRole('textbox', { name: 'Ranges that a rangeset of A may hold' }), {
    target: { value: '0' },
  });
  await press('Run');
  expect(screen.getByRole('alert').textContent).toContain('is below 1');
  await fireEvent.input(screen.getByRole('textbox', { name: 'Ranges that a rangeset of A may hold' }), {
    target: { value: '2' },
  });
  await press('Leave B out');
  await fireEvent.click(screen.getByRole('checkbox', { name: 'VM exits' }));
  await press('Run');
  expect(screen.queryByRole('alert')).toBeNull();
  expect(sweeps.sweep).toMatchObject({
    variants: [{ name: 'ranges', ranges: 2 }],
    parameters: [{ name: 'pages', values: [1, 2, 4] }],
    measures: ['cycles', 'lost', 'exits'],
  });
  expect([sweeps.name, sweeps.status]).toEqual([null, 'done']);
});

test('of two parameters each value of the second has a chart of its own; two measures can be set against each other', async () => {
  const { press, chart } = await shown({
    ...SMALL,
    parameters: [SMALL.parameters[0], { name: 'vcpus', values: [1, 2] }],
    pareto: ['heap', 'cycles'],
  });
  await press('Run');
  expect(screen.getByRole('group', { name: 'Cost of one write, 1 vCPUs' })).toBeTruthy();
  expect(screen.getByRole('group', { name: 'Cost of one write, 2 vCPUs' })).toBeTruthy();
  const against = chart('Cost of one write against Xen heap').getAllByRole('button');
  expect(against[0]!.getAttribute('aria-label')).toMatch(
    /^A ranges, 1 protected pages, 1 vCPUs: 1 pages of 4 KiB; 19.168 model/,
  );
});

test('the sources of the cost table are shown when they are asked for', async () => {
  const { press } = await shown();
  expect(screen.queryByText('assumption', { exact: false, selector: 'td' })).toBeNull();
  await press('Sources of the costs');
  const row = screen.getByRole('row', { name: /^exits 2.000/ });
  expect(within(row).getByRole('link').getAttribute('href')).toMatch(/^https:/);
  expect(screen.getAllByText(/^assumption/)).toHaveLength(4);
});
