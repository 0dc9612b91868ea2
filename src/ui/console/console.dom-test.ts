// The console: what is typed is done or refused with its place, nothing is lost, and the keyboard alone is enough.
import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { tick } from 'svelte';
import { recall } from '../../state/prefs';
import { session } from '../../state/session-testing';
import { Desk } from '../../state/desk.svelte';
import { pageOf } from '../frame/page-testing';
import { lined } from '../lined';
import Console from './Console.svelte';
import { MOST_KEPT } from './history';

// The worker of these tests tells nothing of the guest.
vi.mock('./known', () => ({
  knownOf: () => ({ servers: [1], types: ['HVMMEM_ram_rw'], gfn: 2, vcpus: 1, flags: [2] }),
}));

async function opened() {
  const of = session();
  await of.it.open({});
  const desk = {
    chosen: { overrides: { patches: { on: ['claim'], off: ['rangeCheck'] } } },
    choose: vi.fn(async () => void (await of.it.open({}))),
    override: vi.fn(async () => undefined),
  };
  const page = pageOf(of.it, { desk: Object.assign(new Desk(of.it, []), desk) });
  const view = render(Console, { open: true, page });
  const box = screen.getByRole<HTMLInputElement>('combobox', { name: 'Line' });
  return { ...of, desk, page, view, box };
}
const type = async (box: HTMLInputElement, text: string): Promise<void> => {
  box.value = text;
  box.setSelectionRange(text.length, text.length);
  box.dispatchEvent(new Event('input', { bubbles: true }));
  await tick();
};
const press = async (box: HTMLElement, key: string, more: KeyboardEventInit = {}): Promise<boolean> => {
  const went = box.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  for (let n = 0; n < 12; n++) await tick();
  return went;
};
const enter = async (box: HTMLInputElement, text: string): Promise<void> => {
  await type(box, text);
  await press(box, 'Enter');
  await vi.waitFor(() => expect(box.getAttribute('aria-busy')).toBe('false'));
};
const log = (): string[] =>
  [...screen.getByRole('log').querySelectorAll('.entry')].map((one) => one.textContent.replace(/\s+/g, ' ').trim());

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe('a line', () => {
  test('is done at the step that is shown, and told of', async () => {
    const { box, server } = await opened();
    await enter(box, 'set_mem_type first_pfn=0x200 type=ram_rw');
    const command = { op: 'set_mem_type', first_pfn: 0x200, nr: 1, type: 0 };
    expect(server.perform).toHaveBeenCalledWith(2, { command }, expect.anything());
    expect(log()).toEqual([
      expect.stringMatching(/^set_mem_type first_pfn=0x200 type=ram_rw ?Step 3 ?The guest is built/),
    ]);
    expect(box.value).toBe('');
  });

  test('that is wrong stays in the box, the caret at the mistake', async () => {
    const { box, server } = await opened();
    await enter(box, 'set_mem_type first_pfn=0x2g type=0');
    expect(server.perform).not.toHaveBeenCalled();
    expect(log()[0]).toMatch(/Refused, column 24: first_pfn must be a number/);
    expect([box.value, box.selectionStart, box.getAttribute('aria-invalid')]).toEqual([
      'set_mem_type first_pfn=0x2g type=0',
      23,
      'true',
    ]);
    await type(box, 'vcpu0');
    expect(box.getAttribute('aria-invalid')).toBe('false');
  });

  test('that cannot be done says why, and stays too', async () => {
    const { box, server } = await opened();
    const { RefusedError } = await import('../../worker/client');
    server.perform.mockRejectedValueOnce(new RefusedError([{ path: '', message: 'cannot be done at this step: so' }]));
    await enter(box, 'xengt');
    expect(log()).toEqual(['xengt Refused: cannot be done at this step: so']);
    expect(box.value).toBe('xengt');
  });

  test('moves the player, opens, and switches patches beside those that are switched', async () => {
    const { box, it, desk } = await opened();
    await enter(box, 'seek 4');
    expect(it.step).toBe(4);
    await enter(box, 'next');
    await enter(box, 'prev');
    expect(it.step).toBe(4);
    await enter(box, 'open sweep');
    expect(desk.choose).toHaveBeenCalledWith('sweep');
    await enter(box, 'patch rangeCheck on');
    expect(desk.override).toHaveBeenCalledWith({ patches: { on: ['claim', 'rangeCheck'], off: [] } });
    await enter(box, 'memory 1 GiB');
    expect(desk.override).toHaveBeenLastCalledWith({ memory: 2 ** 30 });
    await enter(box, 'undo');
    expect(log().at(-1)).toBe('undo Refused: There is nothing to take back.');
    await enter(box, 'help seek');
    expect(log().at(-1)).toMatch(/seek STEP ?goes to a step$/);
    await press(box, 'l', { ctrlKey: true });
    expect(log()).toEqual([]);
  });
});

describe('a line for the page', () => {
  const button = (line: string, name: string) => {
    const it = document.createElement('button');
    const { title, 'data-line': of } = lined(line);
    Object.assign(it, { title, textContent: name });
    it.dataset['line'] = of;
    document.body.append(it);
    return it;
  };

  test('does what the command of that line does, or says why not', async () => {
    const { box, page } = await opened();
    await enter(box, 'theme');
    await enter(box, 'screen  gtt');
    await enter(box, 'maximise ept');
    expect([page.called, page.frame.screen, page.frame.maximised]).toEqual([['theme'], 'gtt', 'ept']);
    await enter(box, 'price exits=1234.5');
    expect(page.session.prices.table.exits).toBe(1234.5);
    expect(log().at(-1)).toBe('price exits=1234.5 Price of exits: done.');
    await enter(box, 'price exits=many');
    expect(log().at(-1)).toMatch(/Refused: a number from 0 to 1/);
    await enter(box, 'price reset');
    expect(page.session.prices.mine).toEqual({});
    await enter(box, 'leave');
    expect(log().at(-1)).toBe('leave Refused: Leave the presentation: not now');
    await enter(box, 'history 0 name=mine');
    await enter(box, 'frame 0x200');
    expect(page.session.view.gfn).toBe(0x200);
  });

  test('presses the button that shows it, a field with what follows; none is there, none is pressed', async () => {
    const { box } = await opened();
    const it = button('ept zoom in', 'Zoom in');
    const pressed = vi.fn();
    it.addEventListener('click', pressed);
    await enter(box, 'ept zoom in');
    expect([pressed.mock.calls.length, log().at(-1)]).toEqual([1, 'ept zoom in Zoom in: done.']);
    it.disabled = true;
    await enter(box, 'ept zoom in');
    expect([pressed.mock.calls.length, log().at(-1)]).toEqual([1, 'ept zoom in Refused: Zoom in: not now']);
    it.remove();
    await enter(box, 'ept zoom in');
    expect(log().at(-1)).toMatch(/Refused: Nothing on the page as it is shown has this line/);
    const field = document.createElement('input');
    field.dataset['line'] = 'writes find=';
    document.body.append(field);
    await enter(box, 'writes find=0x200 lost');
    expect(field.value).toBe('0x200 lost');
    field.remove();
  });

  test('of a dialog opens it and presses what is in it', async () => {
    const { box, page } = await opened();
    const pressed = vi.fn();
    const share = vi.spyOn(page.acts, 'share').mockImplementation(() => {
      queueMicrotask(() => button('share link', 'Copy').addEventListener('click', pressed));
    });
    await enter(box, 'share link');
    expect([share.mock.calls.length, pressed.mock.calls.length]).toEqual([1, 1]);
    document.querySelector('[data-line="share link"]')!.remove();
  });

  test('is completed and told of by help as the page has it', async () => {
    const { box } = await opened();
    await type(box, 'map ground he');
    const options = () => screen.queryAllByRole('option').map((one) => one.textContent.trim());
    expect(options()).toEqual(['heat']);
    await type(box, 'price re');
    expect(options()).toEqual(['reset']);
    await enter(box, 'help screen');
    expect(log().at(-1)).toMatch(
      /goes to a screen. On the page now: ?screen overview ?Screen: Overview ?screen memory/,
    );
  });
});

describe('completion', () => {
  const options = () => screen.queryAllByRole('option').map((one) => one.textContent.trim());

  test('is taken over by Tab, chosen by arrows, put away by Escape', async () => {
    const { box } = await opened();
    expect(await press(box, 'Tab')).toBe(true);
    await type(box, 'sched');
    expect([options(), box.getAttribute('aria-expanded')]).toEqual([['schedule'], 'true']);
    expect(await press(box, 'Tab')).toBe(false);
    expect([box.value, options()]).toEqual(['schedule ', ['user', 'seed']]);
    await press(box, 'ArrowDown');
    await press(box, 'ArrowDown');
    expect(screen.getByRole('option', { selected: true }).textContent.trim()).toBe('seed');
    expect(box.getAttribute('aria-activedescendant')).toBe(screen.getByRole('option', { selected: true }).id);
    await press(box, 'Enter');
    expect([box.value, options()]).toEqual(['schedule seed ', []]);
    await type(box, 'pa');
    await press(box, 'Escape');
    expect([options(), box.value]).toEqual([[], 'pa']);
    expect(await press(box, 'Tab')).toBe(true);
  });
});

describe('lines that were typed', () => {
  test('come back by Up and Down, and with the next visit', async () => {
    const { box, view } = await opened();
    await enter(box, 'seek 3');
    await enter(box, 'seek 4');
    await enter(box, 'seek 4');
    await type(box, '');
    await press(box, 'ArrowUp');
    await press(box, 'ArrowUp');
    expect(box.value).toBe('seek 3');
    await press(box, 'ArrowDown');
    await press(box, 'ArrowDown');
    expect(box.value).toBe('');
    expect(JSON.parse(recall('console')!)).toEqual(['seek 3', 'seek 4']);
    view.unmount();
    const again = await opened();
    await press(again.box, 'ArrowUp');
    expect(again.box.value).toBe('seek 4');
  });

  test('are bounded, and whatever else lies there is none', async () => {
    localStorage.setItem(
      'p2mscope.console',
      JSON.stringify([1, null, 'x'.repeat(3000), ...Array<string>(300).fill('play')]),
    );
    const { box } = await opened();
    await enter(box, 'seek 3');
    expect((JSON.parse(recall('console')!) as unknown[]).length).toBe(MOST_KEPT);
    localStorage.setItem('p2mscope.console', '{"a":');
    cleanup();
    const again = await opened();
    await press(again.box, 'ArrowUp');
    expect(again.box.value).toBe('');
  });
});

test('it takes the focus and gives it back', async () => {
  const before = document.createElement('button');
  document.body.append(before);
  before.focus();
  const { box, view } = await opened();
  expect(document.activeElement).toBe(box);
  await press(box, 'Escape');
  view.unmount();
  expect(document.activeElement).toBe(before);
  before.remove();
});
