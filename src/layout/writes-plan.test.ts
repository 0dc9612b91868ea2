import { expect, test } from 'vitest';
import { hasRoom } from './room';
import { columnsFor, writesPlan } from './writes-plan';

const keys = (width: number): string =>
  columnsFor(width)
    .map(({ key }) => key)
    .join(' ');

test('columns go one by one as the table narrows, what says least first', () => {
  expect(keys(1200)).toBe('step vcpu address entry old arrow new says owner outcome');
  expect(keys(720)).toBe('step vcpu address entry old arrow new owner outcome');
  expect(keys(440)).toBe('step address entry new outcome');
  expect(keys(300)).toBe('step address outcome');
});

test('marks are above the rows where it is high, beside them where it is low and wide, and nowhere where it is neither', () => {
  expect(writesPlan(1232, 690, 500, false)).toMatchObject({ beside: false, scatter: { width: 1232, height: 317 } });
  expect(writesPlan(880, 138, 500, false)).toMatchObject({ beside: true, scatter: { width: 387, height: 138 } });
  expect(writesPlan(300, 110, 500, false)).toMatchObject({ beside: false, scatter: null });
});

test('few rows leave more room to the marks, though never all of it', () => {
  expect(writesPlan(1232, 700, 8, false).scatter!.height).toBe(460);
  expect(writesPlan(1232, 700, 0, false).scatter!.height).toBe(490);
});

test('read as text there are only rows', () => {
  expect(writesPlan(1232, 690, 500, true)).toMatchObject({ beside: false, scatter: null });
});

test('a view is full from 420 by 260 pixels on, and on a phone always', () => {
  expect([hasRoom(420, 260, false), hasRoom(419, 800, false), hasRoom(800, 259, false)]).toEqual([true, false, false]);
  expect([hasRoom(358, 100, true), hasRoom(240, 600, true)]).toEqual([true, false]);
});
