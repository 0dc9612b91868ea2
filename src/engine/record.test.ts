import { describe, expect, test } from 'vitest';
import { record } from './record';
import { Store } from './store';

describe('a record', () => {
  const Point = record({ tag: 1, far: 2, end: 1 });

  test('lays its fields out one after the other and reads them from their words', () => {
    const { state } = new Store();
    const point = Point.at(state, 100);
    Object.assign(point, { tag: 0xffffffff, far: 2 ** 53 - 1, end: 3 });
    expect(Point.words).toBe(4);
    expect([100, 101, 102, 103].map((at) => state.get(at))).toEqual([0xffffffff, 0xffffffff, 0x1fffff, 3]);
    expect([point.tag, point.far, point.end, point.base]).toEqual([0xffffffff, 2 ** 53 - 1, 3, 100]);
  });

  test('at another base is another record over the same words', () => {
    const { state } = new Store();
    Point.at(state, 0).end = 8;
    Point.at(state, 4).tag = 9;
    expect(Point.at(state, 3).tag).toBe(8);
    expect(Point.at(state, 3).far).toBe(9);
  });
});
