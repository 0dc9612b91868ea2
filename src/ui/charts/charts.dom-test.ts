/** The screen of charts, with XenGT holding the claim: what is lit, ghosted, bounced, counted, explained, and what a press does. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import type { Act } from '../../worker/protocol';
import ChartsScreen from './ChartsScreen.svelte';
import { arrowId, instance, INSTANCES, MANY, sessionOf, taken, type Given } from './testing';

const squeeze = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, ' ').trim();
/** What is written in an SVG. */
const written = (element: Element) => [...element.querySelectorAll('text')].map(squeeze).join(' ');
const chart = (name: string) => screen.getByRole('region', { name });
const state = (name: string, id: string) => chart(name).querySelector(`[data-state="${id}"]`)!;
const lines = (name: string, path: string) => {
  const drawn = chart(name).querySelector(`[data-path="${path}"]`)!;
  return { ghost: drawn.classList.contains('ghost'), element: drawn };
};
const explained = () => [...chart('What is pointed at').querySelectorAll('p')].map(squeeze);

async function show(given: Given & { phone?: boolean } = {}) {
  const onact = vi.fn<(act: Act) => void>();
  const session = sessionOf(given);
  const { rerender } = render(ChartsScreen, { session, onact, phone: given.phone ?? false });
  await screen.findByRole('tab', { name: 'Claim' });
  return { onact, rerender };
}
async function press(name: string, ...keys: string[]) {
  const view = within(chart(name)).getByRole('application');
  view.focus();
  for (const key of keys) await fireEvent.keyDown(view, { key });
  return view;
}

test('the state of the looked-at frame and of the claim is lit, no other', async () => {
  await show();
  const lit = [...document.querySelectorAll('[data-state][aria-current="true"]')].map((g) =>
    g.getAttribute('data-state'),
  );
  expect(lit).toEqual(['ioreq_server', 'claimed.write']);
  expect(state('Claim', 'claimed.write').querySelector('rect.box')!.classList.contains('current')).toBe(true);
  expect(written(state('Claim', 'claimed.write'))).toBe('claimed XenGT, WRITE');
});

test('each page type carries how many frames are of it, in groups of three, with a bar by the logarithm', async () => {
  await show();
  expect(state('Page type', 'ram_rw').querySelector('.count')!.textContent).toBe('964\u202f898');
  const bar = (id: string) => Number(state('Page type', id).querySelector('.filled')!.getAttribute('width'));
  expect([bar('ram_logdirty'), Math.round(bar('ram_rw'))]).toEqual([0, 70]);
  expect(bar('ioreq_server') / bar('ram_rw')).toBeCloseTo(Math.log(1094) / Math.log(964_899), 3);
  expect(state('Page type', 'ram_rw').getAttribute('aria-label')).toBe('ram_rw, 964\u202f898 frames');
});

test('types without a frame are named and not drawn, until all are asked for', async () => {
  await show();
  expect(chart('Page type').querySelector('[data-state="ram_paged"]')).toBe(null);
  expect(screen.getByText(/^No frame now/).textContent).toBe(
    'No frame now: invalid, mmio_direct, populate_on_demand, grant_map_ro, ram_paging_out, ram_paged, ram_paging_in, ram_broken, map_foreign.',
  );
  await fireEvent.click(screen.getByRole('button', { name: 'All 16 types' }));
  expect(chart('Page type').querySelectorAll('[data-state]')).toHaveLength(16);
  expect(screen.queryByText(/^No frame now/)).toBe(null);
});

test('a type whose last frame is gone stays where it was, until another scenario is opened', async () => {
  const census = (shared: number) => [1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, shared, 0, 0, 8];
  const { rerender } = await show({ census: census(5) });
  await rerender({ session: sessionOf({ census: census(0) }) });
  expect(written(state('Page type', 'ram_shared'))).toBe('ram_shared 0');
  await rerender({ session: sessionOf({ census: census(0), more: { opened: 2 } }) });
  expect(chart('Page type').querySelector('[data-state="ram_shared"]')).toBe(null);
});

test('an arrow that a patch took away is dashed and names the commit', async () => {
  await show();
  expect(lines('Page type', 'ram_ro>ioreq_server').ghost).toBe(true);
  const arrow = arrowId('claim', 'page-type', 'ram_ro', 'set_mem_type.ioreq_server').replace(/:1$/, ':0');
  const rows = [...chart('Page type').querySelectorAll(`g[data-arrow="${arrow}"]`)];
  expect(rows.map(squeeze)).toEqual(['set_mem_type', 'not since ca2b511d3f']);
  expect(rows.every((row) => row.classList.contains('quiet'))).toBe(true);
});

test('before the claim the same arrow is there, and the type has its old name', async () => {
  await show({ version: 'v7', charts: { offers: [] } });
  expect(lines('Page type', 'ram_ro>ioreq_server').ghost).toBe(false);
  expect(written(state('Page type', 'ioreq_server'))).toBe('mmio_write_dm 1 093');
  expect(lines('Claim', 'unclaimed>claimed.write').ghost).toBe(true);
});

test('a refusal is an arrow that stops at a cross, with errno and reason', async () => {
  await show({ charts: { taken: [taken('claim', 'claim', 'claimed.write', 'claim.write')] } });
  const sign = chart('Claim').querySelector('[data-mark="refused"]')!;
  expect([...sign.querySelectorAll('text')].map(squeeze)).toEqual(['claim, WRITE', 'EBUSY', 'somebody holds it']);
  expect(chart('Page type').querySelector('[data-mark]')).toBe(null);
});

test('an arrow that this step took is heavy, and a dash runs along it once unless it plays fast', async () => {
  const charts = { taken: [taken('claim', 'page-type', 'ram_rw', 'set_mem_type.ioreq_server')] };
  const { rerender } = await show({ charts });
  const heavy = () => chart('Page type').querySelectorAll('path.heavy');
  expect(heavy()[0]!.getAttribute('d')).toBe(
    lines('Page type', 'ram_rw>ioreq_server').element.querySelector('path.line')!.getAttribute('d'),
  );
  expect(chart('Page type').querySelectorAll('.dash')).toHaveLength(1);
  await rerender({ session: sessionOf({ charts, more: { playing: true, pace: { speed: 16 } } }) });
  expect(chart('Page type').querySelectorAll('.dash')).toHaveLength(0);
  expect(heavy()).toHaveLength(2);
});

test('what can be done is listed with where it leads, what would be refused with its errno; each is done when pressed', async () => {
  const { onact } = await show();
  const offers = chart('Events that can be sent now');
  const buttons = within(offers).getAllByRole('button');
  expect(buttons.map(squeeze)).toEqual([
    'Predict',
    'Pin',
    'map_mem_type_to_ioreq_server id=1 flags=0 Claim to draining; Sweep to marking',
    'set_mem_type first_pfn=0x1a500 nr=1 type=ioreq_server Page type to ioreq_server',
    'set_mem_type first_pfn=0x1a4c2 nr=1 type=ram_rw Page type to ram_rw',
    'set_mem_type first_pfn=0x1a4c3 nr=1 type=ram_rw Page type to ram_rw',
    'destroy_ioreq_server id=1 Server to destroyed; Claim to stranded',
    'vcpu0 vCPU to running',
    'map_mem_type_to_ioreq_server id=2 flags=2 EBUSY',
    'set_mem_type first_pfn=0x2f000 nr=1 type=ioreq_server EINVAL',
    'log_dirty on EBUSY',
  ]);
  await fireEvent.click(buttons[8]!);
  expect(onact).toHaveBeenLastCalledWith({ command: { op: 'map_mem_type_to_ioreq_server', id: 2, type: 5, flags: 2 } });
});

test('an offer that has the focus is explained, and its arrow is shown in the chart', async () => {
  await show();
  await fireEvent.focus(screen.getByRole('button', { name: /^log_dirty on/ }));
  expect(explained()).toEqual([
    'log_dirty on',
    'EBUSY Log-dirty rewrites the types of the whole map, and the owner of these pages would lose them. hap_enable_log_dirty',
    'The toolstack asks for global log-dirty.',
  ]);
  expect(squeeze(chart('Claim').querySelector('[data-mark="refused"]'))).toContain('EBUSY');
});

test('a press on a label does the command that is about the looked-at frame', async () => {
  const { onact } = await show();
  const arrow = arrowId('claim', 'page-type', 'ioreq_server', 'set_mem_type.ram_rw');
  await fireEvent.click(chart('Page type').querySelector(`g[data-arrow="${arrow}"]`)!);
  expect(onact.mock.calls).toEqual([[{ command: { op: 'set_mem_type', first_pfn: 0x1a4c3, nr: 1, type: 0 } }]]);
});

test('a press on what nothing can take does nothing but explain it', async () => {
  const { onact } = await show();
  await fireEvent.click(lines('Claim', 'draining>stranded').element);
  expect(onact).not.toHaveBeenCalled();
  const [first, ...rest] = explained();
  expect([first!.replace(/^\d+ of \d+\. /, ''), ...rest]).toEqual([
    'release over from draining to stranded: The release ends, and entries of the type are left: the sweep has not reset them.',
    'This version has it.',
    'Nothing that can be done now takes it.',
  ]);
});

test('hover explains a state, an arrow with its patches and facts, and a ghost', async () => {
  await show();
  await fireEvent.pointerEnter(state('Claim', 'draining'));
  expect([explained()[0], explained()[1]!.replace(/^\d+/, 'N')]).toEqual([
    'draining Nobody holds the type, and entries of it wait to be reset: by a sweep, or each when it is touched.',
    'N arrows from here, none of which can be fired now.',
  ]);
  await fireEvent.pointerEnter(lines('Claim', 'claimed.write>draining').element);
  expect(explained()[1]).toMatch(
    /^If entries are of the type; not so: types are numbered.*\. Since 1679e0df3d \(A release resets its pages, in time\)\.$/,
  );
  expect(explained()[2]).toBe('A click or Enter does map_mem_type_to_ioreq_server id=1 flags=0.');
  await fireEvent.pointerEnter(lines('Page type', 'ram_ro>ioreq_server').element);
  expect(explained()[1]).toBe('Not since ca2b511d3f (A server claims the type).');
});

test('by keyboard: arrows go from state to state, Enter lists the arrows of one and fires the one chosen', async () => {
  const { onact } = await show();
  const view = await press('Claim', 'Enter');
  expect(explained()[0]).toMatch(/^1 of \d+\. release from claimed to draining/);
  expect(document.getElementById(view.getAttribute('aria-activedescendant')!)!.textContent).toBe(
    'release, entries left to draining, can be fired: map_mem_type_to_ioreq_server id=1 flags=0',
  );
  await press('Claim', 'ArrowDown', 'ArrowDown', 'ArrowDown');
  expect(explained()[1]).toBe(
    'EBUSY A server holds the claim; one owner at a time. p2m_set_ioreq_server. This version has it.',
  );
  await press('Claim', 'Enter');
  expect(onact).toHaveBeenLastCalledWith({ command: { op: 'map_mem_type_to_ioreq_server', id: 2, type: 5, flags: 2 } });
  await press('Claim', 'Enter', 'Escape', 'ArrowUp');
  expect(view.getAttribute('aria-activedescendant')).toBe(state('Claim', 'unclaimed').id);
});

test('the keys of a chart are its own; those that it has no use for are the page’s', async () => {
  await show();
  const view = within(chart('Claim')).getByRole('application');
  const used = (key: string, more: object = {}) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
    view.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(['ArrowLeft', 'Enter', 'Escape'].map((key) => used(key))).toEqual([true, true, true]);
  expect([used(' '), used('t'), used('ArrowLeft', { shiftKey: true }), used('Escape')]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test('the same chart as text: states with their arrows, and what can be said of each', async () => {
  await show();
  const outline = screen.getByRole('list', { name: 'Claim, as text' });
  expect(outline.classList.contains('unseen')).toBe(true);
  const claimed = [...outline.children][1]!;
  expect([claimed.getAttribute('aria-current'), squeeze(claimed.querySelector('.state'))]).toEqual([
    'true',
    'claimed, current, XenGT, WRITE',
  ]);
  const arrows = [...claimed.querySelectorAll('li')].map(squeeze);
  expect(arrows).toContain(
    'release, entries left to draining, can be fired: map_mem_type_to_ioreq_server id=1 flags=0',
  );
  expect(arrows).toContain('claim, WRITE, refused with EBUSY, would be refused now with EBUSY');
  await fireEvent.click(within(chart('Claim')).getByRole('button', { name: 'As text' }));
  expect(outline.classList.contains('unseen')).toBe(false);
  expect(within(chart('Claim')).queryByRole('application')).toBe(null);
  const ghosts = [...screen.getByRole('list', { name: 'Page type, as text' }).querySelectorAll('li.absent')].map(
    squeeze,
  );
  expect(ghosts).toContain('set_mem_type to ioreq_server, not since ca2b511d3f');
});

test('of several instances the one that moved is shown, else the one chosen last', async () => {
  const { rerender } = await show();
  await fireEvent.click(screen.getByRole('tab', { name: 'vCPU' }));
  const box = () => screen.getByRole<HTMLSelectElement>('combobox', { name: 'Which one' });
  expect([box().value, [...box().options].map(({ text }) => text)]).toEqual(['0', ['vCPU 0', 'vCPU 1']]);
  const moved = [
    ...INSTANCES.filter(({ chart }) => chart !== 'vcpu'),
    instance('vcpu', '0', 'blocked'),
    instance('vcpu', '1', 'exited', 'running'),
  ];
  await rerender({ session: sessionOf({ step: 2041, charts: { instances: moved } }) });
  expect(box().value).toBe('1');
  expect(state('vCPU', 'exited').getAttribute('aria-current')).toBe('true');
  expect(written(state('vCPU', 'blocked'))).toBe('blocked vCPU 0');
  await rerender({ session: sessionOf({ step: 2042 }) });
  expect(box().value).toBe('1');
  await fireEvent.change(box(), { target: { value: '0' } });
  expect(state('vCPU', 'blocked').getAttribute('aria-current')).toBe('true');
});

test('the page’s own modes are a chart like the others: a leaf of each part is lit', async () => {
  await show();
  await fireEvent.click(screen.getByRole('tab', { name: 'Player' }));
  const lit = [...chart('This page').querySelectorAll('[aria-current="true"][data-state]')];
  expect(lit.map((g) => g.getAttribute('data-state'))).toEqual(['run.ready.idle', 'stage.desk']);
});

test('the picked chart may have the large place; on a phone there is one at a time, the page types among them', async () => {
  const { rerender } = await show();
  const place = (name: string) => chart(name).closest('.left') !== null;
  await fireEvent.click(screen.getByRole('button', { name: 'Large' }));
  expect([place('Claim'), place('Page type')]).toEqual([true, false]);
  await rerender({ phone: true });
  expect(screen.queryByRole('region', { name: 'Page type' })).toBe(null);
  await fireEvent.click(screen.getByRole('tab', { name: 'Page type' }));
  expect(written(state('Page type', 'ram_ro'))).toBe('ram_ro 515');
});

test('without a picture of the charts they are drawn all the same, and nothing is lit', async () => {
  const look = vi.fn(() => Promise.resolve(true));
  await show({ charts: null, more: { look, view: { charts: false } } });
  expect(look).toHaveBeenCalledWith({ charts: true });
  expect(document.querySelector('[data-state][aria-current]')).toBe(null);
  expect(squeeze(chart('Events that can be sent now').querySelector('p'))).toBe('Nothing can be done here now.');
});

test('what was done last can be taken back where something was', async () => {
  const undo = vi.fn(() => Promise.resolve(true));
  await show({ more: { changes: { next: 'act' }, undo } });
  await fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(undo).toHaveBeenCalledTimes(1);
});

test('the question names the chart, offers where it can go, and says of the answer whether it was so', async () => {
  const answer = vi.fn(() => Promise.resolve(true));
  const skip = vi.fn();
  await show({ more: { is: (mode: string) => mode === 'run.predicting', answer, skip, predict: true } });
  const question = chart('What comes next?');
  expect(squeeze(question.querySelector('p'))).toBe('After the next step, where will Claim, ioreq_server stand?');
  expect(within(question).getAllByRole('button').map(squeeze)).toEqual([
    'still claimed',
    'draining',
    'unclaimed',
    'stranded',
    'Not sure',
    'Do not ask',
  ]);
  await fireEvent.click(within(question).getByRole('button', { name: 'draining' }));
  expect(answer).toHaveBeenCalledTimes(1);
  await fireEvent.keyDown(question, { key: 'Escape' });
  expect(skip).toHaveBeenCalled();
});

test('with a step pinned each count says what has changed since', async () => {
  const pinned = { step: 2000, map: { census: MANY.map((n, i) => (i === 15 ? n - 37 : i === 0 ? n + 37 : n)) } };
  await show({ more: { pinned } });
  expect(chart('Page type').textContent).toContain('counts compared with step 2\u202f000');
  const more = (id: string) => state('Page type', id).querySelector('.more')?.textContent;
  expect([more('ioreq_server'), more('ram_rw'), more('ram_ro')]).toEqual(['+37', '\u221237', undefined]);
});
