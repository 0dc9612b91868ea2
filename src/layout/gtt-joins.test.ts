import { expect, test } from 'vitest';
import { entryY } from './gtt';
import { joins, lens, type Joined } from './gtt-joins';
import { columns } from './gtt-plan';

const cols = columns(440);
const between = { from: 160, to: 280 };
const slabs = [{ y: 24, h: 128 }];
const one = (state: string, more: Partial<Joined> = {}): Joined => ({
  level: 0,
  at: 0,
  index: 256,
  state,
  why: 'missing',
  wrong: false,
  ...more,
});
const y = entryY(slabs[0]!, 256);
const guestX = cols.guest[0]! + 4;
const shadowX = cols.shadow[0]! - 4;

test('without rows a line runs straight from the guest’s entry to the shadow’s, in two halves', () => {
  const [line] = joins([one('inFlight')], slabs, cols, between);
  expect(line!.guest).toMatch(new RegExp(`^M${guestX},${y}C.*,220,${y}$`));
  expect(line!.shadow).toMatch(new RegExp(`^M220,${y}C.*,${shadowX},${y}$`));
  expect(line!.end).toEqual({ x: shadowX, y, mark: 'none' });
});

test('with rows it goes to the row and from there on; one whose row is out of sight has none', () => {
  const found = joins([one('stale', { wrong: true }), one('stale', { index: 300 })], slabs, cols, between, (n) =>
    n === 0 ? 60 : null,
  );
  expect(found.map(({ key }) => key)).toEqual(['0:256']);
  expect(found[0]!.guest).toMatch(/,160,60$/);
  expect(found[0]!.shadow).toMatch(/^M280,60C/);
});

test('a stale one ends in a cross before the shadow, one with nothing to lead to in a ring on the way', () => {
  const ends = ['stale', 'untranslated', 'outOfStep'].map((state) => joins([one(state)], slabs, cols, between)[0]!.end);
  expect(ends.map(({ mark }) => mark)).toEqual(['cross', 'ring', 'none']);
  expect(ends[0]!.x).toBe(shadowX - 9);
  expect(ends[1]!.x).toBeLessThan(shadowX - 20);
});

test('what the guest has cleared has no line on its side', () => {
  expect(joins([one('stale', { why: 'left' })], slabs, cols, between)[0]!.guest).toBe('');
});

test('of lines that lie on each other one is drawn, and none of a table that is not', () => {
  const many = Array.from({ length: 100 }, (_, index) => one('stale', { index }));
  expect(joins(many, slabs, cols, between)).toHaveLength(3);
  expect(joins(many, slabs, cols, between, undefined, [{ level: 0, y: entryY(slabs[0]!, 10) }])).toHaveLength(2);
  expect(joins([one('stale', { at: -1 }), one('stale', { at: 7 })], slabs, cols, between)).toEqual([]);
});

test('the rows of a table are joined by their corners to the part of the bar that they show', () => {
  const lines = lens(slabs[0]!, 0, { first: 256, last: 259, top: 30, bottom: 126 }, cols, between);
  expect(lines.map((d) => d.split(',').slice(-2).join())).toEqual(['160,30', '160,126', '280,30', '280,126']);
});
