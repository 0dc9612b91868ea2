import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { boxes, boxStyle, cells, fit, GAP, LEAST, leastOf, part, tracks, type Box, type FrameTree } from './frame';

type V = 'memory' | 'gtt' | 'below' | 'inspector';
const OVERVIEW: FrameTree<V> = {
  dir: 'row',
  sizes: [75.435, 24.565],
  least: [0, 324],
  items: [
    {
      dir: 'col',
      sizes: [66, 34],
      items: [{ dir: 'row', sizes: [400 / 9, 500 / 9], least: [392, 0], items: ['memory', 'gtt'] }, 'below'],
    },
    'inspector',
  ],
};

/** The box of each leaf at a size, pixels to one decimal place: x, y, width, height. */
function at(tree: FrameTree<V>, width: number, height: number) {
  const px = ({ share, px }: Box['x'], whole: number): number => Math.round((share * whole + px) * 10) / 10;
  return Object.fromEntries(
    [...boxes<V>(part<V>(tree, width, height))].map(([view, { x, y, w, h }]) => [
      view,
      [px(x, width), px(y, height), px(w, width), px(h, height)],
    ]),
  );
}

test('the overview at 1280 x 800: memory and inspector at their least, the tables have the rest', () => {
  expect(at(OVERVIEW, 1232, 602)).toEqual({
    memory: [0, 0, 392, 389.4],
    gtt: [424, 0, 452, 389.4],
    below: [0, 401.4, 876, 200.6],
    inspector: [908, 0, 324, 602],
  });
});

test('the overview at 1920 x 1080 is 4 + 5 + 3', () => {
  expect(at(OVERVIEW, 1872, 882)).toEqual({
    memory: [0, 0, 602.7, 574.2],
    gtt: [634.7, 0, 753.3, 574.2],
    below: [0, 586.2, 1388, 295.8],
    inspector: [1420, 0, 452, 882],
  });
});

test('who is below its least is given that, and the others share what is left as before', () => {
  expect(fit([50, 25, 25], [0, 0, 400], 1000)).toEqual([40, 20, 40]);
  expect(fit([10, 10, 80], [300, 0, 0], 1000)).toEqual([30, (70 * 10) / 90, (70 * 80) / 90]);
});

test('where there is not room for all, each has its part of what there is', () => {
  expect(fit([50, 50], [300, 100], 200)).toEqual([75, 25]);
});

test('without any room, or any least, sizes are as wished', () => {
  expect(fit([60, 40], [300, 300], 0)).toEqual([60, 40]);
  expect(fit([60, 40], [0, 0], 500)).toEqual([60, 40]);
});

test('the least of a tree is that of its items with the gaps along it, and the largest of them across', () => {
  expect(leastOf(OVERVIEW, 'row')).toBe(3 * LEAST.row + 2 * GAP.row);
  expect(leastOf(OVERVIEW, 'col')).toBe(2 * LEAST.col + GAP.col);
});

test('a divider leaves each side its least', () => {
  const parted = part<V>(OVERVIEW, 1232, 602);
  if (typeof parted === 'string') throw new Error('not parted');
  expect(parted.bounds.map((share) => (share / 100) * 1200)).toEqual([2 * LEAST.row + GAP.row, LEAST.row]);
});

property.prop([
  fc.integer({ min: 300, max: 4000 }),
  fc.integer({ min: 200, max: 2200 }),
  fc.integer({ min: 5, max: 95 }),
])(
  'panes fill the screen but for the gaps, whatever its size and wherever the dividers are',
  (width, height, share) => {
    const found = at({ ...OVERVIEW, sizes: [share, 100 - share], least: [0, 0] }, width, height);
    const [, , w, h] = found['inspector']!;
    expect(found['below']![2]! + GAP.row + w!).toBeCloseTo(width, 0);
    expect(found['memory']![3]! + GAP.col + found['below']![3]!).toBeCloseTo(height, 0);
    expect(h).toBe(height);
    for (const [, , w, h] of Object.values(found)) expect(Math.min(w!, h!)).toBeGreaterThan(0);
  },
);

test('a box is told as shares and pixels, so that it holds while the window changes', () => {
  const found = boxes<V>(part<V>({ dir: 'row', sizes: [25, 75], items: ['memory', 'gtt'] }, 1032, 600));
  expect(boxStyle(found.get('gtt')!)).toBe(
    'left:calc(25% + 24px);top:calc(0% + 0px);width:calc(75% + -24px);height:calc(100% + 0px)',
  );
});

test('in two columns, what is wide lies across both, and so does who has no neighbour', () => {
  const across = (leaves: readonly string[]) =>
    cells(leaves, (view) => view.startsWith('w')).map(({ view, across }) => (across ? view.toUpperCase() : view));
  expect(across(['a', 'b', 'w', 'x'])).toEqual(['a', 'b', 'W', 'X']);
  expect(across(['a', 'b', 'c'])).toEqual(['a', 'b', 'C']);
  expect(across(['a', 'w', 'b', 'c'])).toEqual(['A', 'W', 'b', 'c']);
  expect(across([])).toEqual([]);
});

test('a row of the two columns is as high as the higher of its cells asks for, and the high ones grow most', () => {
  const low = (view: string): number | null => ({ a: 336, b: 372, s: 186, w: 186 })[view] ?? null;
  const rows = (leaves: readonly string[]) =>
    tracks(
      cells(leaves, (view) => view === 'w' || view === 'drawer'),
      low,
    );
  expect(rows(['a', 'b', 'w', 'drawer'])).toBe('minmax(372px, 1fr) minmax(186px, 0.5fr) auto');
  expect(rows(['w', 's', 'a', 's'])).toBe('minmax(186px, 0.5fr) minmax(336px, 1fr) minmax(186px, 0.5fr)');
});
