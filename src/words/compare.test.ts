import { expect, test } from 'vitest';
import { letters, ratio, signed } from './compare';

test('a ratio is times as much, or a part; a difference carries its sign', () => {
  expect([
    ratio(10, 15),
    ratio(109, 1),
    ratio(1, 109),
    ratio(5, 5),
    ratio(0, 5),
    ratio(100, 102),
    ratio(3038, 3023),
  ]).toEqual(['×1.5', '÷109', '×109', '×1', '', '×1.02', '×1']);
  expect([signed(3), signed(-4000), signed(0)]).toEqual(['+3', '\u22124\u202f000', '0']);
});

test('sides are told by their letters', () => {
  expect([letters([0]), letters([0, 2]), letters([0, 1, 3])]).toEqual(['A', 'A and C', 'A, B and D']);
});
