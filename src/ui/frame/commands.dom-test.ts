/** The page's commands: which there are, what they do, when not, and how the palette and the help sheet show them. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { SCENARIOS } from '../../scenarios';
import { parseTyped } from '../../scenarios/lines-player';
import { COMMANDS } from '../../words/commands';
import Help from '../Help.svelte';
import { KEYS, type ActionId } from '../keys';
import { commands, found, type Command } from './commands';
import { page } from './page-testing';
import Palette from './Palette.svelte';
import { lineOfAction } from './line-of';

beforeEach(() => {
  localStorage.clear();
  // What happy-dom has not.
  HTMLElement.prototype.scrollIntoView = vi.fn();
});

const named = (all: readonly Command[], name: string): Command => all.find((one) => one.name === name)!;

test('every key of the page has a command, and every command of the page a name and a line of its own', async () => {
  const all = commands(await page());
  const actions = Object.keys(KEYS) as ActionId[];
  expect(actions.filter((id) => !all.some((one) => one.line === lineOfAction(id) && one.keys.length > 0))).toEqual([]);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(new Set(all.map(({ line }) => line)).size).toBe(all.length);
});

test('the line of every command can be typed, and stays out of a script unless it says what a session is of', async () => {
  const inScripts = ['open', 'version', 'memory', 'seek', 'next', 'prev', 'play', 'pause', 'undo', 'redo'];
  for (const { line } of commands(await page())) {
    const read = parseTyped(line);
    expect([line, read.ok && 'page' in read], line).toEqual([line, !inScripts.includes(line.split(' ')[0]!)]);
    if (!read.ok) throw new Error(line);
  }
});

test('all scenarios, versions and sizes can be run, and each view be maximised, read, saved and presented', async () => {
  const all = commands(await page());
  const count = (start: string) => all.filter(({ line }) => line.startsWith(`${start} `)).length;
  expect(['open', 'version', 'memory', 'maximise', 'text', 'save svg', 'save png', 'present'].map(count)).toEqual([
    SCENARIOS.length,
    18,
    13,
    13,
    11,
    11,
    11,
    12,
  ]);
});

test('what cannot be done says why', async () => {
  const it = await page();
  const all = commands(it);
  expect(named(all, COMMANDS.undo).why).toBe('nothing to take back');
  expect(named(all, COMMANDS.leave).why).toBe('not now');
  expect(named(all, COMMANDS.reset).why).toBe('they are');
  expect(named(all, 'Read EPT as text').why).toBe('not on this screen');
  expect(named(all, 'Run on Today: all that has stayed').why).toBe('it is this one');
  expect(named(all, COMMANDS.next).why).toBeNull();
  it.frame.swap('memory', 'gtt');
  expect(named(commands(it), COMMANDS.reset).why).toBeNull();
});

test('commands do what they say', async () => {
  const it = await page();
  const all = commands(it);
  named(all, 'Screen: GTT').run();
  expect(it.frame.screen).toBe('gtt');
  named(all, 'Maximise ioreq servers').run();
  expect(it.frame.maximised).toBe('servers');
  named(all, 'Present space and time').run();
  expect(it.present).toHaveBeenCalledWith('time');
  named(all, COMMANDS.theme).run();
  expect(it.called).toEqual(['theme']);
  const broken = named(all, 'First step that breaks: shadow = translation when idle');
  expect(await broken.run()).toBeUndefined();
  expect(it.session.step).toBe(4);
});

test('the map shows what the palette says, and the one it shows already is not offered', async () => {
  const it = await page();
  const ground = (name: RegExp) => commands(it).find((one) => name.test(one.name))!;
  expect(ground(/^Map of memory: stored type/).why).toBe('it is this one');
  ground(/^Map of memory: .*intercepted writes so far/).run();
  expect([ground(/stored type/).why, ground(/intercepted writes so far/).why]).toEqual([null, 'it is this one']);
  named(commands(it), COMMANDS.noHatch).run();
  expect(named(commands(it), COMMANDS.hatch).why).toBeNull();
});

test('an invariant that is never broken is said to be so', async () => {
  const it = await page();
  it.session.picture = { ...it.session.picture!, audit: [{ rule: 'write.lost', state: 'holds' }] };
  expect(await named(commands(it), 'First step that breaks: no trapped write lost').run()).toBe(
    'No step of this run breaks it.',
  );
});

test('a phone has its tabs in place of screens, and nothing to maximise', async () => {
  const all = commands(await page({ phone: () => true }));
  expect(all.filter(({ line }) => line.startsWith('tab ')).map(({ name, keys }) => [name, ...keys].join(' '))).toEqual([
    'Screen: Memory 1',
    'Screen: Tables 2',
    'Screen: Path 3',
    'Screen: Entry 4',
    'Screen: Servers 5',
    'Screen: Charts 6',
    'Screen: More 7',
    'Screen: EPT',
    'Screen: Intercepted writes',
    'Screen: Invariants',
    'Screen: Costs',
    'Screen: What may happen next',
    'Screen: Histories you have tried',
    'Screen: Compare',
    'Screen: Explore',
  ]);
  expect(all.some(({ line }) => /^(maximise|screen) /.test(line))).toBe(false);
});

test('words are found in any order, the name that begins with them first', async () => {
  const all = commands(await page());
  expect(found(all, 'screen mem')[0]!.name).toBe('Screen: Memory');
  expect(found(all, 'servers max').map(({ name }) => name)).toEqual([
    'Maximise ioreq servers',
    'Maximise entry, servers, invariants, costs',
  ]);
  expect(found(all, 'no such thing as this')).toEqual([]);
  expect(found(all, ' ')).toEqual(all.filter(({ quiet }) => !quiet));
  expect(found(all, 'ept in place of guest').map(({ line }) => line)).toContain('pane memory show ept');
});

test('the sheet of paper and the trace stand with what is saved, and a work under way can be given up', async () => {
  const saved = commands(await page()).filter(({ group }) => group === 'save');
  const why = (line: string) => saved.find((one) => one.line === line)?.why;
  expect(['print', 'save trace json', 'save trace csv', 'cancel'].map(why)).toEqual([null, null, null, 'not now']);
  expect(saved.find(({ line }) => line === 'print')?.keys).toEqual(['Ctrl+p']);
});

test('in the palette a typed step is offered first, and Enter goes there', async () => {
  const it = await page();
  const seek = vi.spyOn(it.session, 'seek');
  const { unmount } = render(Palette, { open: true, page: it });
  const input = screen.getByRole('combobox', { name: 'A command, a step, a frame or an address' });
  await fireEvent.input(input, { target: { value: '7' } });
  flushSync();
  const options = screen.getAllByRole('option').map((at) => at.textContent?.trim());
  expect(options.slice(0, 2)).toEqual(['Go to step 7', 'Go to frame 0x7']);
  await vi.waitFor(() => expect(document.querySelector('[aria-selected="true"]')?.textContent).toContain('step 7'));
  await fireEvent.keyDown(input, { key: 'Enter' });
  await vi.waitFor(() => expect(seek).toHaveBeenCalledWith(7));
  unmount();
});

test('the palette says how many commands there are, and what cannot be done is not chosen', async () => {
  const it = await page();
  const { unmount } = render(Palette, { open: true, page: it });
  await fireEvent.input(screen.getByRole('combobox'), { target: { value: 'undo' } });
  flushSync();
  const option = screen.getByRole('option', { name: /^Undo/ });
  expect([option.getAttribute('aria-disabled'), option.textContent.replace(/\s+/g, ' ').trim()]).toEqual([
    'true',
    'Undo nothing to take back',
  ]);
  await fireEvent.click(option);
  expect(it.called).toEqual([]);
  expect(screen.getByRole('status').textContent.trim()).toBe('1 command');
  unmount();
});

test('the help sheet lists the keys of the commands and no others', async () => {
  const it = await page();
  const { unmount } = render(Help, { open: true, page: it });
  const table = (name: string) =>
    [...screen.getByRole('table', { name }).querySelectorAll('tr')].map((row) =>
      [...row.querySelectorAll('kbd'), row.querySelector('td')!].map((at) => at.textContent).join(' '),
    );
  expect(table('Page')).toEqual(['/ Ctrl K Commands', '? Keys and help', 't Light or dark']);
  expect(table('Before an audience')).toEqual([
    'p Present: one sentence and one view, large',
    '. b Blank screen, and back',
    'Esc Leave the presentation',
    'PageUp One step back',
    'PageDown One step on',
  ]);
  expect(table('Steps').slice(0, 3)).toEqual(['Space Play, or pause', 'Left One step back', 'Right One step on']);
  unmount();
});
