import { expect, test } from 'vitest';
import { DEFAULTS, leavesOf, paneOf, partsOf, PRESETS, readTree, resize, swap, type Tree } from './frame-tree';

const { overview, race } = DEFAULTS;

test('each preset has its views in reading order, none of them twice', () => {
  expect(Object.fromEntries(PRESETS.map((preset) => [preset, leavesOf(DEFAULTS[preset])]))).toEqual({
    overview: ['memory', 'gtt', 'below', 'inspector'],
    memory: ['memory', 'ept', 'entry'],
    gtt: ['gtt', 'entry', 'writes'],
    race: ['time', 'next', 'invariants', 'histories'],
    costs: ['costs', 'writes', 'servers'],
  });
});

test('two panes that change places keep the sizes of the places', () => {
  const swapped = swap(overview, 'memory', 'inspector');
  expect(leavesOf(swapped)).toEqual(['inspector', 'gtt', 'below', 'memory']);
  expect(JSON.stringify(swapped).replace(/"[a-z]+"/g, '')).toBe(JSON.stringify(overview).replace(/"[a-z]+"/g, ''));
  expect(swap(swapped, 'memory', 'inspector')).toEqual(overview);
});

test('a view without a place takes the place of the other', () => {
  expect(leavesOf(swap(overview, 'gtt', 'ept'))).toEqual(['memory', 'ept', 'below', 'inspector']);
});

test('a moved divider changes its own split alone, which from then on has no least sizes', () => {
  const moved = resize(overview, [0, 0], [30, 70]);
  const { sizes, least, items } = moved as Exclude<Tree, string>;
  expect([sizes, least]).toEqual([
    [75.435, 24.565],
    [0, 324],
  ]);
  const inner = (items[0] as Exclude<Tree, string>).items[0];
  expect(inner).toEqual({ dir: 'row', sizes: [30, 70], items: ['memory', 'gtt'] });
  expect(leavesOf(moved)).toEqual(leavesOf(overview));
});

test('sizes for a split that is not there, or of another number of items, change nothing', () => {
  expect(resize(overview, [1], [50, 50])).toEqual(overview);
  expect(resize(overview, [0], [20, 30, 50])).toEqual(overview);
});

test('a composite view shows those of its parts that have no pane of their own', () => {
  expect(partsOf(leavesOf(overview), 'inspector')).toEqual(['entry', 'servers', 'invariants', 'costs']);
  expect(partsOf(['memory', 'entry', 'costs'], 'inspector')).toEqual(['servers', 'invariants']);
  expect(partsOf(['time', 'writes'], 'below')).toEqual([]);
  expect(partsOf(['memory'], 'gtt')).toEqual([]);
});

test('a part is seen in its own pane, or in the composite it belongs to, or nowhere', () => {
  expect(paneOf(leavesOf(overview), 'servers')).toBe('inspector');
  expect(paneOf(leavesOf(race), 'invariants')).toBe('invariants');
  expect(paneOf(leavesOf(race), 'costs')).toBeNull();
});

test.each(PRESETS)('%s is read back from JSON as it was written', (preset) => {
  expect(readTree(JSON.parse(JSON.stringify(DEFAULTS[preset])))).toEqual(DEFAULTS[preset]);
});

test.each([
  ['nothing', null],
  ['one view alone', 'memory'],
  ['a view that does not exist', { dir: 'row', sizes: [50, 50], items: ['memory', 'minimap'] }],
  ['a view that stands twice', { dir: 'row', sizes: [50, 50], items: ['memory', 'memory'] }],
  ['another direction', { dir: 'diagonal', sizes: [50, 50], items: ['memory', 'gtt'] }],
  ['a single item', { dir: 'row', sizes: [100], items: ['memory'] }],
  ['sizes that do not fit the items', { dir: 'row', sizes: [100], items: ['memory', 'gtt'] }],
  ['sizes that come to something else', { dir: 'row', sizes: [20, 20], items: ['memory', 'gtt'] }],
  ['a size that is none', { dir: 'row', sizes: [100, 0], items: ['memory', 'gtt'] }],
  ['a size in words', { dir: 'row', sizes: ['50', '50'], items: ['memory', 'gtt'] }],
  ['a split within that is none', { dir: 'row', sizes: [50, 50], items: ['memory', { dir: 'col' }] }],
  ['least sizes below nothing', { dir: 'row', sizes: [50, 50], least: [-1, 0], items: ['memory', 'gtt'] }],
])('%s is no tree', (_, kept) => {
  expect(readTree(kept)).toBeNull();
});

test('a tree that is deeper than any screen is none', () => {
  let deep: unknown = 'memory';
  for (let n = 0; n < 9; n++) deep = { dir: 'row', sizes: [50, 50], items: [deep, 'gtt'] };
  expect(readTree(deep)).toBeNull();
});
