import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { SCENARIOS } from '../../scenarios';
import { parseScenario, type Scenario } from '../../scenarios/schema';
import { FOLLOW, type View } from '../../worker/protocol';
import { Session as Run } from '../../worker/session';
import GttPane from '../GttPane.svelte';

const runs = new Map<string, Run>();
beforeAll(async () => {
  for (const name of ['first-light', 'behind-the-back', 'range-wall']) {
    const parsed = parseScenario(await SCENARIOS.find((s) => s.name === name)!.load());
    const run = new Run((parsed as { scenario: Scenario }).scenario);
    while (!run.run(1000));
    runs.set(name, run);
  }
});

function sized(width: number, height: number): void {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(width);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(height);
}
beforeEach(() => sized(452, 376));
afterEach(() => vi.restoreAllMocks());

/** The pane at a step of a run, with as much of a session as it reads. Looking at something else draws it. */
function pane(name: string, step: number, view: Partial<View> = {}) {
  const run = runs.get(name)!;
  const session = $state({
    picture: run.picture(step, { ...FOLLOW, ...view }),
    view: { ...FOLLOW, ...view },
    pointed: null as number | null,
    cells: new Uint16Array(0),
    cellsVersion: 0,
    look: vi.fn((part: Partial<View>) => {
      session.view = { ...session.view, ...part };
      session.picture = run.picture(step, session.view);
      return Promise.resolve(true);
    }),
    go(to: number) {
      session.picture = run.picture(to, session.view);
    },
  });
  const drawn = render(GttPane, { session: session as never });
  return { session, ...drawn };
}
const squeezed = (of: Element | null | undefined): string | undefined => of?.textContent?.replace(/\s+/g, ' ').trim();
const cells = (row: Element | undefined): string =>
  [...(row?.children ?? [])].map((cell) => squeezed(cell)).join(' | ');
const entry = (index: number): HTMLElement =>
  within(screen.getByRole('grid'))
    .getByRole('rowheader', { name: String(index) })
    .closest<HTMLElement>('[role="row"]')!;
const twin = (name: string): string[] => [...document.querySelectorAll(`[data-twin="${name}"] tbody tr`)].map(cells);
const foot = (name: string): string | undefined => squeezed(document.querySelector(`[data-twin="${name}"] > p`));

test('an entry in flight is a row with a dotted arrow, the now frame, and says so', () => {
  pane('first-light', 131);
  expect(squeezed(entry(61))).toBe('61 0x78000 0x10f8000 0, in flight');
  expect([entry(61).dataset.state, entry(61).getAttribute('aria-current')]).toEqual(['inFlight', 'true']);
  expect(entry(61).className).toMatch(/\bnow\b/);
  expect(entry(61).querySelectorAll('.dotted')).toHaveLength(1);
  expect(document.querySelector('[data-leaf="inFlight"]')?.textContent).toBe('not yet');
  expect(screen.queryByRole('button', { name: /differ/ })).toBeNull();
});

test('stale ones are counted in red between the trees, listed on demand, and one chosen comes into focus', async () => {
  const { session } = pane('behind-the-back', 77);
  const button = screen.getByRole('button', { name: '4 differ' });
  expect(button.className).toMatch(/\bwrong\b/);
  await fireEvent.click(button);
  const grid = screen.getByRole('grid', { name: 'Entries that differ from their shadow' });
  const rows = within(grid).getAllByRole('row').slice(1);
  expect(rows.map((row) => squeezed(row))).toEqual([
    'PT 1 0x900 0x1000900 0, stale',
    'PT 2 0x901 0x1000901 0, stale',
    'PT 3 0x901 0x1000901 0, stale',
    'PT 4 0x901 0x1000901 0, stale',
  ]);
  expect(rows.every((row) => row.className.includes('wrong'))).toBe(true);
  await fireEvent.click(rows[3]!);
  expect(session.look).toHaveBeenLastCalledWith({ gfn: 0x603, gma: 0x1000_4000 });
  expect(squeezed(document.querySelector('.unit'))).toBe('GPU address 0x0000_1000_4000');
  expect(document.querySelectorAll('[data-sign="selected"]')).toHaveLength(2);
});

test('while another write is in flight nothing that is stale is red', () => {
  pane('behind-the-back', 75);
  expect(squeezed(entry(1))).toBe('1 0x900 0x1000900 0, stale');
  expect(document.querySelectorAll('.wrong')).toHaveLength(0);
});

test('the twin has every table with its fill, every difference with its reason, and both walks', () => {
  pane('behind-the-back', 77);
  expect(twin('gtt-tables')).toEqual([
    'PML4 0x600 | 0x800001 | 1 | 1 | 0',
    'PDP 0x601 | 0x800002 | 1 | 1 | 0',
    'PD 0x602 | 0x800003 | 1 | 1 | 0',
    'PT 0x603 | 0x800004 | 5 | 1 | 4',
  ]);
  expect(twin('gtt-differences')[1]).toBe(
    'PT 0x603, entry 2 | 0x901 | 0x1000901 | 0, stale | the shadow is not present; nothing is under way',
  );
  expect(foot('gtt-differences')).toBe('4 entries differ, all of them wrong');
  expect(twin('gtt-walk')[3]).toBe(
    'PT 2 | gfn 0x603 | 0x901083, present, writable | gfn 0x901 | mfn 0x800004 | 0x0, not present | ',
  );
  expect(foot('gtt-walk')).toBe(
    "They part at entry 2 of the PT: the guest's is present, the shadow's is not. " +
      'The GPU finds no page there; the guest means machine frame 0x1000901.',
  );
});

test('an address that is typed is walked on both sides, level by level', async () => {
  const { session } = pane('first-light', 200);
  const box = screen.getByRole('textbox', { name: 'Walk a GPU address' });
  await fireEvent.input(box, { target: { value: '1_195_626_496' } });
  await fireEvent.submit(box.closest('form')!);
  expect(session.look).toHaveBeenLastCalledWith({ gma: 0x4743_d000 });
  const walk = screen.getByRole('table', { name: 'Both walks' });
  expect(within(walk).getAllByRole('row').map(cells)).toEqual([
    'level | guest, as it means it | shadow, as the GPU goes',
    'PML4 0 | 0x5a4ae003 0x5a4ae, present, RW | 0x800002003 0x800002, present, RW',
    'PDP 1 | 0x5a94b003 0x5a94b, present, RW | 0x800003003 0x800003, present, RW',
    'PD 58 | 0x5ade8003 0x5ade8, present, RW | 0x800004003 0x800004, present, RW',
    'PT 61 | 0x78000083 0x78000, present, RW | 0x10f8000083 0x10f8000, present, RW',
    'end | gfn 0x78000 p2m: mfn 0x10f8000 | mfn 0x10f8000',
  ]);
  await tick();
  expect(squeezed(screen.getByRole('status'))).toBe(
    'GPU address 0x0000_4743_d000. The two walks agree from the root to the frame. ' +
      'The GPU reads machine frame 0x10f8000, the one that the guest means.',
  );
  await fireEvent.click(within(walk).getByRole('button', { name: 'PD 58' }));
  expect(session.look).toHaveBeenLastCalledWith({ gfn: 0x5a94b, gma: 0x4743_d000 });
  await fireEvent.click(screen.getByRole('button', { name: 'Follow' }));
  expect(session.look).toHaveBeenLastCalledWith({ gma: null, gfn: null });
});

test('what is no address stays in the box, and it says what would be one', async () => {
  const { session } = pane('first-light', 200);
  const box = screen.getByRole<HTMLInputElement>('textbox', { name: 'Walk a GPU address' });
  await fireEvent.input(box, { target: { value: '0x47g3' } });
  await fireEvent.submit(box.closest('form')!);
  const alert = screen.getByRole('alert');
  expect(alert.textContent).toMatch(/^“g” is no digit of an address\. Hexadecimal after 0x or decimal/);
  expect([box.value, box.getAttribute('aria-invalid'), box.getAttribute('aria-describedby')]).toEqual([
    '0x47g3',
    'true',
    alert.id,
  ]);
  expect(session.look).not.toHaveBeenCalled();
  await fireEvent.input(box, { target: { value: '0x47' } });
  expect(screen.queryByRole('alert')).toBeNull();
});

test('tables are gone through by the arrow keys, Enter takes one, Escape lets go', async () => {
  const { session } = pane('first-light', 200);
  const tree = screen.getByRole('tree');
  const at = (): string | null =>
    document.getElementById(tree.getAttribute('aria-activedescendant') ?? '')!.getAttribute('aria-label');
  await fireEvent.focus(tree);
  expect(at()).toBe('PT in gfn 0x5ade8, 8 of 512 present, shadow in mfn 0x800004, none differs');
  expect(session.pointed).toBe(0x5ade8);
  await fireEvent.keyDown(tree, { key: 'ArrowLeft' });
  expect([at()?.slice(0, 17), session.pointed]).toEqual(['PD in gfn 0x5a94b', 0x5a94b]);
  await fireEvent.keyDown(tree, { key: 'Enter' });
  expect(session.look).toHaveBeenLastCalledWith({ gfn: 0x5a94b, gma: null });
  expect(squeezed(entry(58))).toBe('58 0x5ade8 0x800004 0x800004');
  await fireEvent.keyDown(tree, { key: 'Escape' });
  expect(session.look).toHaveBeenLastCalledWith({ gma: null, gfn: null });
  await fireEvent.blur(tree);
  expect(session.pointed).toBeNull();
});

test('rows are gone through by the arrow keys, past the last one too, and Enter takes one', async () => {
  const { session } = pane('first-light', 200);
  const stop = document.querySelector<HTMLElement>('[role="row"][tabindex="0"]')!;
  stop.focus();
  const start = Number(squeezed(stop)!.split(' ')[0]);
  await fireEvent.keyDown(stop, { key: 'ArrowDown' });
  expect(document.activeElement).toBe(entry(start + 1));
  await fireEvent.keyDown(document.activeElement!, { key: 'End' });
  await fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
  await tick();
  expect(document.activeElement).toBe(entry(start + 4));
  expect(session.look).toHaveBeenLastCalledWith({ gfn: 0x5ade8, gma: 0x4740_0000 + (start + 4) * 4096 });
  await fireEvent.keyDown(document.activeElement!, { key: 'ArrowUp' });
  await fireEvent.keyDown(document.activeElement!, { key: 'Enter' });
  expect(session.look).toHaveBeenLastCalledWith({ gfn: 0x5ade8, gma: 0x4740_0000 + (start + 3) * 4096 });
});

test('the focus is not lost when what it is on goes away with the next step', async () => {
  const { session } = pane('behind-the-back', 77);
  await fireEvent.click(screen.getByRole('button', { name: '4 differ' }));
  await fireEvent.keyDown(document.querySelector('[role="row"][tabindex="0"]')!, { key: 'End' });
  expect(squeezed(document.activeElement)).toContain('PT 4');
  session.go(74);
  await tick();
  await tick();
  expect(squeezed(document.activeElement)).toContain('PT 1');
  session.go(20);
  await tick();
  await tick();
  expect(document.activeElement).toBe(screen.getByRole('tree'));
});

test('a frame that is pointed at elsewhere has an outline here: as a table, and as what an entry leads to', async () => {
  const { session } = pane('first-light', 200);
  session.pointed = 0x5a94b;
  await tick();
  expect(document.querySelectorAll('.pointed')).toHaveLength(2);
  session.pointed = 0x78006;
  await tick();
  expect([...document.querySelectorAll('.pointed')]).toEqual([entry(67)]);
  await fireEvent.pointerEnter(entry(66));
  expect(session.pointed).toBe(0x78005);
});

test('a frame selected elsewhere that is a table has the corners, and its entries are shown', () => {
  pane('first-light', 200, { gfn: 0x5a4ae });
  expect(document.querySelectorAll('[data-sign="selected"]')).toHaveLength(2);
  expect(squeezed(entry(1))).toBe('1 0x5a94b 0x800003 0x800003');
});

test('in a wide pane each difference has a line, rows lie between the trees, and the walks have columns', () => {
  sized(1860, 900);
  pane('behind-the-back', 77);
  expect(screen.getAllByRole('grid').map((grid) => grid.getAttribute('aria-label'))).toEqual([
    'Entries that differ from their shadow',
    'Entries of the PT in gfn 0x603',
  ]);
  expect(document.querySelectorAll('[data-join="stale"]')).toHaveLength(5);
  const rows = within(screen.getByRole('table', { name: 'Both walks' })).getAllByRole('row');
  expect(cells(rows[4])).toBe(
    'PT 2 | 0x603 | 0x00000000_00901083 | present, writable | gfn 0x901 | 0x800004 | 0x00000000_00000000 | not present | ',
  );
  expect(cells(rows[5])).toBe('end | guest frame 0x901, p2m: machine frame 0x1000901 | no machine frame');
});

test('tables that XenGT does not follow are dashed, and the entries that lead there end in a ring', () => {
  sized(1860, 900);
  pane('range-wall', 5876);
  expect(document.querySelectorAll('rect.ghost')).toHaveLength(32);
  expect(document.querySelectorAll('[data-join="untranslated"] circle').length).toBeGreaterThan(5);
  expect(screen.getAllByText('64 of 300 PTs drawn')).toHaveLength(2);
  expect(squeezed(within(screen.getAllByRole('grid')[0]!).getAllByRole('row')[1])).toMatch(
    /^PD 0x694b, entry \d+ 0x[0-9a-f]+ no shadow 0, untranslated XenGT follows no table there$/,
  );
});

test('before there is a PPGTT it says how to make one', () => {
  pane('first-light', 0);
  expect(squeezed(screen.getByRole('region', { name: 'PPGTT and its shadow' }))).toContain(
    'No GPU page table yet. ppgtt_create',
  );
  expect(screen.queryByRole('textbox')).toBeNull();
});
