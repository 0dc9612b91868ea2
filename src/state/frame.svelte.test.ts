import { beforeEach, expect, test } from 'vitest';
import { Frame } from './frame.svelte';
import { DEFAULTS, leavesOf } from './frame-tree';

const KEY = 'p2mscope.frame';
beforeEach(() => localStorage.clear());

test('the page begins with the overview as it came, and nothing is remembered of it', () => {
  const frame = new Frame();
  expect([frame.screen, frame.changed, frame.panes]).toEqual([
    'overview',
    false,
    ['memory', 'gtt', 'below', 'inspector'],
  ]);
  frame.show('race');
  expect(localStorage.getItem(KEY)).toBeNull();
});

test('what was moved is remembered for its preset alone', () => {
  const frame = new Frame();
  frame.swap('memory', 'gtt');
  frame.show('costs');
  frame.resize([], [70, 30]);
  const again = new Frame();
  expect(again.panes).toEqual(['gtt', 'memory', 'below', 'inspector']);
  again.show('costs');
  expect(again.tree).toMatchObject({ dir: 'col', sizes: [70, 30] });
  again.show('memory');
  expect([again.changed, again.tree]).toEqual([false, DEFAULTS.memory]);
});

test('a preset that is reset is as it came, and the last one reset leaves nothing behind', () => {
  const frame = new Frame();
  frame.replace('gtt', 'ept');
  expect(frame.changed).toBe(true);
  frame.reset();
  expect([frame.changed, frame.tree]).toEqual([false, DEFAULTS.overview]);
  expect(localStorage.getItem(KEY)).toBeNull();
});

test.each([
  ['no JSON', '{'],
  [
    'another version',
    JSON.stringify({ v: 0, trees: { overview: { dir: 'row', sizes: [50, 50], items: ['gtt', 'ept'] } } }),
  ],
  ['a broken tree', JSON.stringify({ v: 1, trees: { overview: { dir: 'row', sizes: [50], items: ['gtt', 'ept'] } } })],
  ['no trees', JSON.stringify({ v: 1 })],
  ['a list', '[1]'],
])('%s in the browser’s memory is the default, and no error', (_, kept) => {
  localStorage.setItem(KEY, kept);
  expect(new Frame().tree).toEqual(DEFAULTS.overview);
});

test('of what is remembered, what can still be shown is', () => {
  const race = { dir: 'row', sizes: [40, 60], items: ['time', 'servers'] };
  localStorage.setItem(KEY, JSON.stringify({ v: 1, trees: { race, costs: 7, elsewhere: race } }));
  const frame = new Frame();
  frame.show('race');
  expect(frame.panes).toEqual(['time', 'servers']);
  frame.show('costs');
  expect(frame.tree).toEqual(DEFAULTS.costs);
});

test('a view is maximised wherever it stands, and one without a pane gets one for that time', () => {
  const frame = new Frame();
  frame.maximise('memory');
  expect([frame.panes, frame.main]).toEqual([leavesOf(DEFAULTS.overview), 'memory']);
  frame.maximise('ept');
  expect(frame.panes.at(-1)).toBe('ept');
  frame.restore();
  expect([frame.panes, frame.maximised]).toEqual([leavesOf(DEFAULTS.overview), null]);
});

test('a part that is maximised leaves its composite for that time', () => {
  const frame = new Frame();
  expect(frame.paneOf('entry')).toBe('inspector');
  frame.maximise('entry');
  expect(frame.parts('inspector')).toEqual(['servers', 'invariants', 'costs']);
  expect([frame.paneOf('entry'), frame.paneOf('servers'), frame.paneOf('memory')]).toEqual(['entry', null, null]);
});

test('another screen begins with all of its panes, and the charts lead back to where they were left for', () => {
  const frame = new Frame();
  frame.show('gtt');
  frame.maximise('writes');
  frame.toggleCharts();
  expect([frame.screen, frame.maximised]).toEqual(['charts', null]);
  frame.toggleCharts();
  expect(frame.screen).toBe('gtt');
  frame.show('charts');
  frame.maximise('ept');
  expect([frame.screen, frame.maximised]).toEqual(['gtt', 'ept']);
});

test('an audience is shown what stands for the screen, unless something else was chosen for it', () => {
  const frame = new Frame();
  const shown = (['overview', 'memory', 'gtt', 'race', 'costs', 'charts', 'compare', 'explore'] as const).map(
    (screen) => {
      frame.show(screen);
      return frame.presented;
    },
  );
  expect(shown).toEqual(['gtt', 'memory', 'gtt', 'time', 'costs', 'charts', 'costs', 'costs']);
  frame.show('overview');
  frame.maximise('below');
  expect(frame.presented).toBe('time');
  frame.present('ept');
  expect(frame.presented).toBe('ept');
  frame.present(null);
  frame.restore();
  expect(frame.presented).toBe('gtt');
});

test('each view is read as text or seen for itself', () => {
  const frame = new Frame();
  frame.toggleText('gtt');
  frame.toggleText('ept');
  frame.toggleText('gtt');
  expect([frame.text('gtt'), frame.text('ept')]).toEqual([false, true]);
});

test('on a phone a swipe goes through the tabs and what is under More, and ends at either end', () => {
  const frame = new Frame();
  const seen = [frame.place];
  for (let n = 0; n < 15; n++) {
    frame.swipe(1);
    seen.push(frame.place);
  }
  const more = 'ept writes invariants costs next histories compare explore explore';
  expect(seen).toEqual(`memory gtt time entry servers charts more ${more}`.split(' '));
  expect(frame.tab).toBe('more');
  for (let n = 0; n < 22; n++) frame.swipe(-1);
  expect([frame.place, frame.tab]).toEqual(['memory', 'memory']);
});
